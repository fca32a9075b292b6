"""A study as a value: what is run, for which claims, on which pages."""

import dataclasses
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from replication.checks import check_choice, check_count
from replication.engine import environment
from replication.engine.settings import Settings
from replication.studies import selection
from replication.studies.abstract_search import AbstractSearch, Competitor
from replication.studies.selection import Choice
from replication.studies.stage import Stage

SCALES = ("proof", "published", "full")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Study:
    """A study whose final runs are chosen by a search of its own.

    Attributes:
        name: What its sweep is called.
        experiment: Name of the final runs' experiment in the store.
        datasets: Its data sets, the first one where none is asked for.
        search: Its protocol.
        selections: Folder of what was chosen.
        seeds: Seeds of the final runs of a net: 0, 1, ...
        minimum_seeds: Fewer decide nothing.
        final: What a final run has otherwise than the trial that it repeats.
        proof: Small runs on embedded data that stand for it at proof scale, by competitor.
        in_turns: List runs seed by seed, so that an unfinished sweep leaves comparable models;
            else competitor by competitor, so that stacks share their lower layers.
    """

    name: str
    experiment: str
    datasets: tuple[str, ...]
    search: AbstractSearch
    selections: Path
    seeds: int
    minimum_seeds: int
    final: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    proof: Mapping[str, Settings] = dataclasses.field(default_factory=dict)
    in_turns: bool = False

    @property
    def arms(self) -> Mapping[str, Competitor]:
        """The competitors, by key."""
        return self.search.arms

    def arm_of(self, settings: Settings) -> str | None:
        """Find the competitor that a run belongs to; None if it belongs to none."""
        return next((arm.key for arm in self.arms.values() if arm.has(settings)), None)

    def chosen(self, dataset: str) -> dict[str, Choice]:
        """Read what was chosen on a data set, by competitor, as far as that is decided.

        Raises:
            InputError: The file is damaged.
        """
        return selection.read(self.selections, self.search, dataset)

    def finals(self, dataset: str, key: str, seeds: int | None = None) -> list[Settings]:
        """List the final runs of a competitor: what was chosen, with other seeds, on the test set.

        Args:
            dataset: The data set.
            key: Key of the competitor.
            seeds: How many; None is the study's own number.

        Returns:
            The runs; none as long as nothing is chosen. What is no net has no seeds, and one run.

        Raises:
            InputError: A name is unknown, or a number impossible.
        """
        arm = self._arm(key)
        count = self.seeds if seeds is None else check_count("seeds", seeds)
        choice = self.chosen(dataset).get(key)
        if choice is None:
            return []
        chosen = choice.settings.to_dict()
        if not arm.is_net:
            return [Settings(**{**chosen, "seed": 0, "evaluate_test": True})]
        chosen |= {**self.final, **self.search.final(dataset, key)}
        return [Settings(**{**chosen, "seed": seed}) for seed in range(count)]

    @property
    def again(self) -> str:
        """The command that trains one of its final runs again and compares."""
        return f".venv/bin/python -m replication verify --experiment {self.experiment} --count 1"

    def final_runs(
        self, dataset: str, seeds: int | None = None, keys: Sequence[str] | None = None
    ) -> list[Settings]:
        """List the final runs of several competitors.

        Args:
            dataset: The data set.
            seeds: How many of each net; None is the study's own number.
            keys: Keys of the competitors; None is all.

        Raises:
            InputError: A name is unknown, or a number impossible.
        """
        by_arm = [self.finals(dataset, key, seeds) for key in (self.arms if keys is None else keys)]
        return in_turns(by_arm) if self.in_turns else [run for runs in by_arm for run in runs]

    def wanted(self, seeds: int | None = None, keys: Sequence[str] | None = None) -> int:
        """Number of final runs on a data set when all are done.

        Args:
            seeds: How many of each net; None is the study's own number.
            keys: Keys of the competitors; None is all.
        """
        count = self.seeds if seeds is None else seeds
        return sum(
            count if self._arm(key).is_net else 1 for key in (self.arms if keys is None else keys)
        )

    def proof_runs(
        self, seeds: int | None = None, keys: Sequence[str] | None = None
    ) -> list[Settings]:
        """List the small runs on embedded data that stand for the study at proof scale.

        Args:
            seeds: How many of each competitor; None is one.
            keys: Keys of the competitors; None is all.

        Raises:
            InputError: A number is impossible.
        """
        return [
            dataclasses.replace(self.proof[key], seed=seed, backend=environment.chosen_backend())
            for seed in range(check_count("seeds", 1 if seeds is None else seeds))
            for key in (self.proof if keys is None else keys)
        ]

    def stages(
        self, dataset: str, seeds: int | None = None, keys: Sequence[str] | None = None
    ) -> Iterator[Stage]:
        """Yield the rounds of the search, and then the final runs.

        Each stage is made when it is asked for, so that a caller who finishes one before asking for
        the next gets them all. To finish the last round writes down what was chosen.

        Args:
            dataset: The data set.
            seeds: Seeds of the final runs of a net; None is the study's own number.
            keys: Keys of the competitors; None is all.

        Raises:
            InputError: The data set is unknown, or a record is damaged.
        """
        search = self.search
        keys = tuple(self.arms) if keys is None else tuple(keys)
        rounds = len(search.rounds)
        for index in range(rounds):
            runs = None
            if all(search.is_finished(dataset, key, index) for key in keys):
                by_arm = [search.trials(index, dataset, key) for key in keys]
                turns = self.in_turns and index > 0
                runs = in_turns(by_arm) if turns else [s for trials in by_arm for s in trials]
            yield Stage(
                name=search.rounds[index].name,
                experiment=search.experiment,
                size=sum(search.size(index, dataset, key) for key in keys),
                runs=runs,
                then=None if index < rounds - 1 else lambda: self.select(dataset),
            )
        chosen = self.chosen(dataset)
        yield Stage(
            name="final runs",
            experiment=self.experiment,
            size=self.wanted(seeds, keys),
            runs=self.final_runs(dataset, seeds, keys) if set(keys) <= set(chosen) else None,
        )

    def _arm(self, key: str) -> Competitor:
        return self.arms[check_choice("arm", key, tuple(self.arms))]

    def select(self, dataset: str) -> None:
        """Write down what was chosen on a data set, where that is new."""
        selection.select(self.selections, self.search, dataset)

    def check_dataset(self, dataset: str) -> str:
        """Return a data set's name if it is one of the study's.

        Raises:
            InputError: It is not.
        """
        return check_choice("dataset", dataset, self.datasets)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Sweep:
    """A list of runs that `python -m replication sweep NAME` makes.

    Attributes:
        name: What it is called.
        datasets: Its data sets, in turn.
        default: The data sets where none is asked for.
        seeds: Seeds of each run, where none is asked for.
        stages: Takes a data set and a number of seeds to the stages.
        about: What it is, in a few words.
        costs: Gives lines about what all of it costs.
    """

    name: str
    datasets: tuple[str, ...]
    default: tuple[str, ...]
    seeds: int
    stages: Callable[[str, int], Iterator[Stage]]
    about: str
    costs: Callable[[], Sequence[str]] = tuple


def in_turns(by_arm: Sequence[Sequence[Settings]]) -> list[Settings]:
    """Put the first run of every competitor first, then the second of every one, and so on."""
    longest = max(map(len, by_arm), default=0)
    return [runs[turn] for turn in range(longest) for runs in by_arm if turn < len(runs)]
