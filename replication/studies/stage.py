"""A stage of a sweep: runs that may go side by side."""

import dataclasses
from collections.abc import Callable

from replication.engine import records
from replication.engine.costs import expected_seconds
from replication.engine.execute.at_once import AUTO
from replication.engine.execute.choice import execute
from replication.engine.records import missing
from replication.engine.settings import Settings
from replication.errors import InputError

_SAMPLE = 2000  # records that a forecast goes by; to read each of many takes minutes


def check_one_seed(seeds: int) -> None:
    """Raise where a sweep of trials alone is asked for several seeds, which it would ignore.

    Args:
        seeds: How many were asked for.

    Raises:
        InputError: It is not 1.
    """
    if seeds != 1:
        raise InputError(f"trials have one seed. Received: seeds={seeds}")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Stage:
    """One stage: all of its runs may go side by side.

    Attributes:
        name: What it is called.
        experiment: Name of the experiment in the store.
        size: Number of runs, known before they are.
        runs: The runs themselves; None while the stage before is unfinished.
        then: What is to be done when all runs are there; None is nothing.
    """

    name: str
    experiment: str
    size: int
    runs: list[Settings] | None
    then: Callable[[], None] | None = None

    @property
    def todo(self) -> list[Settings]:
        """The runs without a record, each once."""
        return missing(self.runs or [], self.experiment)

    @property
    def known(self) -> int:
        """Number of runs that have a record."""
        return 0 if self.runs is None else len(self.runs) - len(self.todo)

    def sweep(
        self,
        scheduler: str | None = None,
        workers: int | None = None,
        batched: str | int = AUTO,
    ) -> int:
        """Do the runs that have no record, and return how many those were.

        Args:
            scheduler: Address of a running dask scheduler; None starts a local cluster.
            workers: Processes of the local cluster; None is one for each core.
            batched: How many are trained at once in this process, or in each of the scheduler's:
                "auto", "off" or a number, see `replication.engine.execute.choice`.
        """
        if self.runs is None:
            return 0
        done = execute(self.runs, self.experiment, scheduler, workers, batched)
        if self.then is not None:
            self.then()
        return done

    def forecast(self) -> str:
        """Describe what is to be done, run by run, and what similar runs have cost."""
        if self.runs is None:
            return f"{self.name}: {self.size} runs, chosen when the stage before is finished"
        todo = self.todo
        # File names are hashes: the first ones are a sample, and enough for a mean.
        known = records.read_all(self.experiment, most=_SAMPLE) if todo else []
        lines = []
        total = 0.0
        for settings, seconds in zip(todo, expected_seconds(todo, known), strict=True):
            total += seconds or 0.0
            cost = f"about {seconds / 60:.1f} minutes" if seconds else "cost unknown"
            lines.append(f"  {settings.id}  {_described(settings)}  {cost}")
        lines.append(
            f"{self.name}: {len(lines)} of {self.size} runs to do"
            + (f", about {total / 3600:.1f} core hours" if total else "")
        )
        return "\n".join(lines)


def _described(settings: Settings) -> str:
    rates = (
        f" rates {settings.pretrain_learning_rate:g} {settings.finetune_learning_rate:g}"
        if settings.kind.is_net
        else ""
    )
    deep = f" depth {settings.depth}" if settings.depth > 1 else ""
    what = f"{settings.dataset} {settings.model}{deep} seed {settings.seed}"
    return f"{what} {settings.strength}{rates}"
