"""The search of the study of tangents: a list of trials for each arm, the best one is taken."""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from replication.checks import check_choice
from replication.engine.settings import Settings
from replication.studies.abstract_search import AbstractSearch, Competitor
from replication.studies.trials import Trial, best


@dataclasses.dataclass(frozen=True, kw_only=True)
class Arm(Competitor):
    """The same pre-trained encoder, fine-tuned on so many labels, with tangents or without.

    Attributes:
        labels: Number of labelled examples.
        has_tangents: Whether tangents are propagated.
        tried: What differs between its trials, one after the other.
    """

    labels: int
    has_tangents: bool
    tried: tuple[Mapping[str, Any], ...]

    @property
    def place(self) -> tuple[object, ...]:
        """What no other competitor has."""
        return (*super().place, self.labels, self.has_tangents)

    def has(self, settings: Settings) -> bool:
        """Say whether a run is one of its runs."""
        asked = (settings.finetune_examples, settings.tangents > 0)
        return super().has(settings) and asked == (self.labels, self.has_tangents)


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

    arms: Mapping[str, Arm]
    rounds: tuple[OneRound, ...]

    def size(self, index: int, dataset: str, key: str) -> int:
        """Number of trials of a round, known before they are."""
        return len(self.trials(index, dataset, key))

    def trials(self, index: int, dataset: str, key: str) -> list[Settings]:
        """List the trials of an arm.

        Args:
            index: 0, there is one round.
            dataset: The data set.
            key: Key of the arm.

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
                    "finetune_examples": arm.labels,
                    "evaluate_test": False,
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
