"""Version 2 of the protocol of Table 1 as tables: choices, rounds, costs, progress."""

from collections.abc import Sequence

import pandas as pd
from IPython.display import HTML, Markdown

from replication.engine.records import missing
from replication.presentation.labels import DATASETS as NAMES
from replication.presentation.labels import SETTINGS
from replication.presentation.tables import wide
from replication.studies.random_search import Draws, RandomArm, Repeats
from replication.studies.space import OneOf, Range
from replication.studies.stage import Stage
from replication.studies.table1 import plan as version1
from replication.studies.table1_v2 import plan
from replication.studies.table1_v2.costs import core_hours_text, cost_of

_MISSING = "–"


# Long because it is a table, and read row by row.
def versions_table() -> HTML:
    """Show what version 2 changes, and why."""
    one, two = version1.SEARCH, plan.SEARCH
    first, *_, last = one.rounds
    core = plan.CORE
    rows = [
        (
            "what is tried",
            f"a grid: {len(one.grid('mnist', 'cae'))} settings",
            f"{core.draws} settings drawn at random, from wider ranges",
            "most choices of version 1 lay at an end of their grid",
        ),
        (
            "how long",
            f"{first.length.pretrain_epochs} + {first.length.finetune_epochs} epochs first, the "
            f"best up to {last.length.pretrain_epochs} + {last.length.finetune_epochs}",
            f"all {core.draws_length.pretrain_epochs} + {core.draws_length.finetune_epochs}, the "
            f"best {core.length.pretrain_epochs} + {core.length.finetune_epochs}; fine-tuning "
            "three times as long on CIFAR-bw",
            "the short trials of version 1 said nothing of long ones on MNIST, and little on "
            "CIFAR-bw",
        ),
        (
            "initial weights and optimiser",
            "the same for all models",
            "chosen for each model",
            "they act on the models unequally",
        ),
        (
            "rate of fine-tuning",
            "constant",
            "falls linearly to 0",
            "a constant one was either slow or restless at the end",
        ),
        (
            "epoch that is kept",
            "smallest validation error",
            f"smallest mean of {two.common['finetune_window']} epochs",
            "a single epoch is lucky",
        ),
        (
            "choice",
            "one trial with one seed",
            f"mean over {core.repeats} fresh seeds of the best {core.leaders}",
            "the best of many trials is lucky",
        ),
        (
            "final seeds",
            str(version1.SEEDS),
            str(core.seeds),
            "five leave differences open that ten decide",
        ),
        (
            "rows",
            "seven models",
            "the same, and the net without pre-training",
            "nobody knew what pre-training itself is worth here",
        ),
        (
            "few labels",
            _MISSING,
            ", ".join(f"{count:,}" for count in plan.FEW_LABELS),
            "they separate encoders by points where the full set does by tenths",
        ),
    ]
    return wide(pd.DataFrame(rows, columns=["", "version 1", "version 2", "why"]), one_line=12)


def space_table() -> HTML:
    """Show what each competitor's settings are drawn from."""
    rows = []
    for key, arm in plan.SEARCH.arms.items():
        own = [name for name in arm.space if name not in SETTINGS or name == "contraction"]
        rows.append(
            {
                "Model": plan.label(key),
                "regulariser": "; ".join(
                    f"{name.replace('_', ' ')} {_allowed(arm.space[name])}" for name in own
                )
                or "none",
                "rate, pre-training": _rates(arm),
                "optimiser": _of(arm, "pretrain_optimizer"),
                "initial weights, times √(6/(d_x + d_h))": _of(arm, "initial_range"),
                "rate, fine-tuning": _of(arm, "finetune_learning_rate"),
            }
        )
    return wide(pd.DataFrame(rows), one_line=12)


