"""Outcomes of comparisons make that of a claim."""

import pytest

from replication.verdicts.outcome import Outcome, combine

R, P, N, C = Outcome.REPRODUCED, Outcome.PARTLY, Outcome.NOT_REPRODUCED, Outcome.CANNOT_TELL


@pytest.mark.parametrize(
    ("parts", "whole"),
    [
        ([], Outcome.NO_RECORDS),
        ([R, R], R),
        ([N, N], N),
        ([C, C], C),
        ([R, N], P),
        ([R, C], P),
        ([N, C], N),
        ([P, N], P),
        ([P], P),
    ],
)
def test_parts_make_a_whole(parts, whole):
    """All alike: that; some reproduced: partly; none and one contradicted: not reproduced."""
    assert combine(parts) == whole
