"""What `make bench` measured."""

from typing import Any

import pandas as pd
from IPython.display import HTML, Markdown

from replication.presentation.nothing import nothing
from replication.presentation.tables import wide

_UNITS = {"x": "times"}


def speeds_table(found: dict[str, Any] | None, starts: tuple[str, ...] = ("",)) -> HTML | Markdown:
    """Show rows of the measurement: what, and how fast.

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
                "measured": f"{row['measured']:,.4g} {_UNITS.get(row['unit'], row['unit'])}",
            }
            for row in found["rows"]
            if row["key"].startswith(starts)
        )
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
