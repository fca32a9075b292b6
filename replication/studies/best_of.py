"""The best of a few trials, drawn from those that were made: what a smaller search would find."""

import dataclasses
import math
from collections.abc import Sequence
from fractions import Fraction

from replication.checks import check_count, check_number

SHARE = 0.9  # probability that the interval holds the best


@dataclasses.dataclass(frozen=True)
class Best:
    """The smallest error among trials that are drawn.

    Attributes:
        mean: Its expectation.
        low, high: Ends of an interval that holds it with the probability that was asked for, or
            more: it falls below and above with half of what is left, at most.
    """

    mean: float
    low: float
    high: float


def best_of(errors: Sequence[float], count: int, share: float = SHARE) -> Best:
    """Find the distribution of the smallest of some errors, drawn without replacement.

    Of N errors in ascending order, the i-th is the smallest of n that are drawn with probability
    C(N - i, n - 1) / C(N, n): the others are drawn from those behind it.

    Args:
        errors: All of them.
        count: How many are drawn.
        share: Probability of the interval.

    Raises:
        InputError: There are fewer errors than are to be drawn, or a number is impossible.
    """
    check_count("count", count, high=len(errors))
    check_number("share", share, 0, 1)
    ordered = sorted(errors)
    total = len(ordered)
    ways = [math.comb(total - i, count - 1) for i in range(1, total + 1)]
    all_ways = math.comb(total, count)
    mean = sum(error * (w / all_ways) for error, w in zip(ordered, ways, strict=True) if w)
    # Fractions: a step of the distribution may lie exactly at the end of the interval.
    tail = (1 - Fraction(str(share))) / 2
    return Best(mean, *(_quantile(ordered, ways, all_ways * p) for p in (tail, 1 - tail)))


def _quantile(ordered: Sequence[float], ways: Sequence[int], wanted: Fraction) -> float:
    """The first error up to which at least so many ways lead."""
    so_far = 0
    for error, count in zip(ordered, ways, strict=True):
        so_far += count
        if so_far >= wanted:
            return error
    return ordered[-1]
