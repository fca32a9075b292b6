"""How Table 1 would look with other choices: from its own trials, and from a few more.

All of it happens in the search, so everything is judged by the validation error and by what was
measured before fine-tuning; the test set is not looked at.
"""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from replication.checks import check_choice
from replication.experiments import protocol
from replication.experiments.records import Record
from replication.experiments.selection import best, read_recorded_trials
from replication.experiments.settings import MODELS, Settings

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
    "contraction": tuple(s["contraction"] for s in protocol.STRENGTHS["cae"]),
    "pretrain_learning_rate": protocol.PRETRAIN_RATES["cae"],
    "finetune_learning_rate": protocol.FINETUNE_RATES,
    "pretrain_epochs": tuple(
        length["pretrain_epochs"]
        for length in (protocol.SCREENING, protocol.LENGTH, protocol.LONGER)
    ),
    "pretrain_batch_size": (20, 100),
    "initial_range": (4.0, 1.0),
    "pretrain_optimizer": ("sgd", "adam"),
}
_CHANGED = (
    "pretrain_batch_size",
    "initial_range",
    "pretrain_optimizer",
)  # need trials of their own


def changed(dataset: str, model: str) -> list[Settings]:
    """List a model's trials with one choice changed, all else as in its best short trial.

    Args:
        dataset: The data set.
        model: Key of the model.

    Raises:
        InputError: A name is unknown, or trials of the screening have no record yet or all
            diverged.
    """
    trials = read_recorded_trials(protocol.screening(dataset, model), protocol.TRIALS, "table1")
    base = best(trials, 1)[0].settings.to_dict()
    runs = []
    for change in CHANGES:
        values = {**base, **change}
        if "pretrain_batch_size" in change:
            values["pretrain_learning_rate"] *= base["pretrain_learning_rate"]
        runs.append(Settings(**values))
    return runs


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
    check_choice("dataset", dataset, protocol.DATASETS)
    trials = [r for r in records if r.settings.dataset == dataset and "diverged" not in r.results]
    short = protocol.SCREENING["pretrain_epochs"]
    rows = []
    for choice, values in CHOICES.items():
        for value in values:
            for model in MODELS:
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
    if choice == "pretrain_learning_rate" and value not in protocol.PRETRAIN_RATES[settings.model]:
        return True
    return getattr(settings, choice) == value
