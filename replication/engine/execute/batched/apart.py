"""A share of a plan, trained by a process that writes no records."""

from collections.abc import Sequence
from pathlib import Path

from replication.engine.execute.batched.checkpoints import of_store
from replication.engine.execute.batched.sweep import train
from replication.engine.execute.batched.watch import EVERY
from replication.engine.records import Record
from replication.engine.settings import Settings
from replication.errors import DivergedError


def train_apart(
    runs: Sequence[Settings],
    experiment: str,
    store: Path,
    most: int | None = None,
    every: float = EVERY,
) -> tuple[list[Record], DivergedError | None]:
    """Train runs in populations, and hand back their records.

    Args:
        runs: The share.
        experiment: Name of the experiment.
        store: Folder of the records; checkpoints are beside it, so that a process that does the
            share again goes on, if it sees the same disk.
        most: Members of the largest population; None is as many as the device has room for.
        every: Seconds between checkpoints.

    Returns:
        The records, and what became of a run that is no trial and diverged.
    """
    checkpoints, done, settled = of_store(store, experiment), list[Record](), list[str]()
    error = None
    try:
        train(runs, experiment, checkpoints, done.append, settled.append, most, False, every)
    except DivergedError as diverged:
        error = diverged
    # Only now: whoever is killed before has handed back nothing.
    for run in settled:
        checkpoints.settle(run)
    return done, error
