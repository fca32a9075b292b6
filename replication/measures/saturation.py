"""Saturation of sigmoid units (the SAT column of Table 1)."""

import keras
import numpy as np

from replication.measures.encoding import encode
from replication.measures.measure import Measure, Subject
from replication.models.building import ends_in_sigmoid

LOW, HIGH = 0.05, 0.95  # section 5.2: a unit counts as saturated outside these activations


def saturation(encoder: keras.Layer, x: np.ndarray) -> float:
    """Compute the average share of saturated units, in percent.

    A unit is saturated on an example if its activation is below 0.05 or above 0.95.

    Args:
        encoder: A built encoder with activations in [0, 1].
        x: Inputs, shape (n, ...).

    Returns:
        Percentage from 0 to 100, averaged over examples.
    """
    h = encode(encoder, x)
    return float(100 * np.mean((h < LOW) | (h > HIGH)))


def _of(subject: Subject) -> dict[str, float]:
    if not ends_in_sigmoid(subject.layers[-1].encoder):
        return {}  # other units have no such ends
    return {"saturation": saturation(subject.encoder, subject.x)}


MEASURES = (Measure({"saturation": "percent"}, _of),)
