"""Intervals and paired comparisons, with the noise of the seeds and of the test set kept apart."""

import dataclasses
import math
from collections.abc import Callable, Iterator, Sequence

import numpy as np

from replication.checks import check_count
from replication.errors import InputError

CONFIDENCE = 0.95


@dataclasses.dataclass(frozen=True)
class Estimate:
    """A number with its interval.

    Attributes:
        value: The estimate.
        low, high: Ends of the 95 % interval; NaN where there is none, as for one seed alone.
    """

    value: float
    low: float
    high: float


@dataclasses.dataclass(frozen=True)
class PairedDifference(Estimate):
    """Difference of two models' error rates on the same seeds and test examples, in points.

    Attributes:
        seed_error: Standard error that comes from the seeds: what more seeds would shrink.
        test_error: Standard error that comes from the finite test set: what only more test
            examples would shrink.
        seeds: Number of seeds.
        examples: Number of test examples.
        freedom: Degrees of freedom of the combined error.
    """

    seed_error: float
    test_error: float
    seeds: int
    examples: int
    freedom: float

    def needed_seeds(self) -> int | None:
        """Number of seeds at which this difference would be told from 0 on this test set.

        None where no number would do: the test set alone leaves it open.
        """
        if abs(self.value) <= _normal() * self.test_error:
            return None
        deviation = self.seed_error * math.sqrt(self.seeds)
        seeds = 2
        while abs(self.value) <= _half_width(
            deviation / math.sqrt(seeds), seeds - 1, self.test_error, self.examples - 1
        ):
            seeds = max(seeds + 1, math.ceil(1.05 * seeds))
        return seeds

    def needed_examples(self) -> int | None:
        """Number of test examples at which this difference would be told from 0 with any seeds.

        None where the difference is 0.
        """
        if self.value == 0:
            return None
        deviation = self.test_error * math.sqrt(self.examples)
        return math.ceil((_normal() * deviation / abs(self.value)) ** 2)

    def explain(self) -> str:
        """Say how large either noise is and, where nothing is decided, what it would take."""
        kept_apart = (
            f"standard error {self.seed_error:.3f} from seeds, {self.test_error:.3f} from the test "
            "set"
        )
        if self.low > 0 or self.high < 0:
            return kept_apart
        seeds, examples = self.needed_seeds(), self.needed_examples()
        more = f"{seeds} seeds" if seeds else "no number of seeds on this test set"
        if examples and not seeds:
            more += f", {examples:,} test examples"
        return f"{kept_apart}; to tell from 0: {more}"


def mean_interval(values: np.ndarray) -> Estimate:
    """Estimate a mean over seeds with Student's t interval.

    Args:
        values: One number for each seed, shape (seeds,).
    """
    values = np.asarray(values, float)
    check_count("seeds", len(values))
    mean = float(values.mean())
    if len(values) == 1:
        return Estimate(mean, math.nan, math.nan)
    error = values.std(ddof=1) / math.sqrt(len(values))
    half = float(_student(len(values) - 1) * error)
    return Estimate(mean, mean - half, mean + half)


def geometric_mean_interval(values: np.ndarray) -> Estimate:
    """Estimate a geometric mean over seeds: Student's t interval of the logarithms.

    Args:
        values: One number above 0 for each seed, shape (seeds,).
    """
    logs = mean_interval(np.log(values))
    return Estimate(*(float(np.exp(v)) for v in (logs.value, logs.low, logs.high)))


def binomial_half_width(percent: float, examples: int) -> float:
    """Half of the 95 % interval that a finite test set gives to an error rate, in points.

    The rule of the paper's Table 2: 1.96 sqrt(p (1 - p) / n).

    Args:
        percent: Error rate, from 0 to 100.
        examples: Number n of test examples.
    """
    p = percent / 100
    return 100 * 1.96 * math.sqrt(p * (1 - p) / examples)


