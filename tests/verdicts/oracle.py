"""The statistics of the protocol, written a second time from its text alone.

Nothing here looks at the project's own code, so that a mistake has to be made twice to pass.
Comments mark where the text leaves something open.
"""

import itertools
import math
from collections.abc import Mapping, Sequence

import numpy as np
from scipy import stats

Interval = tuple[float, float, float]


def brown_forsythe(groups: Sequence[np.ndarray]) -> float:
    """Give the p value of an analysis of variance of the distances from the medians."""
    distances = [np.abs(group - np.median(group)) for group in groups]
    means = np.array([d.mean() for d in distances])
    sizes = np.array([len(d) for d in distances])
    middle = np.concatenate(distances).mean()
    between = (sizes * (means - middle) ** 2).sum()
    within = sum(((d - d.mean()) ** 2).sum() for d in distances)
    free_between, free_within = len(groups) - 1, sizes.sum() - len(groups)
    # Where no distance differs from its group's mean, as with two seeds, the test says nothing and
    # the variances are pooled.
    if free_between == 0 or within <= 1e-12 * between:
        return 1.0
    ratio = (between / free_between) / (within / free_within)
    return float(stats.f.sf(ratio, free_between, free_within))


def pooled(values: Mapping[str, np.ndarray]) -> tuple[float, float] | None:
    """Give v and its degrees of freedom over all models with seeds, or None: do not pool."""
    # Open: a net with one seed is taken as what has no seeds, like an SVM.
    groups = [np.asarray(v, float) for v in values.values() if len(v) > 1]
    if not groups or brown_forsythe(groups) < 0.05:
        return None
    free = sum(len(g) - 1 for g in groups)
    return sum((len(g) - 1) * g.var(ddof=1) for g in groups) / free, float(free)


def seed_variance(values: Mapping[str, np.ndarray], a: str, b: str) -> tuple[float, float]:
    """Give V_s of a difference of two models and its degrees of freedom."""
    # What has no seeds has no variance, so of a and b only those with seeds have a share.
    seeded = [np.asarray(values[m], float) for m in (a, b) if len(values[m]) > 1]
    common = pooled(values)
    if common is not None:
        v, free = common
        return sum(v / len(e) for e in seeded), free
    shares = [(e.var(ddof=1) / len(e), len(e) - 1) for e in seeded]
    return welch(shares)


def welch(shares: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """Add variances, each with its degrees of freedom, by Welch and Satterthwaite."""
    total = sum(v for v, _ in shares)
    # Open: 0/0 where both are 0; the interval is a point then, whatever the freedom.
    below = sum(v**2 / free for v, free in shares if v > 0)
    return total, (total**2 / below if below else math.inf)


def test_set_variance(first: np.ndarray, second: np.ndarray) -> float:
    """Give V_t of two models from 100 or 0, shape (seeds, examples)."""
    d = first.mean(axis=0) - second.mean(axis=0)
    taken_off = 0.0
    for y in (first, second):
        if len(y) > 1:
            taken_off += y.var(axis=0, ddof=1).mean() / len(y)
    return max(0.0, d.var(ddof=1) - taken_off) / len(d)


test_set_variance.__test__ = False  # its name is no test's


def student(value: float, variance: float, free: float, alpha: float = 0.05) -> Interval:
    """Give a value with the ends of Student's interval."""
    half = stats.t.isf(alpha / 2, free) * math.sqrt(variance) if variance > 0 else 0.0
    return value, value - half, value + half


def _errors(mistakes: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    return {m: 100.0 * np.asarray(y).mean(axis=1) for m, y in mistakes.items()}


def _parts_of_error(
    mistakes: Mapping[str, np.ndarray], a: str, b: str
) -> tuple[float, tuple[float, float], tuple[float, float]]:
    errors = _errors(mistakes)
    first, second = (100.0 * np.asarray(mistakes[m], float) for m in (a, b))
    of_test = test_set_variance(first, second), first.shape[1] - 1
    return errors[a].mean() - errors[b].mean(), seed_variance(errors, a, b), of_test


def error_difference(
    mistakes: Mapping[str, np.ndarray], a: str, b: str
) -> tuple[float, float, float, float, float]:
    """Give the difference of test errors, its interval, and the roots of V_s and V_t."""
    value, of_seeds, of_test = _parts_of_error(mistakes, a, b)
    interval = student(value, *welch([of_seeds, of_test]))
    return *interval, math.sqrt(of_seeds[0]), math.sqrt(of_test[0])


def measure_difference(
    values: Mapping[str, np.ndarray], a: str, b: str, ratio: bool = False
) -> Interval:
    """Give the difference (or ratio) of a measure and its interval, from V_s alone."""
    numbers = {m: np.log(v) if ratio else np.asarray(v, float) for m, v in values.items()}
    value = numbers[a].mean() - numbers[b].mean()
    found = student(value, *seed_variance(numbers, a, b))
    return tuple(math.exp(end) for end in found) if ratio else found


def mean(values: np.ndarray) -> Interval:
    """Give the mean over a model's own seeds with Student's interval of these seeds."""
    return student(values.mean(), values.var(ddof=1) / len(values), len(values) - 1)


def needed_seeds(mistakes: Mapping[str, np.ndarray], a: str, b: str) -> int | None:
    """Give the least S, from 2 on, at which the interval of a difference would exclude 0."""
    value, (of_seeds, free), of_test = _parts_of_error(mistakes, a, b)
    now = max(len(mistakes[m]) for m in (a, b))

    def excludes(seeds: int) -> bool:
        scaled = of_seeds * now / seeds, free * (seeds - 1) / (now - 1)
        _, low, high = student(value, *welch([scaled, of_test]))
        return low > 0 or high < 0

    high = 2
    while not excludes(high):
        high *= 2
        if high > 2**40:
            return None
    low = high // 2
    if high == 2:
        return 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if excludes(middle) else (middle, high)
    return high


def p_value(value: float, error: float, free: float, bound: float) -> float:
    """Give the smallest share of missing intervals that leaves the bound outside."""
    return float(2 * stats.t.sf(abs(value - bound) / error, free))


def holm(p_values: Sequence[float], alpha: float = 0.05) -> list[float]:
    """Give the level at which each comparison is judged, in the order given."""
    order = sorted(range(len(p_values)), key=lambda k: p_values[k])
    levels = [0.0] * len(p_values)
    level, is_open = alpha / max(1, len(order)), True
    for rank, k in enumerate(order):
        if is_open:
            level = alpha / (len(order) - rank)
            is_open = p_values[k] <= level
        levels[k] = level
    return levels


def poisson_binomial_at_least(probabilities: Sequence[float], count: int) -> float:
    """Give the probability of at least so many successes, by listing all outcomes."""
    return math.fsum(
        math.prod(p if won else 1 - p for p, won in zip(probabilities, wins, strict=True))
        for wins in itertools.product((True, False), repeat=len(probabilities))
        if sum(wins) >= count
    )
