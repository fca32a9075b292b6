"""Many runs, on one machine or on a cluster."""

import contextlib
import dataclasses
import socket
import sys
from collections.abc import Iterator, Sequence

from distributed import CancelledError, Client, Future, KilledWorker, as_completed
from distributed.comm import get_address_host_port, parse_address
from tqdm import tqdm

from replication.engine import environment, records
from replication.engine.execute import tasks
from replication.engine.execute.at_once import AUTO, OFF
from replication.engine.execute.common import environment_of
from replication.engine.execute.local_cluster import local_cluster
from replication.engine.execute.silence import silence
from replication.engine.settings import Settings
from replication.errors import DivergedError, InputError

_PATIENCE = 10  # seconds to wait for a scheduler

_Tasks = dict[Future, list[Settings]]


def sweep(
    runs: Sequence[Settings],
    experiment: str,
    scheduler: str | None = None,
    workers: int | None = None,
    progress: bool = True,
    batched: str | int = OFF,
) -> int:
    """Do the runs that have no record yet.

    Runs with the same pre-training share it. A record is written as soon as its run is done, so an
    interruption or a killed worker loses at most the runs in hand; the scheduler gives those of a
    dead worker to another one. In populations a worker hands back the records of its share at
    once; another one that does the share again goes on from its checkpoints, on the same disk.

    Args:
        runs: What is wanted, all on one of Keras's backends.
        experiment: Name of the experiment.
        scheduler: Address of a running dask scheduler whose workers can import this package and
            find the data, and have not used Keras on another backend; None starts a local cluster.
        workers: Processes of the local cluster, one thread each; None is one for each core, or
            fewer where there is memory for fewer.
        progress: Show a progress bar and the dashboard's address on standard error.
        batched: How many a worker trains at once: one ("off"), so many at most, or as many as its
            accelerator has room for where all workers have one, else one ("auto").

    Returns:
        The number of runs done.

    Raises:
        InputError: The data cannot be had, the runs have several backends, a worker's Keras has
            another one, there is no scheduler at the address or it died, or the workers do not
            start. What was done before is recorded.
        InputError: A run that is no trial diverged, or some runs killed their workers again and
            again. The other runs are recorded.
    """
    todo = records.missing(runs, experiment)
    if not todo:
        return 0
    backend, _ = environment_of(todo)
    variables = environment.worker_variables(backend)
    if scheduler is not None:
        with _connected(scheduler) as client:
            return _drive(client, todo, experiment, progress, batched)
    with (
        local_cluster(len(todo), workers, variables, progress) as cluster,
        Client(cluster) as client,
    ):
        return _drive(client, todo, experiment, progress, batched)


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


def _drive(
    client: Client, todo: list[Settings], experiment: str, progress: bool, batched: str | int
) -> int:
    if progress:
        tqdm.write(f"dashboard: {client.dashboard_link}", file=sys.stderr)
    if batched == AUTO:
        there = client.run(tasks.sees_accelerator).values()
        batched = AUTO if there and all(there) else OFF
    submitted = (
        _one_by_one(client, todo, experiment)
        if batched == OFF
        else _in_populations(
            client, todo, experiment, batched if isinstance(batched, int) else None
        )
    )
    killed: list[str] = []
    diverged: DivergedError | None = None
    with tqdm(total=len(todo), desc=experiment, unit="run", disable=not progress) as bar:
        for task in as_completed(submitted):
            runs = submitted[task]
            try:
                done, error = task.result()
                for record in done:
                    records.write(record)
                diverged = diverged or error
            except KilledWorker:
                killed += [settings.id for settings in runs]
            except CancelledError:
                raise InputError(
                    f"the scheduler of the sweep is gone after {bar.n} of {len(todo)} runs, which "
                    "are recorded; a second call goes on"
                ) from None
            bar.update(len(runs))
    if killed:
        raise InputError(
            f"{len(killed)} of {len(todo)} runs killed their workers each time, for want of "
            f"memory, perhaps; the others are recorded. The first one: {killed[0]}"
        )
    if diverged:
        raise diverged
    return len(todo)


def _one_by_one(client: Client, todo: list[Settings], experiment: str) -> _Tasks:
    """Submit each run as a task, on top of its pre-training's."""
    shared: dict[str, list[Settings]] = {}
    for settings in todo:
        shared.setdefault(repr(settings.pretraining), []).append(settings)
    layers: dict[str, Future] = {}  # by pre-training, as several stacks share their lower ones
    submitted = {}
    # dask works in the order of submission, so a pre-training's runs follow it at once.
    for group in shared.values():
        pretrained = _prepared(client, group[0], layers)
        for settings in group:
            task = client.submit(tasks.finish, settings, experiment, pretrained, pure=False)
            submitted[task] = [settings]
    return submitted  # each holds on to its pre-training as long as it needs it


def _in_populations(
    client: Client, todo: list[Settings], experiment: str, most: int | None
) -> _Tasks:
    """Submit shares of the runs, which have no training in common."""
    backend, _ = environment_of(todo)
    environment.enter(backend)  # how products are rounded is the workers' affair
    from replication.engine.execute.batched.shares import shares

    workers = max(1, len(client.scheduler_info(n_workers=-1)["workers"]))
    return {
        client.submit(tasks.populate, share, experiment, records.FOLDER, most, pure=False): share
        for share in shares(todo, workers, most)
    }


def _prepared(client: Client, settings: Settings, layers: dict[str, Future]) -> Future:
    """Submit a pre-training on top of that of the layers below, which others may share."""
    key = repr(settings.pretraining)
    if key not in layers:
        below = None
        if settings.depth > 1:
            fewer = dataclasses.replace(settings, units=settings.units[:-1])
            below = _prepared(client, fewer, layers)
        layers[key] = client.submit(tasks.prepare, settings, below, pure=False)
    return layers[key]
