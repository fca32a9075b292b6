"""Files of small measurements, one entry for each thing measured, such as a data set."""

import json
from collections.abc import Collection
from pathlib import Path

from replication.errors import InputError


def read_entries(path: Path) -> dict[str, dict]:
    """Read all entries of a file; none if there is no such file.

    Args:
        path: The file.

    Raises:
        InputError: The file is damaged.
    """
    try:
        content = json.loads(path.read_text())
    except FileNotFoundError:
        return {}
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"{path} is damaged: {error}") from None
    if not isinstance(content, dict) or not all(isinstance(v, dict) for v in content.values()):
        raise InputError(f"{path} is damaged: it holds no table of entries")
    return content


def read_runs(path: Path, name: str, wanted: Collection[str]) -> dict | None:
    """Read an entry that holds `runs`, each with a seed and results, and `provenance`.

    Args:
        path: The file.
        name: Key of the entry.
        wanted: Names of the results that each run must have.

    Returns:
        The entry; None if there is none.

    Raises:
        InputError: The file is damaged.
    """
    found = read_entries(path).get(name)
    if found is None:
        return None
    if {"runs", "provenance"} - set(found) or any(
        {"seed", *wanted} - set(run) for run in found["runs"]
    ):
        raise InputError(f"{path} is damaged: {name} lacks a number or its provenance")
    return found


def write_entry(path: Path, name: str, entry: dict) -> None:
    """Put one entry in the place of an earlier one of that name; all at once or not at all.

    Args:
        path: The file.
        name: Key of the entry.
        entry: Plain JSON values.

    Raises:
        InputError: The file is damaged, and stays as it is.
    """
    content = dict(sorted({**read_entries(path), name: entry}.items()))
    unfinished = path.with_suffix(".unfinished")
    unfinished.write_text(json.dumps(content, indent=1) + "\n")
    unfinished.replace(path)
