"""Sets of the benchmark with one choice of their recipe made otherwise."""

import dataclasses
from collections.abc import Mapping
from typing import Any

from replication.checks import check_choice
from replication.datasets.benchmark import Choices, generate
from replication.datasets.dataset import Dataset

# Set -> choice -> what else it could have been; our own is the default of `Choices`.
ALTERNATIVES: Mapping[str, Mapping[str, tuple[Any, ...]]] = {
    "rot": {"interpolation": ("nearest", "bicubic")},
    "bg-img": {
        "composite": ("over", "replace"),
        "minimum_deviation": (0.0, 0.2),
        "margin": (0,),
    },
    "rectangles-image": {
        "rectangle_side": (7, 13),
        "rectangle_difference": (2, 8),
        "rectangle_areas": ((0.1, 0.9),),
        "minimum_deviation": (0.0, 0.2),
        "margin": (0,),
    },
}


@dataclasses.dataclass(frozen=True)
class Variant:
    """A set of which one choice was made otherwise.

    Attributes:
        dataset: Name of the set.
        choice: Name of the choice, a field of `Choices`.
        value: Its value.
    """

    dataset: str
    choice: str
    value: Any

    @property
    def name(self) -> str:
        """Name of the set, a colon, the choice, an equals sign and the value."""
        return f"{self.dataset}:{self.choice}={value_text(self.value)}"


def value_text(value: Any) -> str:
    """Write the value of a choice; a range as "0.25-0.75"."""
    if isinstance(value, tuple):
        return "-".join(f"{end:g}" for end in value)
    return value if isinstance(value, str) else f"{value:g}"


VARIANTS: Mapping[str, Variant] = {
    variant.name: variant
    for dataset, choices in ALTERNATIVES.items()
    for choice, values in choices.items()
    for variant in (Variant(dataset, choice, value) for value in values)
}


def load_variant(name: str) -> Dataset:
    """Make a variant, with the seed of the set itself, so that all else is the same.

    Args:
        name: A key of `VARIANTS`.

    Raises:
        InputError: The name is unknown, or MNIST or the photographs cannot be had.
    """
    variant = VARIANTS[check_choice("name", name, tuple(VARIANTS))]
    made = generate(variant.dataset, choices=Choices(**{variant.choice: variant.value}))
    return dataclasses.replace(made, name=name)
