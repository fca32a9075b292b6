"""What `make bench` measured and recorded."""

import json
from pathlib import Path
from typing import Any

from replication.engine import measurements
from replication.errors import InputError

NAME = "benchmark.json"
SOURCE = f"data/{NAME}"  # as pages and verdicts name it


def recorded_speeds(folder: Path | None = None) -> dict[str, Any] | None:
    """Read the committed measurement: `rows`, `samples` and `provenance`; None if there is none.

    Args:
        folder: Folder of the file; None is the repository's own.

    Raises:
        InputError: The file is damaged.
    """
    path = (folder or measurements.FOLDER) / NAME
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"{path} is damaged: {error}") from None
    if not isinstance(found, dict) or {"rows", "samples", "provenance"} - set(found):
        raise InputError(f"{path} is damaged: it lacks rows, samples or their provenance")
    return found
