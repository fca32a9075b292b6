"""How far pictures are from the nearest of others: copies have distance 0."""

import numpy as np

_ROWS = 500  # pictures whose distances to all others are held at once


def nearest_distances(x: np.ndarray, among: np.ndarray) -> np.ndarray:
    """Compute the Euclidean distance of each picture to the nearest of others.

    Args:
        x: Pictures, shape (n, features).
        among: The others, shape (m, features), m at least 1.

    Returns:
        Distances, shape (n,).
    """
    parts = [x[start : start + _ROWS] for start in range(0, len(x), _ROWS)]
    return np.sqrt(np.concatenate([squared_distances(part, among).min(axis=1) for part in parts]))


def squared_distances(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Compute the squared Euclidean distance of each row of one array to each of another.

    Args:
        x: Shape (n, features).
        y: Shape (m, features).

    Returns:
        Shape (n, m), at least 0.
    """
    squares = [np.sum(np.square(rows, dtype=float), axis=1) for rows in (x, y)]
    return np.maximum(squares[0][:, None] + squares[1] - 2.0 * (x @ y.T), 0)
