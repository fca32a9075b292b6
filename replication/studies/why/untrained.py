"""What pre-training gains at all: every kind of it beside none, under version 2 of the protocol."""

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure

from replication.engine.records import Record
from replication.presentation.drawing import canvas
from replication.presentation.labels import COLOURS, DATASETS
from replication.presentation.nothing import nothing
from replication.studies.table1_v2 import plan as version2
from replication.studies.why.finding import Finding

DATASET = "mnist"


def drawn_errors(trials: Sequence[Record]) -> dict[str, list[float]]:
    """Sort the validation errors of the first round's draws by competitor, in percent.

    Args:
        trials: Trials of version 2.

    Returns:
        Competitor -> errors, ascending; those that diverged are left out.
    """
    wanted = {
        run.id: arm
        for arm in version2.SEARCH.arms
        for run in version2.SEARCH.trials(0, DATASET, arm)
    }
    found: dict[str, list[float]] = {}
    for record in trials:
        if record.id in wanted and not record.results.diverged:
            found.setdefault(wanted[record.id], []).append(record.results["valid_error"])
    return {arm: sorted(found[arm]) for arm in version2.SEARCH.arms if arm in found}


def untrained_finding(trials: Sequence[Record]) -> Finding:
    """Say whether every kind of pre-training beats none.

    Args:
        trials: Trials of version 2.
    """
    errors = drawn_errors(trials)
    none = errors.pop(version2.UNTRAINED, [])
    if not none or not errors:
        return Finding(name="untrained", figure=nothing("trials of version 2"))
    best = min(errors, key=lambda arm: errors[arm][0])
    worse = [version2.label(arm) for arm in errors if errors[arm][0] >= none[0]]
    return Finding(
        name="untrained",
        headline="Every kind of pre-training beats none."
        if not worse
        else f"Not every kind of pre-training beats none: {', '.join(worse)} did not.",
        sentences=(
            f"With the same number of settings drawn at random, the best net without pre-training "
            f"makes {none[0]:.2f} % mistakes on the validation digits, the best with the CAE "
            f"{errors['cae'][0]:.2f} %, the best of all ({version2.label(best)}) "
            f"{errors[best][0]:.2f} %."
            if "cae" in errors
            else "",
            f"The medians over draws say how much a model forgives: {np.median(none):.2f} % "
            "without pre-training, "
            + ", ".join(f"{version2.label(a)} {np.median(e):.2f}" for a, e in errors.items())
            + ".",
        ),
        figure=_figure({**errors, version2.UNTRAINED: none}),
        caption="Each dot is one setting drawn at random. Compare the lowest dots, which a search "
        "would choose, and how far the others lie above them.",
        text="A row for each kind of pre-training and one for none, with a dot for the validation "
        "error of each drawn setting.",
    )


def _figure(errors: dict[str, list[float]]) -> Figure:
    with canvas(figsize=(8, 3.8)) as (figure, axes):
        for height, (arm, values) in enumerate(reversed(errors.items())):
            axes.plot(
                values, np.full(len(values), height), "o", alpha=0.75,
                color=COLOURS.get(arm, "grey"), label=f"_{version2.label(arm)}",
            )  # fmt: skip
        axes.set_yticks(range(len(errors)), [version2.label(a) for a in reversed(errors)])
        axes.set(xscale="log", xlabel=f"validation error on {DATASETS[DATASET]}, %")
        axes.xaxis.set_major_formatter("{x:g}")
    return figure