def paired_difference(first: np.ndarray, second: np.ndarray) -> PairedDifference:
    """Compare two models by their mistakes: error of `first` minus error of `second`.

    Both models were trained with the same seeds and tested on the same examples. Let
    d[s, i] be the difference of the two 0/1 mistakes. The estimate is the mean of d. Its seed
    error is the standard error of the means over examples, its test error that of the means over
    seeds; the variances add. (Each holds a small part of the other, so the sum is a little too
    large, never too small.) The interval is Student's, with Satterthwaite's degrees of freedom.

    Args:
        first, second: Booleans, True where the example was misclassified, shape (seeds, examples).

    Raises:
        InputError: The shapes differ, or there are fewer than two seeds or examples.
    """
    if first.shape != second.shape or first.ndim != 2 or min(first.shape) < 2:
        raise InputError(
            "a paired comparison needs the mistakes of two models, with the same seeds (at least "
            f"2) and test examples. Received: shapes {first.shape} and {second.shape}"
        )
    seeds, examples = first.shape
    d = 100.0 * (first.astype(float) - second.astype(float))
    value = float(d.mean())
    seed_error = float(d.mean(axis=1).std(ddof=1) / math.sqrt(seeds))
    test_error = float(d.mean(axis=0).std(ddof=1) / math.sqrt(examples))
    half = _half_width(seed_error, seeds - 1, test_error, examples - 1)
    freedom = _freedom(seed_error, seeds - 1, test_error, examples - 1)
    return PairedDifference(
        value, value - half, value + half, seed_error, test_error, seeds, examples, freedom
    )


def bootstrap(
    statistic: Callable[..., float], sizes: Sequence[int], seed: int, resamples: int = 2000
) -> Estimate:
    """Estimate a statistic with a percentile interval over resampled units.

    There may be several kinds of units, such as seeds and test examples; each kind is resampled
    independently of the others, so that all kinds of noise count.

    Args:
        statistic: Called with one array of indices for each kind, shapes (size,); first with each
            index once.
        sizes: How many units of each kind there are.
        seed: Seed of the resampling; the same seed gives the same interval.
        resamples: Number of resamples. Where the statistic is NaN in some, they are left out;
            where it is in all, there is no interval.
    """
    drawn = [statistic(*chosen) for chosen in resampled(sizes, seed, resamples)]
    return percentile_interval(np.array(drawn))


def resampled(
    sizes: Sequence[int], seed: int, resamples: int = 2000
) -> Iterator[tuple[np.ndarray, ...]]:
    """Yield one array of indices for each kind of units: first each index once, then drawn ones.

    Args:
        sizes: How many units of each kind there are.
        seed: Seed of the resampling.
        resamples: Number of resamples.
    """
    generator = np.random.default_rng(seed)
    yield tuple(np.arange(size) for size in sizes)
    for _ in range(resamples):
        yield tuple(generator.integers(size, size=size) for size in sizes)


def percentile_interval(values: np.ndarray) -> Estimate:
    """Estimate a statistic from its values on what `resampled` yields.

    Args:
        values: The statistic itself, then that of each resample, shape (1 + resamples,). NaN are
            left out; where all resamples are, there is no interval.
    """
    value, drawn = float(values[0]), values[1:]
    if np.isnan(drawn).all():
        return Estimate(value, math.nan, math.nan)
    tail = 100 * (1 - CONFIDENCE) / 2
    low, high = np.nanpercentile(drawn, [tail, 100 - tail])
    return Estimate(value, float(low), float(high))


# SciPy only where something is judged: its special functions take a quarter of a second to import,
# `scipy.stats` a whole one.
def _normal() -> float:
    """Half the width of the interval of a normal variable, in standard errors."""
    from scipy.special import ndtri

    return float(ndtri((1 + CONFIDENCE) / 2))


def _student(freedom: float) -> float:
    """The same of Student's distribution."""
    from scipy.special import stdtrit

    return float(stdtrit(freedom, (1 + CONFIDENCE) / 2))


def _freedom(first: float, first_freedom: int, second: float, second_freedom: int) -> float:
    """Satterthwaite's degrees of freedom of the sum of two variances."""
    total = (first**2 + second**2) ** 2
    parts = first**4 / first_freedom + second**4 / second_freedom
    return total / parts if parts else float(first_freedom + second_freedom)


def _half_width(first: float, first_freedom: int, second: float, second_freedom: int) -> float:
    freedom = _freedom(first, first_freedom, second, second_freedom)
    return float(_student(freedom) * math.hypot(first, second))
