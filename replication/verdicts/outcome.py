"""The four verdicts, and how those on parts make one on the whole."""

from collections.abc import Sequence
from enum import StrEnum


class Outcome(StrEnum):
    """The four verdicts, and the absence of one."""

    REPRODUCED = "reproduced"
    PARTLY = "partly"
    NOT_REPRODUCED = "not reproduced"
    CANNOT_TELL = "cannot tell"
    NO_RECORDS = "no records yet"


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
