"""Files that data sets are read from: find or download them, and check them."""

import dataclasses
import hashlib
import os
from collections.abc import Sequence
from pathlib import Path

from replication.errors import InputError

VARIABLE = "REPLICATION_DATA"


@dataclasses.dataclass(frozen=True)
class File:
    """A file that a data set is read from.

    Attributes:
        name: Its path below the data folder.
        checksum: Its SHA-256; "sha1:" and its SHA-1 where nothing else was published; empty where
            the loader checks the content instead.
        addresses: Where it can be downloaded, in the order in which they are tried; empty for a
            form of the data that is not published.
    """

    name: str
    checksum: str
    addresses: tuple[str, ...] = ()


def original(candidates: Sequence[File], cache: Path | None = None) -> Path:
    """Find a file, or download it once, and check it.

    With REPLICATION_DATA set only that folder is used. Without it the file is downloaded into the
    cache folder.

    Args:
        candidates: Files that hold the same data, best first.
        cache: Folder for downloads; None takes the user's cache folder.

    Returns:
        The path of the first candidate that is found or downloaded, with the right checksum.

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


def _copied(folder: Path, candidates: Sequence[File]) -> Path:
    if not os.path.isdir(folder):
        raise InputError(f"{VARIABLE} must name an existing folder. Received: {VARIABLE}={folder}")
    for file in candidates:
        path = folder / file.name
        received = _checksum(path, file.checksum)
        if received == file.checksum:
            return path
        if received is not None:
            raise InputError(
                f"{path} is damaged or altered: expected {_named(file.checksum)}. Received: "
                f"{received.removeprefix('sha1:')} ({path.stat().st_size} bytes)"
            )
    raise InputError(
        f"{VARIABLE}={folder} has no file {' or '.join(file.name for file in candidates)}; copy "
        f"it there, or unset {VARIABLE} to have it downloaded"
    )


def _checksum(path: Path, expected: str) -> str | None:
    """Compute a file's checksum of the same kind as `expected`; None if there is no such file."""
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


def _download(file: File, cache: Path) -> Path:
    import pooch

    path, expected = cache / file.name, file.checksum
    received = _checksum(path, expected)
    if received == expected:
        return path
    failures = []
    for address in file.addresses:
        try:
            # pooch downloads beside the target and moves it there only if the checksum is right.
            known = expected if ":" in expected else f"sha256:{expected}" if expected else None
            pooch.retrieve(address, known, path.name, path.parent, progressbar=True)
            return path
        except (OSError, ValueError) as error:
            failures.append(f"{address}: {_reason(error)}")
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
    # Only errors of this machine, such as a full disk, have a strerror.
    return error.strerror or "cannot be reached"
