"""Outcomes of comparisons and of claims."""

import math

import pytest

from replication.verdicts.statistics import Estimate
from replication.verdicts.verdict import Outcome, above, combine, not_below, within

R, P, N, C = Outcome.REPRODUCED, Outcome.PARTLY, Outcome.NOT_REPRODUCED, Outcome.CANNOT_TELL


@pytest.mark.parametrize(
    ("parts", "whole"),
    [
        ([], Outcome.NO_RECORDS),
        ([R, R], R),
        ([N, N], N),
        ([C, C], C),
        ([R, N], P),
        ([R, C], P),
        ([N, C], N),
        ([P, N], P),
        ([P], P),
    ],
)
def test_parts_make_a_whole(parts, whole):
    """All alike: that; some reproduced: partly; none and one contradicted: not reproduced."""
    assert combine(parts) == whole


@pytest.mark.parametrize(
    ("interval", "outcome"),
    [((0.1, 0.3), R), ((-0.3, -0.1), N), ((-0.1, 0.3), C), ((0.0, 0.3), C)],
)
def test_above_needs_the_whole_interval(interval, outcome):
    """An interval that touches the bound decides nothing."""
    assert above(Estimate(sum(interval) / 2, *interval), 0) == outcome


def test_no_interval_decides_nothing():
    """NaN ends, as with one seed, are no evidence either way."""
    alone = Estimate(5.0, math.nan, math.nan)
    assert above(alone, 0) == C
    assert within(alone, 0, 10) == C
    assert not_below(alone, 0.2) == C


@pytest.mark.parametrize(
    ("interval", "outcome"),
    [((-0.1, 0.3), R), ((-0.3, 0.3), C), ((-0.15, -0.05), N), ((-0.5, -0.3), N), ((0.1, 0.2), R)],
)
def test_a_match_is_close_and_not_shown_worse(interval, outcome):
    """Within the margin of 0.2 and not wholly below 0."""
    assert not_below(Estimate(sum(interval) / 2, *interval), 0.2) == outcome


@pytest.mark.parametrize(
    ("interval", "outcome"), [((0.9, 1.1), R), ((1.3, 1.5), N), ((0.2, 0.7), N), ((1.2, 1.3), C)]
)
def test_within_two_bounds(interval, outcome):
    """About 1: inside, outside, or across a bound."""
    assert within(Estimate(sum(interval) / 2, *interval), 0.8, 1.25) == outcome
