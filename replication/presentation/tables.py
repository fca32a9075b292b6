"""Tables as HTML for the pages."""

import html
import re
from collections.abc import Iterable

import pandas as pd
from IPython.display import HTML

_ONE_LINE = 36  # characters that a number with its interval may have


def wide(table: pd.DataFrame, sentences: bool = True, one_line: int = _ONE_LINE) -> HTML:
    """Show a table that may scroll sideways within the page.

    Args:
        table: Cells as they are to be shown.
        sentences: Give cells with much text room to break into lines.
        one_line: How many characters of a cell, as it is read, stay on one line.
    """
    if sentences:
        table = table.map(
            lambda t: f'<div class="sentence">{t}</div>' if _width(t) > one_line else t
        )
    text = table.to_html(index=False, escape=False, border=0, justify="left")
    # It can be reached, and scrolled, without a mouse.
    return HTML(f'<div class="wide-table" tabindex="0">{text}</div>')


def explained(value: str, *below: str) -> str:
    """Write a cell whose value has what it rests on in small type below it.

    Args:
        value: The value, as HTML.
        *below: Plain texts, one below the other; empty ones are left out.
    """
    return value + "".join(f"<small>{html.escape(text)}</small>" for text in below if text)


def _width(cell: str) -> int:
    """Characters of the longest line of a cell, as it is read."""
    lines = re.split(r"<br>|</?small>", cell)
    return max(len(html.unescape(re.sub(r"<[^>]*>", "", line))) for line in lines)


def listed(values: Iterable[float]) -> str:
    """Write numbers one after the other, each once.

    Args:
        values: The numbers.
    """
    return ", ".join(f"{v:g}" for v in dict.fromkeys(values))
