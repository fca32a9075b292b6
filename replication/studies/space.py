"""What a setting may be in a random search: a range of numbers, or one of several choices."""

import dataclasses
import math
from typing import Any

_DIGITS = 3  # significant ones of what is drawn
_EDGE = 0.1  # share of a range at either end that counts as its edge


@dataclasses.dataclass(frozen=True, kw_only=True)
class Range:
    """What a number may be.

    Attributes:
        low, high: Smallest and largest value.
        log: Drawn evenly on a logarithmic scale, else evenly.
        most: Where the range may never be widened to, such as a probability of 1.
    """

    low: float
    high: float
    log: bool = True
    most: float = math.inf

    def draw(self, share: float) -> float:
        """Return the value so far up in the range, of three significant digits.

        Args:
            share: From 0 to 1.
        """
        if self.log:
            value = self.low * (self.high / self.low) ** share
        else:
            value = self.low + share * (self.high - self.low)
        return float(f"{value:.{_DIGITS}g}")

    def edge(self, value: float) -> str:
        """Say at which end a value lies: "low", "high" or, between its outer tenths, ""."""
        if self.log:
            share = math.log(value / self.low) / math.log(self.high / self.low)
        else:
            share = (value - self.low) / (self.high - self.low)
        return "low" if share < _EDGE else "high" if share > 1 - _EDGE else ""

    def widened(self, end: str, factor: float) -> "Range":
        """Return the range with one end moved out.

        Args:
            end: "low" or "high".
            factor: How many times the end is moved; a range that is even moves by its own width
                over the factor.
        """
        step = (self.high - self.low) / factor
        if end == "low":
            low = self.low / factor if self.log else max(0.0, self.low - step)
            return dataclasses.replace(self, low=low)
        high = self.high * factor if self.log else self.high + step
        return dataclasses.replace(self, high=min(high, self.most))


@dataclasses.dataclass(frozen=True)
class OneOf:
    """What a choice may be; the possibilities come up in turn, so that none is missed by chance.

    Attributes:
        values: The possibilities.
    """

    values: tuple[Any, ...]
