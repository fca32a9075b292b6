"""How much a longer training would still have gained."""

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure

from replication.engine.records import Record
from replication.presentation.drawing import canvas
from replication.presentation.labels import COLOURS, DATASETS, ORDER, label
from replication.presentation.nothing import nothing
from replication.studies.finding import Finding
from replication.studies.table1.plan import DATASETS as SETS

_LAST = 0.1  # of the epochs allowed: whose best epoch lies there might have gone on
_MANY = 0.25  # of the runs: then the end of the training cut them off


def best_so_far(record: Record) -> np.ndarray:
    """Give the lowest validation error after each epoch of fine-tuning that was allowed, percent.

    A run that stopped early keeps its best.

    Args:
        record: A run.

    Returns:
        Shape (epochs,).
    """
    errors = np.minimum.accumulate(record.results["history"]["finetune_valid_error"])
    return np.pad(errors, (0, record.settings.finetune_epochs - len(errors)), mode="edge")


def ended_at_the_end(record: Record) -> bool:
    """Tell whether a run's best epoch of fine-tuning is one of the last tenth allowed.

    Args:
        record: A run.
    """
    return record.results["best_epoch"] > (1 - _LAST) * record.settings.finetune_epochs


def length_finding(records: Sequence[Record]) -> Finding:
    """Say on which data set the training stopped while errors still fell.

    Args:
        records: Final runs of Table 1.
    """
    runs = {name: [r for r in records if r.settings.dataset == name] for name in SETS}
    runs = {name: found for name, found in runs.items() if found}
    if not runs:
        return Finding(name="length", figure=nothing())
    shares = {name: float(np.mean([ended_at_the_end(r) for r in f])) for name, f in runs.items()}
    cut = [DATASETS[name] for name, share in shares.items() if share > _MANY]
    sentences = []
    for name, found in runs.items():
        gains = [(c := best_so_far(r))[len(c) // 2 - 1] - c[-1] for r in found]
        ended = sum(ended_at_the_end(r) for r in found)
        sentences.append(
            f"On {DATASETS[name]} the second half of fine-tuning lowered the validation error by "
            f"{np.mean(gains):.2f} points on average, and {ended} of {len(found)} runs found their "
            "best epoch in the last tenth of those allowed."
        )
    return Finding(
        name="length",
        headline=f"On {' and '.join(cut)} the training ended while errors still fell."
        if cut
        else "Longer training would have changed little.",
        sentences=tuple(sentences),
        figure=_figure(runs),
        caption="The lowest validation error so far, averaged over seeds. A line that is level at "
        "its right end has nothing to gain; a line that still falls was cut off.",
        text="For each data set a panel with one line for each model: the lowest validation error "
        "found so far against the epoch of fine-tuning.",
    )


def _figure(runs: dict[str, list[Record]]) -> Figure:
    with canvas(1, len(runs), figsize=(4.6 * len(runs), 3.8), squeeze=False) as (figure, grid):
        for axes, (name, found) in zip(grid[0], runs.items(), strict=True):
            finals = []
            for model in ORDER:
                curves = [best_so_far(r) for r in found if r.settings.model == model]
                if not curves:
                    continue
                mean = np.mean(curves, axis=0)
                finals.append(mean[len(mean) // 6 :])
                axes.plot(
                    np.arange(1, len(mean) + 1), mean, color=COLOURS[model], label=label(model),
                    linewidth=2.5 if model == "cae" else 1.2,
                )  # fmt: skip
            low, high = min(map(np.min, finals)), max(map(np.max, finals))
            # The first epochs are far above all that is of interest.
            axes.set_ylim(low - 0.1 * (high - low) - 0.01, high + 0.1 * (high - low) + 0.01)
            axes.set(
                title=DATASETS[name], xlabel="epoch of fine-tuning",
                ylabel="lowest validation error so far, %",
            )  # fmt: skip
        grid[0, 0].legend(fontsize=8, ncols=2)
    return figure
