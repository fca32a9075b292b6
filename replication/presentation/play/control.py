"""A control of something to play with."""

import dataclasses
from collections.abc import Sequence
from typing import Any


@dataclasses.dataclass(frozen=True, kw_only=True)
class Control:
    """A control with a few values: a slider where they have an order, else a menu.

    Attributes:
        label: What it chooses.
        choices: The values, as texts.
        start: Index of the value that is chosen at first.
        slider: Whether it is a slider.
    """

    label: str
    choices: Sequence[str]
    start: int = 0
    slider: bool = True

    @classmethod
    def over(cls, label: str, values: Sequence[float], start: float) -> "Control":
        """Make a slider over numbers.

        Args:
            label: What it chooses.
            values: The numbers, in their order.
            start: The number that is chosen at first; the first one where it is not among them.
        """
        first = list(values).index(start) if start in values else 0
        return cls(label=label, choices=[f"{value:g}" for value in values], start=first)

    def plain(self) -> dict[str, Any]:
        """Return it as `book/static/play.js` takes it."""
        return dataclasses.asdict(self)
