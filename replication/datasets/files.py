"""Original files: where they come from, their checksums, and how to get at them."""

import hashlib
import os
from collections.abc import Sequence
from pathlib import Path

from replication.errors import InputError

VARIABLE = "REPLICATION_DATA"

# File below the data folder -> (SHA-256, or "sha1:" and a SHA-1 where no more was published; and
# addresses in the order in which they are tried). Without a checksum the loader checks the content.
_MNIST = (
    "https://ossci-datasets.s3.amazonaws.com/mnist/",
    "http://yann.lecun.com/exdb/mnist/",
)
_FASHION = ("http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",)
_IDX = {
    "train-images-idx3-ubyte.gz": (
        "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
        "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
    ),
    "train-labels-idx1-ubyte.gz": (
        "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
        "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
    ),
    "t10k-images-idx3-ubyte.gz": (
        "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
        "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
    ),
    "t10k-labels-idx1-ubyte.gz": (
        "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
        "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",
    ),
}
_LAROCHELLE = "http://www.iro.umontreal.ca/~lisa/icml2007data/"
_ZIPS = {
    "mnist.zip": "14ac2e9135705499b80bf7efac981377940150c8",
    "mnist_rotation_new.zip": "e67f72fa42029f62fd8eb92b0638c1b9761c9a63",
    "mnist_background_random.zip": "75e11ec966459c1162979e78ab4e21f9ab7fb5cd",
    "mnist_background_images.zip": "fb6fce9ed6372e0068ff7cb3e7b9e78dbda7ceae",
    "mnist_rotation_back_image_new.zip": "902bb7e96136dd76e9f2924d7fdb9eb832f7bc33",
    "rectangles_images.zip": "2700ba92129ae195e93070d8b27f830323573a57",
    "convex.zip": "61eab3c60e0e1caeaa0b82abf827f1809cfd2ef9",
}
REGISTRY: dict[str, tuple[str, tuple[str, ...]]] = {
    **{f"mnist/{n}": (h[0], tuple(a + n for a in _MNIST)) for n, h in _IDX.items()},
    **{f"fashion-mnist/{n}": (h[1], tuple(a + n for a in _FASHION)) for n, h in _IDX.items()},
    "cifar10-bw/cifar10-bw.npz": (
        "413a4f8c0fe6403c2edf29553fc76a48b44d856c705f8ff8431d3402947003e4",
        (),
    ),
    "cifar10-bw/cifar-10-python.tar.gz": (
        "6d958be074577803d12ecdefd02955f39262c83c16fe9348329d7fe0b5c001ce",
        ("https://www.cs.toronto.edu/~kriz/cifar-10-python.tar.gz",),
    ),
    "larochelle2007/rectangles.npz": (
        "4ef9fa8ae303bdd896be465a6324de2f1df29ef04fe7b369e4873002c4ad8c1f",
        (),
    ),
    "larochelle2007/rectangles.zip": (
        "72952122784584f7a1aab68f74d8a06047a972596575a3a5a68cf32cc39daf8d",
        (_LAROCHELLE + "rectangles.zip",),
    ),
    **{f"larochelle2007/{n}": (f"sha1:{h}", (_LAROCHELLE + n,)) for n, h in _ZIPS.items()},
    "natural-images/kodak24-gray.npz": (
        "3b06c6bf1fe47bf22e4d10df791fafa165b71432b2fff6af335fa00b7ae9895f",
        (),
    ),
    **{
        f"natural-images/kodim{k:02d}.png": (
            "",
            (f"http://r0k.us/graphics/kodak/kodak/kodim{k:02d}.png",),
        )
        for k in range(1, 25)
    },
}


def original(candidates: Sequence[str]) -> Path:
    """Find an original file, or download it once, and check it.

    With REPLICATION_DATA set only that folder is used. Without it the file is downloaded from its
    primary address into the user's cache folder.

    Args:
        candidates: Names in `REGISTRY` that hold the same data, best first.

    Returns:
        The path of the first candidate that can be had, with the right checksum.

    Raises:
        InputError: The folder or the file is missing, the file cannot be read or downloaded, or
            its content is not the published one.
    """
    folder = os.environ.get(VARIABLE)
    return _copied(Path(folder), candidates) if folder else _download(_downloadable(candidates)[0])


def cached(candidates: Sequence[str]) -> bool:
    """Say whether `original` would find a file on this machine, whatever its content."""
    folder = os.environ.get(VARIABLE)
    usable = candidates if folder else _downloadable(candidates)[:1]
    return any(os.path.isfile(Path(folder or _cache_folder()) / name) for name in usable)


def combined_checksum(names: Sequence[str]) -> str:
    """Compute the SHA-256 over the registered checksums of several files."""
    return hashlib.sha256("".join(REGISTRY[name][0] for name in names).encode()).hexdigest()


def _cache_folder() -> Path:
    import pooch

    return Path(pooch.os_cache("contractive-replication"))


def _downloadable(candidates: Sequence[str]) -> list[str]:
    return [name for name in candidates if REGISTRY[name][1]]


def _copied(folder: Path, candidates: Sequence[str]) -> Path:
    if not os.path.isdir(folder):
        raise InputError(f"{VARIABLE} must name an existing folder. Received: {VARIABLE}={folder}")
    for name in candidates:
        path, expected = folder / name, REGISTRY[name][0]
        received = _checksum(path, expected)
        if received == expected:
            return path
        if received is not None:
            raise InputError(
                f"{path} is damaged or altered: expected {_named(expected)}. Received: "
                f"{received.removeprefix('sha1:')} ({path.stat().st_size} bytes)"
            )
    raise InputError(
        f"{VARIABLE}={folder} has no file {' or '.join(candidates)}; copy it there, or unset "
        f"{VARIABLE} to have it downloaded"
    )


def _checksum(path: Path, expected: str) -> str | None:
    """Compute a file's checksum of the kind that is expected; None if there is no such file."""
    try:
        with path.open("rb") as file:
            if expected.startswith("sha1:"):
                return "sha1:" + hashlib.file_digest(file, "sha1").hexdigest()
            return expected and hashlib.file_digest(file, "sha256").hexdigest()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}") from error


def _named(expected: str) -> str:
    return f"SHA-1 {expected[5:]}" if expected.startswith("sha1:") else f"SHA-256 {expected}"


def _download(name: str) -> Path:
    import pooch

    expected, addresses = REGISTRY[name]
    folder = _cache_folder()
    path = folder / name
    received = _checksum(path, expected)
    if received == expected:
        return path
    failures = []
    for address in addresses:
        try:
            # pooch downloads beside the target and moves it there only if the checksum is right.
            known = expected if ":" in expected else f"sha256:{expected}" if expected else None
            pooch.retrieve(address, known, path.name, path.parent, progressbar=True)
            return path
        except (OSError, ValueError) as error:
            failures.append(f"{address}: {_reason(error)}")
    what = f"{name} is not in {folder}"
    if received:
        what = (
            f"{path} is damaged (expected {_named(expected)}, received "
            f"{received.removeprefix('sha1:')})"
        )
    raise InputError(
        f"{what} and cannot be downloaded ({'; '.join(failures)}); connect to a network, or set "
        f"{VARIABLE} to a folder that holds {name}"
    )


def _reason(error: OSError | ValueError) -> str:
    """Say in a few words why a download failed; the libraries' own texts take several lines."""
    response = getattr(error, "response", None)
    if response is not None:
        return f"HTTP {response.status_code}"
    if not isinstance(error, OSError):
        return "wrong checksum"
    # Only errors of this machine, such as a full disk, have a strerror.
    return error.strerror or "cannot be reached"
