"""The search: what could be tried, what was, and what was chosen."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
import pandas as pd
from IPython.display import HTML, Markdown
from matplotlib.figure import Figure

from replication import paper
from replication.engine.costs import total_seconds
from replication.engine.records import Record
from replication.presentation.drawing import canvas
from replication.presentation.labels import COLOURS, DATASETS, ORDER, label
from replication.presentation.nothing import nothing
from replication.presentation.tables import listed, wide
from replication.studies.table1.plan import SEARCH, STUDY

_LATE = 5  # epochs at the end of a fine-tuning that was perhaps cut short


def grid_table() -> HTML:
    """Show what each model's search may choose from."""
    rows = []
    for model in ORDER:
        grid = SEARCH.grid("mnist", model)
        rows.append(
            {
                "Model": label(model),
                "regulariser": "; ".join(dict.fromkeys(s.strength for s in grid)) or "none",
                "learning rate, pre-training": listed(s.pretrain_learning_rate for s in grid),
                "learning rate, fine-tuning": listed(s.finetune_learning_rate for s in grid),
                **{
                    this.name: str(SEARCH.size(index, "mnist", model))
                    for index, this in enumerate(SEARCH.rounds)
                },
            }
        )
    return wide(pd.DataFrame(rows))


def stages_table() -> HTML:
    """Show how long the trials and the final runs are, and which seeds they have."""
    batches = " and ".join(
        str(SEARCH.common[f"{phase}_batch_size"]) for phase in ("pretrain", "finetune")
    )
    rows = [
        {
            "Stage": this.name,
            "epochs, pre-training": str(this.length.pretrain_epochs),
            "epochs, fine-tuning": f"at most {this.length.finetune_epochs}",
            "patience": str(this.length.finetune_patience),
            "batches": batches,
            "seeds": str(SEARCH.seed),
            "sees the test set": "no",
        }
        for this in SEARCH.rounds
    ]
    as_chosen = dict.fromkeys(
        ("epochs, pre-training", "epochs, fine-tuning", "patience"), "as chosen"
    )
    rows.append(
        {
            "Stage": "final runs",
            **as_chosen,
            "batches": batches,
            "seeds": f"0 to {STUDY.seeds - 1}",
            "sees the test set": "yes",
        }
    )
    return wide(pd.DataFrame(rows))


def search_table(trials: Sequence[Record], dataset: str) -> HTML:
    """Show what the search of each model found; nothing is chosen before it is finished.

    Behind an error stands how many trials diverged, if any did.

    Args:
        trials: Records of trials.
        dataset: Key of the data set.
    """
    choices = STUDY.chosen(dataset)
    rows = []
    for model in ORDER:
        groups = _by_length(trials, dataset, model)
        chosen = choices[model].settings if model in choices else None
        rows.append(
            {
                "Model": label(model),
                **{
                    f"best of the {this.name}": _error(group)
                    for this, group in zip(SEARCH.rounds, groups, strict=True)
                },
                "chosen regulariser": (chosen.strength or "none") if chosen else "–",
                "epochs, pre-training": str(chosen.pretrain_epochs) if chosen else "–",
                "learning rates": f"{chosen.pretrain_learning_rate:g} and "
                f"{chosen.finetune_learning_rate:g}"
                if chosen
                else "–",
                "cost, minutes": f"{total_seconds([r for g in groups for r in g]) / 60:.0f}",
            }
        )
    return wide(pd.DataFrame(rows), one_line=16)


def search_in_short(trials: Sequence[Record]) -> Markdown:
    """Count the trials, and say whether all models had as many.

    Args:
        trials: Records of trials.
    """
    counts = Counter(r.settings.model for r in trials)
    if not counts:
        return nothing("trials")
    fewest, most = min(counts.values()), max(counts.values())
    each = f"{most}" if fewest == most else f"{fewest} to {most}"
    diverged = sum(r.results.diverged for r in trials)
    return Markdown(
        f"**{len(trials)} trials chose the settings of {len(counts)} models, {each} for each "
        f"model.** {diverged} of them diverged; no trial saw the test set."
    )


