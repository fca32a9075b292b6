"""Outcomes of comparisons make that of a claim."""

import pytest

from replication.verdicts.outcome import ALL, BEST, Outcome, combine

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
    assert combine(parts) == ALL.outcome(parts) == whole


@pytest.mark.parametrize(
    ("parts", "whole"),
    [([R, N], N), ([R, C], P), ([N, C], N), ([R, R], R), ([C, C], C), ([], Outcome.NO_RECORDS)],
)
def test_the_best_falls_with_one_loss(parts, whole):
    """Another one that is better for certain is enough; the text says so."""
    assert BEST.outcome(parts) == whole
    assert BEST.text != ALL.text
