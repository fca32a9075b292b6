"""Runs that a process has in hand, so that no other one does them as well."""

import contextlib
import errno
import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from replication.engine import records
from replication.engine.settings import Settings
from replication.errors import InputError

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

_NAME = ".in-hand"  # empty; each run has one byte of it, which need not be there
_RECORD_BYTES = 100_000  # what the largest record takes
_BITS = 62  # of the place of a byte in a file
_HELD = (errno.EACCES, errno.EAGAIN)


@contextlib.contextmanager
def reserved(
    runs: Sequence[Settings], experiment: str, folder: Path | None = None
) -> Iterator[list[Settings]]:
    """Hold runs until the end of the block; the operating system lets go of those of the dead.

    A process that asks twice gets the runs twice.

    Args:
        runs: What is to be done.
        experiment: Name of the experiment.
        folder: Store of the records; None is the usual one.

    Yields:
        Those runs that no other process holds.

    Raises:
        InputError: The store cannot be written, or has no room for the records.
    """
    if not runs:
        yield []
        return
    place = records.path_of(experiment, runs[0], folder).parent
    try:
        place.mkdir(parents=True, exist_ok=True)
        handle = os.open(place / _NAME, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise InputError(f"{place} cannot be written: {error.strerror}") from None
    try:
        _check_room(place, len(runs))
        yield _free(handle, runs, place)
    finally:
        os.close(handle)  # which lets go of all


def _free(handle: int, runs: Sequence[Settings], place: Path) -> list[Settings]:
    """Those runs that are ours from now on."""
    if fcntl is None:
        return list(runs)
    free = []
    for settings in runs:
        try:
            start = int(settings.id, 16) % 2**_BITS
            fcntl.lockf(handle, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, start)
        except OSError as error:
            if error.errno in _HELD:
                continue
            # Some network drives keep no locks. To train there is right all the same.
            print(
                f"warning: {place} keeps no locks ({error.strerror}); start no second sweep there",
                file=sys.stderr,
            )
            return list(runs)
        free.append(settings)
    return free


def _check_room(place: Path, count: int) -> None:
    free, needed = shutil.disk_usage(place).free, count * _RECORD_BYTES
    if free < needed:
        raise InputError(
            f"{count} records need up to {needed / 1e6:.1f} MB, and {place} has {free / 1e6:.1f} MB"
        )
