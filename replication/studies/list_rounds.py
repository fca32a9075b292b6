"""Rounds of a search that repeat the best trial so far with one of its values changed."""

import abc
import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from replication.engine.settings import Settings

Tried = Sequence[Mapping[str, float]]
"""What differs between the trials of the first round, one after the other."""


@dataclasses.dataclass(frozen=True)
class OneRound:
    """A round whose trials are listed beforehand.

    Attributes:
        name: What it is called.
    """

    name: str


@dataclasses.dataclass(frozen=True)
class FurtherRound(abc.ABC):
    """A round that starts from the best trial of those before it.

    Attributes:
        name: What it is called.
    """

    name: str

    @abc.abstractmethod
    def size(self, tried: Tried) -> int:
        """Number of trials, at most.

        Args:
            tried: What the first round tries.
        """

    @abc.abstractmethod
    def trials(self, tried: Tried, leader: Settings) -> list[Settings]:
        """List the trials; some may have been made before.

        Args:
            tried: What the first round tried.
            leader: The best trial of all rounds before.
        """


@dataclasses.dataclass(frozen=True)
class Beyond(FurtherRound):
    """Goes beyond what was tried.

    Where the best trial has the largest or the smallest value of the first round, it is repeated
    with values farther out.

    Attributes:
        names: Settings of which more is tried.
        factors: How many times farther out.
    """

    names: tuple[str, ...]
    factors: tuple[float, ...]

    def size(self, tried: Tried) -> int:
        """As above."""
        return len(self.factors) * sum(name in tried[0] for name in self.names)

    def trials(self, tried: Tried, leader: Settings) -> list[Settings]:
        """As above."""
        found = []
        for name in (name for name in self.names if name in tried[0]):
            values, own = [one[name] for one in tried], getattr(leader, name)
            for factor in self.factors:
                if own in (max(values), min(values)):
                    found.append(_times(leader, name, factor if own == max(values) else 1 / factor))
        return found


@dataclasses.dataclass(frozen=True)
class OneByOne(FurtherRound):
    """Changes one value at a time, up and down.

    Attributes:
        factors: Setting -> how many times larger, and how many times smaller, it is tried.
    """

    factors: Mapping[str, float]

    def size(self, tried: Tried) -> int:
        """As above."""
        return 2 * len(list(self._changed(tried)))

    def trials(self, tried: Tried, leader: Settings) -> list[Settings]:
        """As above."""
        return [
            _times(leader, name, factor)
            for name in self._changed(tried)
            for factor in (self.factors[name], 1 / self.factors[name])
        ]

    def _changed(self, tried: Tried) -> Iterator[str]:
        return (name for name in self.factors if name in tried[0])


def _times(leader: Settings, name: str, factor: float) -> Settings:
    """The best trial with so many times a value, to three digits."""
    changed: dict[str, Any] = {name: float(f"{getattr(leader, name) * factor:.3g}")}
    return dataclasses.replace(leader, **changed)
