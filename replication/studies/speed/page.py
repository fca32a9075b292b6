"""What `make bench` measured, beside its bounds."""

from typing import Any

import pandas as pd
from IPython.display import HTML, Markdown

from replication.presentation.tables import wide


def speeds_table(found: dict[str, Any] | None, starts: tuple[str, ...] = ("",)) -> HTML | Markdown:
    """Show rows of the measurement: what, how fast, the bound, and whether it was met.

    Args:
        found: What `recorded_speeds` returned.
        starts: Show the rows whose key starts with one of these.
    """
    if found is None:
        return Markdown("*Nothing recorded yet: `make bench` measures it.*")
    rows = []
    for row in found["rows"]:
        if not row["key"].startswith(starts):
            continue
        bound = next((row[name] for name in ("at_least", "at_most") if row[name] is not None), None)
        sign = "at least" if row["at_least"] is not None else "at most"
        rows.append(
            {
                "What": row["what"],
                "measured": f"{row['measured']:,.4g} {row['unit']}",
                "bound": "" if bound is None else f"{sign} {bound:g} {row['unit']}",
                "": {True: "met", False: "missed", None: ""}[row["met"]],
            }
        )
    return wide(pd.DataFrame(rows))
