"""What every model makes of noisy pictures."""

import math
from collections.abc import Sequence

import pandas as pd
from IPython.display import HTML
from matplotlib.figure import Figure

from replication.presentation.drawing import canvas
from replication.presentation.labels import ORDER, label
from replication.presentation.tables import wide
from replication.studies.pictures.gallery import Exhibit
from replication.studies.pictures.pixels import draw_grey


def noise_figure(exhibits: Sequence[Exhibit]) -> Figure:
    """Draw noisy pictures, and below each what every model reconstructs.

    Args:
        exhibits: Trained nets.
    """
    ordered = _ordered(exhibits)
    rows = [("input", ordered[0].noisy), *((label(e.model), e.reconstructions) for e in ordered)]
    count = len(ordered[0].noisy)
    with canvas(len(rows), count, figsize=(0.8 * count, 0.75 * len(rows)), style=None) as (
        figure,
        grid,
    ):
        for axes_row, (name, pictures) in zip(grid, rows, strict=True):
            axes_row[0].set_ylabel(name, rotation=0, ha="right", va="center")
            for axes, picture in zip(axes_row, pictures, strict=True):
                side = math.isqrt(picture.size)
                draw_grey(axes, picture.reshape(side, side))
    return figure


def noise_table(exhibits: Sequence[Exhibit]) -> HTML:
    """Show how far the reconstructions are from the pictures without noise.

    Args:
        exhibits: Trained nets.
    """
    return wide(
        pd.DataFrame(
            {"Model": label(e.model), "mean squared error": f"{e.error:.4f}"}
            for e in _ordered(exhibits)
        )
    )


def _ordered(exhibits: Sequence[Exhibit]) -> list[Exhibit]:
    return sorted(exhibits, key=lambda exhibit: ORDER.index(exhibit.model))
