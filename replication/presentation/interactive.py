"""A figure that answers the mouse: hover for values, click on the legend to hide a line."""

import html
from collections.abc import Sequence
from typing import Any

import plotly.graph_objects
import plotly.io
from IPython.display import HTML, Markdown
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator
from plotly.subplots import make_subplots

from replication.presentation.drawing import named_lines

# Where the book keeps the script, as seen from its pages; book/local_plotly.py puts it there.
SCRIPT = "../_static/plotly.min.js"
_HEIGHT, _PANEL, _LEGEND = 480, 260, 70  # pixels: one panel alone, each of several, below the last


def interactive(figure: Figure | Markdown, name: str, text: str) -> HTML | None:
    """Draw the named lines of a figure again, for the mouse; several panels below each other.

    It stands folded under the figure itself, which is what readers without scripts have.

    Args:
        figure: A figure with named lines, or the sentence that stands where there is nothing to
            draw.
        name: Identifier, unique on the page.
        text: What it shows, for readers who cannot see it.

    Returns:
        The drawing; None, which a page does not show, if there is nothing to draw.
    """
    if isinstance(figure, Markdown):
        return None
    body = plotly.io.to_html(
        _drawn(figure.axes),
        full_html=False,
        include_plotlyjs=False,
        div_id=name,
        config={"displayModeBar": False, "responsive": True},
    )
    return HTML(
        # What is drawn while folded has no width yet.
        f'<details class="interactive" ontoggle="Plotly.Plots.resize({name!r})">'
        f"<summary>Hover for values</summary>"
        f'<script src="{SCRIPT}"></script>'
        f'<div role="img" aria-label="{html.escape(text)}">{body}</div></details>'
    )


def _drawn(panels: Sequence[Axes]) -> plotly.graph_objects.Figure:
    """The named lines of the panels, one panel below the other."""
    drawn = make_subplots(rows=len(panels), cols=1, vertical_spacing=0.12)
    for row, axes in enumerate(panels, 1):
        for label, line, points in named_lines(axes):
            if len(points) < 2:  # stands in the legend for others
                continue
            drawn.add_scatter(
                x=[float(f"{v:.6g}") for v in points[:, 0]],
                y=[float(f"{v:.6g}") for v in points[:, 1]],
                name=label,
                legendgroup=label,  # a click hides the line in every panel
                showlegend=row == 1,
                mode="markers" if line.get_linestyle() == "None" else "lines",
                line={"color": to_hex(line.get_color())},
                marker={"color": to_hex(line.get_color()), "symbol": "circle-open"},
                row=row,
                col=1,
            )
        drawn.update_xaxes(_axis(axes.xaxis), row=row, col=1)
        drawn.update_yaxes(_axis(axes.yaxis), row=row, col=1)
    height = _HEIGHT if len(panels) == 1 else _PANEL * len(panels)
    drawn.update_layout(
        template="plotly_white",
        height=height,
        margin={"t": 10, "r": 10},
        # Beside the plot the legend would take a phone's width.
        legend={"orientation": "h", "y": -_LEGEND / height, "yanchor": "top"},
    )
    return drawn


def _axis(axis: Axis) -> dict[str, Any]:
    """What the other library has to know of an axis, with the names of its ticks if it has any."""
    found: dict[str, Any] = {"title": axis.get_label_text()}
    if axis.get_scale() == "log":
        found |= {"type": "log", "exponentformat": "power"}
    else:
        found |= {"type": "linear", "range": [float(end) for end in axis.get_view_interval()]}
    if isinstance(axis.get_major_locator(), FixedLocator):
        names = [tick.get_text() for tick in axis.get_ticklabels()]
        found |= {"tickvals": [float(v) for v in axis.get_ticklocs()], "ticktext": names}
    return found
