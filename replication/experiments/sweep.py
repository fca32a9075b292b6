"""Many runs, on one machine or on a cluster."""

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

import dask
from distributed import Client, LocalCluster, as_completed
from tqdm import tqdm

from replication.experiments import records
from replication.experiments.settings import Settings

# One thread for each worker: two single-threaded runs use two cores better than one with two.
_ONE_THREAD = {
    "OMP_NUM_THREADS": "1",
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
}


def missing(runs: Sequence[Settings], experiment: str) -> list[Settings]:
    """Return the runs that have no record yet, each once, in their order."""
    return [
        settings
        for settings in dict.fromkeys(runs)
        if not records.path_of(experiment, settings).exists()
    ]


def sweep(
    runs: Sequence[Settings],
    experiment: str,
    scheduler: str | None = None,
    workers: int | None = None,
    progress: bool = True,
) -> int:
    """Do the runs that have no record yet.

    A record is written as soon as its run is done, so an interruption or a killed worker loses at
    most the runs in hand; the scheduler gives those of a dead worker to another one.

    Args:
        runs: What is wanted.
        experiment: Name of the experiment.
        scheduler: Address of a running dask scheduler whose workers can import this package and
            find the data; None starts a local cluster.
        workers: Processes of the local cluster, one thread each; None is one for each core.
        progress: Show a progress bar and the dashboard's address on standard error.

    Returns:
        The number of runs done.
    """
    todo = missing(runs, experiment)
    if not todo:
        return 0
    with dask.config.set({"distributed.nanny.pre-spawn-environ": _ONE_THREAD}):
        if scheduler is not None:
            with Client(scheduler) as client:
                return _drive(client, todo, experiment, progress)
        with (
            LocalCluster(
                n_workers=min(workers or os.cpu_count() or 1, len(todo)),
                threads_per_worker=1,
                dashboard_address="127.0.0.1:0",
            ) as cluster,
            Client(cluster) as client,
        ):
            return _drive(client, todo, experiment, progress)


def _drive(client: Client, todo: list[Settings], experiment: str, progress: bool) -> int:
    if progress:
        tqdm.write(f"dashboard: {client.dashboard_link}")
    tasks = client.map(_compute, todo, experiment=experiment, pure=False)
    with tqdm(total=len(todo), desc=experiment, unit="run", disable=not progress) as bar:
        for task in as_completed(tasks):
            records.write(task.result())
            bar.update()
    return len(todo)


def _compute(settings: Settings, experiment: str) -> records.Record:
    """Run on a worker, which hands the record back: only the caller writes to the store."""
    from replication.experiments.run import run

    with tempfile.TemporaryDirectory() as folder:
        return run(settings, experiment, folder=Path(folder), progress=False)
