"""A number with its interval, and what that interval covers."""

import dataclasses
import math

import numpy as np

CONFIDENCE = 0.95
ALPHA = 1 - CONFIDENCE


@dataclasses.dataclass(frozen=True)
class Estimate:
    """A number with its 95 % interval.

    Attributes:
        value: The estimate.
        low, high: Ends of the interval; NaN where there is none, as for one seed alone.
        error: Standard error; of the logarithm where `log`. NaN if it is not Student's.
        freedom: Degrees of freedom of the error; infinite where it is known exactly.
        log: Whether the interval is Student's of the logarithm.
        covers: What the interval covers: "seeds", "seeds and test set", "rounds"; it never covers
            the choice of settings. Empty where there is no noise.
        draws: The statistic on resampled units, where the interval is of percentiles.
    """

    value: float
    low: float
    high: float
    error: float = math.nan
    freedom: float = math.nan
    log: bool = False
    covers: str = ""
    draws: tuple[float, ...] = dataclasses.field(default=(), repr=False, compare=False)

    def at(self, alpha: float) -> "Estimate":
        """Return the same estimate with the interval of another level.

        An interval of neither kind, as of a number without noise, stays as it is.

        Args:
            alpha: Share of such intervals that miss the truth, between 0 and 1.
        """
        if self.draws:
            tails = [100 * alpha / 2, 100 * (1 - alpha / 2)]
            low, high = (float(end) for end in np.nanpercentile(self.draws, tails))
        elif math.isnan(self.error):
            return self
        else:
            low, high = student_ends(self.value, self.error, self.freedom, alpha, self.log)
        return dataclasses.replace(self, low=low, high=high)


def exactly(value: float) -> Estimate:
    """Return a number without noise."""
    return Estimate(value, value, value)


def by_student(
    value: float, error: float, freedom: float, covers: str, log: bool = False
) -> Estimate:
    """Return a number with Student's 95 % interval.

    Args:
        value: The estimate.
        error: Its standard error, at least 0; of the logarithm where `log`.
        freedom: Degrees of freedom of the error.
        covers: What the interval covers.
        log: Whether the interval is Student's of the logarithm.
    """
    low, high = student_ends(value, error, freedom, ALPHA, log)
    return Estimate(value, low, high, error, freedom, log, covers)


def by_percentiles(value: float, draws: np.ndarray, covers: str) -> Estimate:
    """Return a number with the 95 % interval of percentiles.

    Args:
        value: The estimate.
        draws: The statistic on resampled units, shape (resamples,). NaN are left out; where all
            are, there is no interval.
        covers: What the interval covers.
    """
    if np.isnan(draws).all():
        return Estimate(value, math.nan, math.nan, covers=covers)
    found = Estimate(value, math.nan, math.nan, covers=covers, draws=tuple(map(float, draws)))
    return found.at(ALPHA)


def student_ends(
    value: float, error: float, freedom: float, alpha: float, log: bool
) -> tuple[float, float]:
    """Compute the ends of Student's interval.

    Args:
        value: The estimate; above 0 where `log`.
        error: Its standard error; of the logarithm where `log`.
        freedom: Degrees of freedom; infinite gives the normal distribution.
        alpha: Share of such intervals that miss the truth.
        log: Whether the interval is of the logarithm.
    """
    # SciPy only where something is judged: it takes long to import.
    from scipy.special import ndtri, stdtrit

    share = 1 - alpha / 2
    half = error * float(ndtri(share) if math.isinf(freedom) else stdtrit(freedom, share))
    if log:
        return value * math.exp(-half), value * math.exp(half)
    return value - half, value + half
