"""The project's statistics agree with those that were written from the protocol's text alone."""

import itertools
import math

import numpy as np
import pytest

from replication.summary.judge import published_evidence
from replication.verdicts.claim_rule import step_down
from replication.verdicts.estimate import by_student
from replication.verdicts.rules import Above
from replication.verdicts.statistics import (
    count_at_least,
    error_difference,
    mean_interval,
    seed_difference,
)
from tests.verdicts import oracle
from tests.verdicts.made_up_rules import make_part

TABLE1 = ("mnist", "cifar-bw")
TABLE2 = ("rot", "rectangles")
MEASURES = ("jacobian_mean_square", "jacobian_norm", "saturation")


def near(wanted):
    """The same numbers, but for rounding."""
    return pytest.approx(wanted, rel=1e-9, abs=1e-12)


def of_errors(found):
    """What the oracle gives, of the project's difference of errors."""
    return found.value, found.low, found.high, found.seed_error, found.test_error


def ends(found):
    """The value and the interval of an estimate."""
    return found.value, found.low, found.high


def draw_mistakes(seed, spreads, numbers, examples=400):
    """Mistakes of made-up models whose error rates differ from seed to seed by their spread."""
    rng = np.random.default_rng(seed)
    hardness = rng.normal(size=examples)
    made = {}
    for k, (spread, number) in enumerate(zip(spreads, numbers, strict=True)):
        own = rng.normal(-1 + 0.1 * k, spread, size=(number, 1))
        noise = 0.3 * rng.normal(size=(number, examples))
        made[f"m{k}"] = hardness + own + noise > 0
    return made


def draw_values(seed, spreads, numbers):
    """A positive measure of made-up models, of a spread of its own each."""
    rng = np.random.default_rng(seed)
    return {
        f"m{k}": np.exp(rng.normal(0.2 * k, spread, size=number))
        for k, (spread, number) in enumerate(zip(spreads, numbers, strict=True))
    }


ALIKE = ((0.1,) * 5, (5, 3, 10, 1, 4))
APART = ((0.002, 2.5, 0.05, 0.1, 0.002), (10, 8, 12, 1, 9))
DRAWS = [(seed, *kind) for kind in (ALIKE, APART) for seed in range(4)]


def errors_of(mistakes):
    """The test errors by model and seed."""
    return {m: 100 * y.mean(axis=1) for m, y in mistakes.items()}


def test_made_up_data_reach_both_branches():
    """Spreads that are alike are pooled at least once, and spreads far apart never."""
    alike = [draw_mistakes(seed, *ALIKE) for seed in range(4)]
    apart = [draw_mistakes(seed, *APART) for seed in range(4)]
    assert any(oracle.pooled(errors_of(m)) for m in alike)
    assert not any(oracle.pooled(errors_of(m)) for m in apart)
    assert any(oracle.pooled(draw_values(seed, *ALIKE)) for seed in range(4))
    assert not any(oracle.pooled(draw_values(seed, *APART)) for seed in range(4))


@pytest.mark.parametrize(("seed", "spreads", "numbers"), DRAWS)
def test_error_differences_of_made_up_mistakes(seed, spreads, numbers):
    """Unequal numbers of seeds, and a model without any, make no difference to agreement."""
    mistakes = draw_mistakes(seed, spreads, numbers)
    for a, b in itertools.permutations(mistakes, 2):
        wanted = oracle.error_difference(mistakes, a, b)
        assert of_errors(error_difference(mistakes, a, b)) == near(wanted)


@pytest.mark.parametrize("ratio", [False, True])
@pytest.mark.parametrize(("seed", "spreads", "numbers"), DRAWS)
def test_differences_of_made_up_measures(seed, spreads, numbers, ratio):
    """Differences and ratios of a measure have the seeds' variance alone."""
    values = draw_values(seed, spreads, numbers)
    for a, b in itertools.permutations(values, 2):
        wanted = oracle.measure_difference(values, a, b, ratio)
        assert ends(seed_difference(values, a, b, ratio=ratio)) == near(wanted)


@pytest.mark.parametrize("count", [2, 4])
def test_models_that_do_not_change_with_the_seed(count):
    """Where no seed matters, only the noise of the test set is left."""
    once = draw_mistakes(0, (0.1, 0.1, 0.1), (1, 1, 1))
    mistakes = {m: np.repeat(y, count, axis=0) for m, y in once.items()}
    for a, b in itertools.permutations(mistakes, 2):
        wanted = oracle.error_difference(mistakes, a, b)
        assert wanted[3] == 0 < wanted[4]
        assert of_errors(error_difference(mistakes, a, b)) == near(wanted)
    values = {"a": np.full(count, 2.0), "b": np.full(count, 1.0)}
    for ratio in (False, True):
        wanted = oracle.measure_difference(values, "a", "b", ratio)
        assert wanted[1] == wanted[0] == wanted[2]
        assert ends(seed_difference(values, "a", "b", ratio=ratio)) == near(wanted)


def test_one_model_that_does_not_change_with_the_seed():
    """A model whose seeds are all the same takes part beside others that vary."""
    for spread, number in itertools.product((0.05, 1.0), (3, 10)):
        mistakes = draw_mistakes(1, (spread, spread, 0.1), (number, number, 1))
        mistakes["still"] = np.repeat(mistakes.pop("m2"), number, axis=0)
        for a, b in itertools.permutations(mistakes, 2):
            wanted = oracle.error_difference(mistakes, a, b)
            assert of_errors(error_difference(mistakes, a, b)) == near(wanted)


