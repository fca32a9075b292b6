"""What the optimiser and the initial weights, which the paper does not name, do to each model."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from replication.presentation.drawing import canvas
from replication.presentation.labels import COLOURS, DATASETS, ORDER, label
from replication.presentation.nothing import nothing
from replication.studies.finding import Finding

# Choice -> its usual value and the other one, as `sensitivity.plan.points` writes them; in words.
_CHOICES = {
    "pretrain_optimizer": ("sgd", "adam", "Adam instead of gradient descent"),
    "initial_range": ("4", "1", "initial weights four times smaller"),
}

# By what the largest gain exceeds on every data set: nothing, the gap between the best two models,
# the distance from the best to the last.
_HEADLINES = (
    "Optimiser and initial weights gain less than separates the best two models.",
    "One choice of optimiser or initial weights can gain more than separates the best two models.",
    "One choice of optimiser or initial weights can gain more than separates all the models.",
)


def choice_changes(points: pd.DataFrame) -> pd.DataFrame:
    """Take what each choice changes in a model's best validation error.

    Args:
        points: What `replication.studies.sensitivity.plan.points` returned, of one data set.

    Returns:
        One row for each choice and model with both values: choice, model, usual (percent), change
        (points; negative is better).
    """
    rows = []
    errors = points.set_index(["choice", "value", "model"])["valid_error"]
    for choice, (usual, other, _) in _CHOICES.items():
        for model in ORDER:
            if {(choice, usual, model), (choice, other, model)} <= set(errors.index):
                before, after = errors[choice, usual, model], errors[choice, other, model]
                rows.append(
                    {"choice": choice, "model": model, "usual": before, "change": after - before}
                )
    return pd.DataFrame(rows, columns=["choice", "model", "usual", "change"])


def choices_finding(points: Mapping[str, pd.DataFrame]) -> Finding:
    """Compare the largest gain of one changed choice with how far the models lie apart.

    Args:
        points: Data set -> what `replication.studies.sensitivity.plan.points` returned.
    """
    changes = {name: choice_changes(found) for name, found in points.items()}
    changes = {name: table for name, table in changes.items() if len(table)}
    if not changes:
        return Finding(name="choices", figure=nothing("trials"))
    beyond, sentences = [], []
    for name, table in changes.items():
        gain = table.loc[table["change"].idxmin()]
        usual = np.sort(table.drop_duplicates("model")["usual"])
        gap, spread = (usual[1] - usual[0], usual[-1] - usual[0]) if len(usual) > 1 else (0.0, 0.0)
        beyond.append(int(-gain["change"] > gap) + int(-gain["change"] > spread))
        sentences.append(
            f"On {DATASETS[name]} the largest of {len(table)} changes is a gain of "
            f"{-gain['change']:.2f} points ({label(gain['model'])}, "
            f"{_CHOICES[gain['choice']][2]}). The best and the second model are {gap:.2f} "
            f"points apart, the best and the last {spread:.2f}."
        )
    return Finding(
        name="choices",
        headline=_HEADLINES[min(beyond)],
        sentences=(*sentences, "These are short trials with one seed, so small changes are noise."),
        figure=_figure(changes),
        caption="Bars to the left are improvements. A choice that helped all models alike would "
        "give bars of one length; these do not.",
        text="For each data set and each of two choices a bar for each model: the change of its "
        "best validation error in points when that choice alone is changed.",
        data=pd.concat(changes, names=["dataset", None]).reset_index("dataset"),
    )


def _figure(changes: Mapping[str, pd.DataFrame]) -> Figure:
    size = (4.2 * len(_CHOICES), 2.6 * len(changes))
    with canvas(len(changes), len(_CHOICES), figsize=size, squeeze=False, sharey=True) as (
        figure,
        grid,
    ):
        for row, (name, table) in zip(grid, changes.items(), strict=True):
            for axes, (choice, (*_, words)) in zip(row, _CHOICES.items(), strict=True):
                shown = table[table["choice"] == choice].iloc[::-1]
                axes.barh(
                    [label(m) for m in shown["model"]], shown["change"],
                    color=[COLOURS[m] for m in shown["model"]],
                )  # fmt: skip
                axes.axvline(0, color="black", linewidth=0.8)
                axes.set_title(f"{DATASETS[name]}: {words}", fontsize=9)
                axes.set_xlabel("change of the validation error, points", fontsize=9)
    return figure
