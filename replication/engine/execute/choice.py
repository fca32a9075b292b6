"""How many runs are done: one by one in several processes, or many at once in this one."""

import importlib.util
import os
import sys
from collections.abc import Sequence

from replication.checks import check_count
from replication.engine import environment, records
from replication.engine.reservations import reserved
from replication.engine.settings import Settings
from replication.errors import InputError

AUTO, OFF = "auto", "off"


def checked(batched: str | int) -> str | int:
    """Return how many runs are trained at once: "auto", "off" or the largest number.

    Args:
        batched: What was received; a number may be text.

    Raises:
        InputError: It is something else.
    """
    if batched in (AUTO, OFF):
        return batched
    try:
        number = int(batched)
    except ValueError:
        raise InputError(
            f"batched must be auto, off or a number. Received: batched={batched!r}"
        ) from None
    return check_count("batched", number)


def execute(
    runs: Sequence[Settings],
    experiment: str,
    scheduler: str | None = None,
    workers: int | None = None,
    batched: str | int = AUTO,
) -> int:
    """Do the runs that have no record yet.

    Args:
        runs: What is wanted.
        experiment: Name of the experiment.
        scheduler: Address of a running dask scheduler.
        workers: Processes of a local cluster; None is one for each core.
        batched: How many are trained at once in this process: at most so many, on whatever JAX
            computes on; "off" for one in each process of the cluster; "auto" for as many as an
            accelerator has room for, where JAX sees one and no cluster was asked for.

    Returns:
        The number of runs done.

    Raises:
        InputError: The choice is impossible, the store cannot be written, the data cannot be had,
            a run that is no trial diverged, or another process is at some of the runs.
    """
    batched = checked(batched)
    todo = records.missing(runs, experiment)
    with reserved(todo, experiment) as free:
        elsewhere = [settings for settings in todo if settings not in set(free)]
        # Another process may have finished some just before it let go of them.
        todo = records.missing(free, experiment)
        done = _execute(todo, experiment, scheduler, workers, batched) if todo else 0
    if left := records.missing(elsewhere, experiment):
        raise InputError(
            f"another process is at {len(left)} of {len(runs)} runs of {experiment}; {done} others "
            "were done here. Call again when it has ended"
        )
    return done


def _execute(
    todo: list[Settings],
    experiment: str,
    scheduler: str | None,
    workers: int | None,
    batched: str | int,
) -> int:
    """Do runs that have no record."""
    on_cluster = scheduler is not None or workers is not None
    on_jax = all(settings.backend == "jax" for settings in todo)
    alone = any(settings.tangents for settings in todo)  # populations have no tangents
    if isinstance(batched, int) and alone:
        raise InputError(
            "runs with tangents are trained one by one: take batched auto or off. "
            f"Received: batched={batched}"
        )
    if isinstance(batched, int) and not (on_jax and not on_cluster):
        raise InputError(
            "many runs at once are trained on JAX in one process, without scheduler or workers. "
            f"Received: batched={batched} and runs on "
            f"{' and on '.join(sorted({settings.backend for settings in todo}))}"
        )
    # Each only where it is needed: dask, Keras and JAX take seconds to import.
    if isinstance(batched, int) or (
        batched == AUTO and on_jax and not (on_cluster or alone) and _sees_accelerator()
    ):
        environment.enter("jax")
        from replication.engine.execute.batched.sweep import sweep as sweep_batched

        return sweep_batched(todo, experiment, batched if isinstance(batched, int) else None)
    from replication.engine.execute.cluster import sweep

    return sweep(todo, experiment, scheduler, workers)


def _sees_accelerator() -> bool:
    """Whether JAX has something else than processors to compute on.

    JAX finds accelerators through plugins. Without any it is not even imported: that takes seconds,
    and fixes the backend of this process.
    """
    if importlib.util.find_spec("jax_plugins") is None or os.environ.get("JAX_PLATFORMS") == "cpu":
        return False
    if "keras" in sys.modules and sys.modules["keras"].backend.backend() != "jax":
        return False  # this process cannot change that, and a cluster's can
    environment.enter("jax")
    import jax

    return jax.devices()[0].platform != "cpu"
