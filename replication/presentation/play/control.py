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

    def plain(self) -> dict[str, Any]:
        """Return it as `book/static/play.js` takes it."""
        return dataclasses.asdict(self)
