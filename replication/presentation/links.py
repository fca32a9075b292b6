"""Links from what a page shows to the code and the records behind it, as copies in the book."""

from collections.abc import Sequence

from replication.engine.records import Record

# Experiments whose records the book holds. Of trials there are thousands; the pages show what was
# chosen from them.
EXPERIMENTS = (
    "table1",
    "table1-fashion",
    "table2",
    "table2-choices",
    "table2-nested",
    "faults",
    "higher-order",
)
_STATIC = "../_static"  # as seen from the pages; book/copies.py puts the copies there


def code_link(module: str) -> str:
    """Link the source of a module of the package.

    Args:
        module: Its full name, such as "replication.presentation.curves".
    """
    path = f"{module.replace('.', '/')}.py"
    return f'<a href="{_STATIC}/code/{path}.txt">code</a>'


def record_links(records: Sequence[Record]) -> str:
    """Link every record of which the book holds a copy, folded behind their number.

    Args:
        records: Recorded runs.

    Returns:
        HTML; empty if there is none of them.
    """
    records = [record for record in records if record.experiment in EXPERIMENTS]
    if not records:
        return ""
    links = " ".join(
        f'<a href="{_STATIC}/records/{r.experiment}/{r.id}.json"><code>{r.id}</code></a>'
        for r in records
    )
    return f'<details class="fold"><summary>All {len(records)} records</summary>{links}</details>'
