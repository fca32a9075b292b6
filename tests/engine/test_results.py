"""Results: typed where they are known, and honest where something was not measured."""

import copy
import json
import pickle

import numpy as np
import pytest

from replication.engine.results import NotMeasured, Results, seven_digits
from replication.engine.results import test_results as written
from replication.errors import InputError


def test_what_was_not_measured_says_so():
    """The sentence has the name and what there is; `in`, `get` and `has` ask without it."""
    results = Results(valid_error=1.5, spectrum=None)
    with pytest.raises(NotMeasured) as raised:
        results["kernel_norm"]
    assert str(raised.value) == (
        "kernel_norm was not measured in this run, which has: valid_error, spectrum"
    )
    with pytest.raises(NotMeasured, match="which has: nothing"):
        Results()["valid_error"]
    assert issubclass(NotMeasured, InputError)
    assert issubclass(NotMeasured, KeyError)
    assert "kernel_norm" not in results
    assert results.get("kernel_norm") is None
    assert [results.has(name) for name in ("valid_error", "spectrum", "kernel_norm")] == [
        True, False, False,
    ]  # fmt: skip


def test_named_results():
    """Errors and divergence by name; a trial has no test error."""
    results = Results(valid_error=1.5)
    assert results.valid_error == 1.5
    assert not results.diverged
    assert Results(diverged="NaN in epoch 3").diverged
    for name in ("test_error", "test_mistakes"):
        with pytest.raises(NotMeasured, match=f"{name} was not measured"):
            getattr(results, name)


@pytest.mark.parametrize("count", [1, 8, 13, 400])
def test_mistakes_survive_packing(count):
    """As many as there were, each in its place, also where they fill no byte; with their error."""
    mistakes = np.random.default_rng(0).random(count) < 0.3
    results = Results(json.loads(json.dumps(written(mistakes))))
    np.testing.assert_array_equal(results.test_mistakes, mistakes)
    assert results.test_error == pytest.approx(100 * mistakes.mean())
    assert results["test_examples"] == count


def test_seven_digits():
    """What float32 holds, as plain numbers, in arrays of any shape."""
    assert seven_digits(np.float32(0.1)) == 0.1
    assert seven_digits(123456789.0) == 123456800.0
    found = seven_digits(np.array([[1 / 3, 2.0]], "float32"))
    assert found == [[0.3333333, 2.0]]
    assert {type(v) for v in found[0]} == {float}
    assert json.loads(json.dumps(found)) == found


def test_results_are_still_results_after_travel():
    """Workers send them, and tests copy them."""
    results = Results(valid_error=1.5)
    for again in (pickle.loads(pickle.dumps(results)), copy.deepcopy(results)):
        assert isinstance(again, Results)
        assert again == results
