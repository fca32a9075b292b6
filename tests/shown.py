"""Reading back what a page shows."""

import dataclasses
import json
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


@dataclasses.dataclass(frozen=True)
class Play:
    """Something to play with, as a page holds it.

    Attributes:
        caption: Its caption.
        data: What its script is handed.
        tables: The rows of each table below it.
    """

    caption: str
    data: dict[str, Any]
    tables: list[list[dict[str, str]]]


def play(shown: Any) -> Play:
    """Take something to play with apart."""
    text = re.search(r'<script type="application/json">(.*?)</script>', shown.data, re.DOTALL)[1]
    tables = re.findall(r"<details>(.*?)</details>", shown.data, re.DOTALL)
    caption = re.search(r"<figcaption>(.*?)</figcaption>", shown.data, re.DOTALL)[1]
    return Play(caption, json.loads(text), [rows(_Shown(table)) for table in tables])


@dataclasses.dataclass(frozen=True)
class _Shown:
    data: str
