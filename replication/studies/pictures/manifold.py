"""The contraction of a neighbourhood, drawn in the plane."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from IPython.display import HTML
from matplotlib.figure import Figure

from replication.presentation.drawing import canvas
from replication.presentation.labels import COLOURS
from replication.presentation.tables import wide
from replication.studies.pictures.toy import EXTENT, Toy

_RADIUS = 0.36  # of the circles that are drawn, in units of the plane


def manifold_figure(toys: Sequence[Toy]) -> Figure:
    """Draw, for each net, what its encoder makes of small circles and its decoder of the plane.

    A grey circle of radius r around a point of the curve is mapped by the encoder's Jacobian to an
    ellipse among the codes. The filled ellipse is that one, turned back into the plane along the
    right singular vectors and drawn at a common scale for each net: a direction in which it is
    thin is one that the code ignores. Arrows lead from places of the plane to their
    reconstructions.

    Args:
        toys: Trained nets.
    """
    with canvas(1, len(toys), figsize=(3.6 * len(toys), 3.9), squeeze=False, style="white") as (
        figure,
        grid,
    ):
        angle = np.linspace(0, 2 * np.pi, 60)
        circle = np.stack([np.cos(angle), np.sin(angle)])
        for axes, toy in zip(grid.flat, toys, strict=True):
            axes.plot(*toy.examples.T, ".", color="grey", markersize=1.5, alpha=0.5)
            moves = (toy.reconstructions - toy.grid).T
            axes.quiver(
                *toy.grid.T, *moves, angles="xy", scale_units="xy", scale=1, width=0.003,
                color=COLOURS["dae-g"], alpha=0.6,
            )  # fmt: skip
            decomposed = [np.linalg.svd(j, full_matrices=False)[1:] for j in toy.jacobians]
            largest = max(values[0] for values, _ in decomposed)
            for point, (values, right) in zip(toy.points, decomposed, strict=True):
                ellipse = point[:, None] + _RADIUS / largest * right.T @ (values[:, None] * circle)
                around = point[:, None] + _RADIUS * circle
                axes.plot(*around, color="lightgrey", linewidth=0.8)
                axes.fill(*ellipse, color=COLOURS["cae"], alpha=0.7, linewidth=0)
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
    rows = []
    for toy in toys:
        step = np.gradient(toy.points, axis=0)
        along = step / np.linalg.norm(step, axis=1, keepdims=True)
        across = along[:, ::-1] * (1, -1)
        lengths = [
            np.linalg.norm(np.einsum("mhi,mi->mh", toy.jacobians, direction), axis=1).mean()
            for direction in (along, across)
        ]
        rows.append(
            {
                "λ": f"{toy.contraction:g}",
                "along the curve": f"{lengths[0]:.2f}",
                "across it": f"{lengths[1]:.2f}",
                "across / along": f"{lengths[1] / lengths[0]:.2f}",
            }
        )
    return wide(pd.DataFrame(rows))
