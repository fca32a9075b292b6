"""Reading back what a page shows."""

import re
from typing import Any


def rows(shown: Any) -> list[dict[str, str]]:
    """The rows of a table, each with its cells by the title of their column.

    A cell's own markup stays, but for the box around a sentence.
    """
    text = re.sub(r'<div class="sentence">(.*?)</div>', r"\1", shown.data, flags=re.DOTALL)
    heads, *body = (
        re.findall(r"<t[dh].*?>(.*?)</t[dh]>", row, re.DOTALL)
        for row in re.findall(r"<tr.*?>(.*?)</tr>", text, re.DOTALL)
    )
    return [dict(zip(heads, cells, strict=True)) for cells in body]


def by(column: str, shown: Any) -> dict[str, dict[str, str]]:
    """The rows of a table by the cell of one column, which no two of them share."""
    found = rows(shown)
    named = {row[column]: row for row in found}
    assert len(named) == len(found), f"{column} is not different in every row"
    return named
