"""The committed verdicts, and whether the records still give them."""

import json
import math
from collections.abc import Sequence
from pathlib import Path

from replication.errors import InputError
from replication.places import DATA, root
from replication.verdicts.report import as_json
from replication.verdicts.verdict import Verdict
from replication.whole import write_whole

FILE = DATA / "verdicts.json"
_TOLERANCE = 1e-6  # relative; another processor's rounding, and nothing more


def write(verdicts: Sequence[Verdict], file: Path | None = None) -> Path:
    """Replace the committed verdicts.

    Args:
        verdicts: What `judge` returned.
        file: Where they are; None is the repository's own file.

    Returns:
        The file.

    Raises:
        InputError: There is no checkout.
    """
    if file is None:
        root("to write the verdicts")
        file = FILE
    write_whole(file, json.dumps(as_json(verdicts), indent=1) + "\n")
    return file


def differences(verdicts: Sequence[Verdict], file: Path | None = None) -> list[str]:
    """Say where the committed verdicts are not those that were computed: empty if they are.

    Args:
        verdicts: What `judge` returned for the records as they are now.
        file: Where they are; None is the repository's own file.

    Raises:
        InputError: There are no committed verdicts, or the file is damaged.
    """
    file = file or FILE
    try:
        committed = {
            verdict["claim"]: verdict for verdict in json.loads(file.read_text(encoding="utf-8"))
        }
    except FileNotFoundError:
        raise InputError(f"there are no committed verdicts: {file}") from None
    except (json.JSONDecodeError, UnicodeDecodeError, TypeError, KeyError) as error:
        raise InputError(f"{file} is damaged: {error}") from None
    found = []
    for verdict in as_json(verdicts):
        number = verdict["claim"]
        if number not in committed:
            found.append(f"claim {number} has no committed verdict")
        elif (path := _first_difference(committed[number], verdict)) is not None:
            found.append(f"claim {number} differs in {path}")
    return found


def _first_difference(old: object, new: object, where: str = "") -> str | None:
    """Name the first place where two plain values differ; None if they do not."""
    if isinstance(old, dict) and isinstance(new, dict) and old.keys() == new.keys():
        pairs = [(f"{where}.{key}".lstrip("."), old[key], new[key]) for key in old]
    elif isinstance(old, list) and isinstance(new, (list, tuple)) and len(old) == len(new):
        pairs = [(f"{where}[{i}]", a, b) for i, (a, b) in enumerate(zip(old, new, strict=True))]
    elif isinstance(old, (int, float)) and isinstance(new, (int, float)):
        same = math.isclose(old, new, rel_tol=_TOLERANCE, abs_tol=1e-12)
        return None if same else f"{where} ({old:.6g}, now {new:.6g})"
    else:
        return None if old == new else f"{where} ({old!r}, now {new!r})"
    for place, a, b in pairs:
        if (difference := _first_difference(a, b, place)) is not None:
            return difference
    return None
