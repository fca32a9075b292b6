"""How far pictures are from the nearest of others: copies have distance 0."""

import numpy as np


def nearest_distances(x: np.ndarray, among: np.ndarray) -> np.ndarray:
    """Compute the Euclidean distance of each picture to the nearest of others.

    Args:
        x: Pictures, shape (n, features).
        among: The others, shape (m, features), m at least 1.

    Returns:
        Distances, shape (n,).
    """
    from sklearn.metrics import pairwise_distances_argmin_min

    return pairwise_distances_argmin_min(x, among)[1]
