"""The records of many runs, trained where they are missing."""

import tempfile
from collections.abc import Sequence
from pathlib import Path

from tqdm import tqdm

from replication.experiments import records
from replication.experiments.settings import Settings


def collect(runs: Sequence[Settings], experiment: str, scale: str) -> list[records.Record]:
    """Get the records of a list of runs at the scale that a page was asked for.

    Args:
        runs: What is wanted.
        experiment: Name of the experiment.
        scale: "proof" trains all of them now and keeps no record; "published" takes those that
            have a record; "full" trains what has none and records it.

    Returns:
        Records in the order of `runs`; at "published" scale without those that do not exist yet.
    """
    if scale == "published":
        paths = [records.path_of(experiment, settings) for settings in runs]
        return [records.read(path) for path in paths if path.exists()]
    # Only where something may be trained: Keras takes seconds to import.
    from replication.experiments.run import run

    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) if scale == "proof" else None
        return [
            run(settings, experiment, folder=folder, progress=scale == "full")
            for settings in tqdm(runs, desc=experiment, unit="run")
        ]
