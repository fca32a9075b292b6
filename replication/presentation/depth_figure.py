"""The contraction curves of stacks (Figure 3)."""

from collections.abc import Sequence

import matplotlib.pyplot as plt
import numpy as np
import seaborn as sns
from IPython.display import Markdown
from matplotlib.figure import Figure

from replication import paper
from replication.experiments.records import Record
from replication.presentation.bands import plot_mean
from replication.presentation.distance_lines import draw_distances
from replication.presentation.labels import DATASETS, DEPTH_COLOURS

_DATASET = "rot"  # the paper has points for no other


def depth_figure(
    records: Sequence[Record],
    dataset: str,
    with_paper: bool = True,
    title: str = "Stacks of CAEs",
) -> Figure | Markdown:
    """Draw the contraction curves of stacks of CAEs (Figure 3).

    The ratio is taken between the input and the code of the top layer. Lines are means over seeds
    with a band of one standard deviation, points are digitised from the paper's figure, and
    dash-dotted lines are its distances between examples.

    Args:
        records: Runs of one data set; those of other models are left out.
        dataset: The paper's data set to compare with.
        with_paper: Show the paper's points and lines where it has some, on its axes.
        title: What is drawn, without the data set.
    """
    stacks = [r for r in records if r.settings.model == "cae"]
    if not stacks:
        return Markdown("*No records yet.*")
    with sns.axes_style("whitegrid"):
        figure, axes = plt.subplots(figsize=(8, 5), layout="constrained")
    smallest, largest = np.inf, 0.0
    for depth, colour in DEPTH_COLOURS.items():
        curves = [r.results["curve"] for r in stacks if r.settings.depth == depth]
        if not curves:
            continue
        ratios = np.array([curve["ratio"] for curve in curves])
        name = f"{depth} layer" + ("s" if depth > 1 else "")
        plot_mean(axes, curves[0]["radius"], ratios, name, colour)
        smallest, largest = min(smallest, ratios.min()), max(largest, ratios.max())
    if with_paper and dataset == _DATASET:
        for depth, points in paper.figure3().groupby("depth"):
            axes.plot(
                points["radius"], points["ratio"], "o", color=DEPTH_COLOURS[depth],
                markersize=4.5, markerfacecolor="none", label=f"_paper, depth {depth}",
            )  # fmt: skip
        draw_distances(axes, dataset)
        axes.plot([], [], "o", color="grey", markerfacecolor="none", label="paper, digitised")
        # As printed, and further where a curve of ours would be cut off.
        axes.set(xlim=(0, 40), ylim=(0.1 if smallest >= 0.1 else 0, max(0.4, 1.05 * largest)))
    axes.set(
        xlabel="distance from the example  ‖x₁ − x₀‖",
        ylabel="contraction ratio  ‖f(x₁) − f(x₀)‖ / ‖x₁ − x₀‖",
        title=f"{title} on {DATASETS[stacks[0].settings.dataset]}",
    )
    axes.legend(fontsize=9)
    plt.close(figure)
    return figure
