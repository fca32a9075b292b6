"""The pictures of the page: errors of competitors, and errors on changed test pictures."""

from collections.abc import Mapping, Sequence

import numpy as np
from IPython.display import Markdown
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from replication.engine.records import Record
from replication.presentation.drawing import canvas
from replication.presentation.labels import DATASETS
from replication.presentation.nothing import nothing
from replication.studies.today.answers import by_competitor
from replication.studies.today.names import NETS, STARTS
from replication.studies.today.plan import DATASETS as TODAY
from replication.studies.today.plan import EXAMPLES, FEW, UNIT_KINDS, few_labels
from replication.verdicts.statistics import mean_interval

Names = Mapping[str, tuple[str, str]]
"""Competitor -> its name and its colour."""

UNITS: Names = {
    f"{start}-{units}": (f"{NETS.get(units, units)}: {STARTS[start][0]}", STARTS[start][1])
    for units in UNIT_KINDS
    for start in ("none", "ae", "cae")
}
RIVALS: Names = {f"{start}-relu": of_start for start, of_start in STARTS.items()}
CONVOLUTIONS: Names = {f"{start}-conv": STARTS[start] for start in ("none", "ae", "dropout", "cae")}
_ON_CHANGED = ("none-relu", "dropout-relu", "jacobian-relu", "cae-relu")
_KINDS = {
    "noise": "deviation of the noise",
    "rotation": "angle, degrees",
    "attack": "change of each pixel in an attack",
}


def errors_figure(records: Sequence[Record], names: Names) -> Figure | Markdown:
    """Draw the test error of each competitor, a row of panels for each data set.

    Args:
        records: Final runs, or those at proof scale.
        names: The competitors to show.
    """
    found = {}
    for dataset, arms in by_competitor(records).items():
        panels = {}  # number of labels -> the competitors with as many
        for labels, key_of in ((EXAMPLES, str), (FEW, few_labels)):
            shown = {key: arms[key_of(key)] for key in names if key_of(key) in arms}
            if shown:
                panels[labels] = shown
        if panels:
            found[dataset] = panels
    if not found:
        return nothing()
    columns = max(map(len, found.values()))
    size = (4.6 * columns + 1, (0.27 * len(names) + 0.9) * len(found))
    with canvas(len(found), columns, figsize=size, squeeze=False) as (figure, grid):
        for (dataset, panels), row in zip(found.items(), grid, strict=True):
            for axes in row[len(panels) :]:
                axes.set_visible(False)
            # A row may have fewer panels than another.
            for axes, (labels, panel) in zip(row, panels.items(), strict=False):
                _dots(axes, panel, names)
                title = DATASETS[dataset]
                if dataset in TODAY:  # of what stands for them at proof scale, all have one
                    title += f", {labels:,} labels"
                axes.set_title(title, fontsize=10)
                axes.set_xlabel("test error, %")
    return figure


def robustness_figure(records: Sequence[Record]) -> Figure | Markdown:
    """Draw the test error over the size of each change, a row of panels for each data set.

    Args:
        records: Final runs, or those at proof scale.
    """
    found = {
        dataset: shown
        for dataset, arms in by_competitor(records).items()
        if (shown := {key: arms[key] for key in _ON_CHANGED if key in arms})
    }
    if not found:
        return nothing()
    size = (9.5, 2.9 * len(found))
    with canvas(len(found), len(_KINDS), figsize=size, squeeze=False, sharey="row") as (
        figure,
        grid,
    ):
        for (dataset, arms), row in zip(found.items(), grid, strict=True):
            for (kind, what), axes in zip(_KINDS.items(), row, strict=True):
                for key, runs in arms.items():
                    name, colour = RIVALS[key]
                    _curve(axes, runs, kind, name, colour)
                axes.set_xlabel(what)
            row[0].set_ylabel(f"{DATASETS[dataset]}\ntest error, %")
        grid[0][0].legend(frameon=False, fontsize=8)
    return figure


def _dots(axes: Axes, panel: Mapping[str, Sequence[Record]], names: Names) -> None:
    """A dot for each competitor with the 95 % interval of its mean over seeds."""
    rows = {key: len(names) - number for number, key in enumerate(names)}
    for key, runs in panel.items():
        name, colour = names[key]
        estimate = mean_interval(np.array([run.results.test_error for run in runs]))
        ends = np.nan_to_num([estimate.value - estimate.low, estimate.high - estimate.value])
        axes.errorbar([estimate.value], [rows[key]], xerr=ends[:, None], fmt="o", color=colour,
                      capsize=3, label=name)  # fmt: skip
    axes.set_yticks(list(rows.values()), [names[key][0] for key in rows])
    axes.set_ylim(0.4, len(names) + 0.6)


def _curve(axes: Axes, runs: Sequence[Record], kind: str, name: str, colour: str) -> None:
    """The mean error over seeds, from no change on."""
    curves = [run.results["robustness"][kind] for run in runs]
    sizes = [0.0, *curves[0]["size"]]
    errors = np.array(
        [[run.results.test_error, *c["error"]] for run, c in zip(runs, curves, strict=True)]
    )
    axes.plot(sizes, errors.mean(axis=0), marker="o", markersize=4, color=colour, label=name)
