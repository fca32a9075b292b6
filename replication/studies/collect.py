"""The records of many runs, trained where they are missing."""

import tempfile
from collections.abc import Sequence
from pathlib import Path

from tqdm import tqdm

from replication.checks import check_choice
from replication.engine import records
from replication.engine.settings import Settings
from replication.studies.study import SCALES, Study


def collect(runs: Sequence[Settings], experiment: str, scale: str) -> list[records.Record]:
    """Get the records of a list of runs at the scale that a page was asked for.

    Args:
        runs: What is wanted.
        experiment: Name of the experiment.
        scale: "proof" trains all of them now and keeps no record; "published" takes those that
            have a record; "full" trains what has none and records it.

    Returns:
        Records in the order of `runs`; at "published" scale without those that do not exist yet.

    Raises:
        InputError: There is no such scale, or a run cannot be done.
    """
    check_choice("scale", scale, SCALES)
    if scale == "published":
        paths = [records.path_of(experiment, settings) for settings in runs]
        return [records.read(path) for path in paths if path.exists()]
    # Only where something may be trained: Keras takes seconds to import.
    from replication.engine.run import run

    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) if scale == "proof" else None
        return [
            run(settings, experiment, folder=folder, progress=scale == "full")
            for settings in tqdm(runs, desc=experiment, unit="run")
        ]


def collect_finals(
    study: Study,
    datasets: Sequence[str],
    scale: str,
    seeds: int | None = None,
    keys: Sequence[str] | None = None,
) -> tuple[list[records.Record], int]:
    """Get the final runs of a study at the scale that a page was asked for.

    Args:
        study: The study.
        datasets: Its data sets; at proof scale embedded data stand in for them.
        scale: "proof" trains one small run of each competitor now; "published" reads what has a
            record; "full" goes through the whole protocol first, which takes hours.
        seeds: Seeds of each net, at least 1; None is one at proof scale, else the study's number.
        keys: Keys of the competitors; None is all.

    Returns:
        The records, data set by data set, and how many there should be.

    Raises:
        InputError: A name is unknown or a number impossible.
    """
    for name in datasets:
        study.check_dataset(name)
    check_choice("scale", scale, SCALES)
    if scale == "proof":
        runs = study.proof_runs(seeds, keys)
        return collect(runs, study.experiment, scale), len(runs)
    if scale == "full":
        for name in datasets:
            for stage in study.stages(name, seeds, keys):
                stage.sweep()
    runs = [run for name in datasets for run in study.final_runs(name, seeds, keys)]
    wanted = len(datasets) * study.wanted(seeds, keys)
    return collect(runs, study.experiment, "published"), wanted
