"""Files that are written whole or not at all."""

import os
import tempfile
import time
from pathlib import Path

from replication.errors import InputError

_SUFFIX = ".unfinished"
_OLD = 3600.0  # seconds, after which nobody is still writing


def write_whole(path: Path, content: str | bytes) -> None:
    """Put a file in the place of an earlier one; a reader finds the old one or the new one.

    Each call has a temporary name of its own, so two processes do not get into each other's way.
    What killed processes have left in the folder is removed when it is an hour old.

    Args:
        path: The file; its folder is made where it is missing.
        content: Text, written in UTF-8, or bytes.

    Raises:
        InputError: It cannot be written: no room, no permission. An earlier file stays as it is.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _clear(path.parent)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=_SUFFIX)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content.encode() if isinstance(content, str) else content)
                file.flush()
                os.fsync(file.fileno())
            os.chmod(temporary, 0o644)
            os.replace(temporary, path)
        except BaseException:
            os.unlink(temporary)
            raise
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror}") from None


def _clear(folder: Path) -> None:
    for left in folder.glob(f".*{_SUFFIX}"):
        try:
            if time.time() - left.stat().st_mtime > _OLD:
                left.unlink()
        except FileNotFoundError:
            continue  # its writer was there after all, or another process cleared as well
