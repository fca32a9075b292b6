"""A search whose trials are all listed beforehand; the best one is taken."""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from replication.checks import check_choice
from replication.engine.settings import Settings
from replication.studies.abstract_search import AbstractSearch, Competitor
from replication.studies.trials import Trial, best


@dataclasses.dataclass(frozen=True, kw_only=True)
class ListedArm(Competitor):
    """A competitor with a list of trials.

    Attributes:
        fixed: Settings that all of its runs share, beside those of the search.
        above_zero: Setting -> whether it is above 0 in all of its runs; each competitor of a search
            says it of the same settings.
        tried: What differs between its trials, one after the other.
    """

    fixed: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    above_zero: Mapping[str, bool] = dataclasses.field(default_factory=dict)
    tried: tuple[Mapping[str, Any], ...]

    @property
    def place(self) -> tuple[object, ...]:
        """What no other competitor has."""
        told_by = {**self.fixed, **self.above_zero}
        return (*super().place, *sorted(told_by.items(), key=lambda item: item[0]))

    def has(self, settings: Settings) -> bool:
        """Say whether a run is one of its runs."""
        return (
            super().has(settings)
            and all(getattr(settings, name) == value for name, value in self.fixed.items())
            and all((getattr(settings, n) > 0) == is_so for n, is_so in self.above_zero.items())
        )


@dataclasses.dataclass(frozen=True)
class OneRound:
    """The only round.

    Attributes:
        name: What it is called.
    """

    name: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class ListSearch(AbstractSearch):
    """Every trial is listed beforehand; ties go to the earlier.

    Attributes:
        arms: The competitors, by key.
        rounds: One.
    """

    arms: Mapping[str, ListedArm]
    rounds: tuple[OneRound, ...]

    def size(self, index: int, dataset: str, key: str) -> int:
        """Number of trials of a round, known before they are."""
        return len(self.trials(index, dataset, key))

    def trials(self, index: int, dataset: str, key: str) -> list[Settings]:
        """List the trials of a competitor.

        Args:
            index: 0, there is one round.
            dataset: The data set.
            key: Key of the competitor.

        Raises:
            InputError: A name is unknown.
        """
        arm = self.arms[check_choice("arm", key, tuple(self.arms))]
        return [
            Settings(
                **{
                    **self.common,
                    "dataset": dataset,
                    "model": arm.model,
                    "units": (self.width,) * arm.depth,
                    "seed": self.seed,
                    "evaluate_test": False,
                    **arm.fixed,
                    **tried,
                }
            )
            for tried in arm.tried
        ]

    def candidates(self, dataset: str, key: str) -> list[Settings]:
        """List the trials, all of which are candidates."""
        return self.trials(0, dataset, key)

    def decide(self, trials: Sequence[Trial]) -> Trial | None:
        """Choose the trial with the smallest validation error."""
        return next(iter(best(trials, 1)), None)
