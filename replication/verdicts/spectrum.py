"""The shape of a recorded spectrum: how many singular values are large."""

import numpy as np


def count_above(results: dict, threshold: float) -> int:
    """Count the average singular values above a threshold.

    Args:
        results: A record's results, with a spectrum.
        threshold: What a value has to exceed.
    """
    return int(np.sum(np.array(results["spectrum"]["singular_value"]) > threshold))
