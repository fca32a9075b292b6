"""What a verdict is, and the comparisons that it consists of."""

import dataclasses
from enum import StrEnum

from replication.paper import DATASET_LABELS
from replication.verdicts.estimate import ALPHA, Estimate, exactly
from replication.verdicts.outcome import ALL, Combination, Outcome
from replication.verdicts.rules import Rule

# What a comparison may be about besides the paper's data sets.
_ELSEWHERE = {
    "all": "all sets of Table 2",
    "digits": "the embedded 8x8 digits",
    "fashion-mnist": "Fashion-MNIST",
    "benchmark": "our benchmark of speed",
}


class Direction(StrEnum):
    """Which way a comparison points."""

    CERTAIN = "certain"
    LEANING = "leaning"
    NONE = "none"
    AGAINST = "against"


class Size(StrEnum):
    """Where the printed number lies with respect to our interval."""

    INSIDE = "as printed"
    SMALLER = "smaller than printed"
    LARGER = "larger than printed"
    OPPOSITE = "opposite to the printed one"


class Equivalence(StrEnum):
    """Whether two errors are the same for practical purposes."""

    EQUAL = "equal"
    DIFFERENT = "different"
    OPEN = "open"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Part:
    """One comparison that a claim consists of.

    Attributes:
        dataset: Key of the data set, "all" for a count over those of Table 2, or "benchmark" for
            a measurement of speed.
        statement: What was compared, in words.
        rule: When it counts as reproduced.
        estimate: The estimate with its 95 % interval.
        unit: Unit of the estimate: "points", "times", "share", ...; may be empty.
        paper: The same number from the paper's own table or figure, with the noise of the paper's
            test set where it is of errors; None where the paper has none.
        neutral: The number that would mean "no difference".
        margin: Two errors that differ by less are the same for practical purposes; None where the
            comparison is not of errors.
        is_papers: Whether the paper makes this comparison. One that is ours alone is shown, and
            counts in no verdict.
        note: What else should be known, such as the seeds that would be needed; may be empty.
        records: Ids of the records that were used, or the name of the file of measurements.
        has_enough_seeds: Whether there are enough for the rule to decide anything.
        alpha: Share of missing intervals at which it is judged; smaller where its claim has several
            comparisons (Holm).
    """

    dataset: str
    statement: str
    rule: Rule
    estimate: Estimate
    unit: str = ""
    paper: Estimate | None = None
    neutral: float = 0.0
    margin: float | None = None
    is_papers: bool = True
    note: str = ""
    records: tuple[str, ...] = ()
    has_enough_seeds: bool = True
    alpha: float = ALPHA

    @property
    def p_value(self) -> float:
        """Smallest share of missing intervals at which the rule decides anything."""
        return self.rule.p_value(self.estimate) if self.has_enough_seeds else 1.0

    @property
    def decided(self) -> Outcome:
        """What the rule says of the estimate alone."""
        if not self.has_enough_seeds:
            return Outcome.CANNOT_TELL
        return self.rule.judge(self.estimate, self.alpha)

    @property
    def outcome(self) -> Outcome:
        """What the comparison says.

        As the rule says; where that decides nothing, and an effect of the printed size is excluded,
        it is not reproduced.
        """
        decided = self.decided
        if decided is Outcome.CANNOT_TELL and self.has_enough_seeds and self._excludes_the_printed:
            return Outcome.NOT_REPRODUCED
        return decided

    @property
    def papers_outcome(self) -> Outcome | None:
        """What the same rule says of the paper's own number; None where it has none."""
        return None if self.paper is None else self.rule.judge(self.paper)

    @property
    def counts(self) -> bool:
        """Whether it enters the verdict: the paper makes it, and does not contradict itself."""
        return self.is_papers and self.papers_outcome is not Outcome.NOT_REPRODUCED

    @property
    def direction(self) -> Direction:
        """Which way it points."""
        decided = self.decided
        if decided in (Outcome.REPRODUCED, Outcome.PARTLY):
            return Direction.CERTAIN
        if decided is Outcome.NOT_REPRODUCED:
            return Direction.AGAINST
        leans = self.rule.judge(exactly(self.estimate.value))
        return Direction.LEANING if leans is Outcome.REPRODUCED else Direction.NONE

    @property
    def size(self) -> Size | None:
        """Where the printed number lies; None without one, or where the estimate is no effect."""
        if self.paper is None or not self.rule.is_on_effect:
            return None
        found = self.estimate.at(self.alpha)
        low, high = found.low - self.neutral, found.high - self.neutral
        printed = self.paper.value - self.neutral
        if printed < 0:
            low, high, printed = -high, -low, -printed
        if low <= printed <= high:
            return Size.INSIDE
        if low > printed:
            return Size.LARGER
        if high < 0:
            return Size.OPPOSITE
        return Size.SMALLER if high < printed else None

    @property
    def equivalence(self) -> Equivalence | None:
        """Whether the errors are the same for practical purposes; None if it is not of errors."""
        if self.margin is None:
            return None
        low, high = self.estimate.low, self.estimate.high
        if -self.margin <= low and high <= self.margin:
            return Equivalence.EQUAL
        if low > self.margin or high < -self.margin:
            return Equivalence.DIFFERENT
        return Equivalence.OPEN

    @property
    def where(self) -> str:
        """What the comparison is about: the data set's name, or what stands in its place."""
        return place_label(self.dataset)

    @property
    def _excludes_the_printed(self) -> bool:
        return self.size in (Size.SMALLER, Size.OPPOSITE)


def place_label(dataset: str) -> str:
    """Name what a comparison is about.

    Args:
        dataset: As `Part.dataset`.
    """
    return {**DATASET_LABELS, **_ELSEWHERE}[dataset]


@dataclasses.dataclass(frozen=True)
class Verdict:
    """The judgement of one claim.

    Attributes:
        claim: Number of the claim.
        parts: The comparisons that could be made.
        missing: What the claim also speaks of and no record bears on, in words.
        combination: How the comparisons make the verdict.
    """

    claim: int
    parts: tuple[Part, ...]
    missing: tuple[str, ...] = ()
    combination: Combination = ALL

    @property
    def counted(self) -> tuple[Part, ...]:
        """The comparisons that enter the verdict.

        Those that the paper makes and its own numbers do not contradict; where they contradict
        them all, those that it makes.
        """
        sound = tuple(part for part in self.parts if part.counts)
        return sound or tuple(part for part in self.parts if part.is_papers)

    @property
    def outcome(self) -> Outcome:
        """The verdict on the comparisons that could be judged."""
        return self.combination.outcome([part.outcome for part in self.counted])

    @property
    def agreeing(self) -> int:
        """Number of comparisons in the verdict that agree with the paper."""
        return sum(part.outcome is Outcome.REPRODUCED for part in self.counted)

    @property
    def papers_outcome(self) -> Outcome | None:
        """What the rules say of the paper's own numbers; None where it has none."""
        found = [part.papers_outcome for part in self.parts if part.is_papers]
        known = [outcome for outcome in found if outcome is not None]
        return self.combination.outcome(known) if known else None

    @property
    def is_final(self) -> bool:
        """Whether every part of the claim could be judged."""
        return bool(self.parts) and not self.missing
