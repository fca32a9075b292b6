"""Differences between models against closed forms, by hand and by simulation."""

import math

import numpy as np
import pytest
from scipy import stats

from replication.errors import InputError
from replication.verdicts.seed_variance import seed_variance
from replication.verdicts.statistics import (
    binomial_half_width,
    count_at_least,
    error_difference,
    geometric_mean_interval,
    mean_interval,
    seed_difference,
)


def test_mean_interval_is_students():
    """The interval is that of SciPy's one-sample t test."""
    values = np.array([1.2, 1.5, 1.1, 1.4, 1.3])
    ours = mean_interval(values)
    theirs = stats.ttest_1samp(values, 0).confidence_interval(0.95)
    assert (ours.value, ours.low, ours.high) == pytest.approx((1.3, theirs.low, theirs.high))


def test_one_seed_has_no_interval():
    """One number says nothing about its own spread."""
    for alone in (mean_interval(np.array([2.0])), geometric_mean_interval(np.array([2.0]))):
        assert alone.value == 2.0
        assert math.isnan(alone.low)
        assert math.isnan(alone.high)


def test_binomial_rule_of_the_paper():
    """Two cells of Table 2, with 50,000 test examples."""
    assert round(binomial_half_width(2.48, 50_000), 2) == 0.14
    assert round(binomial_half_width(47.39, 50_000), 2) == 0.44


class TestSeedVariance:
    """The variance from seed to seed."""

    def test_is_pooled_by_degrees_of_freedom(self):
        """Two models with 2 and 4 seeds; one with a single number takes no part."""
        values = {"a": np.array([1.0, 3.0]), "b": np.array([0.0, 2.0, 1.0, 1.0]), "c": np.ones(1)}
        found = seed_variance(values)
        assert found.is_pooled
        assert set(found.variance) == {"a", "b"}
        assert found.variance["a"] == pytest.approx((1 * 2 + 3 * (2 / 3)) / 4)
        assert found.freedom["b"] == 4

    def test_is_not_pooled_where_models_differ(self):
        """The p value is that of Brown and Forsythe's test."""
        generator = np.random.default_rng(0)
        values = {name: generator.normal(0, 1, 8) for name in "abc"}
        assert seed_variance(values).p_value == pytest.approx(
            stats.levene(*values.values(), center="median").pvalue
        )
        values["a"] = values["a"] * 30
        found = seed_variance(values)
        assert not found.is_pooled
        assert found.variance["b"] == pytest.approx(values["b"].var(ddof=1))
        assert found.freedom["b"] == 7

    def test_a_difference_has_welchs_interval_then(self):
        """As SciPy's t test with unequal variances; with equal ones the pooled one."""
        generator = np.random.default_rng(1)
        a, b = generator.normal(5, 30, 9), generator.normal(4, 1, 9)
        ours = seed_difference({"a": a, "b": b}, "a", "b")
        theirs = stats.ttest_ind(a, b, equal_var=False).confidence_interval(0.95)
        assert (ours.low, ours.high) == pytest.approx((theirs.low, theirs.high))
        a = generator.normal(5, 1, 9)
        ours = seed_difference({"a": a, "b": b}, "a", "b")
        theirs = stats.ttest_ind(a, b).confidence_interval(0.95)
        assert (ours.low, ours.high) == pytest.approx((theirs.low, theirs.high))

    def test_a_ratio_is_a_difference_of_logarithms(self):
        """And turned round it is its inverse."""
        a, b = np.array([2.0, 2.2, 1.9]), np.array([1.0, 1.1, 0.9])
        ratio = seed_difference({"a": a, "b": b}, "a", "b", ratio=True)
        other = seed_difference({"a": a, "b": b}, "b", "a", ratio=True)
        logs = seed_difference({"a": np.log(a), "b": np.log(b)}, "a", "b")
        assert (ratio.value, ratio.low, ratio.high) == pytest.approx(
            tuple(np.exp([logs.value, logs.low, logs.high]))
        )
        assert ratio.low == pytest.approx(1 / other.high)
        assert ratio.covers == "seeds"


