"""The original rectangles of Larochelle et al. 2007."""

import io
import zipfile
from pathlib import Path

import numpy as np

from replication.datasets.dataset import Dataset, Split
from replication.datasets.files import REGISTRY, original

FILES = ("larochelle2007/rectangles.npz", "larochelle2007/rectangles.zip")
TRAIN = 1000  # the last 200 of the 1,200 rows of the training file are the validation part


def load_rectangles() -> Dataset:
    """Load the original rectangles: 1,000 / 200 / 50,000, in the files' order."""
    path = original(FILES)
    x, y, x_test, y_test = _from_npz(path) if path.suffix == ".npz" else _from_zip(path)
    x, x_test = (a.reshape(len(a), -1).astype(np.float32) for a in (x, x_test))
    y, y_test = y.astype(np.int64), y_test.astype(np.int64)
    return Dataset(
        "rectangles",
        Split(x[:TRAIN], y[:TRAIN]),
        Split(x[TRAIN:], y[TRAIN:]),
        Split(x_test, y_test),
        classes=2,
        shape=(28, 28),
        origin="original",
        checksum=REGISTRY[FILES[-1]][0],  # of the zip: the npz holds the same rows
    )


def _from_npz(path: Path) -> tuple[np.ndarray, ...]:
    with np.load(path) as file:
        return tuple(file[name] for name in ("x_train", "y_train", "x_test", "y_test"))


def _from_zip(path: Path) -> tuple[np.ndarray, ...]:
    arrays = []
    with zipfile.ZipFile(path) as archive:
        for part in ("train", "test"):
            text = io.TextIOWrapper(archive.open(f"rectangles_{part}.amat"))
            rows = np.loadtxt(text, dtype=np.float32)
            arrays += [rows[:, :-1], rows[:, -1]]
    return tuple(arrays)
