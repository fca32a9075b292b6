"""Table 1: the paper's values and ours, one row for each model."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from IPython.display import HTML, Markdown
from matplotlib.figure import Figure

from replication import paper
from replication.engine.records import Record, table
from replication.presentation.captioned import captioned
from replication.presentation.drawing import canvas
from replication.presentation.labels import COLOURS, ORDER, label
from replication.presentation.nothing import nothing
from replication.presentation.tables import wide
from replication.verdicts.statistics import binomial_half_width

_MISSING = "–"
MEASURES = ("test_error", "jacobian_mean_square", "jacobian_norm", "saturation")


def compare(records: Sequence[Record], dataset: str) -> pd.DataFrame:
    """Put the paper's row and the summary of our runs of each model side by side.

    Args:
        records: Runs of one data set.
        dataset: The paper's data set to compare with.

    Returns:
        One row for each model in the paper's order, then for each younger one that has runs, with
        the columns `model`, `seeds`, for each
        measure its mean over seeds and, under `<measure>_deviation`, the standard deviation over
        seeds (missing for one seed), `half_width` (half of the 95 % interval that the finite test
        set gives to the mean error, in points) and `paper_<measure>` (missing where the paper has
        no row).
    """
    runs = table(list(records))
    sizes = {r.settings.model: r.results["test_examples"] for r in records}
    printed = paper.table1()
    printed = printed[printed["dataset"] == dataset].set_index("model")
    rows = []
    younger = [key for key in sizes if key not in ORDER]
    for model in (*ORDER, *younger):
        ours = runs[runs["model"] == model]
        row: dict[str, Any] = {"model": model, "seeds": len(ours)}
        for measure in MEASURES:
            row[measure] = ours[measure].mean() if len(ours) else np.nan
            row[f"{measure}_deviation"] = ours[measure].std(ddof=1) if len(ours) > 1 else np.nan
            known = model in printed.index and measure in printed.columns
            row[f"paper_{measure}"] = printed.loc[model, measure] if known else np.nan
        row["half_width"] = (
            binomial_half_width(row["test_error"], sizes[model]) if len(ours) else np.nan
        )
        rows.append(row)
    return pd.DataFrame(rows)


def table1_html(comparison: pd.DataFrame, with_paper: bool = True) -> HTML:
    """Show Table 1: the paper's columns and, beside each, ours.

    The number of seeds is shown where the models differ in it.

    Args:
        comparison: What `compare` returned.
        with_paper: Show the paper's columns; not at proof scale, where the data is another.
    """
    rows = []
    for row in comparison.to_dict("records"):
        cells = {"Model": label(row["model"])}
        if with_paper:
            cells["Error %, paper"] = _fixed(row["paper_test_error"], 2)
        cells["Error %, ours"] = _spread(row, "test_error", 2)
        cells["± from the test set"] = _fixed(row["half_width"], 2)
        if with_paper:
            cells["Jacobian, paper"] = _scaled(row["paper_jacobian_mean_square"])
        cells["Jacobian, ours"] = _scaled(row["jacobian_mean_square"])
        if with_paper:
            ratio = row["jacobian_mean_square"] / row["paper_jacobian_mean_square"]
            cells["ours / paper"] = _fixed(ratio, 2)
        cells["‖J‖, ours"] = _spread(row, "jacobian_norm", 1)
        if with_paper:
            cells["SAT %, paper"] = _fixed(row["paper_saturation"], 1)
        cells["SAT %, ours"] = _spread(row, "saturation", 1)
        cells["Seeds"] = str(row["seeds"])
        rows.append(cells)
    table = pd.DataFrame(rows)
    # Where all models have as many, the text below the table can say so.
    return wide(table.drop(columns="Seeds") if table["Seeds"].nunique() == 1 else table)


def error_figure(comparison: pd.DataFrame, with_paper: bool = True) -> Figure | Markdown:
    """Draw test error against the Jacobian measure, model by model, ours and the paper's.

    Vertical bars are the 95 % intervals that the finite test set gives; an arrow leads from the
    paper's value to ours.

    Args:
        comparison: What `compare` returned.
        with_paper: Show the paper's values.
    """
    if not comparison["seeds"].any():
        return nothing()
    with canvas(figsize=(8, 4.6)) as (figure, axes):
        for row in comparison.to_dict("records"):
            name, colour = label(row["model"]), COLOURS[row["model"]]
            x, y = row["jacobian_mean_square"], row["test_error"]
            if np.isnan(y):
                continue
            axes.errorbar(x, y, row["half_width"], fmt="none", ecolor=colour, capsize=3)
            axes.plot(x, y, "o", color=colour, label=f"_ours, {name}")
            # Above the interval, whose line would run through it.
            axes.annotate(
                name, (x, y + row["half_width"]), (0, 4), textcoords="offset points",
                color=colour, ha="center",
            )  # fmt: skip
            paper_x, paper_y = row["paper_jacobian_mean_square"], row["paper_test_error"]
            if with_paper and not np.isnan(paper_y):
                axes.plot(
                    paper_x, paper_y, "o", color=colour, markerfacecolor="none",
                    label=f"_paper, {name}",
                )  # fmt: skip
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
        figure.legend(loc="outside upper left", ncols=2, fontsize=9, frameon=False)
    return figure


def error_drawing(
    comparison: pd.DataFrame, dataset: str, with_paper: bool = True
) -> HTML | Markdown:
    """Show the figure of errors and Jacobians with what there is to see in it.

    Args:
        comparison: What `compare` returned.
        dataset: Key of the data set, for the names of the figure and of its data.
        with_paper: Show the paper's values, too.
    """
    shown = comparison.dropna(subset=["test_error"])
    both = shown.dropna(subset=["paper_test_error"])
    caption = "Test error against the Jacobian of the encoder before fine-tuning."
    text = (
        "Scatter plot of the models: the mean squared entry of the Jacobian on a logarithmic "
        "horizontal axis, the test error in percent on the vertical one. Filled dots with vertical "
        "intervals are ours"
    )
    if with_paper and len(both):
        ours, printed = (np.ptp(both[name]) for name in ("test_error", "paper_test_error"))
        caption += (
            f" Over the paper's models our errors span {ours:.2f} points, its own {printed:.2f}; "
            "arrows lead from the paper's value to ours."
        )
        text += ", open ones the paper's, and an arrow leads from its to ours"
    elif len(shown):
        caption += f" The errors span {np.ptp(shown['test_error']):.2f} points."
    return captioned(
        error_figure(comparison, with_paper),
        f"errors-{dataset}",
        caption,
        f"{text}. The table above has the numbers.",
    )


def _fixed(value: float, digits: int) -> str:
    return _MISSING if math.isnan(value) else f"{value:.{digits}f}"


def _spread(row: dict, measure: str, digits: int) -> str:
    text = _fixed(row[measure], digits)
    deviation = row[f"{measure}_deviation"]
    return text if math.isnan(deviation) else f"{text} ± {deviation:.{digits}f}"


def _scaled(value: float) -> str:
    """In units of 1e-4, as the paper prints MNIST; three digits, as it prints all."""
    return _MISSING if math.isnan(value) else f"{value * 1e4:#.3g}e-4"
