"""The 8 x 8 digits that come with scikit-learn: the proof scale uses them in place of MNIST."""

import numpy as np

from replication.datasets.dataset import Dataset, Split, checksum_of
from replication.datasets.source import Source

VALID, TEST = 300, 400  # of 1,797; the other 1,097 are the training part
SEED = 0  # of the split, which is the same in every run


def load_digits() -> Dataset:
    """Load the digits: 1,097 / 300 / 400 pictures, pixels divided by 16.

    The split is random with a fixed seed, and stratified: every digit has the same share of each
    part, up to rounding.
    """
    from sklearn.datasets import load_digits as embedded
    from sklearn.model_selection import train_test_split

    bunch = embedded()
    x, y = (bunch.data / 16).astype(np.float32), bunch.target.astype(np.int64)
    rest, last = train_test_split(np.arange(len(y)), test_size=TEST, stratify=y, random_state=SEED)
    first, middle = train_test_split(rest, test_size=VALID, stratify=y[rest], random_state=SEED)
    train, valid, test = (Split(x[rows], y[rows]) for rows in (first, middle, last))
    return Dataset(
        "digits",
        train,
        valid,
        test,
        classes=10,
        shape=(8, 8),
        origin="embedded",
        checksum=checksum_of(train, valid, test),
    )


SOURCES = (Source("digits", "the embedded 8x8 digits", load_digits),)
