"""A digit, and the directions in which its code moves most and least."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from IPython.display import HTML, Markdown
from matplotlib.figure import Figure

from replication.measures.packing import unpack_rows
from replication.presentation.drawing import canvas
from replication.presentation.nothing import nothing
from replication.presentation.play.axis import Axis, nice_ticks
from replication.presentation.play.control import Control
from replication.presentation.play.plaything import plaything
from replication.presentation.tables import wide
from replication.studies.pictures.lambdas import recorded_lambdas
from replication.studies.pictures.lambdas_page import colour_of
from replication.studies.pictures.pixels import draw_grey, draw_signed
from replication.studies.pictures.walks import SHARE

_KINDS = {"strongest": "most", "weakest": "least"}
_MOST_T = 4  # of the still picture


def walk_play() -> HTML | Markdown:
    """Let a reader go from a digit in a direction, and see how far its code moves."""
    nets = _walked()
    if not nets:
        return nothing("walks from digits")
    walks = next(iter(nets.values()))
    digits, steps = walks["digits"], walks["steps"]
    return plaything(
        "walk",
        "walk",
        still=_still(nets),
        text="Pictures in a row: a digit, a direction in red and blue, and the digit after a step "
        "in that direction; beside them a diagram of how far the code has moved, for the net with "
        "the penalty and for the one without.",
        caption="Choose a digit, a net and a direction v, and move t: the picture becomes x + t v, "
        "and the diagram shows how far the code has moved; the dashed lines are what the Jacobian "
        "promises for small steps. “Most” are the right singular vectors of the Jacobian with the "
        "largest singular values. “Least” are those with the smallest among combinations of the "
        f"{walks['components']} leading principal components of the validation digits, which hold "
        f"{SHARE:.0%} of their variance, so that they are directions in which digits differ.",
        controls=[
            Control(label="digit", choices=[str(d["digit"]) for d in digits], slider=False),
            Control(
                label="net",
                choices=[_name(name) for name in nets],
                start=len(nets) - 1,
                slider=False,
            ),
            Control(label="direction", choices=list(_directions(digits[0])), slider=False),
            Control.over("t", steps, _MOST_T),
        ],
        data={
            "axes": [axis.plain() for axis in _axes(nets)],
            "steps": steps,
            "shape": _shape(),
            "examples": [digit["example"] for digit in digits],
            "nets": [
                {
                    "name": _name(name),
                    "colour": colour_of(name),
                    "walks": [[_plain(w) for w in _directions(d).values()] for d in net["digits"]],
                }
                for name, net in nets.items()
            ],
        },
        tables={"How far the code moves": walk_table(nets)},
    )


def walk_table(nets: Mapping[str, Mapping[str, Any]]) -> HTML:
    """Show for each walk how far the code moves for a small step, and at each t.

    Args:
        nets: Lambda -> its recorded walks.
    """
    rows = []
    for place in range(len(next(iter(nets.values()))["digits"])):
        for name, net in nets.items():
            digit = net["digits"][place]
            for direction, walk in _directions(digit).items():
                plain = _plain(walk)
                rows.append(
                    {
                        "digit": str(digit["digit"]),
                        "net": _name(name),
                        "direction": direction,
                        "stretch of a small step": plain["stretch"],
                        **{
                            f"t = {t:g}": distance
                            for t, distance in zip(net["steps"], plain["distances"], strict=True)
                        },
                    }
                )
    return wide(pd.DataFrame(rows))


def _walked() -> dict[str, dict[str, Any]]:
    return {name: net["walks"] for name, net in recorded_lambdas().items() if net["walks"]}


def _shape() -> list[int]:
    return next(iter(recorded_lambdas().values()))["shape"]


def _name(lambda_: str) -> str:
    return f"CAE, λ = {lambda_}" if float(lambda_) else "AE (λ = 0)"


def _directions(digit: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """The walks from a digit, each with what the menu calls it."""
    return {
        f"{word} {n}": walk
        for kind, word in _KINDS.items()
        for n, walk in enumerate(digit[kind], start=1)
    }


def _plain(walk: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "direction": walk["direction"],
        "stretch": f"{walk['stretch']:.2f}",
        "distances": [f"{distance:.2f}" for distance in walk["distances"]],
    }


def _axes(nets: Mapping[str, Mapping[str, Any]]) -> tuple[Axis, Axis]:
    steps = next(iter(nets.values()))["steps"]
    farthest = max(
        max(walk["distances"])
        for net in nets.values()
        for digit in net["digits"]
        for walk in _directions(digit).values()
    )
    highest = 1.05 * farthest
    return (
        Axis(low=steps[0], high=steps[-1], label="t", ticks=nice_ticks(steps[0], steps[-1])),
        Axis(low=0, high=highest, label="the code has moved", ticks=nice_ticks(0, highest)),
    )


def _still(nets: Mapping[str, Mapping[str, Any]]) -> Figure:
    """The first digit in its strongest and its weakest direction, by the last of the nets."""
    net = list(nets.values())[-1]
    digit, shape = net["digits"][0], _shape()
    example = unpack_rows([digit["example"]])[0]
    with canvas(1, 6, figsize=(8, 2.5), width_ratios=(1, 1, 1, 1, 1, 2.4)) as (figure, grid):
        draw_grey(grid[0], example.reshape(shape))
        grid[0].set_title("x", fontsize=9)
        for (kind, word), axes in zip(_KINDS.items(), (grid[1:3], grid[3:5]), strict=True):
            direction = unpack_rows([digit[kind][0]["direction"]])[0]
            draw_signed(axes[0], direction.reshape(shape))
            axes[0].set_title(f"v, {word}", fontsize=9)
            moved = example + _MOST_T * direction / np.linalg.norm(direction)
            draw_grey(axes[1], moved.reshape(shape))
            axes[1].set_title(f"x + {_MOST_T} v", fontsize=9)
        for name, one in nets.items():
            colour = "black" if colour_of(name) == "currentColor" else colour_of(name)
            for (kind, word), line in zip(_KINDS.items(), "-:", strict=True):
                distances = one["digits"][0][kind][0]["distances"]
                drawn = {"color": colour, "label": f"{_name(name)}, {word}"}
                grid[5].plot(one["steps"], distances, line, **drawn)
        across, up = _axes(nets)
        grid[5].set(xlabel=across.label, ylabel=up.label, ylim=(up.low, up.high))
        figure.legend(loc="outside lower center", ncols=2 * len(nets), fontsize=8, frameon=False)
    return figure
