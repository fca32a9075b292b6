"""Remade sets with one choice of their recipe changed."""

import dataclasses
from collections.abc import Mapping
from functools import partial
from typing import Any

from replication.checks import check_choice
from replication.datasets import remade
from replication.datasets.dataset import Dataset
from replication.datasets.remade import MATERIAL, Choices, Material, generate
from replication.datasets.source import Source

# Set -> choice -> other values that it could have; ours is the default of `Choices`.
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
    """A set with one choice changed.

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
    """Return the value of a choice as text; a range as "0.25-0.75"."""
    if isinstance(value, tuple):
        return "-".join(f"{end:g}" for end in value)
    return value if isinstance(value, str) else f"{value:g}"


VARIANTS: Mapping[str, Variant] = {
    variant.name: variant
    for dataset, choices in ALTERNATIVES.items()
    for choice, values in choices.items()
    for variant in (Variant(dataset, choice, value) for value in values)
}


def load_variant(name: str, material: Material = MATERIAL) -> Dataset:
    """Make a variant, with the seed of the set itself, so that only the choice differs.

    Args:
        name: A key of `VARIANTS`.
        material: What the set is made from, and its size.

    Raises:
        InputError: The name is unknown, or MNIST or the photographs cannot be loaded.
    """
    variant = VARIANTS[check_choice("name", name, tuple(VARIANTS))]
    choices = Choices(**{variant.choice: variant.value})
    made = generate(variant.dataset, choices=choices, material=material)
    return dataclasses.replace(made, name=name)


def _source(variant: Variant) -> Source:
    """Declare a variant: it needs the files of its set."""
    made = next(source for source in remade.SOURCES if source.name == variant.dataset)
    choice = f"{variant.choice.replace('_', ' ')} {value_text(variant.value)}"
    return Source(
        variant.name,
        f"{made.label}, {choice}",
        partial(load_variant, variant.name),
        made.files,
    )


SOURCES = tuple(_source(variant) for variant in VARIANTS.values())
