"""The 8 x 8 digits that come with scikit-learn: the proof scale's stand-in for MNIST."""

import hashlib

import numpy as np

from replication.datasets.dataset import Dataset, Split

TRAIN, VALID = 1097, 300  # the remaining 400 are the test part


def load_digits() -> Dataset:
    """Load the digits: 1,097 / 300 / 400, split at random once and for all, pixels over 16."""
    from sklearn.datasets import load_digits as embedded

    bunch = embedded()
    order = np.random.default_rng(0).permutation(len(bunch.target))
    x = (bunch.data / 16).astype(np.float32)[order]
    y = bunch.target.astype(np.int64)[order]
    parts = np.split(np.arange(len(x)), [TRAIN, TRAIN + VALID])
    return Dataset(
        "digits",
        *(Split(x[rows], y[rows]) for rows in parts),
        classes=10,
        shape=(8, 8),
        origin="embedded",
        checksum=hashlib.sha256(x.tobytes() + y.astype(np.uint8).tobytes()).hexdigest(),
    )
