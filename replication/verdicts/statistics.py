"""Differences between models, with the noise of the seeds and of the test set kept apart."""

import dataclasses
import math
from collections.abc import Mapping, Sequence

import numpy as np

from replication.checks import check_count
from replication.errors import InputError
from replication.verdicts.estimate import (
    ALPHA,
    Estimate,
    by_student,
    student_ends,
)
from replication.verdicts.seed_variance import seed_variance

_MOST_SEEDS = 1_000_000  # beyond, "no number of seeds" is what a reader should hear


@dataclasses.dataclass(frozen=True, kw_only=True)
class ErrorDifference(Estimate):
    """Difference of two models' test errors, in points.

    Attributes:
        seed_error: Standard error that comes from the seeds: what more seeds would shrink.
        test_error: Standard error that comes from the finite test set, net of what the seeds put
            into it: what only more test examples would shrink.
        seeds: Number of seeds of either model, the smaller one.
        examples: Number of test examples.
        seed_freedom: Degrees of freedom of the seeds' error.
    """

    seed_error: float
    test_error: float
    seeds: int
    examples: int
    seed_freedom: float

    def needed_seeds(self) -> int | None:
        """Smallest number of seeds of each model at which 0 would lie outside the 95 % interval.

        None where no number would do: the test set alone leaves it open.
        """
        if abs(self.value) <= student_ends(0, self.test_error, math.inf, ALPHA, False)[1]:
            return None
        few, enough = 1, 2
        while abs(self.value) <= self._half_width_with(enough):
            few, enough = enough, 2 * enough
            if enough > _MOST_SEEDS:
                return None
        while enough - few > 1:
            middle = (few + enough) // 2
            if abs(self.value) <= self._half_width_with(middle):
                few = middle
            else:
                enough = middle
        return enough

    def needed_examples(self) -> int | None:
        """Number of test examples at which this difference would be told from 0 with any seeds.

        None where the difference is 0.
        """
        if self.value == 0:
            return None
        one = student_ends(0, self.test_error * math.sqrt(self.examples), math.inf, ALPHA, False)[1]
        return math.ceil((one / abs(self.value)) ** 2)

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

    def _half_width_with(self, seeds: int) -> float:
        """Half of the interval that this difference would have with another number of seeds."""
        more = seeds / self.seeds
        seed_freedom = self.seed_freedom * (seeds - 1) / max(self.seeds - 1, 1)
        total, freedom = _added(
            self.seed_error**2 / more, seed_freedom, self.test_error**2, self.examples - 1
        )
        return student_ends(0, math.sqrt(total), freedom, ALPHA, False)[1]


def seed_difference(
    values: Mapping[str, np.ndarray], first: str, second: str, ratio: bool = False
) -> Estimate:
    """Compare the means over seeds of a number of two models: first minus second.

    Args:
        values: Model -> one number for each of its seeds, shape (seeds,); all models count for the
            variance.
        first, second: Keys of the two models.
        ratio: Give the ratio of the geometric means instead; numbers have to be above 0.
    """
    if ratio:
        values = {model: np.log(v) for model, v in values.items()}
    spread = seed_variance(values)
    seeds = {model: len(v) for model, v in values.items()}
    variance, freedom = spread.of_difference(seeds, first, second)
    difference = float(np.mean(values[first]) - np.mean(values[second]))
    value = math.exp(difference) if ratio else difference
    if not spread.variance.keys() & {first, second}:
        return Estimate(value, math.nan, math.nan, covers="seeds")
    return by_student(value, math.sqrt(variance), freedom, "seeds", log=ratio)


