"""How many runs are done: one by one in several processes, or many at once in this one."""

from collections.abc import Sequence

from replication.engine import environment, records
from replication.engine.execute.at_once import AUTO, OFF, checked, sees_accelerator
from replication.engine.execute.common import environment_of
from replication.engine.reservations import reserved
from replication.engine.settings import Settings
from replication.errors import InputError


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
        batched: How many are trained at once in one process, this one or each of a cluster that
            was asked for: at most so many, on whatever JAX computes on; "off" for one in each
            process of the cluster; "auto" for as many as an accelerator has room for, where JAX
            sees one here, or in all processes of the scheduler.

    Returns:
        The number of runs done.

    Raises:
        InputError: The choice is impossible, the store cannot be written, the data cannot be had,
            a run that is no trial diverged, or another process is at some of the runs.
    """
    batched = checked(batched)
    todo = records.missing(runs, experiment)
    with reserved(todo, experiment) as free:
        ours = set(free)
        elsewhere = [settings for settings in todo if settings not in ours]
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
    if isinstance(batched, int) and not on_jax:
        raise InputError(
            f"many runs at once are trained on JAX. Received: batched={batched} and runs on "
            f"{' and on '.join(sorted({settings.backend for settings in todo}))}"
        )
    if alone or not on_jax or (batched == AUTO and workers is not None):
        batched = OFF
    # Each only where it is needed: dask, Keras and JAX take seconds to import.
    if not on_cluster and (isinstance(batched, int) or (batched == AUTO and sees_accelerator())):
        environment.enter(*environment_of(todo))
        from replication.engine.execute.batched.sweep import sweep as sweep_batched

        return sweep_batched(todo, experiment, batched if isinstance(batched, int) else None)
    from replication.engine.execute.cluster import sweep

    at_once = batched if on_cluster else OFF
    return sweep(todo, experiment, scheduler, workers, batched=at_once)
