"""What a data set is: three parts, pixels in [0, 1], labels in a known range."""

import dataclasses
import hashlib

import numpy as np

from replication.errors import InputError


@dataclasses.dataclass(frozen=True)
class Split:
    """One part of a data set.

    Attributes:
        x: Pixels, float32 in [0, 1], shape (n, features).
        y: Labels, integers, shape (n,).
    """

    x: np.ndarray
    y: np.ndarray


@dataclasses.dataclass(frozen=True)
class Dataset:
    """A classification data set of flat grey pictures.

    Attributes:
        name: Its name in the catalogue.
        train: Training part.
        valid: Validation part, for choosing hyper-parameters and for measuring contraction.
        test: Test part, for the final test error alone.
        classes: Number of classes; labels are 0 .. classes - 1.
        shape: Rows and columns of a picture; their product is the number of features.
        origin: "original" (the published files), "regenerated" (made by this package in place of
            a published set), "generated" (drawn by this package) or "embedded" (comes with an
            installed package).
        checksum: Hexadecimal checksum of what was loaded: of the published files, or of the
            pixels and labels.

    Raises:
        InputError: A pixel is outside [0, 1], a label outside the classes, or a type or shape is
            not as above.
    """

    name: str
    train: Split
    valid: Split
    test: Split
    classes: int
    shape: tuple[int, int]
    origin: str
    checksum: str

    def __post_init__(self) -> None:
        features = self.shape[0] * self.shape[1]
        for part in ("train", "valid", "test"):
            x, y = getattr(self, part).x, getattr(self, part).y
            where = f"the {part} part of {self.name}"
            if x.ndim != 2 or x.shape[1] != features or y.shape != (len(x),):
                raise InputError(
                    f"{where} must hold pixels of shape (n, {features}) and n labels. "
                    f"Received: {x.shape} and {y.shape}"
                )
            if x.dtype != np.float32 or not np.issubdtype(y.dtype, np.integer):
                raise InputError(
                    f"{where} must have float32 pixels and integer labels. "
                    f"Received: {x.dtype} and {y.dtype}"
                )
            # NaN fails the comparison, too.
            if not len(x) or not (x.min() >= 0 and x.max() <= 1):
                raise InputError(
                    f"{where} must have pixels from 0 to 1. "
                    f"Received: {f'{x.min():g} to {x.max():g}' if len(x) else 'none'}"
                )
            if y.min() < 0 or y.max() >= self.classes:
                raise InputError(
                    f"{where} must have labels from 0 to {self.classes - 1}. "
                    f"Received: {y.min()} to {y.max()}"
                )


def checksum_of(*parts: Split) -> str:
    """Compute the SHA-256 over the sizes, pixels and labels of parts, in their order."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(f"{len(part.y)} ".encode())
        digest.update(part.x.astype("<f4").tobytes())
        digest.update(part.y.astype("<i8").tobytes())
    return digest.hexdigest()
