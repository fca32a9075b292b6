"""Choosing by the validation error, and nothing else."""

import dataclasses
import math

import pytest

from replication.engine import records
from replication.engine.results import Results
from replication.engine.settings import Settings
from replication.errors import InputError
from replication.studies.trials import Trial, best, leaders, read_trials


def trial(rate, error, **results):
    """The record of a trial with one validation error."""
    settings = Settings(
        dataset="digits", model="ae", pretrain_learning_rate=rate, evaluate_test=False
    )
    found = {"diverged": "the loss was no number"} if error is None else {"valid_error": error}
    return records.Record("trials", settings, found | results, {"seconds": {"total": 1.0}})


def test_smallest_validation_error_wins(store):
    """Best first; a tie goes to the earlier one; a diverged trial is never chosen."""
    errors = {0.1: 3.0, 0.2: 1.0, 0.3: None, 0.4: 1.0}
    trials = read_trials([records.write(trial(rate, error)) for rate, error in errors.items()])
    assert [t.settings.pretrain_learning_rate for t in best(trials, 2)] == [0.2, 0.4]
    assert len(best(trials, 10)) == 3
    assert math.isinf(trials[2].valid_error)


def test_a_pretraining_leads_once():
    """It is as good as the best of its fine-tunings; they come in the order of these."""
    settings = trial(0.1, 1.0).settings
    trials = [
        Trial(
            dataclasses.replace(
                settings, pretrain_learning_rate=rate, finetune_learning_rate=finetune_rate
            ),
            error,
        )
        for rate, finetune_rate, error in (
            (0.1, 0.3, 5.0), (0.1, 1.0, 2.0), (0.2, 0.3, 3.0), (0.2, 1.0, 1.0), (0.3, 1.0, 9.0),
        )
    ]  # fmt: skip
    assert leaders(trials, 2) == [trials[3].settings, trials[1].settings]
    assert len(leaders(trials, 9)) == 3


def test_record_with_a_test_error_is_refused(store):
    """A trial that saw the test set, or could have, takes no part."""
    leaked = records.write(trial(0.1, 1.0, test_error=0.9))
    with pytest.raises(InputError, match="never sees the test set.*test_error"):
        read_trials([leaked])
    allowed = records.Record(
        "trials",
        Settings(dataset="digits", model="ae"),
        {"valid_error": 1.0},
        {"seconds": {"total": 1.0}},
    )
    with pytest.raises(InputError, match="evaluate_test=True"):
        read_trials([records.write(allowed)])


def test_selection_never_asks_for_test_results(store, monkeypatch):
    """Results that may not be read for the test set serve the selection all the same."""
    paths = [records.write(trial(rate, 1 / rate)) for rate in (0.1, 0.2)]

    def refuse(self, *arguments):
        raise AssertionError("the selection asked for what the test set says")

    for name in ("test_error", "test_mistakes"):
        monkeypatch.setattr(Results, name, property(refuse))
    getitem = Results.__getitem__

    def guarded(self, key):
        assert not key.startswith("test"), f"the selection asked for {key}"
        return getitem(self, key)

    monkeypatch.setattr(Results, "__getitem__", guarded)
    assert best(read_trials(paths), 1)[0].settings.pretrain_learning_rate == 0.2
    assert {field.name for field in dataclasses.fields(Trial)} == {"settings", "valid_error"}


def test_a_changed_record_is_read_again(store):
    """What is kept of a file is kept for that version of it alone."""
    path = records.write(trial(0.1, 3.0))
    assert read_trials([path])[0].valid_error == 3.0
    records.write(trial(0.1, 12.5))
    assert read_trials([path])[0].valid_error == 12.5
