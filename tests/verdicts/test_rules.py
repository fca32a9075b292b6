"""Each rule judges by its bound, and says which it is."""

import dataclasses
import math

import pytest
from scipy import stats

from replication.verdicts.estimate import Estimate, by_student, exactly
from replication.verdicts.outcome import Outcome
from replication.verdicts.rules import (
    AboutOne,
    Above,
    Below,
    Between,
    NotBelow,
    ProbablyOn,
    Strongly,
)

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
    (ProbablyOn(count=4, sets=7, certain=0.95), "certain", "0.95", 0.99, (0.97, 0.97)),
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


@pytest.mark.parametrize("rule", [rule for rule in KINDS if not isinstance(rule, ProbablyOn)])
@pytest.mark.parametrize("value", [-5.0, 0.0, 0.5, 1.0, 5.0])
def test_no_interval_decides_nothing(rule, value):
    """NaN ends, as with one seed, are no evidence either way."""
    assert rule.judge(Estimate(value, math.nan, math.nan)) == C


@pytest.mark.parametrize(
    "rule", [rule for rule in KINDS if not isinstance(rule, (Strongly, ProbablyOn))]
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
    ("probability", "outcome"), [(0.96, R), (0.95, R), (0.5, C), (0.05, N), (0.01, N)]
)
def test_a_probability_is_certain_or_not(probability, outcome):
    """From 0.95 on the claim holds, up to 0.05 it does not."""
    assert ProbablyOn(count=4, sets=7).judge(exactly(probability)) == outcome


@pytest.mark.parametrize(("value", "error"), [(1.0, 0.4), (-1.0, 0.4), (0.1, 1.0)])
def test_a_p_value_is_that_of_the_t_test(value, error):
    """The level at which the interval just leaves the bound."""
    estimate = by_student(value, error, 7, "seeds")
    expected = 2 * stats.t.sf(abs(value) / error, 7)
    assert Above(bound=0).p_value(estimate) == pytest.approx(expected, abs=1e-9)
    assert Above(bound=0).judge(estimate, 0.999 * expected) == C
    assert Above(bound=0).judge(estimate, min(1.001 * expected, 1)) == (R if value > 0 else N)


def test_nothing_decided_has_no_small_p_value():
    """Without an interval it is 1."""
    assert Above(bound=0).p_value(Estimate(1.0, math.nan, math.nan)) == 1.0
