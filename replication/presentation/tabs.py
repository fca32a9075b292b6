"""Several data sets on one page: a tab for each, of which one is open."""

import html
from collections.abc import Callable, Mapping, Sequence

from IPython.display import HTML, Markdown
from markdown_it import MarkdownIt

from replication.engine.records import Record
from replication.presentation.labels import DATASETS
from replication.presentation.nothing import nothing

_MARKDOWN = MarkdownIt("commonmark", {"html": True}).enable("table")


def tabs(name: str, shown: Mapping[str, Sequence[HTML | Markdown | None]]) -> HTML:
    """Show one thing for several data sets, each behind a tab; all of them in print.

    It needs no scripts; where they run, all tabs of a page change together. With one data set there
    are no tabs.

    Args:
        name: Unique on the page.
        shown: The tab's title -> what stands in it, one below the other; None stands for nothing.
    """
    if len(shown) == 1:
        return HTML("".join(as_html(part) for part in next(iter(shown.values()))))
    parts = []
    for index, (title, content) in enumerate(shown.items()):
        key = f"{name}-tab-{index}"
        checked = " checked" if index == 0 else ""
        parts.append(
            f'<input type="radio" id="{key}" name="{name}-tabs"{checked}>'
            f'<label class="sd-tab-label" for="{key}" data-sync-group="dataset" '
            f'data-sync-id="{html.escape(title)}">{html.escape(title)}</label>'
            f'<div class="sd-tab-content docutils"><p class="tab-title">{html.escape(title)}</p>'
            f"{''.join(as_html(part) for part in content)}</div>"
        )
    return HTML(f'<div class="sd-tab-set docutils">{"".join(parts)}</div>')


def by_dataset(records: Sequence[Record]) -> dict[str, list[Record]]:
    """Arrange records by their data sets, in the order in which these come.

    Args:
        records: Runs of any data sets.
    """
    found: dict[str, list[Record]] = {}
    for record in records:
        found.setdefault(record.settings.dataset, []).append(record)
    return found


def each_dataset(
    name: str,
    records: Sequence[Record],
    show: Callable[[list[Record], str], HTML | Markdown | None],
) -> HTML | Markdown:
    """Show one thing for the records of each data set, each behind a tab.

    Args:
        name: Unique on the page.
        records: Runs of any data sets; where there are none, a sentence says so.
        show: Takes the runs of one data set, and its key, to what is shown of them.
    """
    groups = by_dataset(records)
    if not groups:
        return nothing()
    return tabs(name, {DATASETS[key]: [show(runs, key)] for key, runs in groups.items()})


def as_html(part: HTML | Markdown | None) -> str:
    """Write what a cell would show as HTML.

    Args:
        part: HTML; Markdown without the book's own roles; or None, which is nothing.
    """
    if part is None:
        return ""
    return part.data if isinstance(part, HTML) else _MARKDOWN.render(part.data)
