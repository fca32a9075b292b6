"""What the pages call each fault."""

from collections.abc import Mapping

TITLES: Mapping[str, str] = {
    "frozen-kernel": "frozen kernel",
    "detached-kernel": "detached kernel",
    "summed-code": "gradient of the summed code",
    "square-of-sum": "square of the sum",
    "floor-division": "floor division",
    "half-gradient": "half the gradient",
    "no-bias-gradient": "no gradient to the bias",
    "other-derivative": "another unit's derivative",
    "last-layer": "last layer only",
    "mean-entry": "mean instead of sum",
    "pixel-mean": "mean over pixels",
}
