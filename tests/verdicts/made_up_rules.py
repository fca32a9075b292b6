"""Comparisons and verdicts of no claim in particular."""

from typing import Any

from replication.verdicts.estimate import Estimate
from replication.verdicts.rules import Above
from replication.verdicts.verdict import Part


def make_part(value: float = 2.0, half: float = 1.0, **more: Any) -> Part:
    """A comparison that counts as reproduced where its interval lies above 0."""
    given = {"dataset": "mnist", "statement": "a minus b", "rule": Above(bound=0)}
    return Part(**{**given, "estimate": Estimate(value, value - half, value + half), **more})
