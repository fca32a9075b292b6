"""Many runs, on one machine or on a cluster."""

import contextlib
import dataclasses
import functools
import gc
import os
import socket
import sys
import time
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import psutil
from distributed import CancelledError, Client, Future, KilledWorker, as_completed
from distributed.comm import get_address_host_port, parse_address
from tqdm import tqdm

from replication.datasets import load
from replication.engine import environment, records
from replication.engine.execute.local_cluster import local_cluster
from replication.engine.execute.silence import silence
from replication.engine.settings import Settings
from replication.errors import DivergedError, InputError

if TYPE_CHECKING:
    from replication.engine.train import Pretrained

_LEFT_BYTES = 2**28  # what finished runs may leave in a worker, some 10 MB each
_PATIENCE = 10  # seconds to wait for a scheduler

_load = functools.lru_cache(maxsize=1)(load)  # a worker's runs mostly have one data set


@dataclasses.dataclass(frozen=True)
class _Diverged:
    """What a pre-training came to that diverged.

    Attributes:
        error: What was raised.
        seconds: What it cost.
    """

    error: DivergedError
    seconds: float


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
        runs: What is wanted, all on one of Keras's backends.
        experiment: Name of the experiment.
        scheduler: Address of a running dask scheduler whose workers can import this package and
            find the data, and have not used Keras on another backend; None starts a local cluster.
        workers: Processes of the local cluster, one thread each; None is one for each core, or
            fewer where there is memory for fewer.
        progress: Show a progress bar and the dashboard's address on standard error.

    Returns:
        The number of runs done.

    Raises:
        InputError: The data cannot be had, a run that is no trial diverged, the runs have several
            backends, a worker's Keras has another one, there is no scheduler at the address or it
            died, the workers do not start, or some runs killed theirs again and again. The other
            runs are recorded.
    """
    todo = records.missing(runs, experiment)
    if not todo:
        return 0
    variables = environment.worker_variables(_backend_of(todo))
    if scheduler is not None:
        with _connected(scheduler) as client:
            return _drive(client, todo, experiment, progress)
    with (
        local_cluster(len(todo), workers, variables, progress) as cluster,
        Client(cluster) as client,
    ):
        return _drive(client, todo, experiment, progress)


@contextlib.contextmanager
def _connected(scheduler: str) -> Iterator[Client]:
    """A client of somebody's scheduler."""
    try:
        _knock(scheduler)
        client = Client(scheduler, timeout=_PATIENCE)
    except (OSError, ValueError, TypeError, TimeoutError) as error:
        raise InputError(
            f"no dask scheduler answers at {scheduler!r}, such as tcp://127.0.0.1:8786 would be: "
            f"{str(error).splitlines()[0] if str(error) else type(error).__name__}"
        ) from None
    # dask would show where it waited for a scheduler that is gone; we say that it is.
    with silence(), client:
        yield client


def _knock(address: str) -> None:
    """Connect once, and close.

    Where nobody listens dask's own client leaves a thread behind, for which the next client may
    wait in vain.

    Raises:
        OSError: Nobody listens.
        ValueError: It is no address.
    """
    scheme, _ = parse_address(address)
    if scheme in ("tcp", "tls"):
        socket.create_connection(get_address_host_port(address), timeout=_PATIENCE).close()


def _backend_of(runs: Sequence[Settings]) -> str:
    backends = sorted({settings.backend for settings in runs})
    if len(backends) > 1:
        raise InputError(
            "one process has one of Keras's backends, so all runs of a sweep must have the same. "
            f"Received: runs on {' and on '.join(backends)}"
        )
    return backends[0]


def _drive(client: Client, todo: list[Settings], experiment: str, progress: bool) -> int:
    if progress:
        tqdm.write(f"dashboard: {client.dashboard_link}", file=sys.stderr)
    shared: dict[str, list[Settings]] = {}
    for settings in todo:
        shared.setdefault(repr(settings.pretraining), []).append(settings)
    tasks: list[Future] = []
    of_task: dict[Any, str] = {}  # key of a task -> the run
    layers: dict[str, Future] = {}  # by pre-training, as several stacks share their lower ones
    # dask works in the order of submission, so a pre-training's runs follow it at once.
    for group in shared.values():
        pretrained = _prepared(client, group[0], layers)
        for settings in group:
            tasks.append(client.submit(_finish, settings, experiment, pretrained, pure=False))
            of_task[tasks[-1].key] = settings.id
    del pretrained, layers  # the runs hold on to each as long as they need it
    killed = []
    with tqdm(total=len(todo), desc=experiment, unit="run", disable=not progress) as bar:
        for task in as_completed(tasks):
            try:
                records.write(task.result())
            except KilledWorker:
                killed.append(of_task[task.key])
            except CancelledError:
                raise InputError(
                    f"the scheduler of the sweep is gone after {bar.n} of {len(todo)} runs, which "
                    "are recorded; a second call goes on"
                ) from None
            bar.update()
    if killed:
        raise InputError(
            f"{len(killed)} of {len(todo)} runs killed their workers each time, for want of "
            f"memory, perhaps; the others are recorded. The first one: {killed[0]}"
        )
    return len(todo)


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


def _prepare(
    settings: Settings, lower: "Pretrained | _Diverged | None" = None
) -> "Pretrained | _Diverged":
    """Pre-train on a worker; a divergence is an answer, too, with its cost."""
    _set_up(settings.backend)
    from replication.engine.run import prepare

    if isinstance(lower, _Diverged):
        return lower
    started = time.perf_counter()
    try:
        return prepare(settings, _load(settings.dataset), progress=False, lower=lower)
    except DivergedError as error:
        return _Diverged(error, time.perf_counter() - started)


def _finish(
    settings: Settings, experiment: str, pretrained: "Pretrained | _Diverged"
) -> records.Record:
    """Finish a run on a worker, which hands the record back: only the caller writes to the store.

    A trial that diverged is recorded as such, so that it is neither chosen nor tried again.
    """
    _set_up(settings.backend)
    from replication.engine.run import diverged, finish

    data = _load(settings.dataset)
    started = time.perf_counter()
    try:
        if isinstance(pretrained, _Diverged):
            raise pretrained.error
        return finish(settings, experiment, data, pretrained, progress=False)
    except DivergedError as error:
        if settings.evaluate_test:
            raise
        seconds = pretrained.seconds + time.perf_counter() - started
        return diverged(settings, experiment, data, error, seconds)
    finally:
        _forget()


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


def _set_up(backend: str) -> None:
    """Give a worker that someone else started the environment of our own, while that is possible.

    Libraries read most of it when they are imported.

    Raises:
        InputError: The worker has imported Keras before, on another backend.
    """
    if "keras" not in sys.modules:
        os.environ.update(environment.worker_variables(backend))
    environment.enter(backend)