class TestErrorDifference:
    """Two models, their mistakes on the same examples."""

    def test_by_hand(self):
        """A 2 x 4 example whose parts can be computed on paper."""
        first = np.array([[1, 1, 0, 0], [1, 0, 0, 0]], bool)
        second = np.array([[0, 0, 0, 0], [1, 0, 0, 0]], bool)
        d = error_difference({"a": first, "b": second}, "a", "b")
        assert d.value == 25.0
        # Errors of the seeds: 50 and 25, 0 and 25 points; each has the variance 312.5.
        assert d.seed_error == pytest.approx(math.sqrt(312.5 / 2 + 312.5 / 2))
        # Differences of the examples: 50, 50, 0, 0, of variance 2500 / 3; of that the seeds put in
        # 5000 / 4 / 2 for either model.
        assert d.test_error == 0.0
        assert d.high - d.value == pytest.approx(stats.t.ppf(0.975, 2) * d.seed_error)

    def test_swapping_models_changes_the_sign_alone(self):
        """The difference is antisymmetric, its errors symmetric."""
        mistakes = dict(zip("ab", np.random.default_rng(1).random((2, 5, 300)) < 0.1, strict=True))
        one, other = error_difference(mistakes, "a", "b"), error_difference(mistakes, "b", "a")
        assert one.value == -other.value
        assert one.low == pytest.approx(-other.high)
        assert one.seed_error == other.seed_error

    def test_sources_of_noise_are_kept_apart(self):
        """More seeds shrink the error of the seeds and leave that of the test set."""
        generator = np.random.default_rng(2)
        examples = generator.random(4000)
        noise = 0.02 * generator.standard_normal((40, 1))
        first = np.broadcast_to(examples, (40, 4000)) < 0.1 + noise
        second = np.broadcast_to(examples[::-1], (40, 4000)) < 0.1 + noise[::-1]
        many = error_difference({"a": first, "b": second}, "a", "b")
        few = error_difference({"a": first[:10], "b": second[:10]}, "a", "b")
        assert many.seed_error < 0.7 * few.seed_error
        assert many.test_error == pytest.approx(few.test_error, rel=0.1)

    def test_the_seeds_noise_is_not_counted_twice(self):
        """Two models that differ in nothing but seeds have hardly any noise of the test set."""
        generator = np.random.default_rng(5)
        mistakes = {name: generator.random((5, 20_000)) < 0.05 for name in "ab"}
        d = error_difference(mistakes, "a", "b")
        gross = 100 * (mistakes["a"].mean(axis=0) - mistakes["b"].mean(axis=0)).std(ddof=1)
        assert d.test_error < 0.3 * gross / math.sqrt(20_000)

    def test_what_has_no_seeds(self):
        """An SVM has one row, and puts no variance of seeds in."""
        generator = np.random.default_rng(6)
        mistakes = {
            "net": generator.random((3, 500)) < 0.1,
            "svm": generator.random((1, 500)) < 0.1,
        }
        d = error_difference(mistakes, "net", "svm")
        errors = 100 * mistakes["net"].mean(axis=1)
        assert d.seed_error == pytest.approx(errors.std(ddof=1) / math.sqrt(3))
        assert d.seeds == 3
        alone = error_difference({"a": mistakes["svm"], "b": ~mistakes["svm"]}, "a", "b")
        assert alone.seed_error == 0
        assert alone.low < alone.value < alone.high

    def test_what_it_takes_to_decide(self):
        """The needed seeds and examples are those at which the interval just leaves 0."""
        generator = np.random.default_rng(3)
        examples = generator.random(20_000)
        noise = 0.004 * generator.standard_normal((2, 5, 1))
        mistakes = {"a": examples < 0.052 + noise[0], "b": examples < 0.05 + noise[1]}
        open_ = error_difference(mistakes, "a", "b")
        assert open_.low < 0 < open_.high
        needed = open_.needed_seeds()
        assert needed is not None
        assert needed > 5
        # A difference below what the test set can resolve is not decided by any number of seeds.
        small = error_difference(
            {
                "a": np.array([[1] * 3 + [0] * 97] * 2, bool),
                "b": np.array([[0] * 98 + [1] * 2] * 2, bool),
            },
            "a",
            "b",
        )
        assert small.needed_seeds() is None
        enough = small.needed_examples()
        assert enough is not None
        deviation = small.test_error * math.sqrt(100)
        assert 1.96 * deviation / math.sqrt(enough) == pytest.approx(abs(small.value), rel=0.01)

    def test_no_difference_needs_no_answer(self):
        """Where the estimate is exactly 0, no number of examples is named."""
        same = np.array([[1, 0, 0], [0, 1, 0]], bool)
        d = error_difference({"a": same, "b": same}, "a", "b")
        assert (d.value, d.low, d.high) == (0, 0, 0)
        assert d.needed_examples() is None
        assert d.needed_seeds() is None

    @pytest.mark.parametrize("shape", [(2, 1), (2, 9)])
    def test_other_test_examples_are_refused(self, shape):
        """One example, or another number of them, cannot be compared."""
        mistakes = {"a": np.zeros(shape, bool), "b": np.zeros((2, 10), bool)}
        with pytest.raises(InputError, match="same test examples"):
            error_difference(mistakes, "a", "b")


def simulated(generator, seeds, effect, examples=1000, models=7):
    """Models of the same quality: hard examples for all, others for each, and effects of seeds."""
    hard = generator.normal(0, 1.2, examples)
    found = {}
    for model in range(models):
        own = hard + generator.normal(0, 0.5, examples)
        level = generator.normal(0, effect, (seeds, 1))
        found[str(model)] = own + level + generator.normal(0, 0.5, (seeds, examples)) > 3.1
    return found


@pytest.mark.parametrize("seeds", [3, 5, 10])
@pytest.mark.parametrize("effect", [0.0, 0.1])
def test_intervals_cover_the_truth(seeds, effect):
    """With no true difference 93 to 97 % of the intervals hold 0, with and without seed effects."""
    generator = np.random.default_rng(0)
    held = []
    for _ in range(400):
        mistakes = simulated(generator, seeds, effect)
        for a, b in ("01", "23", "45"):
            d = error_difference(mistakes, a, b)
            held.append(d.low <= 0 <= d.high)
    assert 0.93 <= np.mean(held) <= 0.97  # standard error 0.6 %


def test_a_count_of_wins():
    """Against the binomial distribution where all are alike, and by hand where they are not."""
    assert count_at_least([0.3] * 7, 4) == pytest.approx(stats.binom.sf(3, 7, 0.3))
    assert count_at_least([0.1, 0.9, 0.3], 2) == pytest.approx(
        0.09 * 0.7 + 0.1 * 0.1 * 0.3 + 0.27 * 0.9 + 0.027
    )
    assert count_at_least([1.0, 0.0], 1) == 1.0
    assert count_at_least([], 1) == 0.0