def error_difference(
    mistakes: Mapping[str, np.ndarray], first: str, second: str
) -> ErrorDifference:
    """Compare two models by their mistakes: test error of `first` minus that of `second`.

    All models were tested on the same examples; their seeds need not be the same. The error of the
    seeds is that of `seed_variance`. Let d[i] be the difference of the two shares of seeds that
    misclassify example i. Its variance over i holds the noise of the test set and that of the
    seeds, v / S for each model with S seeds, where v[i] is the variance of its mistakes over seeds.
    What is left of it without the latter, if anything, is the net variance of the test set. The
    variances add; the interval is Student's with Satterthwaite's degrees of freedom.

    Args:
        mistakes: Model -> booleans, True where the example was misclassified, shape
            (seeds, examples); all models count for the seeds' variance. A model without seeds has
            one row.
        first, second: Keys of the two models.

    Raises:
        InputError: The models were not tested on the same number of examples, of at least 2.
    """
    a, b = (100.0 * np.asarray(mistakes[model], float) for model in (first, second))
    examples = a.shape[1]
    if b.shape[1] != examples or examples < 2:
        raise InputError(
            "models are compared on the same test examples, at least 2. "
            f"Received: shapes {a.shape} and {b.shape}"
        )
    spread = seed_variance({m: 100.0 * np.mean(y, axis=1) for m, y in mistakes.items()})
    seeds = {model: len(y) for model, y in mistakes.items()}
    by_seeds, seed_freedom = spread.of_difference(seeds, first, second)
    d = a.mean(axis=0) - b.mean(axis=0)
    of_seeds = sum(y.var(axis=0, ddof=1).mean() / len(y) for y in (a, b) if len(y) > 1)
    by_test = max(float(d.var(ddof=1) - of_seeds), 0.0) / examples
    total, freedom = _added(by_seeds, seed_freedom, by_test, examples - 1)
    value = float(d.mean())
    whole = by_student(value, math.sqrt(total), freedom, "seeds and test set")
    return ErrorDifference(
        **{f.name: getattr(whole, f.name) for f in dataclasses.fields(Estimate)},
        seed_error=math.sqrt(by_seeds),
        test_error=math.sqrt(by_test),
        seeds=min(len(y) for y in (a, b) if len(y) > 1) if max(len(a), len(b)) > 1 else 1,
        examples=examples,
        seed_freedom=seed_freedom,
    )


def mean_interval(values: np.ndarray, covers: str = "seeds") -> Estimate:
    """Estimate a mean with Student's t interval.

    Args:
        values: One number for each seed or round, shape (n,).
        covers: What they differ in.
    """
    values = np.asarray(values, float)
    check_count("seeds", len(values))
    mean = float(values.mean())
    if len(values) == 1:
        return Estimate(mean, math.nan, math.nan, covers=covers)
    error = float(values.std(ddof=1) / math.sqrt(len(values)))
    return by_student(mean, error, len(values) - 1, covers)


def geometric_mean_interval(values: np.ndarray, covers: str = "seeds") -> Estimate:
    """Estimate a geometric mean: Student's t interval of the logarithms.

    Args:
        values: One number above 0 for each seed or round, shape (n,).
        covers: What they differ in.
    """
    logs = mean_interval(np.log(values), covers)
    value = math.exp(logs.value)
    if math.isnan(logs.error):
        return Estimate(value, math.nan, math.nan, covers=covers)
    return by_student(value, logs.error, logs.freedom, covers, log=True)


def binomial_half_width(percent: float, examples: int) -> float:
    """Half of the 95 % interval that a finite test set gives to an error rate, in points.

    The rule of the paper's Table 2: 1.96 sqrt(p (1 - p) / n).

    Args:
        percent: Error rate, from 0 to 100.
        examples: Number n of test examples.
    """
    return 1.96 * binomial_error(percent, examples)


def binomial_error(percent: float, examples: int) -> float:
    """Standard error that a finite test set gives to an error rate, in points.

    Args:
        percent: Error rate, from 0 to 100.
        examples: Number n of test examples.
    """
    p = percent / 100
    return 100 * math.sqrt(p * (1 - p) / examples)


def count_at_least(probabilities: Sequence[float], count: int) -> float:
    """Compute the probability of at least so many wins, won independently (Poisson-binomial).

    Args:
        probabilities: That of each win, from 0 to 1.
        count: How many.
    """
    exactly = np.array([1.0])  # of so many wins
    for p in probabilities:
        exactly = np.convolve(exactly, [1 - p, p])
    return float(exactly[count:].sum())


def _added(
    first: float, first_freedom: float, second: float, second_freedom: float
) -> tuple[float, float]:
    """Add two variances; Satterthwaite's degrees of freedom of the sum."""
    total = first + second
    parts = first**2 / first_freedom + second**2 / second_freedom
    return total, total**2 / parts if parts else first_freedom + second_freedom
