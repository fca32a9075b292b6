"""The stages of a sweep, each of which needs the records of the one before."""

import dataclasses
import itertools
from collections.abc import Iterator, Sequence

from replication.checks import check_choice
from replication.errors import InputError
from replication.experiments import (
    fashion,
    faults,
    generator_choices,
    protocol,
    records,
    sensitivity,
    table2,
)
from replication.experiments.costs import expected_seconds
from replication.experiments.records import missing
from replication.experiments.settings import MODELS, Settings
from replication.experiments.strength import strength


@dataclasses.dataclass(frozen=True)
class Stage:
    """One stage: all of its runs may go side by side.

    Attributes:
        name: What it is called.
        experiment: Name of the experiment in the store.
        size: Number of runs, known before they are.
        runs: The runs themselves; None while the stage before is unfinished.
    """

    name: str
    experiment: str
    size: int
    runs: list[Settings] | None

    @property
    def todo(self) -> list[Settings]:
        """The runs without a record, each once."""
        return missing(self.runs or [], self.experiment)

    @property
    def known(self) -> int:
        """Number of runs that have a record."""
        return 0 if self.runs is None else len(self.runs) - len(self.todo)

    def sweep(self, scheduler: str | None = None, workers: int | None = None) -> int:
        """Do the runs that have no record, and return how many those were."""
        # Only where something is run: dask takes a second to import.
        from replication.experiments.sweep import sweep

        return sweep(self.runs or [], self.experiment, scheduler, workers)

    def forecast(self) -> str:
        """Describe what is to be done, run by run, and what similar runs have cost."""
        if self.runs is None:
            return f"{self.name}: {self.size} runs, chosen when the stage before is finished"
        known = records.read_all(self.experiment)
        lines = []
        total = 0.0
        for settings in self.todo:
            seconds = expected_seconds(settings, known)
            total += seconds or 0.0
            cost = f"about {seconds / 60:.1f} minutes" if seconds else "cost unknown"
            rates = (
                ""
                if settings.model == "svm"
                else f" rates {settings.pretrain_learning_rate:g} "
                f"{settings.finetune_learning_rate:g}"
            )
            deep = f" depth {settings.depth}" if settings.depth > 1 else ""
            lines.append(
                f"  {settings.id}  {settings.dataset} {settings.model}{deep} seed {settings.seed} "
                f"{strength(settings)}{rates}  {cost}"
            )
        lines.append(
            f"{self.name}: {len(lines)} of {self.size} runs to do"
            + (f", about {total / 3600:.1f} core hours" if total else "")
        )
        return "\n".join(lines)


def table1_stages(dataset: str, seeds: int) -> Iterator[Stage]:
    """Yield the stages of Table 1: short trials, long ones, longer ones, final runs, small copies.

    Each is made when it is asked for, so that a caller who finishes one before asking for the next
    gets them all.

    Args:
        dataset: The data set.
        seeds: Seeds of each final run.
    """
    models = len(MODELS)
    grid = [s for model in MODELS for s in protocol.screening(dataset, model)]
    yield Stage("short trials", protocol.TRIALS, len(grid), grid)
    rates = len(protocol.later_rates(dataset))
    long = None
    if not missing(grid, protocol.TRIALS):
        long = _in_turns([protocol.promoted(dataset, model) for model in MODELS])
    yield Stage("long trials", protocol.TRIALS, models * protocol.PROMOTED * rates, long)
    longer = None
    if long is not None and not missing(long, protocol.TRIALS):
        longer = _in_turns([protocol.lengthened(dataset, model) for model in MODELS])
    yield Stage("longer trials", protocol.TRIALS, models * rates, longer)
    searched = protocol.is_searched(dataset)
    runs = protocol.table1(dataset, seeds, "full") if searched else None
    yield Stage("final runs", protocol.TABLE1, models * seeds, runs)
    small = [protocol.reduced(dataset, model) for model in MODELS] if searched else None
    yield Stage("small copies, for verification", protocol.REDUCED, models, small)


