"""What a page has for those who want more: folded behind its title."""

import html

from IPython.display import HTML, Markdown

from replication.presentation.tabs import as_html


def folded(title: str, *parts: HTML | Markdown | None) -> HTML | None:
    """Show something behind its title until a reader opens it; it needs no scripts.

    Args:
        title: What is behind it, in a few words.
        *parts: What stands there, one below the other; None stands for nothing.

    Returns:
        The folded parts; None, which a page does not show, if all of them are nothing.
    """
    shown = [part for part in parts if part is not None]
    if not shown:
        return None
    # As sphinx-design's own, which stand beside it.
    return HTML(
        '<details class="fold sd-sphinx-override sd-dropdown sd-card sd-mb-3">'
        '<summary class="sd-summary-title sd-card-header">'
        f'<span class="sd-summary-text">{html.escape(title)}</span>'
        '<span class="sd-summary-state-marker sd-summary-chevron-right" aria-hidden="true">›</span>'
        '</summary><div class="sd-summary-content sd-card-body docutils">'
        f"{''.join(map(as_html, shown))}</div></details>"
    )
