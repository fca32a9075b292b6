"""How probable pictures are under a density that samples make up (Parzen windows)."""

import math
from collections.abc import Sequence

import numpy as np
from scipy.special import logsumexp

_ROWS = 500  # pictures whose distances to all samples are held at once


def parzen_log_likelihood(
    samples: np.ndarray, x: np.ndarray, bandwidths: Sequence[float]
) -> np.ndarray:
    """Compute the log-likelihood of each picture under a mixture with a Gaussian at each sample.

    It rewards samples that cover the data. In many dimensions its value depends on the bandwidth:
    compare values on one data set alone, each at the bandwidth that suits its samples best on
    pictures kept for that.

    Args:
        samples: Centres of the Gaussians, shape (m, features).
        x: Pictures, shape (n, features).
        bandwidths: Standard deviations of the Gaussians in each direction, above 0.

    Returns:
        In nats, shape (bandwidths, n).
    """
    from sklearn.metrics.pairwise import euclidean_distances

    parts = []
    for start in range(0, len(x), _ROWS):
        squares = euclidean_distances(x[start : start + _ROWS], samples, squared=True)
        parts.append([logsumexp(-squares / (2 * b * b), axis=1) for b in bandwidths])
    constants = [
        math.log(len(samples)) + x.shape[1] * (math.log(b) + math.log(2 * math.pi) / 2)
        for b in bandwidths
    ]
    return np.concatenate(parts, axis=1) - np.array(constants)[:, None]
