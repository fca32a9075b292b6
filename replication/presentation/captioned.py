"""A figure with its caption, words for who cannot see it, its data, and values to read off."""

import html
import json

from IPython.display import HTML, Markdown
from matplotlib.figure import Figure

from replication.presentation.download import csv_address, figure_data
from replication.presentation.readings import readings
from replication.presentation.vector import as_svg


def captioned(
    figure: Figure | Markdown, name: str, caption: str, text: str, readable: bool = True
) -> HTML | Markdown:
    """Show a figure and what there is to see in it.

    Where scripts run (`book/static/read.js`), values can be read off with mouse, finger or keys;
    without them the figure stands still.

    Args:
        figure: The figure, or the sentence that stands where there is nothing to draw.
        name: Unique on the page; the data is offered as `<name>.csv`.
        caption: What to see, in a sentence or two.
        text: What it shows, for readers who cannot see it.
        readable: Offer the data of the lines and dots; not of pictures.
    """
    if isinstance(figure, Markdown):
        return figure
    data, link = "", ""
    table = figure_data(figure) if readable else None
    if table is not None and not table.empty:
        link = (
            f' <a class="figure-data" download="{name}.csv" href="{csv_address(table)}">'
            f"Data of this figure (CSV, {len(table)} rows)</a>"
        )
        # "</" would end the script element.
        points = json.dumps(readings(figure), ensure_ascii=False).replace("</", "<\\/")
        data = f'<script type="application/json">{points}</script>'
    return HTML(
        f'<figure class="drawing" id="{name}">'
        f'<div role="img" aria-label="{html.escape(text)}">{as_svg(figure, name)}</div>{data}'
        f"<figcaption>{html.escape(caption, quote=False)}{link}</figcaption></figure>"
    )
