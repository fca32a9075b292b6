"""A mean over seeds as a line, with its spread as a band."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes

from replication.presentation.labels import COLOURS, label


def plot_mean(axes: Axes, x: Sequence[float], curves: np.ndarray, model: str) -> np.ndarray:
    """Draw a model's mean curve with a band of one standard deviation over seeds; return the mean.

    Args:
        axes: Where to draw.
        x: Abscissas, shape (points,).
        curves: One curve for each seed, shape (seeds, points).
        model: Key of the model, for colour and name.
    """
    mean = curves.mean(axis=0)
    axes.plot(x, mean, color=COLOURS[model], label=label(model))
    if len(curves) > 1:
        spread = curves.std(axis=0, ddof=1)
        axes.fill_between(
            x, mean - spread, mean + spread, color=COLOURS[model], alpha=0.2, linewidth=0
        )
    return mean
