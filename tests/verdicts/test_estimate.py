"""A number with its interval, at any level."""

import math

import numpy as np
import pytest
from scipy import stats

from replication.verdicts.estimate import Estimate, by_percentiles, by_student, exactly


def test_students_interval_at_each_level():
    """As SciPy's; an infinite number of degrees of freedom is the normal distribution."""
    found = by_student(1.0, 0.5, 4, "seeds")
    assert (found.low, found.high) == pytest.approx(stats.t.interval(0.95, 4, 1.0, 0.5))
    strict = found.at(0.01)
    assert (strict.low, strict.high) == pytest.approx(stats.t.interval(0.99, 4, 1.0, 0.5))
    sure = by_student(1.0, 0.5, math.inf, "test set")
    assert (sure.low, sure.high) == pytest.approx(stats.norm.interval(0.95, 1.0, 0.5))


def test_of_a_logarithm():
    """The interval is one of factors, and holds the value in its geometric middle."""
    found = by_student(2.0, 0.1, 10, "seeds", log=True)
    assert found.low * found.high == pytest.approx(4.0)
    assert found.at(0.5).low > found.low


def test_what_has_no_noise_or_no_interval_stays():
    """A printed number, and that of one seed."""
    assert exactly(3.0).at(0.01) == exactly(3.0)
    alone = Estimate(1.0, math.nan, math.nan)
    assert math.isnan(alone.at(0.5).low)


def test_percentiles():
    """NaN among the draws are left out."""
    draws = np.append(np.arange(101.0), math.nan)
    found = by_percentiles(50.0, draws, "seeds")
    assert (found.low, found.high) == pytest.approx((2.5, 97.5))
    assert (found.at(0.5).low, found.at(0.5).high) == pytest.approx((25.0, 75.0))
