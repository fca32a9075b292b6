"""One process at a time."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from replication.errors import InputError

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]


@contextlib.contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Wait until no other process is in such a block of this folder, and keep others waiting.

    What reads a file and writes it back with something added has to be alone: another process that
    does so in between would lose what it added. On Windows nobody waits.

    Args:
        folder: The folder, which is made where it is missing.

    Raises:
        InputError: It cannot be opened.
    """
    if fcntl is None:
        yield
        return
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(folder, os.O_RDONLY)
    except OSError as error:
        raise InputError(f"{folder} cannot be opened: {error.strerror}") from None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)  # which lets the next one in
