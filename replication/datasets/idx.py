"""MNIST and Fashion-MNIST: gzipped idx files."""

import gzip
import struct
from collections.abc import Mapping
from functools import partial

import numpy as np

from replication.datasets.dataset import Dataset, Split
from replication.datasets.files import File, Original, combined_checksum, original
from replication.datasets.source import Source
from replication.errors import InputError

TRAIN = 50_000  # the remaining 10,000 of the training file are the validation part

_PARTS = (
    "train-images-idx3-ubyte.gz",
    "train-labels-idx1-ubyte.gz",
    "t10k-images-idx3-ubyte.gz",
    "t10k-labels-idx1-ubyte.gz",
)


def _files(folder: str, addresses: tuple[str, ...], checksums: tuple[str, ...]) -> tuple[File, ...]:
    return tuple(
        File(f"{folder}/{part}", checksum, tuple(address + part for address in addresses))
        for part, checksum in zip(_PARTS, checksums, strict=True)
    )


FILES: Mapping[str, tuple[File, ...]] = {
    "mnist": _files(
        "mnist",
        (
            "https://ossci-datasets.s3.amazonaws.com/mnist/",
            "http://yann.lecun.com/exdb/mnist/",
        ),
        (
            "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
            "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
            "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
            "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
        ),
    ),
    "fashion-mnist": _files(
        "fashion-mnist",
        ("http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",),
        (
            "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
            "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
            "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
            "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",
        ),
    ),
}


def load_idx(name: str) -> Dataset:
    """Load "mnist" or "fashion-mnist": 50,000 / 10,000 / 10,000 pictures, in the files' order.

    The first 50,000 of the training file are for training, the last 10,000 for validation. The
    paper does not give its split; this one was usual in its authors' group.

    Raises:
        InputError: A file is missing, damaged or cannot be downloaded.
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
        checksum=combined_checksum(FILES[name]),
    )


def read_idx(name: str) -> tuple[np.ndarray, ...]:
    """Read "mnist" or "fashion-mnist" as published.

    Returns:
        Pixels, uint8 of shape (n, 28, 28), and labels, uint8 of shape (n,), of the training file,
        and then of the test file.

    Raises:
        InputError: A file is missing, damaged or cannot be downloaded.
    """
    return tuple(_read(original([file])) for file in FILES[name])


def _read(found: Original) -> np.ndarray:
    content = gzip.decompress(found.content)
    dimensions = content[3]
    shape = struct.unpack(f">{dimensions}I", content[4 : 4 + 4 * dimensions])
    values = np.frombuffer(content, np.uint8, offset=4 + 4 * dimensions)
    if values.size != np.prod(shape):
        raise InputError(f"{found.path} must hold {np.prod(shape)} bytes. Received: {values.size}")
    return values.reshape(shape)


SOURCES = tuple(
    Source(name, label, partial(load_idx, name), tuple((file,) for file in FILES[name]))
    for name, label in (("mnist", "MNIST"), ("fashion-mnist", "Fashion-MNIST"))
)
