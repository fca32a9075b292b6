"""A figure that a reader's controls change where scripts run, and that stands still elsewhere."""

import html
import json
from collections.abc import Mapping, Sequence
from typing import Any

from IPython.display import HTML
from matplotlib.figure import Figure

from replication.presentation.play.control import Control
from replication.presentation.vector import as_svg


def plaything(
    kind: str,
    name: str,
    *,
    still: Figure,
    text: str,
    caption: str,
    controls: Sequence[Control],
    data: Mapping[str, Any],
    tables: Mapping[str, HTML],
) -> HTML:
    """Show something to play with.

    Args:
        kind: What draws it in `book/static/play.js`.
        name: Unique on the page.
        still: What stands there until scripts run.
        text: What it shows, for readers who cannot see it.
        caption: What to do, and what to see.
        controls: What the reader can change.
        data: What is drawn, as plain JSON values. A number that is printed has to be a text, the
            same as in a table.
        tables: Title -> a table with all numbers that are printed, folded below the figure.
    """
    values = {"controls": [control.plain() for control in controls], **data}
    # "</" would end the script element.
    packed = json.dumps(values, ensure_ascii=False, separators=(",", ":")).replace("</", "<\\/")
    folded = "".join(
        f"<details><summary>{html.escape(title)}</summary>{table.data}</details>"
        for title, table in tables.items()
    )
    return HTML(
        f'<figure class="play" id="{name}" data-play="{kind}">'
        f'<div class="still" role="img" aria-label="{html.escape(text)}">'
        f"{as_svg(still, name)}</div>"
        f'<script type="application/json">{packed}</script>'
        f"<figcaption>{html.escape(caption, quote=False)}</figcaption>{folded}</figure>"
    )
