"""The best of a few trials, against all the ways to draw them."""

import itertools

import numpy as np
import pytest

from replication.errors import InputError
from replication.studies.best_of import best_of

ERRORS = (2.5, 1.0, 3.0, 1.5, 1.5, 4.0, 2.0)  # in no order, one of them twice


@pytest.mark.parametrize("count", range(1, len(ERRORS) + 1))
@pytest.mark.parametrize("share", [0.5, 0.9])
def test_it_is_what_all_draws_give(count, share):
    """Each set of so many settings is as likely as any other."""
    smallest = [min(drawn) for drawn in itertools.combinations(ERRORS, count)]
    found = best_of(ERRORS, count, share)
    assert found.mean == pytest.approx(np.mean(smallest))
    tail = (1 - share) / 2
    assert np.mean([error < found.low for error in smallest]) < tail + 1e-9
    assert np.mean([error > found.high for error in smallest]) < tail + 1e-9
    # No narrower interval of errors that occur would do at either end.
    assert np.mean([error <= found.low for error in smallest]) >= tail - 1e-9
    if found.high > min(ERRORS):
        assert np.mean([error >= found.high for error in smallest]) > tail - 1e-9


def test_all_settings_leave_nothing_open():
    """The best of all is the best, and that of one is anything."""
    all_ = best_of(ERRORS, len(ERRORS))
    assert (all_.mean, all_.low, all_.high) == (1, 1, 1)
    assert best_of(ERRORS, 1, 1.0).high == max(ERRORS)
    means = [best_of(ERRORS, n).mean for n in range(1, 8)]
    assert means == sorted(means, reverse=True)


def test_more_than_there_are_cannot_be_drawn():
    """Nor none, and no interval holds more than all."""
    for arguments in ((ERRORS, 8), (ERRORS, 0), ((), 1), (ERRORS, 1, 1.5)):
        with pytest.raises(InputError, match="count|share"):
            best_of(*arguments)
