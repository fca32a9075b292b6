"""A study that is over in seconds, and made-up records of it, for tests."""

import dataclasses
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from replication.engine import records
from replication.engine.settings import Settings
from replication.studies.search import Arm, Length, Round, Search
from replication.studies.study import Study

DATASET = "digits"
DIVERGING = 1e30  # a learning rate of pre-training that no net survives
ARMS: Mapping[str, Arm] = {
    "ae": Arm(key="ae", model="ae", pretrain_rates=(0.1,)),
    "ae-wd": Arm(
        key="ae-wd",
        model="ae-wd",
        strengths=({"weight_decay": 1e-4},),
        pretrain_rates=(0.1, DIVERGING),
    ),
}


def length(epochs: int) -> Length:
    """A run of so many epochs of either kind."""
    return Length(pretrain_epochs=epochs, finetune_epochs=epochs, finetune_patience=5)


# Three rounds as in Table 1, of one, two and three epochs.
SEARCH = Search(
    version=1,
    study="small",
    experiment="small-trials",
    arms=ARMS,
    rounds=(
        Round(name="short trials", length=length(1)),
        Round(name="long trials", length=length(2), leaders=1),
        Round(name="longer trials", length=length(3), leaders=1),
    ),
    finetune_rates=(0.3, 1.0),
    width=20,
    common={"finetune_batch_size": 50, "measure_examples": 100, "spectrum_examples": 0},
    seed=1000,
)


def study_in(folder: Path, **changes: Any) -> Study:
    """The study, with its selections in a folder.

    Args:
        folder: Where a test may write.
        **changes: Fields that differ.
    """
    fields: dict[str, Any] = {
        "name": SEARCH.study,
        "experiment": "small-finals",
        "datasets": (DATASET,),
        "search": SEARCH,
        "selections": folder / "selection",
        "seeds": 2,
        "minimum_seeds": 2,
        "final": {"measure_examples": 200, "evaluate_test": True},
        "proof": {
            key: Settings(
                dataset=DATASET,
                model=key,
                units=(9,),
                pretrain_epochs=1,
                finetune_epochs=1,
                spectrum_examples=0,
            )
            for key in ARMS
        },
        "in_turns": True,
    }
    return Study(**{**fields, **changes})


def write_trial(settings: Settings, error: float | None, experiment: str) -> None:
    """Write the made-up record of a trial, or of a final run.

    Args:
        settings: The run.
        error: Its validation error, percent; None stands for a training that diverged.
        experiment: Name of the experiment.
    """
    results: dict[str, Any] = {"diverged": "NaN"} if error is None else {"valid_error": error}
    if settings.evaluate_test:
        results["test_error"] = 50.0
    origin = {"seconds": {"total": 1.0}}
    records.write(records.Record(experiment, settings, results, origin))


def error_of(settings: Settings) -> float | None:
    """A validation error that is smaller after more epochs, and at one rate."""
    if settings.pretrain_learning_rate == DIVERGING:
        return None
    return 50 - settings.finetune_epochs + abs(settings.finetune_learning_rate - 1)


def finish(
    study: Study,
    dataset: str = DATASET,
    error: Callable[[Settings], float | None] = error_of,
    **which: Any,
) -> Study:
    """Write made-up records of all stages of a study, and with them its selections.

    Args:
        study: The study.
        dataset: The data set.
        error: Takes a run to its validation error; None if it diverged.
        **which: `seeds` and `keys`, as `Study.stages` takes them.

    Returns:
        The study itself.
    """
    for stage in study.stages(dataset, **which):
        for settings in stage.todo:
            write_trial(settings, error(settings), stage.experiment)
        stage.sweep()  # nothing is left to run; what comes after the last one is done
    return study


def with_arm(study: Study, arm: Arm) -> Study:
    """The same study with one more competitor."""
    arms = {**study.arms, arm.key: arm}
    return dataclasses.replace(study, search=dataclasses.replace(study.search, arms=arms))


def with_length(study: Study, index: int, **changes: int) -> Study:
    """The same study with another length of one round.

    Args:
        study: The study.
        index: Number of the round, from 0.
        **changes: Fields of `Length` that differ.
    """
    rounds = list(study.search.rounds)
    longer = dataclasses.replace(rounds[index].length, **changes)
    rounds[index] = dataclasses.replace(rounds[index], length=longer)
    search = dataclasses.replace(study.search, rounds=tuple(rounds))
    return dataclasses.replace(study, search=search)