def test_two_models_without_seeds():
    """Two SVMs differ by the noise of the test set alone, whoever else is there."""
    mistakes = draw_mistakes(2, (0.1, 0.1, 0.1), (1, 1, 5))
    wanted = oracle.error_difference(mistakes, "m0", "m1")
    assert wanted[3] == 0
    assert of_errors(error_difference(mistakes, "m0", "m1")) == near(wanted)
    del mistakes["m2"]
    assert of_errors(error_difference(mistakes, "m0", "m1")) == near(wanted)


def test_two_seeds_each():
    """With two seeds each the distances within a model are equal."""
    for seed in range(20):
        values = draw_values(seed, (0.1, 0.5, 0.2), (2, 2, 2))
        for a, b in itertools.permutations(values, 2):
            wanted = oracle.measure_difference(values, a, b)
            assert ends(seed_difference(values, a, b)) == near(wanted)


def test_means_of_own_seeds():
    """The mean of one model has Student's interval of its own seeds."""
    for values in draw_values(3, (0.1, 1.0, 0.5), (3, 5, 10)).values():
        assert ends(mean_interval(values)) == near(oracle.mean(values))


def both_needed_seeds(seed):
    """The least numbers of seeds that would decide, the oracle's and the project's."""
    for spread in (0.02, 0.1, 0.4):
        mistakes = draw_mistakes(seed, (spread,) * 5, (5,) * 5)
        for a, b in itertools.combinations(mistakes, 2):
            found = error_difference(mistakes, a, b).needed_seeds()
            yield oracle.needed_seeds(mistakes, a, b), found


@pytest.mark.parametrize("seed", range(2))
def test_needed_seeds(seed):
    """The number is the least one at which the interval leaves 0, however large it is."""
    for wanted, found in both_needed_seeds(seed):
        assert found == wanted


@pytest.fixture(scope="module")
def evidence():
    """The committed records."""
    return published_evidence()


def distinct(runs, model):
    """A model's records, each once, in the order of their seeds."""
    return list({record.id: record for _, record in sorted(runs.runs[model].items())}.values())


def all_mistakes(runs):
    """Every model's mistakes, of shape (seeds, examples)."""
    return {
        model: np.stack([record.results.test_mistakes for record in distinct(runs, model)])
        for model in runs.runs
    }


@pytest.mark.parametrize("dataset", TABLE1 + TABLE2)
def test_error_differences_of_the_records(evidence, dataset):
    """Every pair of models of the records has the same interval."""
    runs = evidence.on(dataset)
    mistakes = all_mistakes(runs)
    pairs = list(itertools.combinations(mistakes, 2))
    if dataset in TABLE2:
        pairs = [("cae-1", "svm-rbf"), ("cae-2", "svm-rbf"), ("sae-3", "cae-2")]
    for a, b in pairs:
        wanted = oracle.error_difference(mistakes, a, b)
        assert of_errors(runs.error_difference(a, b)) == near(wanted)


@pytest.mark.parametrize("ratio", [False, True])
@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize("dataset", TABLE1)
def test_measures_of_the_records(evidence, dataset, measure, ratio):
    """Every pair of models has the same interval of each measure."""
    runs = evidence.on(dataset)

    def number(results):
        return float(np.mean(results[measure]))

    values = {
        model: np.array([number(record.results) for record in distinct(runs, model)])
        for model in runs.runs
    }
    for a, b in itertools.combinations(values, 2):
        wanted = oracle.measure_difference(values, a, b, ratio)
        assert ends(runs.difference(a, b, number, ratio=ratio)) == near(wanted)


@pytest.mark.parametrize("seed", range(30))
def test_holm(seed):
    """Each comparison is judged at the same level, whichever way it is decided."""
    rng = np.random.default_rng(seed)
    number = int(rng.integers(1, 8))
    drawn = [
        (rng.normal(0, 4), rng.uniform(0.5, 1.5), float(rng.integers(3, 30)), rng.normal())
        for _ in range(number)
    ]
    parts = [
        make_part(estimate=by_student(value, error, free, "seeds"), rule=Above(bound=bound))
        for value, error, free, bound in drawn
    ]
    p_values = [oracle.p_value(*given) for given in drawn]
    assert [part.p_value for part in parts] == near(p_values)
    assert [part.alpha for part in step_down(parts)] == near(oracle.holm(p_values))


def test_holm_to_the_last():
    """Where all are decided each has its own level; where none is, all have the first."""
    for sign, value, wanted in ((1, 20.0, None), (-1, 20.0, None), (1, 0.5, 0.05 / 3)):
        drawn = [(sign * (value + k / 10), 1.0, 9.0, 0.0) for k in range(3)]
        parts = [make_part(estimate=by_student(v, e, f, "seeds")) for v, e, f, _ in drawn]
        levels = oracle.holm([oracle.p_value(*given) for given in drawn])
        assert levels == near([wanted] * 3 if wanted else [0.05, 0.05 / 2, 0.05 / 3])
        assert [part.alpha for part in step_down(parts)] == near(levels)


def test_at_least_so_many_wins():
    """The probability of at least so many wins is that of listing all outcomes."""
    rng = np.random.default_rng(0)
    for number in (1, 4, 7):
        probabilities = list(rng.uniform(size=number))
        for count in range(number + 2):
            wanted = oracle.poisson_binomial_at_least(probabilities, count)
            assert count_at_least(probabilities, count) == near(wanted)
    assert math.isclose(count_at_least([1.0] * 7, 4), 1.0)
