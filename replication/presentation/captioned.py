"""A figure with its caption, words for who cannot see it, its data, and values to read off."""

import html
import json

import pandas as pd
from IPython.display import HTML, Markdown
from matplotlib.figure import Figure

from replication.presentation.download import csv_address, figure_data
from replication.presentation.links import code_link
from replication.presentation.readings import readings
from replication.presentation.vector import as_svg


def captioned(
    figure: Figure | Markdown,
    name: str,
    caption: str,
    text: str,
    readable: bool = True,
    data: pd.DataFrame | None = None,
) -> HTML | Markdown:
    """Show a figure and what there is to see in it.

    Where scripts run (`book/static/read.js`), values can be read off with mouse, finger or keys;
    without them the figure stands still.

    Args:
        figure: The figure, or the sentence that stands where there is nothing to draw.
        name: Unique on the page; the data is offered as `<name>.csv`.
        caption: What to see, in a sentence or two.
        text: What it shows, for readers who cannot see it.
        readable: Offer values and data of the lines and dots; not of pictures.
        data: What is offered as data instead of the lines and dots.
    """
    if isinstance(figure, Markdown):
        return figure
    points = readings(figure) if readable else []
    if data is None and readable:
        data = figure_data(figure)
    link = f" ({code_link(str(figure.get_label()))})" if figure.get_label() else ""
    script = ""
    if data is not None and not data.empty:
        link += (
            f' <a class="figure-data" download="{name}.csv" href="{csv_address(data)}">'
            f"Data of this figure (CSV, {len(data)} rows)</a>"
        )
    if points:
        # "</" would end the script element.
        text_of_points = json.dumps(points, ensure_ascii=False).replace("</", "<\\/")
        script = f'<script type="application/json">{text_of_points}</script>'
    return HTML(
        f'<figure class="drawing" id="{name}">'
        f'<div role="img" aria-label="{html.escape(text)}">{as_svg(figure, name)}</div>{script}'
        f"<figcaption>{html.escape(caption, quote=False)}{link}</figcaption></figure>"
    )
