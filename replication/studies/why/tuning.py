"""What the search of version 1 changed against the first look, model by model."""

import math
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
from replication.verdicts.estimate import Estimate, by_student
from replication.verdicts.report import interval_text
from replication.verdicts.seed_variance import seed_variance

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
        found = (_errors(first, model), _errors(finals, model))
        before, after = (float(errors.mean()) if errors.size else np.nan for errors in found)
        row = {"model": model, "before": before, "after": after}
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
    more = {str(model): _more_than_the_cae(first, finals, str(model)) for model in baselines.index}
    worse = others[others["gain"].round(2) < 0]
    return Finding(
        name="tuning",
        headline=_headline(list(more.values())),
        sentences=(
            f"From the first look, with guessed settings, to the chosen settings the CAE went from "
            f"{own['before']:.2f} to {own['after']:.2f} %.",
            " ".join(
                f"{label(str(model))} went from {row['before']:.2f} to {row['after']:.2f} %"
                f"{_printed(row['paper'])}, and gained {interval_text(more[str(model)])} points "
                "more than the CAE."
                for model, row in baselines.iterrows()
            ),
            " ".join(
                f"{label(str(model))} lost {-row['gain']:.2f} points."
                for model, row in worse.iterrows()
            ),
            f"Over the other {len(others)} models the mean gain is {others['gain'].mean():.2f} "
            "points. A baseline that nobody tunes makes any new model look good. Brackets hold "
            "95 % intervals over seeds.",
        ),
        figure=_figure(table),
        caption="From the open dot, our first look, an arrow leads to the error after the search; "
        "the cross is what the paper prints. Read whether the arrows of the baselines pass the "
        "cross.",
        text="A row for each model: test error on MNIST before the search, after it, and as "
        "printed in the paper.",
        data=table.reset_index(),
    )


def _headline(more: Sequence[Estimate]) -> str:
    """What the search did, by how much more than the CAE each baseline gained."""
    if all(gain.low > 0 for gain in more):
        return "On MNIST the same search helped AE and AE+wd more than the CAE."
    if all(gain.value > 0 for gain in more):
        return "On MNIST the same search seems to have helped AE and AE+wd more than the CAE."
    return "On MNIST the search helped the CAE at least as much as AE or AE+wd."


def _more_than_the_cae(first: Sequence[Record], finals: Sequence[Record], model: str) -> Estimate:
    """By how many points more a model gained than the CAE; the interval covers seeds."""
    errors = {
        f"{name}, {when}": _errors(runs, name)
        for name in ORDER
        for when, runs in (("before", first), ("after", finals))
        if _errors(runs, name).size
    }
    seeds = {name: values.size for name, values in errors.items()}
    spread = seed_variance({name: values for name, values in errors.items() if values.size > 1})
    gains, variances, freedoms = [], [], []
    for name in (model, "cae"):
        ends = f"{name}, before", f"{name}, after"
        gains.append(errors[ends[0]].mean() - errors[ends[1]].mean())
        variance, freedom = spread.of_difference(seeds, *ends)
        variances.append(variance)
        freedoms.append(freedom)
    error = math.sqrt(sum(variances))
    return by_student(float(gains[0] - gains[1]), error, min(freedoms), "seeds")


def _errors(runs: Sequence[Record], model: str) -> np.ndarray:
    """The test errors of a model's runs."""
    return np.array(
        [
            run.results["test_error"]
            for run in runs
            if (run.settings.dataset, run.settings.model) == (DATASET, model)
        ]
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
