"""The data of a figure or table as a CSV file that the page itself carries."""

import base64

import pandas as pd
from IPython.display import HTML, Markdown
from matplotlib.figure import Figure

from replication.presentation.drawing import named_lines


def csv_link(shown: Figure | pd.DataFrame | Markdown, name: str) -> HTML | None:
    """Offer what is shown as a CSV file; needs no network and no other file.

    Args:
        shown: A figure, whose named lines are offered; a table; or the sentence that stands where
            there is nothing to draw.
        name: Name of the file.

    Returns:
        The link; None, which a page does not show, if there is nothing to offer.
    """
    if isinstance(shown, Markdown):
        return None
    table = figure_data(shown) if isinstance(shown, Figure) else shown
    if table.empty:
        return None
    return HTML(
        f'<p class="download"><a download="{name}" href="{csv_address(table)}">'
        f"Download the data ({name}, {len(table)} rows)</a></p>"
    )


def csv_address(table: pd.DataFrame) -> str:
    """Write a table as an address that holds it, as CSV.

    Args:
        table: The table.
    """
    text = base64.b64encode(table.to_csv(index=False, float_format="%.5g").encode()).decode()
    return f"data:text/csv;base64,{text}"


def figure_data(figure: Figure) -> pd.DataFrame:
    """Read the lines and dots of a figure back as a table.

    Args:
        figure: A figure whose lines have names; one that starts with "_" is not in the legend.

    Returns:
        The columns panel (number of the axes, from 1), series, x and y, one row for each point.
    """
    rows = []
    for panel, axes in enumerate(figure.axes, start=1):
        for name, _, drawn in named_lines(axes):
            rows += [{"panel": panel, "series": name, "x": x, "y": y} for x, y in drawn]
    return pd.DataFrame(rows, columns=["panel", "series", "x", "y"])