def search_figure(trials: Sequence[Record], dataset: str) -> Figure | Markdown:
    """Draw the validation error of every trial that did not diverge.

    Short trials are open circles, long ones filled circles, longer ones squares.

    Args:
        trials: Records of trials.
        dataset: Key of the data set.
    """
    if not any(r.settings.dataset == dataset and not r.results.diverged for r in trials):
        return nothing(f"trials on {DATASETS[dataset]}")
    with canvas(figsize=(8, 4.2)) as (figure, axes):
        jitter = np.random.default_rng(0)
        for place, model in enumerate(ORDER):
            for group, marker, face in zip(
                _by_length(trials, dataset, model),
                "oos",
                ("none", *[COLOURS[model]] * 2),
                strict=True,
            ):
                errors = [r.results["valid_error"] for r in group if not r.results.diverged]
                axes.plot(
                    place + jitter.uniform(-0.25, 0.25, len(errors)), errors, marker,
                    color=COLOURS[model], markerfacecolor=face, markersize=5,
                )  # fmt: skip
        axes.plot([], [], "o", color="grey", markerfacecolor="none", label="short trial")
        axes.plot([], [], "o", color="grey", label="long trial")
        axes.plot([], [], "s", color="grey", label="longer trial")
        axes.set_xticks(range(len(ORDER)), [label(model) for model in ORDER])
        axes.set(
            yscale="log",
            ylabel="validation error after fine-tuning, %",
            title=f"Trials on {DATASETS[dataset]}",
        )
        axes.yaxis.set_major_formatter("{x:g}")
        axes.yaxis.set_minor_formatter("{x:g}")
        figure.legend(loc="outside upper right", ncols=3, frameon=False, fontsize=9)
    return figure


def lengthening_note(trials: Sequence[Record], dataset: str) -> Markdown:
    """Say what the long trials looked like when the longer ones were added to the search.

    Args:
        trials: Records of trials.
        dataset: Key of the data set.
    """
    slowest = min(SEARCH.rates_after_first(dataset))
    long = [
        r
        for model in ORDER
        for r in _by_length(trials, dataset, model)[1]
        if not r.results.diverged
    ]
    slow = [r for r in long if r.settings.finetune_learning_rate == slowest]
    cae = [r.results["valid_error"] for r in long if r.settings.model == "cae"]
    if not slow or not cae:
        return nothing()
    limit = SEARCH.rounds[1].length.finetune_epochs
    late = sum(r.results["best_epoch"] > limit - _LATE for r in slow)
    printed = paper.table1().set_index(["dataset", "model"])["test_error"].get((dataset, "cae"))
    return Markdown(
        "When all long trials were done, the smallest validation error of the CAE was "
        f"{min(cae):.2f} %"
        + (f"; the paper's test error is {printed:.2f} %" if printed is not None else "")
        + f". Of the {len(slow)} long trials with the smallest rate of fine-tuning, {late} had "
        f"their best epoch among the last {_LATE} of {limit}."
    )


def slower_rates_note(trials: Sequence[Record], dataset: str) -> Markdown:
    """Say why the later trials on a data set have other rates of fine-tuning than the short ones.

    Args:
        trials: Records of trials.
        dataset: Key of a data set in `SEARCH.later_rates`.
    """
    by_pretraining: dict[str, list[Record]] = {}
    for model in ORDER:
        for r in _by_length(trials, dataset, model)[0]:
            if not r.results.diverged:
                by_pretraining.setdefault(repr(r.settings.pretraining), []).append(r)
    complete = [r for r in by_pretraining.values() if len(r) == len(SEARCH.finetune_rates)]
    if not complete:
        return nothing(f"trials on {DATASETS[dataset]}")
    best = [min(runs, key=lambda r: r.results["valid_error"]) for runs in complete]
    slowest = min(SEARCH.finetune_rates)
    count = sum(r.settings.finetune_learning_rate == slowest for r in best)
    return Markdown(
        f"On {DATASETS[dataset]}, {count} of the {len(best)} pre-trainings with short trials at "
        f"all rates of fine-tuning did best with the smallest one, {slowest:g}. So the long and "
        "the longer trials there, of all models alike, try "
        f"{listed(SEARCH.later_rates[dataset])} in place of "
        f"{listed(SEARCH.finetune_rates)}. This was changed after the short trials and before "
        "any long one."
    )


def _by_length(trials: Sequence[Record], dataset: str, model: str) -> list[list[Record]]:
    """Sort a model's trials into short, long and longer ones."""
    ours = [r for r in trials if (r.settings.dataset, r.settings.model) == (dataset, model)]
    return [
        [r for r in ours if r.settings.pretrain_epochs == this.length.pretrain_epochs]
        for this in SEARCH.rounds
    ]


def _error(records: Sequence[Record]) -> str:
    errors = [r.results["valid_error"] for r in records if not r.results.diverged]
    lost = len(records) - len(errors)
    note = f" ({lost} of {len(records)} diverged)" if lost else ""
    return f"{min(errors):.2f} %{note}" if errors else "–"
