"""TF32 beside float32: which runs, and what is said of them."""

import dataclasses

import pytest

from replication.engine.records import Record
from replication.studies.precision.page import precision_answer, precision_pairs
from replication.studies.precision.plan import SWEEP, in_full, rounded


def records_of(runs, errors):
    """Records with these validation errors; None diverged."""
    return [
        Record("x", run, {"diverged": "NaN"} if e is None else {"valid_error": e}, {"seconds": {}})
        for run, e in zip(runs, errors, strict=True)
    ]


def test_twenty_trials_differ_in_the_precision_alone():
    """None of them sees the test set."""
    [stage] = SWEEP.stages("mnist", 1)
    assert len(stage.runs) == len(set(stage.runs)) == 20
    assert not any(run.evaluate_test for run in stage.runs)
    for one, other in zip(in_full(), stage.runs, strict=True):
        assert dataclasses.replace(other, precision="float32") == one
        assert other == rounded(one) != one


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ((0.1, -0.1, 0.05, -0.05), "No difference can be seen"),
        ((0.30, 0.31, 0.29, 0.30), "TF32 makes more mistakes"),
        ((-0.30, -0.31, -0.29, -0.30), "TF32 makes fewer mistakes"),
    ],
)
def test_the_answer_is_that_of_the_mean_difference(changes, said):
    """Its interval is over settings; what diverged in one of the two is counted apart."""
    runs = in_full()[:6]
    full = records_of(runs, [2.0] * 5 + [None])
    less = records_of([rounded(run) for run in runs[:5]], [*(2.0 + c for c in changes), None])
    pairs = precision_pairs(full, less)
    assert len(pairs) == 5  # one has no partner
    assert pairs.tf32.isna().sum() == 1
    text = precision_answer(pairs).data
    assert said in text
    assert "over 4 settings" in text
    assert "1 more diverged" in text


def test_without_runs_nothing_is_said():
    """As long as no GPU was at hand."""
    assert (
        "No runs in TF32"
        in precision_answer(precision_pairs(records_of(in_full(), [2.0] * 20), [])).data
    )
