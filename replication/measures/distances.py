"""Distances between examples (the vertical lines of Figures 1 and 3)."""

import numpy as np

from replication.measures.measure import Measure, Subject

POOL = 1000  # validation examples behind the lines Min, Median and Max of Figure 1


def neighbour_distances(x: np.ndarray) -> dict[str, float]:
    """Compute how far apart examples are: nearest, median and farthest, averaged over examples.

    The paper does not say what its "Min", "Median" and "Max" lines are. They are matched by the
    averages over examples of the distance to the nearest, the median and the farthest other
    example in a pool of one or two thousand; they cannot be the extremes over all pairs.

    Args:
        x: The pool, shape (n, features), n at least 2; memory grows with n squared.

    Returns:
        Averages under the keys "min", "median" and "max".
    """
    x = x.astype(float)
    squares = np.sum(x * x, axis=1)
    d2 = squares[:, None] + squares[None, :] - 2 * x @ x.T
    d = np.sqrt(np.maximum(d2, 0))
    others = d[~np.eye(len(x), dtype=bool)].reshape(len(x), -1)  # without the example itself
    return {
        "min": float(others.min(axis=1).mean()),
        "median": float(np.median(others, axis=1).mean()),
        "max": float(others.max(axis=1).mean()),
    }


def _of(subject: Subject) -> dict[str, dict[str, float]]:
    return {"distances": neighbour_distances(subject.examples[:POOL])}


MEASURES = (Measure({"distances": "Euclidean distance of inputs in [0, 1]"}, _of),)
