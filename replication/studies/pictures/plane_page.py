"""Lambda in the plane: a figure to play with, and its table."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from IPython.display import HTML
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch
from matplotlib.path import Path

from replication.checks import check_count
from replication.presentation.drawing import canvas
from replication.presentation.labels import COLOURS
from replication.presentation.play.axis import Axis
from replication.presentation.play.control import Control
from replication.presentation.play.plaything import plaything
from replication.presentation.tables import wide
from replication.studies.pictures.manifold import RADIUS, ellipses_of, stretch_of
from replication.studies.pictures.toy import EXTENT, Toy

_EXAMPLES = 120  # as many as can be told apart
_HEAD = 0.15  # length of an arrow's head, at most, in units of the plane


def plane_play(toys: Sequence[Toy]) -> HTML:
    """Let a reader change lambda and see what the net does to the plane.

    Args:
        toys: Trained nets, at least one, in the order of lambda.

    Raises:
        InputError: There is none.
    """
    check_count("len(toys)", len(toys))
    start = len(toys) // 2
    return plaything(
        "plane",
        "plane",
        still=manifold_figure([toys[0], toys[start]]),
        text="A square with grey points along a wave. Small grey circles lie on the wave, and in "
        "each a filled ellipse shows what the code keeps of it. Arrows lead from places all over "
        "the square to their reconstructions. A line shows the reconstruction of the wave itself.",
        caption="Move λ, the weight of the penalty. Each circle holds the ellipse that the encoder "
        "makes of it: where the ellipse is thin, the code ignores the direction. Arrows lead to "
        "the reconstruction of where they start, and the line is the reconstruction of the curve.",
        controls=[Control.over("λ", [t.contraction for t in toys], toys[start].contraction)],
        data={
            "colour": COLOURS["cae"],
            "axes": [
                Axis(low=-EXTENT, high=EXTENT, label=f"{which} input").plain()
                for which in ("first", "second")
            ],
            "radius": RADIUS,
            "examples": _rounded(toys[0].examples[:_EXAMPLES]),
            "points": _rounded(toys[0].points),
            "grid": _rounded(toys[0].grid),
            "nets": [_net(toy, e) for toy, e in zip(toys, ellipses_of(toys), strict=True)],
            "columns": list(_numbers(toys[0])),
        },
        tables={"All numbers": manifold_table(toys)},
    )


def manifold_figure(toys: Sequence[Toy]) -> Figure:
    """Draw, for each net, what its encoder makes of small circles and its decoder of the plane.

    Args:
        toys: Trained nets.
    """
    with canvas(1, len(toys), figsize=(3.2 * len(toys), 3.4), squeeze=False, style="white") as (
        figure,
        grid,
    ):
        for axes, toy, ellipses in zip(grid.flat, toys, ellipses_of(toys), strict=True):
            dots = toy.examples[:_EXAMPLES]
            _draw(axes, _segments(dots, dots + 0.02), color="grey", capstyle="round", linewidth=1.5)
            _draw(axes, _arrows(toy), color="grey", linewidth=0.8)
            _draw(axes, [Path(toy.rebuilt)], color="black", linewidth=1)
            rings = [_ellipse(point, RADIUS, RADIUS, 0) for point in toy.points]
            _draw(axes, rings, color="grey", linewidth=0.5)
            filled = [_ellipse(p, *e) for p, e in zip(toy.points, ellipses, strict=True)]
            _draw(axes, filled, color=COLOURS["cae"], fill=True)
            axes.set(
                title=f"λ = {toy.contraction:g}",
                aspect="equal",
                xlim=(-EXTENT, EXTENT),
                ylim=(-EXTENT, EXTENT),
                xticks=[],
                yticks=[],
            )
    return figure


def manifold_table(toys: Sequence[Toy]) -> HTML:
    """Show how much shorter a step across the curve becomes than one along it.

    Args:
        toys: Trained nets.
    """
    return wide(pd.DataFrame({"λ": f"{t.contraction:g}", **_numbers(t)} for t in toys))


def _numbers(toy: Toy) -> dict[str, str]:
    stretch = stretch_of(toy)
    return {
        "a step of 1 along the curve": f"{stretch.along:.2f}",
        "a step of 1 across it": f"{stretch.across:.2f}",
        "across / along": f"{stretch.ratio:.2f}",
    }


def _net(toy: Toy, ellipses: np.ndarray) -> dict[str, Any]:
    shown = ellipses.copy()
    shown[:, 2] = np.degrees(shown[:, 2])
    return {
        "ellipses": _rounded(shown),
        "arrows": _rounded(toy.reconstructions),
        "rebuilt": _rounded(toy.rebuilt),
        "numbers": list(_numbers(toy).values()),
    }


def _draw(axes: Axes, paths: Sequence[Path], fill: bool = False, **style: Any) -> None:
    """Draw many shapes as one: each of its own would carry its style, and weigh on the page."""
    axes.add_patch(PathPatch(Path.make_compound_path(*paths), fill=fill, **style))


def _segments(starts: np.ndarray, ends: np.ndarray) -> list[Path]:
    return [Path(pair) for pair in np.stack([starts, ends], axis=1)]


def _arrows(toy: Toy) -> list[Path]:
    starts, ends = toy.grid, toy.reconstructions
    back = starts - ends
    lengths = np.linalg.norm(back, axis=1, keepdims=True)
    back *= np.minimum(0.3, _HEAD / np.maximum(lengths, 1e-6))
    sideways = 0.5 * back[:, ::-1] * (1, -1)
    heads = np.stack([ends + back + sideways, ends, ends + back - sideways], axis=1)
    return [*_segments(starts, ends), *(Path(head) for head in heads)]


def _ellipse(centre: np.ndarray, long: float, short: float, angle: float) -> Path:
    around = np.linspace(0, 2 * np.pi, 21)
    ways = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    return Path(centre + np.column_stack([long * np.cos(around), short * np.sin(around)]) @ ways)


def _rounded(values: np.ndarray) -> list[list[float]]:
    return np.round(values.astype(float), 2).tolist()
