"""An axis of something to play with."""

import dataclasses
from collections.abc import Sequence
from typing import Any

from matplotlib.ticker import LogLocator, MaxNLocator


@dataclasses.dataclass(frozen=True, kw_only=True)
class Axis:
    """An axis.

    Attributes:
        low, high: Its ends.
        label: What it measures.
        ticks: Where it has marks, and what they say; none where the axis is not drawn.
        log: Whether it is logarithmic.
    """

    low: float
    high: float
    label: str = ""
    ticks: Sequence[tuple[float, str]] = ()
    log: bool = False

    def plain(self) -> dict[str, Any]:
        """Return it as `book/static/play.js` takes it."""
        return dataclasses.asdict(self)


def nice_ticks(low: float, high: float, log: bool = False) -> list[tuple[float, str]]:
    """Return a few round values between the ends of an axis, each with itself as a text.

    Args:
        low, high: The ends.
        log: Whether the axis is logarithmic.
    """
    locator = LogLocator() if log else MaxNLocator(nbins=5, integer=high - low > 5)
    values = [float(value) for value in locator.tick_values(low, high)]
    return [(value, f"{value:g}") for value in values if low <= value <= high]
