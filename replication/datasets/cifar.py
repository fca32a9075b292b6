"""CIFAR-bw: CIFAR-10 in grey."""

import hashlib
import io
import pickle
import tarfile
from collections.abc import Mapping, Sequence
from types import MappingProxyType

import numpy as np

from replication.datasets.dataset import Dataset, Split
from replication.datasets.files import File, Original, original
from replication.datasets.source import Source
from replication.errors import InputError

FILES = (
    # The same pictures, already grey, in a form that loads faster.
    File(
        "cifar10-bw/cifar10-bw.npz",
        "413a4f8c0fe6403c2edf29553fc76a48b44d856c705f8ff8431d3402947003e4",
    ),
    File(
        "cifar10-bw/cifar-10-python.tar.gz",
        "6d958be074577803d12ecdefd02955f39262c83c16fe9348329d7fe0b5c001ce",
        ("https://www.cs.toronto.edu/~kriz/cifar-10-python.tar.gz",),
    ),
)
TRAIN = 40_000  # the remaining 10,000 of the five training batches are the validation part
# Of the grey pixels and the labels, uint8, so that both files give the same.
CHECKSUMS: Mapping[str, str] = MappingProxyType(
    {
        "x_train": "5cf85978397a69524fbbed8548b0d745b835951e6faec1f12a14bb4954f9ab6a",
        "y_train": "2b7cd2f24487317614016b72ffd53071c3062f592f0eb300c18a770d41ae1253",
        "x_test": "2c8e95fd44d31ee22bc5d8fe7f612af05b69732832ba7ab8d686219eba5316c7",
        "y_test": "cec8a24a1e92aa2ecaa0bbd3dbfa86bf6cd8759fbd209a832824c8cf0afca9d5",
    }
)


def load_cifar(
    files: Sequence[File] = FILES,
    train: int = TRAIN,
    checksums: Mapping[str, str] = CHECKSUMS,
) -> Dataset:
    """Load grey CIFAR-10: 40,000 / 10,000 / 10,000 pictures, in the files' order.

    Grey is Y = 0.299 R + 0.587 G + 0.114 B, rounded half up to a whole number from 0 to 255, then
    divided by 255. There is no whitening or contrast normalisation. The paper gives neither its
    conversion nor its split.

    Args:
        files: Files that hold the pictures, best first; one is enough.
        train: Pictures of the training batches that are the training part.
        checksums: SHA-256 of the grey pixels and of the labels, as in `CHECKSUMS`.

    Raises:
        InputError: The file is missing, damaged, cannot be downloaded, or holds something else.
    """
    found = original(files)
    arrays = (_from_npz if found.path.suffix == ".npz" else _from_batches)(found)
    for name, expected in checksums.items():
        received = hashlib.sha256(arrays[name].tobytes()).hexdigest()
        if received != expected:
            raise InputError(
                f"{name} of {found.path} is not grey CIFAR-10: expected SHA-256 {expected}. "
                f"Received: {received}"
            )
    x, x_test = (
        arrays[n].reshape(len(arrays[n]), -1).astype(np.float32) / 255
        for n in ("x_train", "x_test")
    )
    y, y_test = (arrays[n].astype(np.int64) for n in ("y_train", "y_test"))
    return Dataset(
        "cifar-bw",
        Split(x[:train], y[:train]),
        Split(x[train:], y[train:]),
        Split(x_test, y_test),
        classes=10,
        shape=(32, 32),
        origin="original",
        checksum=hashlib.sha256("".join(checksums.values()).encode()).hexdigest(),
    )


def grey(rgb: np.ndarray) -> np.ndarray:
    """Convert colours, uint8 of shape (..., 3), to grey, uint8 of shape (...)."""
    weighted = rgb.astype(np.uint32) @ np.array([299, 587, 114], np.uint32)
    return ((weighted + 500) // 1000).astype(np.uint8)


def _from_npz(found: Original) -> dict[str, np.ndarray]:
    with np.load(found.file) as file:
        return {name: file[name] for name in CHECKSUMS}


def _from_batches(found: Original) -> dict[str, np.ndarray]:
    parts: dict[str, list] = {name: [] for name in CHECKSUMS}
    with tarfile.open(fileobj=found.file) as archive:
        for name in [f"data_batch_{k}" for k in range(1, 6)] + ["test_batch"]:
            member = archive.extractfile(f"cifar-10-batches-py/{name}")
            if member is None:
                raise InputError(
                    f"{name} in {found.path} must be a regular file. Received: another kind"
                )
            # The archive's SHA-256 was checked, so its pickles are the published ones.
            batch = pickle.load(io.BytesIO(member.read()), encoding="latin1")
            part = "test" if name == "test_batch" else "train"
            planes = batch["data"].reshape(-1, 3, 32, 32)
            parts[f"x_{part}"].append(grey(np.moveaxis(planes, 1, -1)))
            parts[f"y_{part}"].append(np.array(batch["labels"], np.uint8))
    return {name: np.concatenate(arrays) for name, arrays in parts.items()}


SOURCES = (Source("cifar-bw", "CIFAR-bw", load_cifar, (FILES,)),)
