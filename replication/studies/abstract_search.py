"""What a search protocol is: who competes, in which rounds, and how one setting is chosen."""

import abc
import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from replication.engine.records import missing
from replication.engine.settings import Settings
from replication.kinds import kind_of
from replication.studies.trials import Trial, read_recorded_trials


@dataclasses.dataclass(frozen=True, kw_only=True)
class Length:
    """How long a run is.

    Attributes:
        pretrain_epochs: Epochs of pre-training, of each layer.
        finetune_epochs: Epochs of fine-tuning, at most.
        finetune_patience: Epochs without a smaller validation error before it stops.
    """

    pretrain_epochs: int
    finetune_epochs: int
    finetune_patience: int

    def times(self, factor: int) -> dict[str, int]:
        """Return the settings of a run that is so many times as long."""
        return {name: factor * epochs for name, epochs in dataclasses.asdict(self).items()}


@dataclasses.dataclass(frozen=True, kw_only=True)
class Competitor:
    """One competitor: a row of Table 1 or a column of Table 2.

    Attributes:
        key: What it is called.
        model: Key of its model.
        depth: Number of layers.
        is_pretrained: Whether it is pre-trained at all.
    """

    key: str
    model: str
    depth: int = 1
    is_pretrained: bool = True

    @property
    def is_net(self) -> bool:
        """Whether it is fine-tuned, and differs from seed to seed."""
        return kind_of(self.model).is_net

    @property
    def place(self) -> tuple[object, ...]:
        """What no other competitor of a search has."""
        return (self.model, self.depth, self.is_pretrained)

    def has(self, settings: Settings) -> bool:
        """Say whether a run is one of its runs."""
        pretrained = settings.pretrain_epochs > 0
        place = (settings.model, settings.depth)
        return place == (self.model, self.depth) and (
            pretrained == self.is_pretrained or not self.is_net
        )


@dataclasses.dataclass(frozen=True, kw_only=True)
class AbstractSearch(abc.ABC):
    """A protocol: rounds of trials, judged by the validation error alone.

    Attributes:
        version: Version of the protocol. Another version is another value with other selections.
        study: Name of the study whose sweep makes the trials.
        experiment: Name of the trials' experiment in the store.
        width: Hidden units of every layer.
        common: Settings that all trials of nets share.
        seed: Seed of the trials, and of no final run.
        arms: The competitors, by key.
        rounds: The rounds, each with a `name`.
    """

    version: int
    study: str
    experiment: str
    width: int
    common: Mapping[str, Any]
    seed: int
    arms: Mapping[str, Any]
    rounds: tuple[Any, ...]

    def __post_init__(self) -> None:
        places: dict[tuple[object, ...], str] = {}
        for key, arm in self.arms.items():
            if arm.place in places:
                raise ValueError(
                    "a run belongs to one competitor, by its model, its depth and whether it is "
                    f"pre-trained; {places[arm.place]} and {key} have the same"
                )
            places[arm.place] = key

    @abc.abstractmethod
    def size(self, index: int, dataset: str, key: str) -> int:
        """Number of trials of a round, or the largest it may be, known before they are.

        Args:
            index: Number of the round, from 0.
            dataset: The data set.
            key: Key of the competitor.
        """

    @abc.abstractmethod
    def trials(self, index: int, dataset: str, key: str) -> list[Settings]:
        """List the trials of a round, which the records of the rounds before decide.

        Args:
            index: Number of the round, from 0.
            dataset: The data set.
            key: Key of the competitor.

        Raises:
            InputError: A name is unknown, or trials of a round before have no record yet or all
                diverged.
        """

    @abc.abstractmethod
    def candidates(self, dataset: str, key: str) -> list[Settings]:
        """List the trials among which the setting is chosen in the end.

        Raises:
            InputError: As for `trials`.
        """

    @abc.abstractmethod
    def decide(self, trials: Sequence[Trial]) -> Trial | None:
        """Choose among candidates; None if all of them diverged.

        Args:
            trials: The candidates, in the order that breaks a tie.

        Returns:
            The setting, as one of its trials, and the validation error by which it was chosen.
        """

    def final(self, dataset: str, key: str) -> Mapping[str, Any]:
        """Return what a final run has otherwise than the trial that was chosen.

        Args:
            dataset: The data set.
            key: Key of the competitor.
        """
        return {}

    def is_finished(self, dataset: str, key: str, rounds: int | None = None) -> bool:
        """Say whether all trials of a competitor have been made.

        Args:
            dataset: The data set.
            key: Key of the competitor.
            rounds: Look at the first so many rounds; None is all.

        Raises:
            InputError: A name is unknown, a record is damaged, or all trials diverged.
        """
        return not any(
            missing(self.trials(index, dataset, key), self.experiment)
            for index in range(len(self.rounds) if rounds is None else rounds)
        )

    def choose(self, dataset: str, key: str) -> Settings:
        """Choose a competitor's setting among its candidates.

        Raises:
            InputError: A name is unknown, or trials have no record yet or all diverged.
        """
        chosen = self.decide(self.read(self.candidates(dataset, key)))
        assert chosen is not None  # `read` refuses trials that all diverged
        return chosen.settings

    def read(self, wanted: Sequence[Settings]) -> list[Trial]:
        """Read trials, all of which must have been made.

        Raises:
            InputError: A trial has no record yet, or all of them diverged.
        """
        return read_recorded_trials(wanted, self.experiment, self.study)
