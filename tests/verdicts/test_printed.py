"""The paper's own numbers by our comparisons."""

import pytest

from replication.verdicts.printed import (
    printed_bump,
    printed_distance,
    printed_gap,
    printed_ratio,
    table1_rows,
)


def test_gaps_and_ratios_of_table_1():
    """By hand from the printed cells; none where the paper has no such row."""
    assert printed_gap("mnist", "ae", "cae") == pytest.approx(1.78 - 1.14)
    assert printed_gap("mnist", "cae", "ae", "saturation") == pytest.approx(86.36 - 49.90)
    ratio = printed_ratio("cifar-bw", "ae", "cae", "jacobian_mean_square")
    assert ratio == pytest.approx(4.49e-4 / 2.4e-5)
    assert printed_gap("cifar-bw", "rbm", "cae") is None
    assert printed_ratio("mnist", "sae", "cae", "saturation") is None
    assert printed_gap("fashion-mnist", "ae", "cae") is None
    assert not len(table1_rows("fashion-mnist"))


def test_bumps_and_lines_of_the_figures():
    """A bump moves out with depth and lies beyond the median distance."""
    bumps = [printed_bump("rot", depth) for depth in (1, 2, 3)]
    assert bumps == sorted(bumps)
    lines = [printed_distance("rot", line) for line in ("min", "median", "max")]
    assert lines == sorted(lines)
