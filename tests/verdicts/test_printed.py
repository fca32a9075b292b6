"""The paper's own numbers by our comparisons."""

import math

import pytest

from replication.verdicts.printed import (
    is_printed,
    printed_bump,
    printed_distance,
    printed_error_gap,
    printed_gap,
    printed_ratio,
    table1_rows,
)


def test_gaps_and_ratios_of_table_1():
    """By hand from the printed cells; none where the paper has no such row."""
    error = printed_error_gap("mnist", "ae", "cae")
    assert error.value == pytest.approx(1.78 - 1.14)
    spread = math.sqrt(sum(p * (100 - p) / 10_000 for p in (1.78, 1.14)))
    assert error.high - error.value == pytest.approx(1.96 * spread, rel=1e-3)
    gap = printed_gap("mnist", "cae", "ae", "saturation")
    assert gap.value == gap.low == gap.high == pytest.approx(86.36 - 49.90)
    ratio = printed_ratio("cifar-bw", "ae", "cae", "jacobian_mean_square")
    assert ratio.value == pytest.approx(4.49e-4 / 2.4e-5)
    assert printed_error_gap("cifar-bw", "rbm", "cae") is None
    assert printed_ratio("mnist", "sae", "cae", "saturation") is None
    assert printed_error_gap("fashion-mnist", "ae", "cae") is None
    assert not is_printed("cifar-bw", "rbm")
    assert is_printed("fashion-mnist", "rbm")
    assert not len(table1_rows("fashion-mnist"))


def test_bumps_and_lines_of_the_figures():
    """A bump moves out with depth and lies beyond the median distance."""
    bumps = [printed_bump("rot", depth) for depth in (1, 2, 3)]
    assert bumps == sorted(bumps)
    lines = [printed_distance("rot", line) for line in ("min", "median", "max")]
    assert lines == sorted(lines)
