"""Files that data sets are read from: find or download them, and check them."""

import dataclasses
import hashlib
import io
import os
import stat
from collections.abc import Sequence
from pathlib import Path

from replication.datasets.download import TooSlowError, download
from replication.errors import InputError

VARIABLE = "REPLICATION_DATA"


@dataclasses.dataclass(frozen=True)
class File:
    """A file that a data set is read from.

    Attributes:
        name: Its path below the data folder.
        checksum: Its SHA-256; "sha1:" and its SHA-1 where nothing else was published.
        addresses: Where it can be downloaded, in the order in which they are tried; empty for a
            form of the data that is not published.
    """

    name: str
    checksum: str
    addresses: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True)
class Original:
    """A file that was read whole and checked: what is used is what was checked.

    Attributes:
        path: Where it lies.
        content: Its bytes.
    """

    path: Path
    content: bytes = dataclasses.field(repr=False)

    @property
    def file(self) -> io.BytesIO:
        """The content as an open file."""
        return io.BytesIO(self.content)


def original(candidates: Sequence[File], cache: Path | None = None) -> Original:
    """Find a file, or download it once, and check it.

    With REPLICATION_DATA set only that folder is used. Without it the file is downloaded into the
    cache folder.

    Args:
        candidates: Files that hold the same data, best first.
        cache: Folder for downloads; None takes the user's cache folder.

    Returns:
        The first candidate that is found or downloaded, with the right checksum.

    Raises:
        InputError: The folder or the file is missing, the file cannot be read or downloaded, or
            its content is not the published one.
    """
    folder = os.environ.get(VARIABLE)
    if folder:
        return _copied(Path(folder), candidates)
    return _download(_downloadable(candidates)[0], cache or _user_cache())


def cached(candidates: Sequence[File], cache: Path | None = None) -> bool:
    """Say whether `original` would find a file without a network, whatever its content.

    Args:
        candidates: Files that hold the same data, best first.
        cache: Folder for downloads; None takes the user's cache folder.
    """
    folder = os.environ.get(VARIABLE)
    if folder:
        return any(os.path.isfile(Path(folder) / file.name) for file in candidates)
    usable = _downloadable(candidates)[:1]
    return any(os.path.isfile((cache or _user_cache()) / file.name) for file in usable)


def combined_checksum(files: Sequence[File]) -> str:
    """Compute the SHA-256 over the published checksums of several files."""
    return hashlib.sha256("".join(file.checksum for file in files).encode()).hexdigest()


def _user_cache() -> Path:
    import pooch

    return Path(pooch.os_cache("contractive-replication"))


def _downloadable(candidates: Sequence[File]) -> list[File]:
    return [file for file in candidates if file.addresses]


def _copied(folder: Path, candidates: Sequence[File]) -> Original:
    if not os.path.isdir(folder):
        raise InputError(f"{VARIABLE} must name an existing folder. Received: {VARIABLE}={folder}")
    for file in candidates:
        path = folder / file.name
        content = _read(path)
        if content is None:
            continue
        if (received := _checksum(content, file.checksum)) == file.checksum:
            return Original(path, content)
        raise InputError(
            f"{path} is damaged or altered: expected {_named(file.checksum)}. Received: "
            f"{received.removeprefix('sha1:')} ({len(content)} bytes)"
        )
    raise InputError(
        f"{VARIABLE}={folder} has no file {' or '.join(file.name for file in candidates)}; copy "
        f"it there, or unset {VARIABLE} to have it downloaded"
    )


def _read(path: Path) -> bytes | None:
    """Read a file whole; None if there is no such file."""
    try:
        if not path.is_dir() and not stat.S_ISREG(path.stat().st_mode):
            raise InputError(f"{path} is no file")  # a pipe would be waited for
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}") from error


def _checksum(content: bytes, expected: str) -> str:
    """Compute a checksum of the same kind as `expected`."""
    if expected.startswith("sha1:"):
        return "sha1:" + hashlib.sha1(content).hexdigest()
    return hashlib.sha256(content).hexdigest()


def _named(expected: str) -> str:
    return f"SHA-1 {expected[5:]}" if expected.startswith("sha1:") else f"SHA-256 {expected}"


def _download(file: File, cache: Path) -> Original:
    import pooch

    path, expected = cache / file.name, file.checksum
    content = _read(path)
    received = content and _checksum(content, expected)
    if content is not None and received == expected:
        return Original(path, content)
    failures = []
    known = expected if ":" in expected else f"sha256:{expected}"
    for address in file.addresses:
        try:
            # pooch downloads beside the target and moves it there only if the checksum is right.
            pooch.retrieve(address, known, path.name, path.parent, downloader=download)
        except (OSError, ValueError) as error:
            failures.append(f"{address}: {_reason(error)}")
            continue
        content = _read(path)
        if content is not None and _checksum(content, expected) == expected:
            return Original(path, content)
        failures.append(f"{address}: changed while it was read")
    what = f"{file.name} is not in {cache}"
    if received:
        what = (
            f"{path} is damaged (expected {_named(expected)}, received "
            f"{received.removeprefix('sha1:')})"
        )
    raise InputError(
        f"{what} and cannot be downloaded ({'; '.join(failures)}); connect to a network, or set "
        f"{VARIABLE} to a folder that holds {file.name}"
    )


def _reason(error: OSError | ValueError) -> str:
    """Say in a few words why a download failed; the libraries' own texts take several lines."""
    response = getattr(error, "response", None)
    if response is not None:
        return f"HTTP {response.status_code}"
    if not isinstance(error, OSError):
        return "wrong checksum"
    if isinstance(error, TooSlowError):
        return str(error)
    # Only errors of this machine, such as a full disk, have a strerror.
    return error.strerror or "cannot be reached"
