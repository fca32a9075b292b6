"""Published numbers that were wrong: what stood there, what stands there now, and why."""

import html
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
from IPython.display import HTML, Markdown

from replication.engine.measurements import Measurements
from replication.presentation.nothing import nothing
from replication.presentation.tables import wide

_NEEDS = ("date", "page", "title", "what", "why", "numbers")


def corrections(folder: Path | None = None) -> HTML | Markdown:
    """Show each number that was corrected on a page beside the one that stands there now.

    Args:
        folder: Folder of `corrections.json`; None is the repository's own.

    Raises:
        InputError: The file is damaged.
    """
    entries = Measurements("corrections", needs=_NEEDS, folder=folder).read()
    return HTML("".join(map(_shown, entries.values()))) if entries else nothing("corrections")


def _shown(entry: Mapping[str, Any]) -> str:
    what, why, title = (html.escape(entry[key]) for key in ("what", "why", "title"))
    rows = [
        {"number": number["of"], "before": number["before"], "now": number["now"]}
        for number in entry["numbers"]
    ]
    table = wide(pd.DataFrame(rows).map(html.escape), sentences=False)
    return (
        f'<p><a href="{entry["page"]}.html">{title}</a>, {html.escape(entry["date"])}: '
        f"{what}. {why}</p>{table.data}"
    )
