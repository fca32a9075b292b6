"""Version 1 of the search: successive halving over a grid."""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from replication.checks import check_choice
from replication.engine.settings import Settings
from replication.studies.abstract_search import AbstractSearch, Competitor, Length
from replication.studies.trials import Trial, best, leaders


@dataclasses.dataclass(frozen=True, kw_only=True)
class Arm(Competitor):
    """A competitor with a grid.

    Attributes:
        strengths: What the model's own settings may be.
        pretrain_rates: What the learning rate of pre-training may be; empty for what is no net.
    """

    strengths: tuple[Mapping[str, Any], ...] = ({},)
    pretrain_rates: tuple[float, ...] = ()


@dataclasses.dataclass(frozen=True, kw_only=True)
class Round:
    """One round of trials of the same length.

    Attributes:
        name: What it is called.
        length: How long its trials are.
        leaders: How many of the best pre-trainings of the round before take part, each fine-tuned
            at all rates; None is the first round, the whole grid.
    """

    name: str
    length: Length
    leaders: int | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class Search(AbstractSearch):
    """Successive halving over a grid, by the validation error alone.

    Attributes:
        arms: The competitors, by key.
        rounds: The rounds. The trials of all but the first are candidates in the end; all trials
            where there is one round only, and of what is no net.
        finetune_rates: What the learning rate of fine-tuning may be.
        later_rates: Data set -> the same after the first round, where it differs.
        longer_by: Data set -> how many times longer the rounds are there.
    """

    arms: Mapping[str, Arm]
    rounds: tuple[Round, ...]
    finetune_rates: tuple[float, ...]
    later_rates: Mapping[str, tuple[float, ...]] = dataclasses.field(default_factory=dict)
    longer_by: Mapping[str, int] = dataclasses.field(default_factory=dict)

    def arm(self, key: str) -> Arm:
        """Look a competitor up.

        Raises:
            InputError: There is no such competitor.
        """
        return self.arms[check_choice("arm", key, tuple(self.arms))]

    def rates_after_first(self, dataset: str) -> tuple[float, ...]:
        """Return the rates of fine-tuning that the trials after the first round try."""
        return self.later_rates.get(dataset, self.finetune_rates)

    def size(self, index: int, dataset: str, key: str) -> int:
        """Number of trials of a round, known before they are.

        Args:
            index: Number of the round, from 0.
            dataset: The data set.
            key: Key of the competitor.
        """
        count = self.rounds[index].leaders
        if count is None:
            return len(self.grid(dataset, key))
        return count * len(self.rates_after_first(dataset)) if self.arm(key).is_net else 0

    def grid(self, dataset: str, key: str) -> list[Settings]:
        """List the first round of a competitor: its whole grid.

        Args:
            dataset: The data set.
            key: Key of the competitor.

        Raises:
            InputError: A name is unknown.
        """
        arm = self.arm(key)
        trial: dict[str, Any] = {
            "dataset": dataset,
            "model": arm.model,
            "seed": self.seed,
            "evaluate_test": False,
        }
        if not arm.is_net:
            return [Settings(**trial, **strength) for strength in arm.strengths]
        return [
            Settings(
                **trial,
                **self.common,
                **self._length(0, dataset),
                **strength,
                units=(self.width,) * arm.depth,
                pretrain_learning_rate=pretrain_rate,
                finetune_learning_rate=finetune_rate,
            )
            for strength in arm.strengths
            for pretrain_rate in arm.pretrain_rates
            for finetune_rate in self.finetune_rates
        ]

    def trials(self, index: int, dataset: str, key: str) -> list[Settings]:
        """List the trials of a round, which the records of the round before decide.

        Args:
            index: Number of the round, from 0.
            dataset: The data set.
            key: Key of the competitor.

        Raises:
            InputError: A name is unknown, or trials of the round before have no record yet or all
                diverged.
        """
        count = self.rounds[index].leaders
        if count is None:
            return self.grid(dataset, key)
        if not self.arm(key).is_net:
            return []
        before = self.read(self.trials(index - 1, dataset, key))
        return [
            Settings(
                **{
                    **leader.to_dict(),
                    **self._length(index, dataset),
                    "finetune_learning_rate": rate,
                }
            )
            for leader in leaders(before, count)
            for rate in self.rates_after_first(dataset)
        ]

    def candidates(self, dataset: str, key: str) -> list[Settings]:
        """List the trials among which the setting is chosen in the end.

        Raises:
            InputError: As for `trials`.
        """
        later = [s for i in range(1, len(self.rounds)) for s in self.trials(i, dataset, key)]
        return later or self.grid(dataset, key)

    def decide(self, trials: Sequence[Trial]) -> Trial | None:
        """Choose the candidate with the smallest validation error; ties go to the earlier."""
        return next(iter(best(trials, 1)), None)

    def _length(self, index: int, dataset: str) -> dict[str, Any]:
        return self.rounds[index].length.times(self.longer_by.get(dataset, 1))
