"""Filters of every model, and what it makes of noisy pictures."""

import math
from collections.abc import Sequence

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from IPython.display import HTML
from matplotlib.figure import Figure

from replication.experiments.gallery import Exhibit
from replication.presentation.labels import ORDER, label
from replication.presentation.tables import wide

_FILTERS = 8  # of each model: those with the largest weights


def filters_figure(exhibits: Sequence[Exhibit]) -> Figure:
    """Draw the filters with the largest norm of every model; red and blue are opposite signs.

    Args:
        exhibits: Trained nets.
    """
    ordered = _ordered(exhibits)
    figure, grid = plt.subplots(
        len(ordered), _FILTERS, figsize=(_FILTERS, 1.05 * len(ordered)), layout="constrained"
    )
    for row, exhibit in zip(grid, ordered, strict=True):
        norms = np.linalg.norm(exhibit.filters, axis=1)
        shown = exhibit.filters[np.argsort(-norms)[:_FILTERS]]
        extreme = np.abs(shown).max()
        for axes, weights in zip(row, shown, strict=True):
            axes.imshow(_square(weights), cmap="RdBu_r", vmin=-extreme, vmax=extreme)
    _name_rows(grid, [label(e.model) for e in ordered])
    plt.close(figure)
    return figure


def noise_figure(exhibits: Sequence[Exhibit]) -> Figure:
    """Draw noisy pictures, and below each what every model reconstructs.

    Args:
        exhibits: Trained nets.
    """
    ordered = _ordered(exhibits)
    rows = [("input", ordered[0].noisy), *((label(e.model), e.reconstructions) for e in ordered)]
    count = len(ordered[0].noisy)
    figure, grid = plt.subplots(
        len(rows), count, figsize=(count, 1.05 * len(rows)), layout="constrained"
    )
    for axes_row, (_, pictures) in zip(grid, rows, strict=True):
        for axes, picture in zip(axes_row, pictures, strict=True):
            axes.imshow(_square(picture), cmap="gray", vmin=0, vmax=1)
    _name_rows(grid, [name for name, _ in rows])
    plt.close(figure)
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


def _square(row: np.ndarray) -> np.ndarray:
    side = math.isqrt(row.size)
    return row.reshape(side, side)


def _name_rows(grid: np.ndarray, names: Sequence[str]) -> None:
    for row, name in zip(grid, names, strict=True):
        row[0].set_ylabel(name, rotation=0, ha="right", va="center")
        for axes in row:
            axes.set(xticks=[], yticks=[])
            for spine in axes.spines.values():
                spine.set_visible(False)
