"""What the search of version 1 changed against the first look, model by model."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from replication import paper
from replication.engine.records import Record
from replication.presentation.drawing import canvas
from replication.presentation.labels import COLOURS, ORDER, label
from replication.presentation.nothing import nothing
from replication.studies.finding import Finding

DATASET = "mnist"  # of the first look
EXPERIMENT = "table1-first"


def tuning_table(first: Sequence[Record], finals: Sequence[Record]) -> pd.DataFrame:
    """Compare each model's test error before and after the search.

    Args:
        first: Runs of the first look, whose settings were guessed.
        finals: Final runs.

    Returns:
        One row for each model that has both, in the paper's order: model, before, after, paper
        (percent; missing where the paper has none), gain (before less after, points).
    """
    printed = paper.table1().set_index(["dataset", "model"])["test_error"]
    rows = []
    for model in ORDER:
        means = []
        for runs in (first, finals):
            errors = [
                r.results["test_error"]
                for r in runs
                if (r.settings.dataset, r.settings.model) == (DATASET, model)
            ]
            means.append(float(np.mean(errors)) if errors else np.nan)
        row = {"model": model, "before": means[0], "after": means[1]}
        rows.append({**row, "paper": printed.get((DATASET, model), np.nan)})
    table = pd.DataFrame(rows).dropna(subset=["before", "after"])
    return table.assign(gain=table["before"] - table["after"])


def tuning_finding(first: Sequence[Record], finals: Sequence[Record]) -> Finding:
    """Say which models the search helped.

    Args:
        first: Runs of the first look, whose settings were guessed.
        finals: Final runs.
    """
    table = tuning_table(first, finals).set_index("model")
    if "cae" not in table.index or len(table) < 2:
        return Finding(name="tuning", figure=nothing())
    own = table.loc["cae"]
    baselines = table.loc[[m for m in ("ae", "ae-wd") if m in table.index]]
    others = table.drop(index="cae")
    helped = bool((baselines["gain"] > own["gain"]).all())
    return Finding(
        name="tuning",
        headline="The same search helped the baselines more than the CAE."
        if helped
        else "The search helped the CAE at least as much as a baseline.",
        sentences=(
            f"From the first look, with guessed settings, to the chosen settings the CAE went from "
            f"{own['before']:.2f} to {own['after']:.2f} %.",
            " ".join(
                f"{label(str(model))} went from {row['before']:.2f} to {row['after']:.2f} %"
                f"{_printed(row['paper'])}."
                for model, row in baselines.iterrows()
            ),
            f"Over the other {len(others)} models the mean gain is {others['gain'].mean():.2f} "
            "points. A baseline that nobody tunes makes any new model look good.",
        ),
        figure=_figure(table),
        caption="From the open dot, our first look, an arrow leads to the error after the search; "
        "the cross is what the paper prints. Read whether the arrows of the baselines pass the "
        "cross.",
        text="A row for each model: test error on MNIST before the search, after it, and as "
        "printed in the paper.",
        data=table.reset_index(),
    )


def _printed(value: float) -> str:
    return "" if np.isnan(value) else f" (the paper prints {value:.2f})"


def _figure(table: pd.DataFrame) -> Figure:
    with canvas(figsize=(8, 3.6)) as (figure, axes):
        for height, (model, row) in enumerate(table.iloc[::-1].iterrows()):
            colour = COLOURS[str(model)]
            axes.annotate(
                "", (row["after"], height), (row["before"], height),
                arrowprops={"arrowstyle": "->", "color": colour, "linewidth": 1.5},
            )  # fmt: skip
            axes.plot(row["before"], height, "o", color=colour, markerfacecolor="none")
            axes.plot(row["after"], height, "o", color=colour)
            if not np.isnan(row["paper"]):
                axes.plot(row["paper"], height, "x", color="grey", markersize=8)
        axes.set_yticks(range(len(table)), [label(str(m)) for m in table.index[::-1]])
        axes.set(xlabel="test error on MNIST, %")
        axes.plot([], [], "o", color="grey", markerfacecolor="none", label="first look")
        axes.plot([], [], "o", color="grey", label="after the search")
        axes.plot([], [], "x", color="grey", label="paper")
        figure.legend(loc="outside upper right", ncols=3, fontsize=9, frameon=False)
    return figure
