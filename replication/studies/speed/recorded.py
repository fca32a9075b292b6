"""What `make bench` measured and recorded."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from replication.engine import measurements
from replication.errors import InputError

NAME = "benchmark.json"
SOURCE = f"data/{NAME}"  # as pages and verdicts name it
_NEEDED = frozenset({"rows", "samples", "provenance"})


def recorded_speeds(folder: Path | None = None) -> dict[str, Any] | None:
    """Read the committed measurement; None if there is none.

    Args:
        folder: Folder of the file; None is the repository's own.

    Returns:
        `rows`, `samples` by part, and the `provenance` of the part that was measured last, with
        the `seconds` of all parts.

    Raises:
        InputError: The file is damaged.
    """
    parts = recorded_parts((folder or measurements.FOLDER) / NAME)
    if not parts:
        return None
    made = [part["provenance"] for part in parts.values()]
    latest = max(made, key=lambda one: one["date"])
    return {
        "rows": [row for part in parts.values() for row in part["rows"]],
        "samples": {name: part["samples"] for name, part in parts.items()},
        "provenance": {**latest, "seconds": sum(one["seconds"] for one in made)},
    }


def recorded_parts(path: Path) -> Mapping[str, Mapping[str, Any]] | None:
    """Read each part's `rows`, `samples` and `provenance`; None if there is no file.

    Args:
        path: The file.

    Raises:
        InputError: It is damaged.
    """
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"{path} is damaged: {error}") from None
    parts = found.get("parts") if isinstance(found, dict) else None
    if not isinstance(parts, dict) or not all(
        isinstance(part, dict) and set(part) >= _NEEDED for part in parts.values()
    ):
        raise InputError(f"{path} is damaged: a part lacks rows, samples or their provenance")
    return parts
