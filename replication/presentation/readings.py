"""The points of a figure's named lines, with their places in the drawing, for a script to read."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from replication.presentation.drawing import named_lines

_MOST = 160  # points of a line; more lie closer together than a finger or a mouse can tell
_POINTS_PER_INCH = 72  # the unit of matplotlib's SVG


def readings(figure: Figure) -> list[dict[str, Any]]:
    """List what can be read off each panel.

    Args:
        figure: A figure; every line of two or more points that has a name can be read.

    Returns:
        For each panel with such lines its `box` in the drawing (left, top, right, bottom), the name
        of its `axis`, and its `lines`: `name` and `points`, rows of x, y and their place in the
        drawing. Places are in points, from the upper left corner.
    """
    figure.draw_without_rendering()
    figure.set_layout_engine("none")  # what was laid out stays where it is
    height = figure.get_size_inches()[1] * _POINTS_PER_INCH
    panels = [_panel(axes, height) for axes in figure.axes]
    return [panel for panel in panels if panel["lines"]]


def _panel(axes: Axes, height: float) -> dict[str, Any]:
    scale = _POINTS_PER_INCH / axes.figure.dpi
    box = axes.get_window_extent()
    lines = []
    for name, _, points in named_lines(axes):
        kept = points[np.isfinite(points).all(axis=1)]
        if len(kept) < 2:  # stands in the legend for others
            continue
        if len(kept) > _MOST:
            kept = kept[np.unique(np.linspace(0, len(kept) - 1, _MOST).round().astype(int))]
        places = axes.transData.transform(kept) * scale
        places[:, 1] = height - places[:, 1]
        rows = np.concatenate([kept, places], axis=1)
        lines.append({"name": name, "points": _rounded(rows)})
    corners = (box.x0 * scale, height - box.y1 * scale, box.x1 * scale, height - box.y0 * scale)
    return {
        "box": [round(float(c), 1) for c in corners],
        "axis": axes.get_xlabel(),
        "lines": lines,
    }


def _rounded(rows: np.ndarray) -> Sequence[list[float]]:
    return [
        [float(f"{x:.4g}"), float(f"{y:.4g}"), round(float(left), 1), round(float(top), 1)]
        for x, y, left, top in rows
    ]
