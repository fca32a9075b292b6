"""Files of printed numbers, typed: nothing in them is missing on purpose."""

import io
from functools import cache
from pathlib import Path

import pandas as pd

from replication.errors import InputError


def read_table(path: Path, **columns: str) -> pd.DataFrame:
    """Read a CSV file; every caller gets its own copy.

    Args:
        path: The file.
        **columns: Column -> its pandas type. Other columns are left out.

    Raises:
        InputError: The file is absent, damaged or lacks a column.
    """
    return _read(path, tuple(columns.items())).copy()


def read_text(path: Path) -> str:
    """Read a file as it is.

    Args:
        path: The file.

    Raises:
        InputError: It is absent or no UTF-8.
    """
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise InputError(
            f"{path.name} is missing. Expected the paper's data in {path.parent}. "
            "Received: no such file"
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path} cannot be read: {error}") from None


@cache
def _read(path: Path, columns: tuple[tuple[str, str], ...]) -> pd.DataFrame:
    types = dict(columns)
    try:
        # An empty cell must stay an error.
        table = pd.read_csv(io.StringIO(read_text(path)), dtype=types, keep_default_na=False)
    except InputError:
        raise
    except ValueError as error:
        raise InputError(
            f"{path} cannot be read. Expected a CSV file with the columns "
            f"{', '.join(types)}. Received: {' '.join(str(error).split())}"
        ) from error
    missing = [name for name in types if name not in table.columns]
    if missing:
        raise InputError(
            f"{path} lacks the column {', '.join(missing)}. Expected {', '.join(types)}. "
            f"Received: {', '.join(table.columns)}"
        )
    return table[list(types)]
