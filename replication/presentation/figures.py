"""Figures: ours over the paper's, on the paper's axes."""

from collections.abc import Sequence

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import seaborn as sns
from IPython.display import Markdown
from matplotlib.figure import Figure

from replication import paper
from replication.experiments.records import Record
from replication.presentation.bands import plot_mean
from replication.presentation.distance_lines import draw_distances
from replication.presentation.labels import COLOURS, DATASETS, ORDER, label

_AXES = {"mnist": ((0, 40), (0.1, 1.4)), "cifar-bw": ((0, 50), (0.1, 0.8))}  # as printed


def contraction_figure(
    records: Sequence[Record], dataset: str, with_paper: bool = True
) -> Figure | Markdown:
    """Draw the contraction curves (Figure 1).

    Lines are means over seeds with a band of one standard deviation; points are digitised from
    the paper's figure, dash-dotted lines are its distances between examples.

    Args:
        records: Runs of one data set.
        dataset: The paper's data set to compare with.
        with_paper: Show the paper's points and lines, and keep to its axes as far as they hold all.
    """
    if not records:
        return Markdown("*No records yet.*")
    with sns.axes_style("whitegrid"):
        figure, axes = plt.subplots(figsize=(8, 5), layout="constrained")
    shown = records[0].settings.dataset
    smallest = np.inf
    for model in ORDER:
        curves = [r.results["curve"] for r in records if r.settings.model == model]
        if not curves:
            continue
        ratios = np.array([curve["ratio"] for curve in curves])
        smallest = min(smallest, ratios.min())
        plot_mean(axes, curves[0]["radius"], ratios, label(model), COLOURS[model])
    if with_paper:
        for model, points in paper.figure1(dataset).groupby("model"):
            axes.plot(
                points["radius"], points["ratio"], "o", color=COLOURS[model], markersize=4.5,
                markerfacecolor="none", label=f"_paper, {label(model)}",
            )  # fmt: skip
        draw_distances(axes, dataset)
        axes.plot([], [], "o", color="grey", markerfacecolor="none", label="paper, digitised")
        (low, high), sides = _AXES[dataset][1], _AXES[dataset][0]
        # Down to 0 where a curve of ours lies below the printed axis: none may be cut off.
        axes.set(xlim=sides, ylim=(low if smallest >= low else 0, high))
    axes.set(
        xlabel="distance from the example  ‖x₁ − x₀‖",
        ylabel="contraction ratio  ‖f(x₁) − f(x₀)‖ / ‖x₁ − x₀‖",
        title=f"Contraction curves on {DATASETS[shown]}",
    )
    axes.legend(ncols=2, fontsize=9)
    plt.close(figure)  # shown once, as the value of its cell
    return figure


def error_figure(comparison: pd.DataFrame, with_paper: bool = True) -> Figure | Markdown:
    """Draw test error against the Jacobian measure, model by model, ours and the paper's.

    Vertical bars are the 95 % intervals that the finite test set gives; an arrow leads from the
    paper's value to ours.

    Args:
        comparison: What `compare` returned.
        with_paper: Show the paper's values.
    """
    if not comparison["seeds"].any():
        return Markdown("*No records yet.*")
    with sns.axes_style("whitegrid"):
        figure, axes = plt.subplots(figsize=(8, 5), layout="constrained")
    for row in comparison.to_dict("records"):
        colour = COLOURS[row["model"]]
        x, y = row["jacobian_mean_square"], row["test_error"]
        if np.isnan(y):
            continue
        axes.errorbar(x, y, row["half_width"], fmt="o", color=colour, capsize=3)
        axes.annotate(label(row["model"]), (x, y), (7, 5), textcoords="offset points", color=colour)
        paper_x, paper_y = row["paper_jacobian_mean_square"], row["paper_test_error"]
        if with_paper and not np.isnan(paper_y):
            axes.plot(paper_x, paper_y, "o", color=colour, markerfacecolor="none")
            axes.annotate(
                "", (x, y), (paper_x, paper_y),
                arrowprops={"arrowstyle": "->", "color": colour, "alpha": 0.4},
            )  # fmt: skip
    if with_paper:
        axes.plot([], [], "o", color="grey", markerfacecolor="none", label="paper")
    axes.plot([], [], "o", color="grey", label="ours, 95 % interval of the test set")
    axes.set(
        xscale="log",
        xlabel="mean squared entry of the Jacobian, pre-trained encoder",
        ylabel="test error after fine-tuning, %",
    )
    axes.legend(fontsize=9)
    plt.close(figure)
    return figure
