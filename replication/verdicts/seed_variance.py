"""How much a number varies from seed to seed, pooled over models where that is right."""

import dataclasses
import math
from collections.abc import Mapping, Sequence

import numpy as np

UNEQUAL = 0.05  # below this p value, variances are not pooled
_NEGLIGIBLE = 1e-12  # share of a variance that rounding may leave


@dataclasses.dataclass(frozen=True)
class SeedVariance:
    """The variance of one number from seed to seed, model by model.

    Attributes:
        variance: Model -> variance of a single run.
        freedom: Model -> degrees of freedom of that variance.
        is_pooled: Whether all models share one variance.
        p_value: Of the hypothesis that all models have the same variance (Brown and Forsythe).
    """

    variance: Mapping[str, float]
    freedom: Mapping[str, int]
    is_pooled: bool
    p_value: float

    def of_difference(
        self, seeds: Mapping[str, int], first: str, second: str
    ) -> tuple[float, float]:
        """Compute the variance of the difference of two means over seeds, and its freedom.

        A model without seeds, such as an SVM, has no variance.

        Args:
            seeds: Model -> number of its seeds.
            first, second: Keys of the models.
        """
        parts = {
            model: self.variance[model] / seeds[model]
            for model in (first, second)
            if model in self.variance
        }
        total = sum(parts.values())
        if not parts:
            return 0.0, math.inf
        if self.is_pooled:
            return total, float(self.freedom[next(iter(parts))])
        if total == 0:
            return 0.0, float(sum(self.freedom[model] for model in parts))
        squares = sum(part**2 / self.freedom[model] for model, part in parts.items())
        return total, total**2 / squares


def seed_variance(values: Mapping[str, np.ndarray]) -> SeedVariance:
    """Estimate how much a number varies from seed to seed.

    The variances of all models are pooled, weighted by their degrees of freedom; where the test of
    Brown and Forsythe tells them apart, each model keeps its own.

    Args:
        values: Model -> one number for each of its seeds, shape (seeds,). Models with one number
            are left out.
    """
    several = {model: np.asarray(v, float) for model, v in values.items() if len(v) > 1}
    own = {model: float(v.var(ddof=1)) for model, v in several.items()}
    freedom = {model: len(v) - 1 for model, v in several.items()}
    p_value = _brown_forsythe(list(several.values()))
    if p_value < UNEQUAL or not several:
        return SeedVariance(own, freedom, False, p_value)
    total = sum(freedom.values())
    pooled = sum(freedom[model] * own[model] for model in several) / total
    return SeedVariance(
        dict.fromkeys(several, pooled), dict.fromkeys(several, total), True, p_value
    )


def _brown_forsythe(groups: Sequence[np.ndarray]) -> float:
    """P value of equal variances: an analysis of variance of the distances to the medians."""
    from scipy.special import fdtrc

    groups = [np.abs(g - np.median(g)) for g in groups]
    count, size = len(groups), sum(map(len, groups))
    if count < 2:
        return 1.0
    mean = np.concatenate(groups).mean()
    between = sum(len(g) * (g.mean() - mean) ** 2 for g in groups) / (count - 1)
    within = sum(((g - g.mean()) ** 2).sum() for g in groups) / (size - count)
    if within <= _NEGLIGIBLE * between:  # as with two seeds each: rounding, and nothing to test by
        return 1.0
    return float(fdtrc(count - 1, size - count, between / within))
