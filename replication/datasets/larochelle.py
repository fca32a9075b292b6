"""The original archives of Larochelle et al. 2007."""

from pathlib import Path

import numpy as np

from replication.datasets.amat import read_amat
from replication.datasets.dataset import Dataset, Split
from replication.datasets.files import REGISTRY, original

QUICK = "larochelle2007/rectangles.npz"  # the rows of rectangles.zip, in a form that loads faster
# Name -> (archive, examples of its training file that are for validation, its last ones; whether
# pictures are stored with rows and columns exchanged).
ARCHIVES = {
    "rectangles": ("rectangles.zip", 200, False),
    "basic-original": ("mnist.zip", 2000, False),
    "rot-original": ("mnist_rotation_new.zip", 2000, False),
    "bg-rand-original": ("mnist_background_random.zip", 2000, True),
    "bg-img-original": ("mnist_background_images.zip", 2000, True),
    "bg-img-rot-original": ("mnist_rotation_back_image_new.zip", 2000, False),
    "rectangles-image-original": ("rectangles_images.zip", 2000, False),
    "convex-original": ("convex.zip", 2000, False),
}


def files_of(name: str) -> list[str]:
    """List the files that hold an original set; any one will do.

    Args:
        name: A key of `ARCHIVES`.
    """
    archive = f"larochelle2007/{ARCHIVES[name][0]}"
    return [QUICK, archive] if name == "rectangles" else [archive]


def load_original(name: str) -> Dataset:
    """Load an original set, in the files' order; the training file's last rows are for validation.

    Args:
        name: A key of `ARCHIVES`.

    Raises:
        InputError: The archive is missing, damaged, cannot be downloaded, or holds something else.
    """
    _, valid, transposed = ARCHIVES[name]
    path = original(files_of(name))
    x, y, x_test, y_test = _from_npz(path) if path.suffix == ".npz" else read_amat(path)
    x, x_test = (_upright(a, transposed) for a in (x, x_test))
    y, y_test = y.astype(np.int64), y_test.astype(np.int64)
    return Dataset(
        name,
        Split(x[:-valid], y[:-valid]),
        Split(x[-valid:], y[-valid:]),
        Split(x_test, y_test),
        classes=2 if name.startswith(("rectangles", "convex")) else 10,
        shape=(28, 28),
        origin="original",
        checksum=REGISTRY[files_of(name)[-1]][0].removeprefix("sha1:"),  # of the archive
    )


def _upright(x: np.ndarray, transposed: bool) -> np.ndarray:
    pictures = x.reshape(-1, 28, 28)
    if transposed:
        pictures = pictures.swapaxes(1, 2)
    return pictures.reshape(len(x), -1).astype(np.float32)


def _from_npz(path: Path) -> tuple[np.ndarray, ...]:
    with np.load(path) as file:
        return tuple(file[name] for name in ("x_train", "y_train", "x_test", "y_test"))
