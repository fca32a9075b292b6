"""Each rule judges by its bound, and says which it is."""

import dataclasses
import math

import pytest

from replication.verdicts.outcome import Outcome
from replication.verdicts.rules import AboutOne, Above, Below, Between, NotBelow, OnMost, Strongly
from replication.verdicts.statistics import Estimate

R, P, N, C = Outcome.REPRODUCED, Outcome.PARTLY, Outcome.NOT_REPRODUCED, Outcome.CANNOT_TELL
# A rule, the name of a bound of it and the bound as its text has it, another bound, and an interval
# that the other bound judges otherwise.
BOUNDS = [
    (Above(bound=0.2), "bound", "0.2", 0.6, (0.3, 0.5)),
    (Below(bound=0.6), "bound", "0.6", 0.2, (0.3, 0.5)),
    (Between(low=0.2, high=0.6), "low", "0.2", 0.55, (0.3, 0.5)),
    (Between(low=0.2, high=0.6), "high", "0.6", 0.25, (0.3, 0.5)),
    (AboutOne(factor=2.0), "factor", "2", 1.5, (0.6, 1.9)),
    (NotBelow(margin=0.2, whose="a"), "margin", "-0.20", 0.05, (-0.1, 0.3)),
    (Strongly(bound=0.7), "bound", "0.7", 0.9, (0.5, 0.95)),
    (OnMost(sets=7), "sets", "7", 9, (4, 6)),
]
KINDS = [rule for rule, *_ in BOUNDS]


def between(low, high):
    """An estimate in the middle of its interval."""
    return Estimate((low + high) / 2, low, high)


@pytest.mark.parametrize(("rule", "name", "said", "other", "interval"), BOUNDS)
def test_text_and_outcome_hang_on_the_bound(rule, name, said, other, interval):
    """Another bound gives another text and another outcome of the same estimate."""
    changed = dataclasses.replace(rule, **{name: other})
    assert said in rule.text
    assert said not in changed.text
    assert rule.judge(between(*interval)) == R
    assert changed.judge(between(*interval)) != R


@pytest.mark.parametrize("rule", KINDS)
@pytest.mark.parametrize("value", [-5.0, 0.0, 0.5, 1.0, 5.0])
def test_no_interval_decides_nothing(rule, value):
    """NaN ends, as with one seed, are no evidence either way."""
    assert rule.judge(Estimate(value, math.nan, math.nan)) == C


@pytest.mark.parametrize(
    "rule", [rule for rule in KINDS if not isinstance(rule, (Strongly, OnMost))]
)
def test_text_says_what_the_interval_is_over_and_why(rule):
    """Where they are given, and not else."""
    told = dataclasses.replace(rule, over="rounds", because="so it is")
    assert "over rounds" in told.text
    assert told.text.endswith(": so it is")
    assert "over" not in rule.text
    assert ": " not in rule.text


@pytest.mark.parametrize(
    ("interval", "outcome"),
    [((0.1, 0.3), R), ((-0.3, -0.1), N), ((-0.1, 0.3), C), ((0.0, 0.3), C), ((-0.3, 0.0), C)],
)
def test_above_and_below_need_the_whole_interval(interval, outcome):
    """An interval that touches the bound decides nothing; below is above, turned round."""
    low, high = interval
    assert Above(bound=0).judge(between(low, high)) == outcome
    assert Below(bound=0).judge(between(-high, -low)) == outcome
    assert Below(bound=1).judge(between(1 - high, 1 - low)) == outcome


@pytest.mark.parametrize(
    ("interval", "outcome"), [((0.9, 1.1), R), ((1.3, 1.5), N), ((0.2, 0.7), N), ((1.2, 1.3), C)]
)
def test_between_two_bounds(interval, outcome):
    """About 1: inside, outside, or across a bound."""
    assert Between(low=0.8, high=1.25).judge(between(*interval)) == outcome
    assert AboutOne(factor=1.25).judge(between(*interval)) == outcome


@pytest.mark.parametrize(
    ("interval", "outcome"),
    [((-0.1, 0.3), R), ((-0.3, 0.3), C), ((-0.15, -0.05), N), ((-0.5, -0.3), N), ((0.1, 0.2), R)],
)
def test_a_match_is_close_and_not_shown_worse(interval, outcome):
    """Within the margin of 0.2 and not wholly below 0."""
    assert NotBelow(margin=0.2, whose="a").judge(between(*interval)) == outcome


@pytest.mark.parametrize(
    ("estimate", "outcome"),
    [
        (Estimate(0.8, 0.1, 0.9), R),
        (Estimate(0.6, 0.1, 0.9), P),  # certain, and not strong
        (Estimate(0.8, -0.1, 0.9), C),
        (Estimate(0.5, 0.3, 0.65), N),
        (Estimate(-0.8, -0.9, -0.5), N),
    ],
)
def test_a_strong_correlation(estimate, outcome):
    """Strong by its value, certain by its interval."""
    assert Strongly(bound=0.7).judge(estimate) == outcome


@pytest.mark.parametrize(
    ("count", "outcome"), [((4, 7), R), ((0, 3), N), ((3, 4), C), ((3, 7), C), ((5, 5), R)]
)
def test_most_of_seven(count, outcome):
    """Four of seven are most; open ones count as lost, and then as won."""
    assert OnMost(sets=7).judge(between(*count)) == outcome
