"""MNIST and Fashion-MNIST: gzipped idx files."""

import gzip
import struct
from pathlib import Path

import numpy as np

from replication.datasets.dataset import Dataset, Split
from replication.datasets.files import combined_checksum, original
from replication.errors import InputError

TRAIN = 50_000  # the remaining 10,000 of the training file are the validation part

FILES = tuple(
    f"{part}-{kind}-ubyte.gz"
    for part in ("train", "t10k")
    for kind in ("images-idx3", "labels-idx1")
)


def load_idx(name: str) -> Dataset:
    """Load "mnist" or "fashion-mnist": 50,000 / 10,000 / 10,000.

    The first 50,000 of the training file are for training, the last 10,000 for validation, in the
    files' order; the paper does not give its split, this is the usual one of its authors' group.
    """
    x, y, x_test, y_test = read_idx(name)
    pixels = (x.reshape(len(x), -1) / np.float32(255)).astype(np.float32, copy=False)
    test_pixels = (x_test.reshape(len(x_test), -1) / np.float32(255)).astype(np.float32, copy=False)
    labels = y.astype(np.int64)
    return Dataset(
        name,
        Split(pixels[:TRAIN], labels[:TRAIN]),
        Split(pixels[TRAIN:], labels[TRAIN:]),
        Split(test_pixels, y_test.astype(np.int64)),
        classes=10,
        shape=(28, 28),
        origin="original",
        checksum=combined_checksum([f"{name}/{file}" for file in FILES]),
    )


def read_idx(name: str) -> tuple[np.ndarray, ...]:
    """Read "mnist" or "fashion-mnist" as published.

    Returns:
        Pixels, uint8 of shape (n, 28, 28), and labels, uint8 of shape (n,), of the training file,
        and then of the test file.

    Raises:
        InputError: A file is missing, damaged or cannot be downloaded.
    """
    return tuple(_read(original([f"{name}/{file}"])) for file in FILES)


def _read(path: Path) -> np.ndarray:
    with gzip.open(path) as file:
        content = file.read()
    dimensions = content[3]
    shape = struct.unpack(f">{dimensions}I", content[4 : 4 + 4 * dimensions])
    values = np.frombuffer(content, np.uint8, offset=4 + 4 * dimensions)
    if values.size != np.prod(shape):
        raise InputError(f"{path} must hold {np.prod(shape)} bytes. Received: {values.size}")
    return values.reshape(shape)
