"""What a verdict is, and the comparisons that it consists of."""

import dataclasses

from replication.paper import DATASET_LABELS
from replication.verdicts.outcome import Outcome, combine
from replication.verdicts.rules import Rule
from replication.verdicts.statistics import Estimate

# What a comparison may be about besides the paper's data sets.
_ELSEWHERE = {
    "all": "all sets of Table 2",
    "digits": "the embedded 8x8 digits",
    "fashion-mnist": "Fashion-MNIST",
    "benchmark": "our benchmark of speed",
}


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
        paper: The same number from the paper's own table or figure, None where it has none.
        note: What else should be known, such as the seeds that would be needed; may be empty.
        records: Ids of the records that were used, or the name of the file of measurements.
        has_enough_seeds: Whether there are enough for the rule to decide anything.
    """

    dataset: str
    statement: str
    rule: Rule
    estimate: Estimate
    unit: str = ""
    paper: float | None = None
    note: str = ""
    records: tuple[str, ...] = ()
    has_enough_seeds: bool = True

    @property
    def outcome(self) -> Outcome:
        """What the rule says of the estimate."""
        return self.rule.judge(self.estimate) if self.has_enough_seeds else Outcome.CANNOT_TELL

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
