"""What the workers of a cluster do; none of them writes to the store."""

import dataclasses
import functools
import gc
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from replication.datasets import load
from replication.engine import environment
from replication.engine.execute import at_once
from replication.engine.records import Record
from replication.engine.settings import Settings
from replication.errors import DivergedError

if TYPE_CHECKING:
    from replication.engine.train import Pretrained

Outcome = tuple[list[Record], DivergedError | None]
"""Records, and what became of a run that is no trial and diverged."""
_LEFT_BYTES = 2**28  # what finished runs may leave in a worker, some 10 MB each

_load = functools.lru_cache(maxsize=1)(load)  # a worker's runs mostly have one data set


@dataclasses.dataclass(frozen=True)
class Diverged:
    """What a pre-training came to that diverged.

    Attributes:
        error: What was raised.
        seconds: What it cost.
    """

    error: DivergedError
    seconds: float


def prepare(
    settings: Settings, lower: "Pretrained | Diverged | None" = None
) -> "Pretrained | Diverged":
    """Pre-train; a divergence is an answer, too, with its cost.

    Args:
        settings: A run.
        lower: The layers below its top one.

    Raises:
        InputError: The data cannot be had, or this process has another backend.
    """
    set_up(settings.backend, settings.precision)
    from replication.engine.run import prepare

    if isinstance(lower, Diverged):
        return lower
    started = time.perf_counter()
    try:
        return prepare(settings, _load(settings.dataset), progress=False, lower=lower)
    except DivergedError as error:
        below = lower.seconds if lower else 0.0
        return Diverged(error, below + time.perf_counter() - started)


def finish(settings: Settings, experiment: str, pretrained: "Pretrained | Diverged") -> Outcome:
    """Finish a run. A trial that diverged has a record: it is neither chosen nor tried again.

    Args:
        settings: The run.
        experiment: Name of the experiment.
        pretrained: What it was pre-trained to.

    Raises:
        InputError: The data cannot be had, or this process has another backend.
    """
    set_up(settings.backend, settings.precision)
    from replication.engine.run import diverged, finish

    data = _load(settings.dataset)
    started = time.perf_counter()
    try:
        if isinstance(pretrained, Diverged):
            raise pretrained.error
        return [finish(settings, experiment, data, pretrained, progress=False)], None
    except DivergedError as error:
        if settings.evaluate_test:
            return [], error
        seconds = pretrained.seconds + time.perf_counter() - started
        return [diverged(settings, experiment, data, error, seconds)], None
    finally:
        _forget()


def populate(share: Sequence[Settings], experiment: str, store: Path, most: int | None) -> Outcome:
    """Train a share of the runs in populations.

    Args:
        share: Runs on JAX.
        experiment: Name of the experiment.
        store: Folder of the records; checkpoints go beside it.
        most: Members of the largest population; None is as many as there is room for.

    Raises:
        InputError: The data cannot be had, or this process has another backend.
    """
    set_up("jax", share[0].precision)
    from replication.engine.execute.batched.apart import train_apart

    try:
        return train_apart(share, experiment, store, most)
    finally:
        _forget()


def sees_accelerator() -> bool:
    """Return whether JAX has something else than processors to compute on in this process."""
    set_up("jax")
    return at_once.sees_accelerator()


def set_up(backend: str, precision: str = environment.FLOAT32) -> None:
    """Give a worker that someone else started the environment of our own, while that is possible.

    Libraries read most of it when they are imported.

    Args:
        backend: Keras's backend.
        precision: What products are rounded to.

    Raises:
        InputError: The worker has imported Keras before, on another backend, or nothing here
            rounds as is asked for.
    """
    if "keras" not in sys.modules:
        os.environ.update(environment.worker_variables(backend))
    environment.enter(backend, precision)


def _forget() -> None:
    """Give back what finished runs have left in this process: programs compiled for their nets.

    Not after each run, as to compile what all nets need again takes seconds.
    """
    gc.collect()
    if "jax" in sys.modules and _memory() - _memory_before() > _LEFT_BYTES:
        sys.modules["jax"].clear_caches()
        _memory_before.cache_clear()


def _memory() -> int:
    return int(psutil.Process().memory_info().rss)


@functools.cache
def _memory_before() -> int:
    """What this process had after its first run, or when it last gave something back."""
    return _memory()
