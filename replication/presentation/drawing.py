"""What all figures share: a canvas that closes itself, bands over seeds, named lines."""

import contextlib
import re
import sys
from collections.abc import Iterator, Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from replication import paper

_BAND = 200  # points of a band, at most
# What matplotlib calls a line that nobody named, and the ends of an interval.
_DECORATION = re.compile(r"_child\d+|_nolegend_")


@contextlib.contextmanager
def canvas(
    rows: int = 1, columns: int = 1, style: str | None = "whitegrid", **arguments: Any
) -> Iterator[tuple[Figure, Any]]:
    """Open a figure to draw on; it is shown once, as the value of its cell, and closed here.

    The figure's label is the name of the module that draws it, so that a page can link to its code.

    Args:
        rows, columns: Of panels.
        style: Seaborn's style of the axes; None for pictures, which have no grid.
        **arguments: As for `matplotlib.pyplot.subplots`.

    Yields:
        The figure and its axes: one, or an array of them.
    """
    with sns.axes_style(style) if style else contextlib.nullcontext():
        figure, axes = plt.subplots(rows, columns, layout="constrained", **arguments)
    # This generator was resumed by contextlib, and that by the `with` statement of the module.
    figure.set_label(sys._getframe(2).f_globals["__name__"])
    try:
        yield figure, axes
    finally:
        plt.close(figure)


def plot_mean(
    axes: Axes, x: Sequence[float], curves: np.ndarray, name: str, colour: str
) -> np.ndarray:
    """Draw a mean curve with a band of one standard deviation over seeds; return the mean.

    Args:
        axes: Where to draw.
        x: Abscissas, shape (points,).
        curves: One curve for each seed, shape (seeds, points).
        name: What the legend calls it.
        colour: Colour of line and band.
    """
    mean = curves.mean(axis=0)
    axes.plot(x, mean, color=colour, label=name)
    if len(curves) > 1:
        spread = curves.std(axis=0, ddof=1)
        # A band is drawn point by point: more points than pixels only make the page heavy.
        kept = np.unique(np.linspace(0, len(mean) - 1, _BAND).round().astype(int))
        axes.fill_between(
            np.asarray(x)[kept], (mean - spread)[kept], (mean + spread)[kept],
            color=colour, alpha=0.2, linewidth=0,
        )  # fmt: skip
    return mean


def draw_distances(axes: Axes, dataset: str) -> None:
    """Draw the paper's distances between examples (Figures 1 and 3) as vertical lines with names.

    Args:
        axes: Where to draw.
        dataset: The paper's data set.
    """
    lines = paper.distances()
    for row in lines[lines["dataset"] == dataset].itertuples():
        axes.axvline(row.distance, color="grey", linestyle="-.", linewidth=1)
        axes.annotate(
            row.line.capitalize(), (row.distance, 0.99), xycoords=("data", "axes fraction"),
            rotation=90, va="top", ha="right", color="grey", fontsize=8,
        )  # fmt: skip


def named_lines(axes: Axes) -> Iterator[tuple[str, Line2D, np.ndarray]]:
    """Yield the name, the line and the points, shape (n, 2), of each line that has a name.

    A name that starts with "_" is one too: that line is not in the legend. It loses the mark.

    Args:
        axes: Where the lines are.
    """
    for line in axes.get_lines():
        name = str(line.get_label())
        if not _DECORATION.fullmatch(name):
            yield name.lstrip("_"), line, np.asarray(line.get_xydata(), float)
