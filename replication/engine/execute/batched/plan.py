"""The trainings that a list of runs needs, each with an id."""

import dataclasses
import hashlib
import json
from collections.abc import Iterator, Sequence

from replication.engine.settings import Settings


def prefixes(settings: Settings) -> Iterator[Settings]:
    """Yield a run's lowest layer, its two lowest, and so on to all.

    Args:
        settings: The run.
    """
    for depth in range(1, settings.depth + 1):
        yield dataclasses.replace(settings, units=settings.units[:depth])


def lower_of(settings: Settings) -> Settings:
    """Return a run without its top layer.

    Args:
        settings: The run, of several layers.
    """
    return dataclasses.replace(settings, units=settings.units[:-1])


def job_of(settings: Settings) -> str:
    """Compute the id of a pre-training: a hash of all that determines it.

    Args:
        settings: A run that needs it.
    """
    text = json.dumps(settings.pretraining, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def id_of(settings: Settings) -> str:
    """Return the id of a fine-tuning, which is the run's.

    Args:
        settings: The run.
    """
    return settings.id


def epochs_of(nets: Sequence[Settings]) -> int:
    """Count the epochs of all models, each pre-training once.

    Args:
        nets: The runs.
    """
    jobs = {job_of(layers): layers for settings in nets for layers in prefixes(settings)}
    pretrained = sum(job.pretrain_epochs for job in jobs.values())
    return pretrained + sum(settings.finetune_epochs for settings in nets)
