"""Rules as values: each carries its own text and judges by it."""

import abc
import dataclasses

from replication.verdicts.outcome import Outcome
from replication.verdicts.statistics import Estimate


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

    @abc.abstractmethod
    def judge(self, estimate: Estimate) -> Outcome:
        """Judge an estimate by its whole interval, which decides nothing if it is NaN.

        Args:
            estimate: The estimate with its interval.
        """


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

    def judge(self, estimate: Estimate) -> Outcome:
        """Judge "larger than the bound"."""
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

    def judge(self, estimate: Estimate) -> Outcome:
        """Judge "smaller than the bound"."""
        turned = Estimate(-estimate.value, -estimate.high, -estimate.low)
        return Above(bound=-self.bound).judge(turned)


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

    def judge(self, estimate: Estimate) -> Outcome:
        """Judge "about": inside the bounds with the whole interval."""
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

    def judge(self, estimate: Estimate) -> Outcome:
        """Judge "about the same"."""
        return Between(low=1 / self.factor, high=self.factor).judge(estimate)


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

    def judge(self, estimate: Estimate) -> Outcome:
        """Judge "matches or exceeds"."""
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

    def judge(self, estimate: Estimate) -> Outcome:
        """Judge "correlates strongly"; a weaker one that is certain counts in part."""
        if estimate.high < self.bound:
            return Outcome.NOT_REPRODUCED
        if not estimate.low > 0:  # nor where there is no interval
            return Outcome.CANNOT_TELL
        return Outcome.REPRODUCED if estimate.value >= self.bound else Outcome.PARTLY


@dataclasses.dataclass(frozen=True, kw_only=True)
class OnMost(Rule):
    """A count above half.

    Attributes:
        sets: Out of how many.
    """

    sets: int

    @property
    def text(self) -> str:
        """The rule in words."""
        return f"the count {self._lies} even if undecided ones are lost"

    @property
    def _lies(self) -> str:
        return f"lies above half of the {self.sets} sets"

    def judge(self, estimate: Estimate) -> Outcome:
        """Judge "on most": the interval counts undecided ones as lost, and then as won."""
        return Above(bound=self.sets / 2).judge(estimate)
