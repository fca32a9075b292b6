"""A list of runs in shares, each for a process of its own."""

import dataclasses
from collections.abc import Sequence

from replication.engine.execute.batched.memory import CAP, split
from replication.engine.execute.batched.plan import job_of
from replication.engine.execute.batched.pretraining import form_of
from replication.engine.settings import Settings


def shares(
    runs: Sequence[Settings], processes: int, most: int | None = None
) -> list[list[Settings]]:
    """Put runs in shares that have no training in common.

    Runs that share a layer are in one share. What may be one population is put together.

    Args:
        runs: What is wanted.
        processes: How many there are to give shares to; each gets one, where the runs allow it.
        most: Pre-trainings of a lowest layer in a share; None is as many as a population gains by.
    """
    together: dict[str, list[Settings]] = {}
    for settings in runs:
        # Whoever shares any layer shares the lowest one.
        lowest = dataclasses.replace(settings, units=settings.units[:1])
        key = job_of(lowest) if settings.kind.is_net else settings.id
        together.setdefault(key, []).append(settings)
    forms: dict[Settings, list[list[Settings]]] = {}
    for group in together.values():
        forms.setdefault(form_of(group[0]), []).append(group)
    each = min(most or CAP, -(-len(together) // processes))
    return [
        [settings for group in part for settings in group]
        for groups in forms.values()
        for part in split(groups, each)
    ]
