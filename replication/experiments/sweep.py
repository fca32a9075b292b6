"""Many runs, on one machine or on a cluster."""

import contextlib
import dataclasses
import functools
import os
import sys
import time
from collections.abc import Iterator, Sequence

import dask
from distributed import Client, Future, LocalCluster, as_completed
from tqdm import tqdm

from replication.errors import DivergedError
from replication.experiments import records
from replication.experiments.settings import Settings

_SPAWN = "distributed.nanny.pre-spawn-environ"
# One thread for each worker: two single-threaded runs use two cores better than one with two.
WORKER_ENVIRONMENT = {
    "OMP_NUM_THREADS": "1",
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    # XLA's own thread pool listens to neither of the above.
    "NPROC": "1",
    "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false",
    # On a GPU, several workers share the memory, and float32 stays float32 (no TF32).
    "XLA_PYTHON_CLIENT_PREALLOCATE": "false",
    "JAX_DEFAULT_MATMUL_PRECISION": "highest",
    "NVIDIA_TF32_OVERRIDE": "0",
}


def sweep(
    runs: Sequence[Settings],
    experiment: str,
    scheduler: str | None = None,
    workers: int | None = None,
    progress: bool = True,
) -> int:
    """Do the runs that have no record yet.

    Runs with the same pre-training share it. A record is written as soon as its run is done, so an
    interruption or a killed worker loses at most the runs in hand; the scheduler gives those of a
    dead worker to another one.

    Args:
        runs: What is wanted.
        experiment: Name of the experiment.
        scheduler: Address of a running dask scheduler whose workers can import this package and
            find the data; None starts a local cluster, on Keras's JAX backend unless
            KERAS_BACKEND says otherwise (it is the fastest at small batches).
        workers: Processes of the local cluster, one thread each; None is one for each core.
        progress: Show a progress bar and the dashboard's address on standard error.

    Returns:
        The number of runs done.

    Raises:
        InputError: The data cannot be had, or a run that is no trial diverged.
    """
    todo = records.missing(runs, experiment)
    if not todo:
        return 0
    environment = WORKER_ENVIRONMENT | {
        "KERAS_BACKEND": os.environ.get("KERAS_BACKEND", "jax"),
    }
    with dask.config.set({_SPAWN: environment}):
        if scheduler is not None:
            with Client(scheduler) as client:
                return _drive(client, todo, experiment, progress)
        with (
            _own_environment(),
            LocalCluster(
                n_workers=min(workers or os.cpu_count() or 1, len(todo)),
                threads_per_worker=1,
                dashboard_address="127.0.0.1:0",
            ) as cluster,
            Client(cluster) as client,
        ):
            return _drive(client, todo, experiment, progress)


@contextlib.contextmanager
def _own_environment() -> Iterator[None]:
    """Give the caller's environment back: dask writes its workers' into this process."""
    before = dict(os.environ)
    try:
        yield
    finally:
        for name in set(os.environ) - set(before):
            del os.environ[name]
        os.environ.update(before)


def _drive(client: Client, todo: list[Settings], experiment: str, progress: bool) -> int:
    if progress:
        tqdm.write(f"dashboard: {client.dashboard_link}", file=sys.stderr)
    shared: dict[str, list[Settings]] = {}
    for settings in todo:
        shared.setdefault(repr(settings.pretraining), []).append(settings)
    tasks = []
    layers: dict[str, Future] = {}  # by pre-training, as several stacks share their lower ones
    # dask works in the order of submission, so a pre-training's runs follow it at once.
    for group in shared.values():
        pretrained = _prepared(client, group[0], layers)
        tasks += [
            client.submit(_finish, settings, experiment, pretrained, pure=False)
            for settings in group
        ]
    del pretrained, layers  # the runs hold on to each as long as they need it
    with tqdm(total=len(todo), desc=experiment, unit="run", disable=not progress) as bar:
        for task in as_completed(tasks):
            records.write(task.result())
            bar.update()
    return len(todo)


@functools.lru_cache(maxsize=1)
def _load(dataset):  # type: ignore[no-untyped-def]
    from replication.datasets import load

    return load(dataset)


def _prepared(client: Client, settings: Settings, layers: dict[str, Future]) -> Future:
    """Submit a pre-training on top of that of the layers below, which others may share."""
    key = repr(settings.pretraining)
    if key not in layers:
        below = None
        if settings.depth > 1:
            fewer = dataclasses.replace(settings, units=settings.units[:-1])
            below = _prepared(client, fewer, layers)
        layers[key] = client.submit(_prepare, settings, below, pure=False)
    return layers[key]


def _prepare(settings: Settings, lower=None):  # type: ignore[no-untyped-def]
    """Pre-train on a worker; a divergence is an answer, too, with its cost."""
    from replication.experiments.run import prepare

    if isinstance(lower, tuple):
        return lower
    started = time.perf_counter()
    try:
        return prepare(settings, _load(settings.dataset), progress=False, lower=lower)
    except DivergedError as error:
        return error, time.perf_counter() - started


def _finish(settings: Settings, experiment: str, pretrained) -> records.Record:  # type: ignore[no-untyped-def]
    """Finish a run on a worker, which hands the record back: only the caller writes to the store.

    A trial that diverged is recorded as such, so that it is neither chosen nor tried again.
    """
    from replication.experiments.run import diverged, finish

    data = _load(settings.dataset)
    started = time.perf_counter()
    spent = 0.0
    try:
        if isinstance(pretrained, tuple):
            error, spent = pretrained
            raise error
        spent = pretrained.seconds
        return finish(settings, experiment, data, pretrained, progress=False)
    except DivergedError as error:
        if settings.evaluate_test:
            raise
        seconds = spent + time.perf_counter() - started
        return diverged(settings, experiment, data, error, seconds)
