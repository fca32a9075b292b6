"""The paper's distances between examples, as vertical lines in a figure of curves."""

from matplotlib.axes import Axes

from replication import paper


def draw_distances(axes: Axes, dataset: str) -> None:
    """Draw the lines of Figures 1 and 3: dash-dotted, each with its name.

    Args:
        axes: Where to draw.
        dataset: The paper's data set.
    """
    lines = paper.distances()
    for row in lines[lines["dataset"] == dataset].itertuples():
        axes.axvline(row.distance, color="grey", linestyle="-.", linewidth=1)
        axes.annotate(
            row.line.capitalize(), (row.distance, 0.99), xycoords=("data", "axes fraction"),
            rotation=90, va="top", ha="right", color="grey", fontsize=8,
        )  # fmt: skip
