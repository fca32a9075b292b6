"""What `verify` found the last time that it was written down."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from replication.engine import provenance
from replication.engine.measurements import Measurements

VERIFIED = Measurements("verify", needs=("store", "verdicts", "runs", "provenance"))


def write_verification(
    experiment: str,
    table: pd.DataFrame,
    *,
    store: bool,
    verdicts: bool,
    seconds: float,
    verified: Measurements = VERIFIED,
) -> None:
    """Write down what was verified, in the place of what was found before of that experiment.

    Args:
        experiment: The records' experiment.
        table: What `replication.engine.verification.verify.verify` returned.
        store: Whether choices, final runs and test errors fit together.
        verdicts: Whether the committed verdicts are those of the records.
        seconds: What it all took.
        verified: The file.

    Raises:
        InputError: The file is damaged, and stays as it is, or there is no checkout.
    """
    commit, dirty = provenance.code_version()
    agree = table.groupby("id")["agrees"].all()
    verified.write(
        experiment,
        {
            "store": store,
            "verdicts": verdicts,
            "runs": {str(name): bool(value) for name, value in agree.items()},
            "provenance": {
                "commit": commit,
                "dirty": dirty,
                "date": provenance.now(),
                "seconds": round(seconds, 1),
            },
        },
    )


def last_verification(verified: Measurements = VERIFIED) -> Mapping[str, Any] | None:
    """Return the entry that was written last; None if there is none.

    Args:
        verified: The file.

    Raises:
        InputError: The file is damaged.
    """
    entries = verified.read().values()
    return max(entries, key=lambda entry: entry["provenance"]["date"], default=None)


def trained_again(verified: Measurements = VERIFIED) -> dict[str, tuple[str, bool]]:
    """Say of every run that was trained again when that was, and whether it agreed.

    Args:
        verified: The file.

    Returns:
        Id of a record -> date (UTC, year-month-day) and whether all its results agreed.

    Raises:
        InputError: The file is damaged.
    """
    return {
        name: (entry["provenance"]["date"][:10], agrees)
        for entry in verified.read().values()
        for name, agrees in entry["runs"].items()
    }
