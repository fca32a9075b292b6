"""File format of Larochelle et al. 2007: zipped text, a picture and its label in each row."""

import zipfile

import numpy as np

from replication.datasets.files import Original
from replication.errors import InputError


def read_amat(found: Original, features: int = 784) -> tuple[np.ndarray, ...]:
    """Read the two files of an archive.

    Args:
        found: The zip: it has one file with "train" in its name and one with "test".
        features: Number of pixels of a picture.

    Returns:
        Pixels, float32 of shape (n, features), and labels, integers of shape (n,), of the training
        file and then of the test file.

    Raises:
        InputError: The archive lacks one of these files or has two of a kind, or a file has another
            number of columns.
    """
    import pandas as pd

    arrays = []
    with zipfile.ZipFile(found.file) as archive:
        for part in ("train", "test"):
            names = [n for n in archive.namelist() if n.endswith(".amat") and part in n]
            if len(names) != 1:
                raise InputError(
                    f"{found.path} must hold one {part} file. "
                    f"Received: {', '.join(names) or 'none'}"
                )
            with archive.open(names[0]) as file:
                rows = pd.read_csv(file, sep=r"\s+", header=None, dtype=np.float32).to_numpy()
            if rows.shape[1] != features + 1:
                raise InputError(
                    f"{names[0]} in {found.path} must have {features + 1} columns. "
                    f"Received: {rows.shape[1]}"
                )
            arrays += [rows[:, :-1].copy(), rows[:, -1].astype(np.int64)]
    return tuple(arrays)
