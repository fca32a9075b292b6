"""Percentile intervals from resampled units."""

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from replication.verdicts.estimate import Estimate, by_percentiles


def bootstrap(
    statistic: Callable[..., float],
    sizes: Sequence[int],
    seed: int,
    resamples: int = 2000,
    covers: str = "seeds and test set",
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
        covers: What is resampled, in words.
    """
    values = np.array([statistic(*chosen) for chosen in resampled(sizes, seed, resamples)])
    return by_percentiles(float(values[0]), values[1:], covers)


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
