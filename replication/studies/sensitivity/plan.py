"""How Table 1 would look with other choices: from its own trials, and from a few more.

All of it happens in the search, so everything is judged by the validation error and by what was
measured before fine-tuning; the test set is not looked at.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import pandas as pd

from replication.checks import check_choice
from replication.engine.records import Record
from replication.engine.settings import Settings
from replication.studies.search import Search
from replication.studies.stage import Stage, check_one_seed
from replication.studies.study import Sweep, in_turns
from replication.studies.table1 import plan as table1
from replication.studies.trials import best, read_recorded_trials

EXPERIMENT = "table1-sensitivity"
# What is changed in a model's best short trial. Where steps mean something else the rate goes with
# them, and the better of two counts, as in the search.
CHANGES: tuple[dict[str, Any], ...] = (
    {"pretrain_batch_size": 100, "pretrain_learning_rate": 1.0},  # times the trial's own rate
    {"pretrain_batch_size": 100, "pretrain_learning_rate": 5.0},
    {"initial_range": 1.0},
    {"pretrain_optimizer": "adam", "pretrain_learning_rate": 0.0003},
    {"pretrain_optimizer": "adam", "pretrain_learning_rate": 0.001},
)
# Choice -> its values, from the usual one or the smallest on. Of a rate, every model is held to the
# value as far as its grid has it; of lambda, only the CAE is.
CHOICES: dict[str, tuple[Any, ...]] = {
    "contraction": tuple(s["contraction"] for s in table1.STRENGTHS["cae"]),
    "pretrain_learning_rate": table1.PRETRAIN_RATES["cae"],
    "finetune_learning_rate": table1.SEARCH.finetune_rates,
    "pretrain_epochs": tuple(one.length.pretrain_epochs for one in table1.SEARCH.rounds),
    "pretrain_batch_size": (20, 100),
    "initial_range": (4.0, 1.0),
    "pretrain_optimizer": ("sgd", "adam"),
}
# These need trials of their own.
_CHANGED = ("pretrain_batch_size", "initial_range", "pretrain_optimizer")


def changed(dataset: str, model: str, search: Search = table1.SEARCH) -> list[Settings]:
    """List a model's trials with one choice changed, all else as in its best short trial.

    Args:
        dataset: The data set.
        model: Key of the model.
        search: The search that they vary; a small one in tests.

    Raises:
        InputError: A name is unknown, or trials of the first round have no record yet or all
            diverged.
    """
    trials = read_recorded_trials(search.grid(dataset, model), search.experiment, search.study)
    base = best(trials, 1)[0].settings.to_dict()
    runs = []
    for change in CHANGES:
        values = {**base, **change}
        if "pretrain_batch_size" in change:
            values["pretrain_learning_rate"] *= base["pretrain_learning_rate"]
        runs.append(Settings(**values))
    return runs


def stages(dataset: str, seeds: int, search: Search = table1.SEARCH) -> Iterator[Stage]:
    """Yield the one stage of the sensitivity of Table 1: short trials with one choice changed.

    Args:
        dataset: The data set.
        seeds: Has to be 1: a trial has one seed.
        search: The search that they vary; a small one in tests.

    Raises:
        InputError: Several seeds are asked for.
    """
    check_one_seed(seeds)
    runs = None
    if all(search.is_finished(dataset, model, 1) for model in search.arms):
        runs = in_turns([changed(dataset, model, search) for model in search.arms])
    yield Stage(
        name="changed trials",
        experiment=EXPERIMENT,
        size=len(search.arms) * len(CHANGES),
        runs=runs,
    )


SWEEP = Sweep(
    name="sensitivity",
    datasets=table1.DATASETS,
    default=table1.DATASETS,
    seeds=1,
    stages=stages,
    about="Table 1 with one choice changed",
)


def points(records: Sequence[Record], dataset: str) -> pd.DataFrame:
    """Give every model's best trial at each value of each choice.

    Args:
        records: Trials of Table 1, and those with one choice changed.
        dataset: The data set.

    Returns:
        One row for each choice, value and model that has a trial: choice, value (as text), model,
        valid_error (percent), jacobian_mean_square, saturation (percent).

    Raises:
        InputError: The data set is unknown.
    """
    check_choice("dataset", dataset, table1.DATASETS)
    trials = [r for r in records if r.settings.dataset == dataset and not r.results.diverged]
    short = table1.SEARCH.rounds[0].length.pretrain_epochs
    rows = []
    for choice, values in CHOICES.items():
        for value in values:
            for model in table1.SEARCH.arms:
                found = [
                    r
                    for r in trials
                    if r.settings.model == model
                    and _counts(r, choice, value)
                    and (choice == "pretrain_epochs" or r.settings.pretrain_epochs == short)
                ]
                if not found:
                    continue
                chosen = min(found, key=lambda r: r.results["valid_error"])
                rows.append(
                    {
                        "choice": choice,
                        "value": value if isinstance(value, str) else f"{value:g}",
                        "model": model,
                        **{
                            name: chosen.results[name]
                            for name in ("valid_error", "jacobian_mean_square", "saturation")
                        },
                    }
                )
    columns = ["choice", "value", "model", "valid_error", "jacobian_mean_square", "saturation"]
    return pd.DataFrame(rows, columns=columns)


def _counts(record: Record, choice: str, value: Any) -> bool:
    """Whether a trial stands for a model at a value of a choice."""
    settings = record.settings
    if choice in _CHANGED:
        # One choice at a time: the others are the usual ones.
        others = (name for name in _CHANGED if name != choice)
        return getattr(settings, choice) == value and all(
            getattr(settings, name) == CHOICES[name][0] for name in others
        )
    if record.experiment == EXPERIMENT:
        return False
    if choice == "contraction" and settings.model != "cae":
        return True
    if choice == "pretrain_learning_rate" and value not in table1.PRETRAIN_RATES[settings.model]:
        return True
    return getattr(settings, choice) == value
