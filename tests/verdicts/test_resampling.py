"""Percentile intervals."""

import math

import numpy as np
import pytest

from replication.verdicts.resampling import bootstrap


def test_bootstrap_repeats_and_agrees_with_theory():
    """The same seed gives the same interval; for a mean it is near the closed form."""
    values = np.random.default_rng(4).standard_normal((30, 200))

    def mean(seeds, examples):
        return values[np.ix_(seeds, examples)].mean()

    first = bootstrap(mean, (30, 200), seed=7, resamples=500)
    again = bootstrap(mean, (30, 200), seed=7, resamples=500)
    assert (first.low, first.high) == (again.low, again.high)
    assert first.low != bootstrap(mean, (30, 200), seed=8, resamples=500).low
    assert first.value == pytest.approx(values.mean())
    assert first.low < first.value < first.high


def test_a_narrower_level_is_wider():
    """The draws are kept, so that another level can be asked for."""
    values = np.random.default_rng(4).standard_normal(50)
    found = bootstrap(lambda chosen: values[chosen].mean(), (50,), seed=0, resamples=500)
    strict = found.at(0.01)
    assert strict.low < found.low < found.high < strict.high
    assert strict.value == found.value


def test_where_nothing_can_be_computed():
    """NaN in all resamples: there is no interval."""
    found = bootstrap(lambda chosen: math.nan, (5,), seed=0, resamples=10)
    assert math.isnan(found.low)
