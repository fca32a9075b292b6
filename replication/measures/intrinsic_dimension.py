"""How many dimensions data have locally, whatever an encoder says (for claim 17)."""

import dataclasses

import numpy as np

from replication.checks import check_count
from replication.errors import InputError


@dataclasses.dataclass(frozen=True)
class IntrinsicDimension:
    """A maximum-likelihood estimate of the local dimension.

    Attributes:
        estimate: Mean over the numbers of neighbours.
        smallest, largest: The extremes over the numbers of neighbours. A large gap says that the
            data have another dimension on another scale.
    """

    estimate: float
    smallest: float
    largest: float


def intrinsic_dimension(x: np.ndarray, fewest: int = 10, most: int = 20) -> IntrinsicDimension:
    """Estimate the local dimension of data from the distances to the nearest neighbours.

    Let T_j(x) be the distance from x to its j-th neighbour. In m dimensions, log(T_k / T_j) is on
    average over j < k equal to 1/m (Levina and Bickel, NIPS 2004). The averages are taken over
    examples before they are inverted (MacKay and Ghahramani's remark of 2005), and the estimates
    are averaged over k. Few examples in many dimensions give too small an estimate.

    Args:
        x: Examples, shape (n, features), n above `most`; of equal ones only one counts.
        fewest, most: Range of k, at least 2.

    Raises:
        InputError: A number is impossible, or there are too few different examples.
    """
    from sklearn.neighbors import NearestNeighbors

    check_count("most", most, check_count("fewest", fewest, 2))
    x = np.unique(x, axis=0)
    if len(x) <= most:
        raise InputError(
            f"x must hold more than most={most} different examples. Received: {len(x)}"
        )
    search = NearestNeighbors(n_neighbors=most, algorithm="brute").fit(x)
    logs = np.log(search.kneighbors()[0])  # (n, most), without the example itself
    estimates = [
        1 / np.mean(logs[:, k - 1, None] - logs[:, : k - 1]) for k in range(fewest, most + 1)
    ]
    return IntrinsicDimension(
        float(np.mean(estimates)), float(min(estimates)), float(max(estimates))
    )
