"""What `make bench` measured."""

from typing import Any

import pandas as pd
from IPython.display import HTML, Markdown

from replication.presentation.nothing import nothing
from replication.presentation.tables import wide
from replication.studies.speed.rows import Row, met

_UNITS = {"x": "times"}


def speeds_table(found: dict[str, Any] | None, starts: tuple[str, ...] = ("",)) -> HTML | Markdown:
    """Show rows of the measurement: what, how fast, and what we aimed at.

    Args:
        found: What `recorded_speeds` returned.
        starts: Show the rows whose key starts with one of these.
    """
    if found is None:
        return nothing("measurements of speed")
    return wide(
        pd.DataFrame(
            {
                "What": row["what"],
                "measured": _with_unit(row["measured"], row),
                "aim": _aim(row),
            }
            for row in found["rows"]
            if row["key"].startswith(starts)
        )
    )


def rounds_note(found: dict[str, Any] | None) -> Markdown:
    """Say how much the same training differed between rounds, and what that means for the table.

    Args:
        found: What `recorded_speeds` returned.
    """
    if found is None:
        return nothing("measurements of speed")
    rounds = [
        [one["CAE"] for one in label]
        for part, labels in found["samples"].items()
        if part.startswith("training")
        for label in labels.values()
    ]
    most = max(max(seconds) / min(seconds) for seconds in rounds)
    return Markdown(
        "The machine is shared, and what its neighbours do to its memory is not steady: the same "
        f"epochs of the CAE took up to {most:.1f} times as long in one round as in another. The "
        "ratios and shares are of times in the same round, and the table has the median of "
        f"{min(map(len, rounds))} rounds. A share is that of the fastest library's large matrix "
        "products."
    )


def bench_rerun(found: dict[str, Any] | None) -> Markdown:
    """Show the command that measures again, where the recorded numbers come from, and its time.

    Args:
        found: What `recorded_speeds` returned.
    """
    if found is None:
        return nothing("measurements of speed")
    made = found["provenance"]
    return Markdown(
        "```bash\nmake bench\n```\n\n"
        f"measures the speeds again, on a machine that does nothing else. It took "
        f"{made['seconds'] / 60:.0f} minutes on two threads of an {made['machine']['processor']}, "
        f"on {made['date'][:10]}."
    )


def _aim(row: Row) -> str:
    """The bound of a row and whether it is met; a dash where there is none."""
    kept = met(row)
    if kept is None:
        return "–"
    word, bound = ("at most", "at_most") if row["at_least"] is None else ("at least", "at_least")
    return f"{word} {_with_unit(row[bound], row)}, {'met' if kept else 'missed'}"


def _with_unit(number: float, row: Row) -> str:
    return f"{number:,.4g} {_UNITS.get(row['unit'], row['unit'])}"
