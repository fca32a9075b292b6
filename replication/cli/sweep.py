"""`sweep`: train all that a study needs and has no record yet."""

import argparse
from collections.abc import Iterator, Sequence

from replication.checks import check_choice, check_count
from replication.cli.verb import Verbs, new_verb
from replication.engine.execute.at_once import AUTO, checked
from replication.errors import InputError
from replication.places import root
from replication.studies.catalogue import SWEEPS
from replication.studies.study import Sweep

_MOST_SEEDS = 1000  # more final runs of each model than anybody waits for


def add(verbs: Verbs) -> None:
    """Add the verb.

    Args:
        verbs: All verbs.
    """
    parser = new_verb(
        verbs,
        "sweep",
        sweep,
        "train all that a table needs and has no record yet",
        "Train the runs of a table that have no record. Ctrl-C loses at most the runs in hand; "
        "the next call goes on.",
    )
    parser.add_argument(
        "table",
        choices=tuple(SWEEPS),
        help="; ".join(f"{one.name}: {one.about}" for one in SWEEPS.values()),
    )
    parser.add_argument(
        "--dataset",
        help="one of its data sets ("
        + "; ".join(f"{one.name}: {_usual(one)}" for one in SWEEPS.values())
        + ")",
    )
    parser.add_argument(
        "--seeds",
        type=int,
        metavar="N",
        help="seeds of the final runs of each model ("
        + "; ".join(f"{one.name}: {one.seeds}" for one in SWEEPS.values())
        + ")",
    )
    parser.add_argument("--scheduler", metavar="ADDRESS", help="a running dask scheduler")
    parser.add_argument("--workers", type=int, metavar="N", help="local processes (one per core)")
    parser.add_argument(
        "--batched",
        metavar="auto|N|off",
        default=AUTO,
        help="train many runs at once in this process, or in each of the scheduler's: as many as a "
        "GPU has room for where there is one (auto), N at most on whatever JAX computes on, or one "
        "by one (off)",
    )
    parser.add_argument("--dry-run", action="store_true", help="list the runs and what they cost")


def sweep(options: argparse.Namespace) -> None:
    """Train what has no record, or list it.

    Args:
        options: The `table`, the `dataset` and the number of `seeds`, None for the usual ones; the
            address of a `scheduler` or the number of local `workers`; how many are trained at once,
            `batched`; and whether it is a `dry_run`.

    Raises:
        InputError: An option is impossible, or a run cannot be done.
    """
    chosen = SWEEPS[options.table]
    datasets = chosen.default
    if options.dataset is not None:
        datasets = (check_choice("dataset", options.dataset, chosen.datasets),)
    for name, most in (("workers", None), ("seeds", _MOST_SEEDS)):
        if getattr(options, name) is not None:
            check_count(name, getattr(options, name), high=most)
    if options.scheduler is not None and options.workers is not None:
        raise InputError(
            "--workers are processes of this machine, and a scheduler has its own: give one of "
            f"them. Received: --scheduler {options.scheduler} --workers {options.workers}"
        )
    batched = checked(options.batched)
    seeds = chosen.seeds if options.seeds is None else options.seeds
    if options.dry_run:
        for line in forecast(chosen, datasets, seeds):
            print(line)
    else:
        root("a sweep, which writes down what it chooses,")
        done, known = make(chosen, datasets, seeds, options.scheduler, options.workers, batched)
        print(f"{done} runs done, {known} had records")


def forecast(chosen: Sweep, datasets: Sequence[str], seeds: int) -> Iterator[str]:
    """Yield lines that say what is to be done, and what similar runs have cost.

    Args:
        chosen: The sweep.
        datasets: Some of its data sets.
        seeds: Seeds of the final runs of each model.

    Raises:
        InputError: A record is damaged, or the number of seeds is not what the sweep insists on.
    """
    for dataset in datasets:
        yield f"{chosen.name} on {dataset}"
        for stage in chosen.stages(dataset, seeds):
            yield stage.forecast()
    yield from chosen.costs()


def make(
    chosen: Sweep,
    datasets: Sequence[str],
    seeds: int,
    scheduler: str | None = None,
    workers: int | None = None,
    batched: str | int = AUTO,
) -> tuple[int, int]:
    """Train what has no record, stage by stage.

    Args:
        chosen: The sweep.
        datasets: Some of its data sets.
        seeds: Seeds of the final runs of each model.
        scheduler: Address of a running dask scheduler; None starts a local cluster.
        workers: Processes of the local cluster; None is one for each core.
        batched: How many runs are trained at once in this process, or in each of the scheduler's:
            "auto", "off" or a number.

    Returns:
        How many runs were done, and how many had records before.

    Raises:
        InputError: A run cannot be done, or the number of seeds is not what the sweep insists on.
    """
    done = known = 0
    for dataset in datasets:
        for stage in chosen.stages(dataset, seeds):
            known += stage.known
            done += stage.sweep(scheduler, workers, batched)
    return done, known


def _usual(one: Sweep) -> str:
    every = one.default == one.datasets and len(one.datasets) > 1
    return "all, in turn" if every else ", ".join(one.default)
