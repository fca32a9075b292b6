"""The four verdicts, and how those on comparisons make one on the whole."""

import dataclasses
from collections.abc import Sequence
from enum import StrEnum


class Outcome(StrEnum):
    """The four verdicts, and the absence of one."""

    REPRODUCED = "reproduced"
    PARTLY = "partly"
    NOT_REPRODUCED = "not reproduced"
    CANNOT_TELL = "cannot tell"
    NO_RECORDS = "no records yet"


@dataclasses.dataclass(frozen=True)
class Combination:
    """How the comparisons of a claim make its verdict.

    Attributes:
        fails_on_one: Whether a single comparison against the claim refutes it, as "the best of all"
            is refuted by one that is better.
    """

    fails_on_one: bool = False

    @property
    def text(self) -> str:
        """The same in a sentence."""
        if self.fails_on_one:
            return (
                "Reproduced if every comparison is; not reproduced if a single one is not; else "
                "partly if some are, and open if none is."
            )
        return (
            "Reproduced if every comparison is; partly if some are; not reproduced if none is and "
            "one is not; else open."
        )

    def outcome(self, outcomes: Sequence[Outcome]) -> Outcome:
        """Judge a claim by its comparisons.

        Args:
            outcomes: Verdicts on the comparisons.
        """
        kinds = set(outcomes)
        if not kinds:
            return Outcome.NO_RECORDS
        if self.fails_on_one and Outcome.NOT_REPRODUCED in kinds:
            return Outcome.NOT_REPRODUCED
        if len(kinds) == 1:
            return kinds.pop()
        if kinds & {Outcome.REPRODUCED, Outcome.PARTLY}:
            return Outcome.PARTLY
        return Outcome.NOT_REPRODUCED


ALL = Combination()
BEST = Combination(fails_on_one=True)


def combine(outcomes: Sequence[Outcome]) -> Outcome:
    """Judge a claim by its comparisons, none of which refutes it alone.

    Args:
        outcomes: Verdicts on the comparisons.
    """
    return ALL.outcome(outcomes)
