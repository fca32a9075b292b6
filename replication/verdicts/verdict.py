"""What a verdict is, and how the parts of one make a whole."""

import dataclasses
from collections.abc import Sequence
from enum import StrEnum

from replication.paper import DATASET_LABELS
from replication.verdicts.statistics import Estimate

# What a comparison may be about besides the paper's data sets.
_ELSEWHERE = {
    "all": "all sets of Table 2",
    "digits": "the embedded 8x8 digits",
    "fashion-mnist": "Fashion-MNIST",
    "benchmark": "our benchmark of speed",
}


class Outcome(StrEnum):
    """The four verdicts, and the absence of one."""

    REPRODUCED = "reproduced"
    PARTLY = "partly"
    NOT_REPRODUCED = "not reproduced"
    CANNOT_TELL = "cannot tell"
    NO_RECORDS = "no records yet"


@dataclasses.dataclass(frozen=True)
class Part:
    """One comparison that a claim consists of.

    Attributes:
        dataset: Key of the data set, "all" for a count over those of Table 2, or "benchmark" for
            a measurement of speed.
        statement: What was compared, in words.
        rule: When the part counts as reproduced, in words.
        estimate: The estimate with its 95 % interval.
        unit: Unit of the estimate: "points", "times", "share", ...; may be empty.
        outcome: What the rule says of the estimate.
        paper: The same number from the paper's own table or figure, None where it has none.
        note: What else should be known, such as the seeds that would be needed; may be empty.
        records: Ids of the records that were used, or the name of the file of measurements.
    """

    dataset: str
    statement: str
    rule: str
    estimate: Estimate
    unit: str
    outcome: Outcome
    paper: float | None = None
    note: str = ""
    records: tuple[str, ...] = ()

    @property
    def where(self) -> str:
        """What the comparison is about: the data set's name, or what stands in its place."""
        return place_label(self.dataset)


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
    """

    claim: int
    parts: tuple[Part, ...]
    missing: tuple[str, ...] = ()

    @property
    def outcome(self) -> Outcome:
        """The verdict on the parts that could be judged."""
        return combine([part.outcome for part in self.parts])

    @property
    def is_final(self) -> bool:
        """Whether every part of the claim could be judged."""
        return bool(self.parts) and not self.missing


def combine(outcomes: Sequence[Outcome]) -> Outcome:
    """Judge a claim by its parts.

    All alike: that. Some reproduced and some not, or some open: partly. None reproduced and one
    contradicted: not reproduced.

    Args:
        outcomes: Verdicts on the parts.
    """
    kinds = set(outcomes)
    if not kinds:
        return Outcome.NO_RECORDS
    if len(kinds) == 1:
        return kinds.pop()
    if kinds & {Outcome.REPRODUCED, Outcome.PARTLY}:
        return Outcome.PARTLY
    return Outcome.NOT_REPRODUCED


def above(estimate: Estimate, bound: float) -> Outcome:
    """Judge "larger than `bound`": by the whole interval, which decides nothing if it is NaN.

    Args:
        estimate: The estimate with its interval.
        bound: What it has to exceed.
    """
    if estimate.low > bound:
        return Outcome.REPRODUCED
    if estimate.high < bound:
        return Outcome.NOT_REPRODUCED
    return Outcome.CANNOT_TELL


def below(estimate: Estimate, bound: float) -> Outcome:
    """Judge "smaller than `bound`", as `above` judges the opposite.

    Args:
        estimate: The estimate with its interval.
        bound: What it has to stay below.
    """
    return above(Estimate(-estimate.value, -estimate.high, -estimate.low), -bound)


def not_below(estimate: Estimate, margin: float) -> Outcome:
    """Judge "matches or exceeds 0": not worse than by `margin`, and not shown to be worse at all.

    Args:
        estimate: The estimate with its interval.
        margin: What still counts as a match, at least 0.
    """
    if estimate.high < 0:
        return Outcome.NOT_REPRODUCED
    return Outcome.REPRODUCED if estimate.low > -margin else Outcome.CANNOT_TELL


def within(estimate: Estimate, low: float, high: float) -> Outcome:
    """Judge "about": between two bounds, by the whole interval.

    Args:
        estimate: The estimate with its interval.
        low, high: The bounds.
    """
    if low <= estimate.low and estimate.high <= high:
        return Outcome.REPRODUCED
    if estimate.high < low or estimate.low > high:
        return Outcome.NOT_REPRODUCED
    return Outcome.CANNOT_TELL
