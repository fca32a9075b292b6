"""Published numbers that were wrong: what stood there, what stands there now, and why."""

import html
from pathlib import Path

import pandas as pd
from IPython.display import HTML, Markdown

from replication.engine.measurements import Measurements
from replication.presentation.nothing import nothing
from replication.presentation.tables import explained, wide

_NEEDS = ("date", "page", "title", "what", "why", "numbers")


def corrections_table(folder: Path | None = None) -> HTML | Markdown:
    """Show each number that was corrected on a page beside the one that stands there now.

    Args:
        folder: Folder of `corrections.json`; None is the repository's own.

    Raises:
        InputError: The file is damaged.
    """
    entries = Measurements("corrections", needs=_NEEDS, folder=folder).read()
    rows = []
    for entry in entries.values():
        link = f'<a href="{entry["page"]}.html">{html.escape(entry["title"])}</a>'
        # What all numbers of an entry have in common stands in its first row alone.
        page = explained(link, entry["what"], entry["date"])
        common = {"page": page, "why": html.escape(entry["why"])}
        for number in entry["numbers"]:
            rows.append(
                {
                    "page": common.pop("page", ""),
                    "number": html.escape(number["of"]),
                    "before": html.escape(number["before"]),
                    "now": html.escape(number["now"]),
                    "why": common.pop("why", ""),
                }
            )
    return wide(pd.DataFrame(rows)) if rows else nothing("corrections")
