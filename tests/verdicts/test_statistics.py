"""Intervals against simulation and closed forms."""

import math

import numpy as np
import pytest
from scipy import stats

from replication.errors import InputError
from replication.verdicts.statistics import (
    binomial_half_width,
    bootstrap,
    mean_interval,
    paired_difference,
)


def test_mean_interval_is_students():
    """The interval is that of SciPy's one-sample t test."""
    values = np.array([1.2, 1.5, 1.1, 1.4, 1.3])
    ours = mean_interval(values)
    theirs = stats.ttest_1samp(values, 0).confidence_interval(0.95)
    assert (ours.value, ours.low, ours.high) == pytest.approx((1.3, theirs.low, theirs.high))


def test_one_seed_has_no_interval():
    """One number says nothing about its own spread."""
    alone = mean_interval(np.array([1.0]))
    assert alone.value == 1.0
    assert math.isnan(alone.low)
    assert math.isnan(alone.high)


def test_binomial_rule_of_the_paper():
    """Two cells of Table 2, with 50,000 test examples."""
    assert round(binomial_half_width(2.48, 50_000), 2) == 0.14
    assert round(binomial_half_width(47.39, 50_000), 2) == 0.44


def test_paired_difference_by_hand():
    """A 2 x 4 example whose parts can be computed on paper."""
    first = np.array([[1, 1, 0, 0], [1, 0, 0, 0]], bool)
    second = np.array([[0, 0, 0, 0], [1, 0, 0, 0]], bool)
    d = paired_difference(first, second)
    assert d.value == 25.0
    # Per seed: 50 and 0 points. Per example: 50, 50, 0, 0 points.
    assert d.seed_error == pytest.approx(np.std([50, 0], ddof=1) / math.sqrt(2))
    assert d.test_error == pytest.approx(np.std([50, 50, 0, 0], ddof=1) / 2)
    assert d.high - d.value == pytest.approx(d.value - d.low)
    total = math.hypot(d.seed_error, d.test_error)
    assert d.high - d.value == pytest.approx(stats.t.ppf(0.975, d.freedom) * total)
    assert 1 <= d.freedom <= 4


def test_swapping_models_changes_the_sign_alone():
    """The difference is antisymmetric, its errors symmetric."""
    generator = np.random.default_rng(1)
    a, b = generator.random((2, 5, 300)) < 0.1
    one, other = paired_difference(a, b), paired_difference(b, a)
    assert one.value == -other.value
    assert one.low == pytest.approx(-other.high)
    assert one.seed_error == other.seed_error


def simulated_difference(generator, seeds=5, examples=400, gap=0.0):
    """Two models whose true error rates differ by `gap`, with seed noise and hard examples."""
    hard = np.where(generator.random(examples) < 0.1, 0.6, 0.02)
    runs = []
    for extra in (gap, 0.0):
        level = extra + 0.015 * generator.standard_normal((seeds, 1))
        runs.append(generator.random((seeds, examples)) < np.clip(hard + level, 0, 1))
    return paired_difference(*runs)


def test_interval_covers_the_truth():
    """With no true difference the 95 % interval holds 0 about 95 times in 100, or more."""
    generator = np.random.default_rng(0)
    held = [d.low <= 0 <= d.high for d in (simulated_difference(generator) for _ in range(400))]
    assert np.mean(held) > 0.93  # standard error 1.1 %
    found = [simulated_difference(generator, gap=0.1).low > 0 for _ in range(50)]
    assert np.mean(found) > 0.9  # and it is not so wide that nothing is ever found


def test_sources_of_noise_are_kept_apart():
    """More seeds shrink the error of the seeds and leave that of the test set."""
    generator = np.random.default_rng(2)
    examples = generator.random(4000)
    noise = 0.02 * generator.standard_normal((40, 1))
    first = np.broadcast_to(examples, (40, 4000)) < 0.1 + noise
    second = np.broadcast_to(examples[::-1], (40, 4000)) < 0.1
    few, many = paired_difference(first[:10], second[:10]), paired_difference(first, second)
    assert many.seed_error < 0.7 * few.seed_error
    assert many.test_error == pytest.approx(few.test_error, rel=0.1)


def test_what_it_takes_to_decide():
    """The needed seeds and examples are those at which the interval just leaves 0."""
    generator = np.random.default_rng(3)
    examples = generator.random(20_000)
    noise = 0.004 * generator.standard_normal((5, 1))
    second = np.broadcast_to(examples < 0.05, (5, 20_000))
    open_ = paired_difference(examples < 0.052 + noise, second)
    assert open_.low < 0 < open_.high
    needed = open_.needed_seeds()
    assert needed is not None
    assert needed > 5
    # A difference below what the test set can resolve is not decided by any number of seeds.
    small = paired_difference(
        np.array([[1] * 3 + [0] * 97, [1] * 3 + [0] * 97], bool),
        np.array([[0] * 98 + [1] * 2, [0] * 98 + [1] * 2], bool),
    )
    assert small.needed_seeds() is None
    enough = small.needed_examples()
    assert enough is not None
    deviation = small.test_error * math.sqrt(100)
    assert 1.96 * deviation / math.sqrt(enough) == pytest.approx(abs(small.value), rel=0.01)


def test_no_difference_needs_no_answer():
    """Where the estimate is exactly 0, no number of examples is named."""
    same = np.array([[1, 0, 0], [0, 1, 0]], bool)
    d = paired_difference(same, same)
    assert (d.value, d.low, d.high) == (0, 0, 0)
    assert d.needed_examples() is None
    assert d.needed_seeds() is None


@pytest.mark.parametrize("shape", [(1, 10), (3, 1), (2, 9)])
def test_unpaired_mistakes_are_refused(shape):
    """Other shapes, one seed or one example cannot be compared."""
    with pytest.raises(InputError, match="paired comparison"):
        paired_difference(np.zeros(shape, bool), np.zeros((2, 10), bool))


def test_bootstrap_repeats_and_agrees_with_theory():
    """The same seed gives the same interval; for a mean it is near the closed form."""
    values = np.random.default_rng(4).standard_normal((30, 200))

    def mean(seeds, examples):
        return values[np.ix_(seeds, examples)].mean()

    first = bootstrap(mean, (30, 200), seed=7, resamples=500)
    assert first == bootstrap(mean, (30, 200), seed=7, resamples=500)
    assert first != bootstrap(mean, (30, 200), seed=8, resamples=500)
    assert first.value == pytest.approx(values.mean())
    assert first.low < first.value < first.high
