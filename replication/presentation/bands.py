"""A mean over seeds as a line, with its spread as a band."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes


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
        axes.fill_between(x, mean - spread, mean + spread, color=colour, alpha=0.2, linewidth=0)
    return mean