def rounds_table() -> HTML:
    """Show the rounds of the search and the final runs."""
    search, core = plan.SEARCH, plan.CORE
    rows = []
    for this in search.rounds:
        count, seeds = _size(this)
        rows.append(
            {
                "Round": this.name,
                "settings of each model": str(count),
                "seeds": seeds,
                "epochs, pre-training": str(this.length.pretrain_epochs),
                "epochs, fine-tuning": str(this.length.finetune_epochs),
                "sees the test set": "no",
            }
        )
    rows.append(
        {
            "Round": "final runs",
            "settings of each model": "1",
            "seeds": f"0 to {core.seeds - 1}",
            "epochs, pre-training": str(core.length.pretrain_epochs),
            "epochs, fine-tuning": str(core.length.finetune_epochs),
            "sees the test set": "yes",
        }
    )
    return wide(pd.DataFrame(rows))


def tiers_table() -> HTML:
    """Show what each tier costs, at the speed of the records of version 1."""
    rows = []
    for tier in plan.TIERS:
        epochs = tier.epochs()
        widened = tier.epochs(widened=True)
        cost = cost_of(tier)
        rows.append(
            {
                "Tier": tier.name,
                "searches": str(tier.searches),
                "settings": str(tier.draws),
                "final seeds": str(tier.seeds),
                "epochs of a model on a set": f"{epochs[0]:,} + {epochs[1]:,}, at most "
                f"{widened[0]:,} + {widened[1]:,}",
                "core-hours": core_hours_text(cost),
                "GPU-minutes, run by run": _MISSING
                if cost.gpu_minutes is None
                else f"{cost.gpu_minutes:.0f}",
            }
        )
    return wide(pd.DataFrame(rows), one_line=12)


def progress_table(datasets: Sequence[str]) -> HTML:
    """Show for each data set how many runs of each round have been done.

    Args:
        datasets: Keys of the data sets.
    """
    rows = []
    for name in datasets:
        row = {"Set": NAMES[name]}
        for stage in plan.stages(name, plan.CORE.seeds):
            done = _MISSING if stage.runs is None else str(_done(stage))
            row[stage.name.partition(",")[0]] = f"{done} of {stage.size}"
        rows.append(row)
    return wide(pd.DataFrame(rows).fillna(_MISSING))


def progress_note(datasets: Sequence[str]) -> Markdown:
    """Say how many of the first trials and of the last runs have been done.

    Args:
        datasets: Keys of the data sets.
    """
    said = []
    complete = True
    for name in datasets:
        first, *_, last = plan.stages(name, plan.CORE.seeds)
        complete &= _done(last) == last.size
        said.append(
            f"on {NAMES[name]} {_done(first)} of {first.size} trials of drawn settings and "
            f"{_done(last)} of {last.size} final runs"
        )
    end = "" if complete else " While final runs are missing, version 2 has no complete answer."
    return Markdown(f"These have been done: {'; '.join(said)}.{end}")


def _done(stage: Stage) -> int:
    """Number of its runs that have records."""
    return 0 if stage.runs is None else len(stage.runs) - len(missing(stage.runs, stage.experiment))


def _size(this: Draws | Repeats) -> tuple[int, str]:
    """Number of settings of a round, and its seeds."""
    first = plan.SEARCH.seed
    if isinstance(this, Draws):
        return this.count, str(first)
    return this.leaders, f"{first + 1} to {first + this.seeds}"


def _rates(arm: RandomArm) -> str:
    if "pretrain_learning_rate" not in arm.space:
        return _MISSING
    rates = _of(arm, "pretrain_learning_rate")
    return rates if arm.adam_rates is None else f"{rates}; of Adam {_allowed(arm.adam_rates)}"


def _of(arm: RandomArm, name: str) -> str:
    return _allowed(arm.space[name]) if name in arm.space else _MISSING


def _allowed(what: Range | OneOf) -> str:
    if isinstance(what, OneOf):
        return " or ".join(f"{v:g}" if isinstance(v, float) else str(v) for v in what.values)
    return f"{what.low:g} to {what.high:g}" + ("" if what.log else " (evenly)")
