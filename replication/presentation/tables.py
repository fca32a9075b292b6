"""Tables as HTML for the pages."""

from collections.abc import Iterable

import pandas as pd
from IPython.display import HTML

_SENTENCE = 36  # characters from which a cell holds a sentence


def wide(table: pd.DataFrame, sentences: bool = True) -> HTML:
    """Show a table that may scroll sideways within the page.

    Args:
        table: Cells as they are to be shown.
        sentences: Give cells with much text room to break into lines.
    """
    if sentences:  # numbers stay on one line
        table = table.map(lambda t: f'<div class="sentence">{t}</div>' if len(t) > _SENTENCE else t)
    html = table.to_html(index=False, escape=False, border=0, justify="left")
    return HTML(f'<div class="wide-table">{html}</div>')


def listed(values: Iterable[float]) -> str:
    """Write numbers one after the other, each once.

    Args:
        values: The numbers.
    """
    return ", ".join(f"{v:g}" for v in dict.fromkeys(values))
