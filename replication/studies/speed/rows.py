"""Rows of what was measured: a number, its unit, the bound that it has to keep."""

from collections.abc import Sequence
from typing import Any

Row = dict[str, Any]


def row(
    key: str,
    what: str,
    measured: float,
    unit: str,
    at_least: float | None = None,
    at_most: float | None = None,
) -> Row:
    """Write down a number, with four significant digits.

    Args:
        key: Name of the row.
        what: What was measured, in words.
        measured: The number.
        unit: Its unit.
        at_least, at_most: Its bound, if it has one.
    """
    return {
        "key": key,
        "what": what,
        "measured": float(f"{measured:.4g}"),
        "unit": unit,
        "at_least": at_least,
        "at_most": at_most,
    }


def met(one: Row) -> bool | None:
    """Compare a row with its bound; None where there is none.

    Args:
        one: The row.
    """
    if one["at_least"] is not None:
        return one["measured"] >= one["at_least"]
    return None if one["at_most"] is None else one["measured"] <= one["at_most"]


def as_text(rows: Sequence[Row]) -> str:
    """Set rows, with whether their bounds are `met`, as a table of text.

    Args:
        rows: The rows.
    """
    lines = [("what", "measured", "bound", "")]
    for one in rows:
        sign, bound = (">=", one["at_least"]) if one["at_most"] is None else ("<=", one["at_most"])
        lines.append(
            (
                one["what"],
                f"{one['measured']:,.4g} {one['unit']}",
                "" if bound is None else f"{sign} {bound:g} {one['unit']}",
                {True: "met", False: "missed", None: ""}[one["met"]],
            )
        )
    widths = [max(len(line[i]) for line in lines) for i in range(4)]
    return "\n".join(
        "  ".join(text.ljust(w) for text, w in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )
