"""All measures of a pre-trained encoder, as a record holds them."""

from collections.abc import Mapping, Sequence
from typing import Any

import keras
import numpy as np

from replication.engine.results import seven_digits
from replication.engine.settings import Settings
from replication.measures.measure import Subject
from replication.measures.registry import measures
from replication.models import StackedEncoder


def measure(settings: Settings, model: keras.Model, x: np.ndarray) -> dict[str, Any]:
    """Measure a pre-trained encoder on validation examples.

    Args:
        settings: How many examples, and the seed of the directions.
        model: A pre-trained model.
        x: All validation inputs, shape (n, features).

    Returns:
        What the registered measures found, by name.
    """
    subject = Subject(
        layers=layers_of(model),
        encoder=model.encoder,
        examples=x,
        count=settings.measure_examples,
        spectrum_count=settings.spectrum_examples,
        seed=settings.seed,
    )
    return {name: _plain(v) for one in measures() for name, v in one.of(subject).items()}


def layers_of(model: keras.Model) -> list[keras.Model]:
    """Return the model of each layer, lowest first.

    Args:
        model: A stack, or a model that is one layer.
    """
    return model.models if isinstance(model, StackedEncoder) else [model]


def _plain(value: Any) -> Any:
    """JSON values: numbers of seven digits, in whatever they are kept."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, Mapping):
        return {name: _plain(v) for name, v in value.items()}
    if isinstance(value, Sequence):
        return [_plain(v) for v in value]
    return seven_digits(value)
