"""What a measure of a run is."""

import dataclasses
import functools
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import keras
import numpy as np


@dataclasses.dataclass(frozen=True)
class Subject:
    """A pre-trained encoder and the validation examples to measure it on.

    Attributes:
        layers: The model of each layer, lowest first.
        encoder: From inputs to codes of the top layer.
        examples: All validation inputs, shape (n, features).
        count: How many of them are behind most measures.
        spectrum_count: How many are behind the spectrum; 0 leaves it out.
        seed: Seed of what a measure draws.
    """

    layers: Sequence[keras.Model]
    encoder: keras.Layer
    examples: np.ndarray
    count: int
    spectrum_count: int
    seed: int

    @functools.cached_property
    def x(self) -> np.ndarray:
        """The examples behind most measures, shape (count, features)."""
        return self.examples[: self.count]


@dataclasses.dataclass(frozen=True)
class Measure:
    """Something that every record of a net holds.

    A module of this room that names some in `MEASURES` has them in every new record. A record
    from before says by itself that they were not measured.

    Attributes:
        units: Name of each result -> its unit; "" for a pure number.
        of: Takes a subject to the results, by name, as arrays and numbers.
    """

    units: Mapping[str, str]
    of: Callable[[Subject], Mapping[str, Any]]
