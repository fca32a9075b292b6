"""What `make bench` measured and recorded."""

import json
from pathlib import Path

from replication.errors import InputError

FILE = Path(__file__).parents[2] / "data" / "benchmark.json"


def recorded_speeds() -> dict | None:
    """Read the committed benchmark: `rows`, `samples` and `provenance`; None if there is none.

    Raises:
        InputError: The file is damaged.
    """
    try:
        found = json.loads(FILE.read_text())
    except FileNotFoundError:
        return None
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"{FILE} is damaged: {error}") from None
    if not isinstance(found, dict) or {"rows", "samples", "provenance"} - set(found):
        raise InputError(f"{FILE} is damaged: it lacks rows, samples or their provenance")
    return found