def table2_stages(
    dataset: str, seeds: int, columns: Sequence[str] | None = None
) -> Iterator[Stage]:
    """Yield the stages of one row of Table 2: short trials, long ones, final runs.

    Args:
        dataset: The data set.
        seeds: Seeds of each final run of a net.
        columns: Keys of the columns; None takes all.
    """
    columns = tuple(table2.COLUMNS) if columns is None else columns
    # Column by column, so that the depths of the CAE follow each other and share their layers.
    grid = [s for column in columns for s in table2.screening(dataset, column)]
    yield Stage("short trials", table2.TRIALS, len(grid), grid)
    nets = [column for column in columns if table2.COLUMNS[column][0] != "svm"]
    size = len(nets) * table2.PROMOTED * len(table2.FINETUNE_RATES)
    long = None
    if not missing(grid, table2.TRIALS):
        long = [s for column in nets for s in table2.promoted(dataset, column)]
    yield Stage("long trials", table2.TRIALS, size, long)
    runs = None
    if all(table2.is_searched(dataset, column) for column in columns):
        runs = [s for column in columns for s in table2.finals(dataset, column, seeds)]
    size = len(nets) * seeds + len(columns) - len(nets)
    yield Stage("final runs", table2.EXPERIMENT, size, runs)


def nested_stages(dataset: str, seeds: int) -> Iterator[Stage]:
    """Yield the one stage of the lower parts of the stacks of three CAEs.

    Args:
        dataset: The data set.
        seeds: Seeds of each depth.

    Raises:
        InputError: The data set is no row of Table 2.
    """
    check_choice("dataset", dataset, table2.ROWS)
    searched = table2.is_searched(dataset, "cae-3")
    runs = table2.nested(dataset, seeds) if searched else None
    size = (table2.COLUMNS["cae-3"][1] - 1) * seeds
    yield Stage("lower parts of stacks", table2.NESTED, size, runs)


def generator_stages(dataset: str, seeds: int) -> Iterator[Stage]:
    """Yield the stages of the generator's choices: two columns of Table 2, then the variants.

    Args:
        dataset: The set.
        seeds: Has to be the number of Table 2.

    Raises:
        InputError: Another number is asked for, or the set has no variants.
    """
    if seeds != table2.SEEDS:
        raise InputError(
            f"variants are compared with the {table2.SEEDS} seeds of Table 2. "
            f"Received: seeds={seeds}"
        )
    check_choice("dataset", dataset, generator_choices.DATASETS)
    yield from table2_stages(dataset, seeds, generator_choices.COLUMNS)
    searched = generator_choices.is_searched(dataset)
    runs = generator_choices.changed(dataset) if searched else None
    size = generator_choices.wanted_runs(dataset)
    yield Stage("runs on variants", generator_choices.EXPERIMENT, size, runs)


def fashion_stages(dataset: str, seeds: int) -> Iterator[Stage]:
    """Yield the one stage of Fashion-MNIST: Table 1 with the settings of MNIST.

    Args:
        dataset: Has to be "fashion-mnist".
        seeds: Seeds of each model.

    Raises:
        InputError: Another data set is asked for.
    """
    check_choice("dataset", dataset, (fashion.DATASET,))
    searched = protocol.is_searched(fashion.SOURCE)
    runs = fashion.runs(seeds) if searched else None
    yield Stage("runs on Fashion-MNIST", fashion.EXPERIMENT, len(MODELS) * seeds, runs)


def sensitivity_stages(dataset: str, seeds: int) -> Iterator[Stage]:
    """Yield the one stage of the sensitivity of Table 1: short trials with one choice changed.

    Args:
        dataset: The data set.
        seeds: Has to be 1: a trial has one seed.

    Raises:
        InputError: Several seeds are asked for.
    """
    if seeds != 1:
        raise InputError(f"trials have one seed. Received: seeds={seeds}")
    changed = None
    if not any(missing(protocol.screening(dataset, m), protocol.TRIALS) for m in MODELS):
        changed = _in_turns([sensitivity.changed(dataset, model) for model in MODELS])
    size = len(MODELS) * len(sensitivity.CHANGES)
    yield Stage("changed trials", sensitivity.EXPERIMENT, size, changed)


def faults_stages(dataset: str, seeds: int) -> Iterator[Stage]:
    """Yield the one stage of the wrong penalties: their runs of full size.

    Args:
        dataset: Has to be "mnist".
        seeds: Has to be the number that the page compares.

    Raises:
        InputError: Something else is asked for, or the search of the CAE is not finished.
    """
    if (dataset, seeds) != ("mnist", faults.FULL_SEEDS):
        raise InputError(
            f"wrong penalties are trained on mnist with {faults.FULL_SEEDS} seeds. "
            f"Received: dataset={dataset!r}, seeds={seeds}"
        )
    runs = faults.full_size()
    yield Stage("runs with a wrong penalty", faults.EXPERIMENT, len(runs), runs)


def _in_turns(by_model: list[list[Settings]]) -> list[Settings]:
    """Put the first run of every model first, then the second of every model, and so on."""
    return [settings for row in itertools.zip_longest(*by_model) for settings in row if settings]
