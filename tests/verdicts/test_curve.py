"""Curves and spectra whose shape is known."""

import numpy as np
import pytest

from replication.verdicts.curve import fall, peak_radius, rise
from replication.verdicts.spectrum import count_above


def test_shape_of_a_curve():
    """Rise, fall and peak of a parabola, and of a curve that only falls."""
    radius = np.arange(0.0, 21.0, 2.0)
    parabola = {"radius": radius, "ratio": 1 - ((radius - 9) / 20) ** 2}
    assert peak_radius(parabola) == pytest.approx(9.0)  # between two points of the grid
    falling = {"radius": radius, "ratio": 1 / (1 + radius)}
    assert rise(falling) == 0
    assert peak_radius(falling) == 0
    assert fall(falling) == pytest.approx(1 - 1 / 21)
    assert rise(parabola) == pytest.approx(0.9975 / 0.7975 - 1)


def test_a_value_at_the_threshold_is_not_above_it():
    """Counted by hand."""
    results = {"spectrum": {"singular_value": [2.0, 0.6, 0.5, 0.1]}}
    assert [count_above(results, t) for t in (3.0, 0.5, 0.1, 0.0)] == [0, 2, 3, 4]
