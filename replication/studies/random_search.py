"""Version 2 of the search: random settings at full length, the best ones again with other seeds."""

import dataclasses
import zlib
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from replication.engine.settings import Settings
from replication.studies.abstract_search import AbstractSearch, Competitor, Length
from replication.studies.space import OneOf, Range
from replication.studies.trials import Trial, best, but_for_seed


@dataclasses.dataclass(frozen=True, kw_only=True)
class RandomArm(Competitor):
    """A competitor whose settings are drawn.

    Attributes:
        space: Setting -> what it may be, in the order in which they are drawn.
        adam_rates: What the learning rate of pre-training may be where the optimiser drawn is Adam.
    """

    space: Mapping[str, Range | OneOf]
    adam_rates: Range | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class Draws:
    """A round of settings that are drawn.

    Attributes:
        name: What it is called.
        length: How long its trials are.
        count: How many settings.
        beyond: Whether they are drawn from the ranges as widened at the edges where a choice lies;
            there is none where no choice lies at an edge.
    """

    name: str
    length: Length
    count: int
    beyond: bool = False


@dataclasses.dataclass(frozen=True, kw_only=True)
class Repeats:
    """A round of the best settings of the round before, with other seeds.

    Attributes:
        name: What it is called.
        length: How long its trials are.
        leaders: How many settings.
        seeds: How many seeds of each.
    """

    name: str
    length: Length
    leaders: int
    seeds: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class RandomSearch(AbstractSearch):
    """Random search at full length, and the choice by the mean over seeds.

    Attributes:
        arms: The competitors, by key.
        rounds: Draws and repeats in turns. Repeats are the candidates in the end.
        final_length: How long a final run is.
        finetune_longer: Data set -> how many times longer fine-tuning is there.
        widen_by: How far a range is widened at an edge.
        draw_seed: Seed of the draws. More draws begin with the same ones.
    """

    arms: Mapping[str, RandomArm]
    rounds: tuple[Draws | Repeats, ...]
    final_length: Length
    finetune_longer: Mapping[str, int] = dataclasses.field(default_factory=dict)
    widen_by: float = 3.0
    draw_seed: int = 0

    def size(self, index: int, dataset: str, key: str) -> int:
        """Number of trials of a round, or the largest it may be, known before they are."""
        this = self.rounds[index]
        return this.count if isinstance(this, Draws) else this.leaders * this.seeds

    def trials(self, index: int, dataset: str, key: str) -> list[Settings]:
        """List the trials of a round, which the records of the rounds before decide."""
        this = self.rounds[index]
        if isinstance(this, Draws):
            spaces = self.widened_spaces(index, dataset) if this.beyond else self.arms
            length = self._lasting(this.length, dataset, key)
            drawn = self._draws(dataset, key, spaces, index)
            return [Settings(**values, **length) for values in drawn]
        before = self.trials(index - 1, dataset, key)
        if not before:
            return []
        return [
            Settings(
                **{
                    **leader.settings.to_dict(),
                    **self._lasting(this.length, dataset, key),
                    "seed": self.seed + 1 + turn,
                }
            )
            for leader in best(self.read(before), this.leaders)
            for turn in range(this.seeds)
        ]

    def candidates(self, dataset: str, key: str) -> list[Settings]:
        """List the repeats, among which the setting is chosen in the end."""
        return self._repeated(dataset, key, len(self.rounds))

    def decide(self, trials: Sequence[Trial]) -> Trial | None:
        """Choose the setting with the smallest mean over seeds; ties go to the one drawn earlier.

        A setting of which one seed diverged is out.
        """
        groups: dict[str, list[Trial]] = {}
        for trial in trials:
            groups.setdefault(but_for_seed(trial.settings), []).append(trial)
        means = [
            Trial(group[0].settings, float(np.mean([t.valid_error for t in group])))
            for group in groups.values()
        ]
        return next(iter(best(means, 1)), None)

    def final(self, dataset: str, key: str) -> Mapping[str, Any]:
        """Return the length of a final run."""
        return self._lasting(self.final_length, dataset, key)

    def edges(self, dataset: str, rounds: int | None = None) -> dict[str, dict[str, str]]:
        """Name the choices that lie at an edge of their range: competitor -> setting -> end.

        Args:
            dataset: The data set.
            rounds: Choose after so many rounds; None is all.

        Raises:
            InputError: Trials have no record yet, or all of a competitor diverged.
        """
        found: dict[str, dict[str, str]] = {}
        count = len(self.rounds) if rounds is None else rounds
        for key, arm in self.arms.items():
            chosen = self.decide(self.read(self._repeated(dataset, key, count)))
            if chosen is None:
                continue
            for name, allowed in self._ranges(arm, chosen.settings).items():
                if end := allowed.edge(getattr(chosen.settings, name)):
                    found.setdefault(key, {})[name] = end
        return found

    def widened_spaces(self, index: int, dataset: str) -> dict[str, RandomArm]:
        """Return the competitors with ranges widened wherever a choice so far lies at an edge.

        A range is widened for all competitors that have it.

        Args:
            index: Number of the round that draws from them.
            dataset: The data set.

        Raises:
            InputError: Trials have no record yet, or all of a competitor diverged.
        """
        ends = {
            (name, end, self._uses_adam(dataset, key, index) and name == _RATE)
            for key, places in self.edges(dataset, index).items()
            for name, end in places.items()
        }
        spaces = {}
        for key, arm in self.arms.items():
            space, adam = dict(arm.space), arm.adam_rates
            for name, end, of_adam in sorted(ends):
                allowed = adam if of_adam else space.get(name)
                if not isinstance(allowed, Range):
                    continue
                if of_adam:
                    adam = allowed.widened(end, self.widen_by)
                else:
                    space[name] = allowed.widened(end, self.widen_by)
            if ends:  # all of them draw again, so that all have the same budget
                spaces[key] = dataclasses.replace(arm, space=space, adam_rates=adam)
        return spaces

    def _repeated(self, dataset: str, key: str, rounds: int) -> list[Settings]:
        return [
            settings
            for index in range(rounds)
            if isinstance(self.rounds[index], Repeats)
            for settings in self.trials(index, dataset, key)
        ]

    def _uses_adam(self, dataset: str, key: str, rounds: int) -> bool:
        chosen = self.decide(self.read(self._repeated(dataset, key, rounds)))
        return chosen is not None and chosen.settings.pretrain_optimizer == "adam"

    def _ranges(self, arm: RandomArm, settings: Settings) -> dict[str, Range]:
        ranges = {name: r for name, r in arm.space.items() if isinstance(r, Range)}
        if settings.pretrain_optimizer == "adam" and arm.adam_rates is not None:
            ranges[_RATE] = arm.adam_rates
        return ranges

    def _draws(
        self, dataset: str, key: str, spaces: Mapping[str, RandomArm], index: int
    ) -> list[dict[str, Any]]:
        """Draw settings one after the other: more of them begin with the same ones."""
        this = self.rounds[index]
        if key not in spaces or not isinstance(this, Draws):
            return []
        arm = spaces[key]
        generator = np.random.default_rng([self.draw_seed, zlib.crc32(key.encode()), index])
        found = []
        for turn in range(this.count):
            values: dict[str, Any] = {}
            stride = 1  # so that several choices go through all of their combinations
            for name, what in arm.space.items():
                if isinstance(what, OneOf):
                    values[name] = what.values[turn // stride % len(what.values)]
                    stride *= len(what.values)
                else:
                    values[name] = what.draw(generator.random())
            if values.get("pretrain_optimizer") == "adam" and arm.adam_rates is not None:
                values[_RATE] = arm.adam_rates.draw(generator.random())
            found.append(
                {
                    **self.common,
                    "dataset": dataset,
                    "model": arm.model,
                    "units": (self.width,) * arm.depth,
                    "seed": self.seed,
                    "evaluate_test": False,
                    **values,
                }
            )
        return found

    def _lasting(self, length: Length, dataset: str, key: str) -> dict[str, Any]:
        epochs: dict[str, Any] = length.times(1)
        longer = self.finetune_longer.get(dataset, 1)
        for name in ("finetune_epochs", "finetune_patience"):
            epochs[name] *= longer
        if not self.arms[key].is_pretrained:
            epochs["pretrain_epochs"] = 0
        return epochs


_RATE = "pretrain_learning_rate"
