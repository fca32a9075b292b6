"""The original archives of Larochelle et al. 2007."""

import dataclasses
from functools import partial

import numpy as np

from replication.datasets.amat import read_amat
from replication.datasets.dataset import Dataset, Split
from replication.datasets.files import File, Original, original
from replication.datasets.source import Source

_ADDRESS = "http://www.iro.umontreal.ca/~lisa/icml2007data/"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Archive:
    """An original set, and how its archive holds it.

    Attributes:
        name: Name of the set.
        label: Its name in tables and figures.
        file: The archive.
        quick: The same rows in a form that loads faster, if there is one.
        classes: Number of classes.
        valid: Rows at the end of the training file that are the validation part.
        transposed: Whether pictures are stored with rows and columns exchanged.
    """

    name: str
    label: str
    file: File
    quick: File | None = None
    classes: int = 10
    valid: int = 2000
    transposed: bool = False

    @property
    def files(self) -> tuple[File, ...]:
        """The files that hold the set, best first; one is enough."""
        return (self.quick, self.file) if self.quick else (self.file,)


def _zip(name: str, checksum: str) -> File:
    return File(f"larochelle2007/{name}", checksum, (_ADDRESS + name,))


ARCHIVES = (
    Archive(
        name="rectangles",
        label="rect",
        file=_zip(
            "rectangles.zip", "72952122784584f7a1aab68f74d8a06047a972596575a3a5a68cf32cc39daf8d"
        ),
        quick=File(
            "larochelle2007/rectangles.npz",
            "4ef9fa8ae303bdd896be465a6324de2f1df29ef04fe7b369e4873002c4ad8c1f",
        ),
        classes=2,
        valid=200,
    ),
    Archive(
        name="basic-original",
        label="basic, original",
        file=_zip("mnist.zip", "sha1:14ac2e9135705499b80bf7efac981377940150c8"),
    ),
    Archive(
        name="rot-original",
        label="rot, original",
        file=_zip("mnist_rotation_new.zip", "sha1:e67f72fa42029f62fd8eb92b0638c1b9761c9a63"),
    ),
    Archive(
        name="bg-rand-original",
        label="bg-rand, original",
        file=_zip("mnist_background_random.zip", "sha1:75e11ec966459c1162979e78ab4e21f9ab7fb5cd"),
        transposed=True,
    ),
    Archive(
        name="bg-img-original",
        label="bg-img, original",
        file=_zip("mnist_background_images.zip", "sha1:fb6fce9ed6372e0068ff7cb3e7b9e78dbda7ceae"),
        transposed=True,
    ),
    Archive(
        name="bg-img-rot-original",
        label="bg-img-rot, original",
        file=_zip(
            "mnist_rotation_back_image_new.zip", "sha1:902bb7e96136dd76e9f2924d7fdb9eb832f7bc33"
        ),
    ),
    Archive(
        name="rectangles-image-original",
        label="rect-img, original",
        file=_zip("rectangles_images.zip", "sha1:2700ba92129ae195e93070d8b27f830323573a57"),
        classes=2,
    ),
    Archive(
        name="convex-original",
        label="convex, original",
        file=_zip("convex.zip", "sha1:61eab3c60e0e1caeaa0b82abf827f1809cfd2ef9"),
        classes=2,
    ),
)


def load_original(archive: Archive) -> Dataset:
    """Load an original set, in the files' order.

    Its checksum is that of the archive, whichever of its files is read.

    Args:
        archive: One of `ARCHIVES`.

    Raises:
        InputError: The archive is missing, damaged, cannot be downloaded, or holds something else.
    """
    found = original(archive.files)
    read = _from_npz if found.path.suffix == ".npz" else read_amat
    x, y, x_test, y_test = read(found)
    x, x_test = (_upright(a, archive.transposed) for a in (x, x_test))
    y, y_test = y.astype(np.int64), y_test.astype(np.int64)
    return Dataset(
        archive.name,
        Split(x[: -archive.valid], y[: -archive.valid]),
        Split(x[-archive.valid :], y[-archive.valid :]),
        Split(x_test, y_test),
        classes=archive.classes,
        shape=(28, 28),
        origin="original",
        checksum=archive.file.checksum.removeprefix("sha1:"),
    )


def _upright(x: np.ndarray, transposed: bool) -> np.ndarray:
    """Return flat pictures with rows and columns in their places, float32, shape (n, 784)."""
    pictures = x.reshape(-1, 28, 28)
    if transposed:
        pictures = pictures.swapaxes(1, 2)
    return pictures.reshape(len(x), -1).astype(np.float32)


def _from_npz(found: Original) -> tuple[np.ndarray, ...]:
    with np.load(found.file) as file:
        return tuple(file[name] for name in ("x_train", "y_train", "x_test", "y_test"))


SOURCES = tuple(
    Source(archive.name, archive.label, partial(load_original, archive), (archive.files,))
    for archive in ARCHIVES
)
