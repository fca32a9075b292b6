"""Workers on this machine, one thread each."""

import contextlib
import os
import signal
import sys
from collections.abc import Iterator, Mapping
from multiprocessing import resource_tracker

import dask
import psutil
from distributed import LocalCluster
from tqdm import tqdm

from replication.engine.execute.silence import silence
from replication.errors import InputError

_SPAWN = "distributed.nanny.pre-spawn-environ"  # dask's setting with the workers' environment
_WORKER_BYTES = 2.5 * 2**30  # what a worker needs for a net of 1,000 units on 50,000 digits


@contextlib.contextmanager
def local_cluster(
    runs: int, workers: int | None, variables: Mapping[str, str], progress: bool
) -> Iterator[LocalCluster]:
    """Start workers, and end them at the end of the block, at once and in silence.

    Args:
        runs: How many runs there are; more workers are not started.
        workers: How many; None is one for each core, or fewer where there is memory for fewer.
        variables: Environment of the workers.
        progress: Say on standard error if there is memory for fewer.

    Raises:
        InputError: They do not start.
    """
    with (
        contextlib.ExitStack() as until_closed,
        dask.config.set({_SPAWN: dict(variables)}),
        _own_environment(),
        _started(min(workers or _with_room(progress), runs)) as cluster,
    ):
        try:
            yield cluster
        finally:
            # What they have finished is written. Asked to end, they take seconds, and dask reports
            # of each that it is still alive.
            until_closed.enter_context(silence())
            _kill(cluster)


def _with_room(progress: bool) -> int:
    """How many workers this machine has cores and memory for, at least one."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    free = psutil.virtual_memory().available
    fitting = max(1, int(free // _WORKER_BYTES))
    if fitting < (cores or 1) and progress:
        tqdm.write(
            f"{free / 2**30:.1f} GiB of memory are free, enough for {fitting} of {cores} workers",
            file=sys.stderr,
        )
    return min(cores or 1, fitting)


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


def _started(workers: int) -> LocalCluster:
    """A local cluster that Ctrl-C does not reach: it would end each process with a traceback.

    Threads and processes have the signals blocked that were when they were started. An interrupt
    that comes meanwhile counts when the cluster is there.
    """
    _start_tracker()
    can_block = hasattr(signal, "pthread_sigmask")
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT}) if can_block else None
    try:
        return LocalCluster(
            n_workers=workers,
            threads_per_worker=1,
            # dask would pause a worker that has used most of its share, and wait for ever.
            memory_limit=0,
            dashboard_address="127.0.0.1:0",
        )
    except RuntimeError as error:
        raise InputError(
            f"the workers of the sweep could not be started ({error}); one may have been killed, "
            "for want of memory, perhaps. Nothing was begun"
        ) from None
    finally:
        if before is not None:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _start_tracker() -> None:
    """Start the process that removes what killed workers leave.

    Python does so with the first worker, and unblocks the signals of the thread that starts it. The
    process would also say what it removes.
    """
    with _own_environment():
        given = os.environ.get("PYTHONWARNINGS")
        ours = "ignore:resource_tracker:UserWarning"
        os.environ["PYTHONWARNINGS"] = f"{given},{ours}" if given else ours
        resource_tracker.ensure_running()


def _kill(cluster: LocalCluster) -> None:
    """End the workers at once, whatever they are at."""
    for nanny in cluster.workers.values():
        nanny.auto_restart = False
        with contextlib.suppress(ProcessLookupError, TypeError):  # dead, or not yet born
            os.kill(nanny.pid, signal.SIGKILL)
