"""How far the recipes of the regenerated sets move the SVM, which has no seed."""

import pandas as pd
from matplotlib.figure import Figure

from replication import paper
from replication.presentation.drawing import canvas
from replication.presentation.labels import DATASETS
from replication.presentation.nothing import nothing
from replication.studies.finding import Finding

_COLUMN = "svm-rbf"


def recipes_finding(effects: pd.DataFrame) -> Finding:
    """Compare the spread of the SVM's error over recipes with that of the paper over its models.

    Args:
        effects: What `replication.studies.generator.effects.generator_effects` returned.
    """
    found = effects[effects["column"] == _COLUMN]
    if found.empty:
        return Finding(name="recipes", figure=nothing("runs on variants"))
    printed = paper.table2()
    wider, sentences = [], []
    for name, rows in found.groupby("dataset", sort=False):
        errors = [*rows["error"], rows["ours_error"].iloc[0]]
        theirs = printed[printed["dataset"] == name]
        spread = theirs["test_error"].max() - theirs["test_error"].min()
        wider += [DATASETS[str(name)]] if max(errors) - min(errors) > spread else []
        sentences.append(
            f"On {DATASETS[str(name)]} the SVM makes {min(errors):.1f} to {max(errors):.1f} % "
            f"mistakes, with the recipe we use {rows['ours_error'].iloc[0]:.1f} %; the paper "
            f"prints {_printed(theirs):.1f} %, and its models lie {spread:.1f} points apart."
        )
    count = found["dataset"].nunique()
    return Finding(
        name="recipes",
        headline="A recipe that nobody wrote down moves errors more than the paper's models differ"
        f"{'' if len(wider) == count else f' on {len(wider)} of {count} sets'}."
        if wider
        else "The open choices of the recipes move errors less than the paper's models differ.",
        sentences=tuple(sentences),
        figure=_figure(found, printed),
        caption="Each dot is the SVM's error on a set made with one choice of the recipe changed, "
        "the square our own recipe, the cross the paper's set. Where dots lie on both sides of the "
        "cross, a recipe between them would meet it.",
        text="A row for each regenerated set: the SVM's test error with our recipe, with each "
        "changed recipe, and as printed in the paper.",
    )


def _printed(rows: pd.DataFrame) -> float:
    return float(rows.set_index("model")["test_error"][_COLUMN])


def _figure(found: pd.DataFrame, printed: pd.DataFrame) -> Figure:
    names = list(dict.fromkeys(found["dataset"]))[::-1]
    with canvas(figsize=(8, 0.8 * len(names) + 1.4)) as (figure, axes):
        for height, name in enumerate(names):
            rows = found[found["dataset"] == name]
            heights = [height] * len(rows)
            axes.plot(rows["error"], heights, "o", color="dimgrey", label=f"_{DATASETS[name]}")
            axes.plot(
                rows["ours_error"].iloc[0], height, "s", color="#0072B2", markersize=9,
                label=f"_{DATASETS[name]}, our recipe",
            )  # fmt: skip
            theirs = _printed(printed[printed["dataset"] == name])
            axes.plot(theirs, height, "x", color="#D55E00", markersize=10, markeredgewidth=2)
        axes.set_yticks(range(len(names)), [DATASETS[name] for name in names])
        axes.set(xlabel="test error of the SVM, %", ylim=(-0.5, len(names) - 0.5))
        axes.plot([], [], "o", color="dimgrey", label="one choice changed")
        axes.plot([], [], "s", color="#0072B2", label="our recipe")
        axes.plot([], [], "x", color="#D55E00", label="paper")
        figure.legend(loc="outside upper right", ncols=3, fontsize=9, frameon=False)
    return figure
