"""Pictures in records survive packing but for their rounding."""

import numpy as np

from replication.measures.packing import pack_rows, unpack_rows


def test_round_trip():
    """Each row comes back, scaled to a largest magnitude of 1, within half a grey level."""
    rows = np.random.default_rng(0).normal(size=(3, 50)) * np.array([[1], [100], [1e-6]])
    back = unpack_rows(pack_rows(rows))
    expected = rows / np.abs(rows).max(axis=1, keepdims=True)
    np.testing.assert_allclose(back, expected, atol=0.5 / 127 + 1e-12)


def test_an_empty_picture():
    """A row of zeros stays one."""
    assert (unpack_rows(pack_rows(np.zeros((1, 4)))) == 0).all()
