"""A figure that answers the mouse: hover for values, click on the legend to hide a line."""

import html

import plotly.graph_objects as go
import plotly.io
from IPython.display import HTML, Markdown
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

from replication.presentation.lines import named_lines

# Where the book keeps the script, as seen from its pages; book/local_plotly.py puts it there.
SCRIPT = "../_static/plotly.min.js"


def interactive(figure: Figure | Markdown, name: str, text: str) -> HTML | Markdown:
    """Draw the named lines of the first panel of a figure again, for the mouse.

    It stands folded under the figure itself, which is what readers without scripts have.

    Args:
        figure: A figure with named lines. Of a sentence, which stands where there is nothing to
            draw, nothing is drawn.
        name: Identifier, unique on the page.
        text: What it shows, for readers who cannot see it.
    """
    if isinstance(figure, Markdown):
        return Markdown("")
    axes = figure.axes[0]
    drawn = go.Figure()
    for label, line, points in named_lines(axes):
        if len(points) < 2:  # stands in the legend for others
            continue
        dots = line.get_linestyle() == "None"
        drawn.add_scatter(
            x=[float(f"{v:.6g}") for v in points[:, 0]],
            y=[float(f"{v:.6g}") for v in points[:, 1]],
            name=label,
            mode="markers" if dots else "lines",
            line={"color": to_hex(line.get_color())},
            marker={"color": to_hex(line.get_color()), "symbol": "circle-open"},
        )
    drawn.update_xaxes(title=axes.get_xlabel(), type=_type(axes.get_xscale()))
    drawn.update_yaxes(title=axes.get_ylabel(), type=_type(axes.get_yscale()))
    if axes.get_yscale() == "linear":
        drawn.update_yaxes(range=list(axes.get_ylim()))
        drawn.update_xaxes(range=list(axes.get_xlim()))
    drawn.update_layout(
        template="plotly_white",
        height=480,
        margin={"t": 10, "r": 10},
        legend={"orientation": "h", "y": -0.2},  # beside the plot it would take a phone's width
    )
    body = plotly.io.to_html(
        drawn,
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


def _type(scale: str) -> str:
    return "log" if scale == "log" else "linear"
