"""Trials of a search as the choice sees them: with no way to the test error."""

import dataclasses
import functools
import math
from collections.abc import Sequence
from pathlib import Path

from replication.engine import records
from replication.engine.settings import Settings
from replication.errors import InputError


@dataclasses.dataclass(frozen=True)
class Trial:
    """What the choice knows of a run: its settings and one number.

    Attributes:
        settings: What was run, with `evaluate_test` off.
        valid_error: Validation error after fine-tuning, percent; infinite if the training diverged.
    """

    settings: Settings
    valid_error: float


def read_trials(paths: Sequence[Path]) -> list[Trial]:
    """Read records as trials.

    Args:
        paths: Files of the store.

    Raises:
        InputError: A record is damaged, or is no trial: it was allowed to see the test set, or
            holds something about it.
    """
    return [_read(path, _version(path)) for path in paths]


@functools.cache
def _read(path: Path, version: tuple[int, int] | None) -> Trial:
    """Read a trial; each version of a file once, as every round goes through those before it."""
    record = records.read(path)
    seen = [name for name in record.results if "test" in name]
    if record.settings.evaluate_test or seen:
        raise InputError(
            f"record {path} cannot take part in a selection: a trial never sees the test set. "
            f"Received: evaluate_test={record.settings.evaluate_test}, "
            f"results {', '.join(seen) or 'without test errors'}"
        )
    error = math.inf if record.results.diverged else record.results.valid_error
    return Trial(record.settings, error)


def _version(path: Path) -> tuple[int, int] | None:
    return (path.stat().st_mtime_ns, path.stat().st_size) if path.exists() else None


def but_for_seed(settings: Settings) -> str:
    """Name a setting, whatever its seed: runs that differ in nothing else have the same name.

    Args:
        settings: A run.
    """
    return dataclasses.replace(settings, seed=0).id


def best(trials: Sequence[Trial], count: int) -> list[Trial]:
    """Choose the trials with the smallest validation error, best first; ties go to the earlier.

    Args:
        trials: The candidates, in the order of the grid.
        count: How many.

    Returns:
        At most `count` trials, fewer where others diverged.
    """
    finished = [trial for trial in trials if math.isfinite(trial.valid_error)]
    return sorted(finished, key=lambda trial: trial.valid_error)[:count]


def leaders(trials: Sequence[Trial], count: int) -> list[Settings]:
    """Choose the best pre-trainings, best first: each is as good as the best of its trials.

    How a pre-training was fine-tuned in a short trial says little: in few epochs large steps win
    that are too large in the long run.

    Args:
        trials: The candidates, in the order of the grid.
        count: How many.

    Returns:
        Of each chosen pre-training its best trial's settings.
    """
    found: dict[str, Settings] = {}
    for trial in best(trials, len(trials)):
        found.setdefault(repr(trial.settings.pretraining), trial.settings)
    return list(found.values())[:count]


def read_recorded_trials(wanted: Sequence[Settings], experiment: str, table: str) -> list[Trial]:
    """Read the trials of these settings, all of which must have been made.

    Args:
        wanted: The trials, at least one, of one model and data set.
        experiment: Name of their experiment.
        table: Key of the table whose sweep makes them, for the message.

    Raises:
        InputError: A trial has no record yet, or all of them diverged.
    """
    absent = len(records.missing(wanted, experiment))
    where = f"{wanted[0].model} on {wanted[0].dataset}"
    if absent:
        raise InputError(
            f"{absent} of {len(wanted)} trials of {where} have no record yet; run: "
            f"python -m replication sweep {table} --dataset {wanted[0].dataset}"
        )
    trials = read_trials([records.path_of(experiment, settings) for settings in wanted])
    if not best(trials, 1):
        raise InputError(f"all trials of {where} diverged")
    return trials
