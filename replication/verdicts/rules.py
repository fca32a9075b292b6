"""Rules as values: each carries its own text and judges by it."""

import abc
import dataclasses
from typing import ClassVar

from replication.verdicts.estimate import ALPHA, Estimate
from replication.verdicts.outcome import Outcome

_HALVINGS = 50  # of the interval in which a p value lies


@dataclasses.dataclass(frozen=True, kw_only=True)
class Rule(abc.ABC):
    """When a comparison counts as reproduced.

    Attributes:
        over: What the interval comes from ("seeds", "rounds"); empty where seeds and test set both
            enter, as for errors.
        because: Why the bound is what it is; may be empty.
    """

    over: str = ""
    because: str = ""
    is_on_effect: ClassVar[bool] = True  # False: the estimate is a probability, and has no size

    @property
    def text(self) -> str:
        """The rule in words."""
        over = f" over {self.over}" if self.over else ""
        because = f": {self.because}" if self.because else ""
        return f"the 95 % interval{over} {self._lies}{because}"

    @property
    @abc.abstractmethod
    def _lies(self) -> str:
        """Where the interval has to lie, in words."""

    def judge(self, estimate: Estimate, alpha: float = ALPHA) -> Outcome:
        """Judge an estimate by its whole interval, which decides nothing if it is NaN.

        Args:
            estimate: The estimate.
            alpha: Share of such intervals that miss the truth.
        """
        return self._judge(estimate.at(alpha))

    def p_value(self, estimate: Estimate) -> float:
        """Compute the smallest share of missing intervals at which anything is decided.

        Of Student's interval and a bound it is the p value of the usual t test. 1 where nothing
        would be decided at any level.

        Args:
            estimate: The estimate.
        """
        low, high = 0.0, 1.0
        for _ in range(_HALVINGS):
            middle = (low + high) / 2
            if self.judge(estimate, middle) is Outcome.CANNOT_TELL:
                low = middle
            else:
                high = middle
        return high

    @abc.abstractmethod
    def _judge(self, estimate: Estimate) -> Outcome:
        """Judge by the interval that the estimate has."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Above(Rule):
    """Larger than a bound.

    Attributes:
        bound: The bound.
    """

    bound: float

    @property
    def _lies(self) -> str:
        return f"lies above {self.bound:g}"

    def _judge(self, estimate: Estimate) -> Outcome:
        if estimate.low > self.bound:
            return Outcome.REPRODUCED
        if estimate.high < self.bound:
            return Outcome.NOT_REPRODUCED
        return Outcome.CANNOT_TELL


@dataclasses.dataclass(frozen=True, kw_only=True)
class Below(Rule):
    """Smaller than a bound.

    Attributes:
        bound: The bound.
    """

    bound: float

    @property
    def _lies(self) -> str:
        return f"lies below {self.bound:g}"

    def _judge(self, estimate: Estimate) -> Outcome:
        turned = Estimate(-estimate.value, -estimate.high, -estimate.low)
        return Above(bound=-self.bound)._judge(turned)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Between(Rule):
    """Between two bounds.

    Attributes:
        low, high: The bounds.
    """

    low: float
    high: float

    @property
    def _lies(self) -> str:
        return f"lies within {self.low:g} and {self.high:g}"

    def _judge(self, estimate: Estimate) -> Outcome:
        if self.low <= estimate.low and estimate.high <= self.high:
            return Outcome.REPRODUCED
        if estimate.high < self.low or estimate.low > self.high:
            return Outcome.NOT_REPRODUCED
        return Outcome.CANNOT_TELL


@dataclasses.dataclass(frozen=True, kw_only=True)
class AboutOne(Rule):
    """Within a factor of 1.

    Attributes:
        factor: The factor, above 1.
    """

    factor: float

    @property
    def _lies(self) -> str:
        return f"lies within a factor {self.factor:g} of 1"

    def _judge(self, estimate: Estimate) -> Outcome:
        return Between(low=1 / self.factor, high=self.factor)._judge(estimate)


@dataclasses.dataclass(frozen=True, kw_only=True)
class NotBelow(Rule):
    """Matches or exceeds 0: not worse than by a margin, and not shown to be worse at all.

    Attributes:
        margin: What still counts as a match, at least 0.
        whose: Whose test set could resolve the margin, in words.
    """

    margin: float
    whose: str

    @property
    def _lies(self) -> str:
        return (
            f"lies above -{self.margin:.2f}, what {self.whose} test set could resolve, and is not "
            "wholly below 0"
        )

    def _judge(self, estimate: Estimate) -> Outcome:
        if estimate.high < 0:
            return Outcome.NOT_REPRODUCED
        return Outcome.REPRODUCED if estimate.low > -self.margin else Outcome.CANNOT_TELL


@dataclasses.dataclass(frozen=True, kw_only=True)
class Strongly(Rule):
    """A strong correlation.

    Attributes:
        bound: The correlation from which it counts as strong.
    """

    bound: float

    @property
    def text(self) -> str:
        """The rule in words."""
        return (
            f"the correlation is at least {self.bound:g} and its 95 % interval {self._lies}; not "
            f"reproduced if the interval lies below {self.bound:g}"
        )

    @property
    def _lies(self) -> str:
        return "lies above 0"

    def _judge(self, estimate: Estimate) -> Outcome:
        if estimate.high < self.bound:
            return Outcome.NOT_REPRODUCED
        if not estimate.low > 0:  # nor where there is no interval
            return Outcome.CANNOT_TELL
        return Outcome.REPRODUCED if estimate.value >= self.bound else Outcome.PARTLY


@dataclasses.dataclass(frozen=True, kw_only=True)
class ProbablyOn(Rule):
    """True on at least so many of several sets; the estimate is the probability of that.

    Attributes:
        count: On how many.
        sets: Out of how many.
        certain: The probability from which it is certain.
    """

    is_on_effect: ClassVar[bool] = False
    count: int
    sets: int
    certain: float = 0.95

    @property
    def text(self) -> str:
        """The rule in words."""
        return (
            f"the probability of at least {self.count} of {self.sets} sets {self._lies}; not "
            f"reproduced if it is at most {1 - self.certain:.2g}"
        )

    @property
    def _lies(self) -> str:
        return f"is at least {self.certain:g}"

    def p_value(self, estimate: Estimate) -> float:
        """Compute twice the probability of the less likely answer."""
        return 2 * min(estimate.value, 1 - estimate.value)

    def _judge(self, estimate: Estimate) -> Outcome:
        if estimate.value >= self.certain:
            return Outcome.REPRODUCED
        return Outcome.NOT_REPRODUCED if estimate.value <= 1 - self.certain else Outcome.CANNOT_TELL
