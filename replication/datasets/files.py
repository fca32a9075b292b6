"""Original files: where they come from, their checksums, and how to get at them."""

import hashlib
import os
from collections.abc import Sequence
from pathlib import Path

from replication.errors import InputError

VARIABLE = "REPLICATION_DATA"

# File below the data folder -> (SHA-256, addresses in the order in which they are tried).
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
        ("http://www.iro.umontreal.ca/~lisa/icml2007data/rectangles.zip",),
    ),
}


def original(candidates: Sequence[str]) -> Path:
    """Find an original file, or download it once, and check it.

    With REPLICATION_DATA set only that folder is used. Without it the file is downloaded from its
    primary address into the user's cache folder.

    Args:
        candidates: Names in `REGISTRY` that hold the same data, best first.

    Returns:
        The path of the first candidate that can be had, with the right SHA-256.

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
        received = _sha256(path)
        if received == expected:
            return path
        if received:
            raise InputError(
                f"{path} is damaged or altered: expected SHA-256 {expected}. Received: {received} "
                f"({path.stat().st_size} bytes)"
            )
    raise InputError(
        f"{VARIABLE}={folder} has no file {' or '.join(candidates)}; copy it there, or unset "
        f"{VARIABLE} to have it downloaded"
    )


def _sha256(path: Path) -> str | None:
    """Compute a file's SHA-256; None if there is no such file."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}") from error


def _download(name: str) -> Path:
    import pooch

    expected, addresses = REGISTRY[name]
    folder = _cache_folder()
    path = folder / name
    received = _sha256(path)
    if received == expected:
        return path
    failures = []
    for address in addresses:
        try:
            # pooch downloads beside the target and moves it there only if the checksum is right.
            pooch.retrieve(address, f"sha256:{expected}", path.name, path.parent, progressbar=True)
            return path
        except (OSError, ValueError) as error:
            failures.append(f"{address}: {_reason(error)}")
    what = f"{name} is not in {folder}"
    if received:
        what = f"{path} is damaged (expected SHA-256 {expected}, received {received})"
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
