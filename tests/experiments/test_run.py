"""One run from settings to record, and what may go wrong."""

import dataclasses
import json
import random

import numpy as np
import pandas as pd
import pytest

from replication.datasets import load
from replication.errors import InputError
from replication.experiments import records
from replication.experiments.batches import Batches
from replication.experiments.pictures import unpack_rows
from replication.experiments.run import prepare, run
from replication.experiments.settings import MODELS, Settings


def small(**values):
    """Settings of a run that takes a second or two."""
    return Settings(
        **{
            "dataset": "digits",
            "model": "cae",
            "units": (30,),
            "pretrain_epochs": 2,
            "finetune_epochs": 3,
            "spectrum_examples": 10,
            **values,
        }
    )


@pytest.mark.parametrize("model", MODELS)
def test_every_model_runs_to_a_record(model, store):
    """Each model is trained, measured, fine-tuned and recorded; it beats guessing."""
    record = run(small(model=model), "test", progress=False)
    results = record.results
    assert results["test_error"] < 60  # guessing gives 90
    assert results["jacobian_mean_square"] > 0
    assert 0 <= results["saturation"] <= 100
    assert len(results["spectrum"]["singular_value"]) == 30
    # Leading directions at three digits, each with its example and its singular values.
    assert len(results["directions"]) == 3
    for found in results["directions"]:
        assert len(found["direction"]) == len(found["singular_value"]) == 6
        assert unpack_rows([found["example"], *found["direction"]]).shape == (7, 64)
    # The record says which digits were wrong, and that agrees with the error.
    mistakes = record.test_mistakes()
    assert mistakes.shape == (400,)
    assert 100 * mistakes.mean() == pytest.approx(results["test_error"])
    assert len(results["history"]["pretrain_loss"]) == 1
    assert record.provenance["data_checksum"] == load("digits").checksum


def test_stack_is_measured_as_a_whole(store):
    """A deep run records the spectrum and curve of the top code."""
    record = run(small(units=(20, 10)), "test", progress=False)
    assert record.settings.depth == 2
    assert len(record.results["spectrum"]["singular_value"]) == 10
    assert len(record.results["history"]["pretrain_loss"]) == 2


def test_lower_layers_are_shared(store):
    """A stack on lower layers that were trained before is the one trained from nothing."""
    deep, shallow = small(units=(20, 10)), small(units=(20,))
    data = load("digits")
    lower = prepare(shallow, data, progress=False)
    shared, alone = (prepare(deep, data, progress=False, lower=low) for low in (lower, None))
    for ours, theirs in zip(shared.weights, alone.weights, strict=True):
        for a, b in zip(ours, theirs, strict=True):
            np.testing.assert_array_equal(a, b)
    assert shared.losses == alone.losses
    assert shared.seconds >= lower.seconds


def test_support_vector_machine(store):
    """It has errors and no encoder; a trial does not see the test set."""
    settings = Settings(dataset="digits", model="svm", svm_c=10, svm_gamma=0.5)
    assert settings.id == dataclasses.replace(settings, units=(3,), pretrain_epochs=1).id
    record = run(settings, "test", progress=False)
    assert record.results["test_error"] < 5
    assert record.test_mistakes().mean() == pytest.approx(record.results["test_error"] / 100)
    assert "saturation" not in record.results
    assert records.read(records.path_of("test", settings)) == record
    assert len(records.table([record])) == 1
    trial = run(dataclasses.replace(settings, evaluate_test=False), "test", progress=False)
    assert not [key for key in trial.results if "test" in key]
    assert trial.results["valid_error"] == record.results["valid_error"]
    with pytest.raises(InputError, match="at most 1097"):
        run(dataclasses.replace(settings, train_examples=2000), "test", progress=False)


def test_known_settings_are_not_run_again(store):
    """A second call reads the record; `again` runs, and the results agree to the last bit."""
    first = run(small(model="dae-b"), "test", progress=False)
    path = records.path_of("test", first.settings)
    written = path.stat().st_mtime_ns
    assert run(first.settings, "test", progress=False) == first
    assert path.stat().st_mtime_ns == written
    second = run(first.settings, "test", again=True, progress=False)
    assert path.stat().st_mtime_ns > written
    assert second.results == first.results


def test_trial_never_sees_the_test_set(store, monkeypatch):
    """A trial works with the test part taken away, and its record holds no test result."""
    from replication.experiments import run as module

    data = load("digits")
    poisoned = type(data)(**{**vars(data), "test": data.valid})
    object.__setattr__(poisoned, "test", None)
    monkeypatch.setattr(module, "load", lambda name: poisoned)
    record = run(small(evaluate_test=False), "test", progress=False)
    assert not [key for key in record.results if "test" in key]
    with pytest.raises(InputError, match="trial without test results"):
        record.test_mistakes()


def test_divergence_leaves_no_record(store):
    """A training that ends in NaN is one sentence and no record."""
    settings = small(model="ae-wd", weight_decay=10.0, pretrain_learning_rate=1e30)
    with pytest.raises(InputError, match="diverged.*smaller learning rate"):
        run(settings, "test", progress=False)
    assert not list(store.rglob("*.json"))


def test_more_training_examples_than_there_are(store):
    """Asking for more examples than the set has is refused."""
    with pytest.raises(InputError, match="at most 1097"):
        run(small(train_examples=2000), "test", progress=False)


def test_batch_order_is_the_seed_s_alone():
    """Two models see the same batches in the same order; each epoch has another order."""
    x = np.arange(10.0)
    first, second = Batches(x, None, 4, seed=3), Batches(x, None, 4, seed=3)
    np.testing.assert_array_equal(first[0][0], second[0][0])
    assert [len(first[k][0]) for k in range(len(first))] == [4, 4, 2]
    before = np.concatenate([first[k][0] for k in range(3)])
    first.on_epoch_end()
    after = np.concatenate([first[k][0] for k in range(3)])
    assert sorted(before) == sorted(after) == list(x)
    assert not np.array_equal(before, after)


def test_training_shares_no_randomness_with_others(store, monkeypatch):
    """Other threads may draw from Python's generator, as dask's do: the results stay the same."""
    alone = run(small(model="ae"), "alone", progress=False).results

    class Disturbed(Batches):
        def on_epoch_end(self):
            random.random()
            super().on_epoch_end()

    monkeypatch.setattr("replication.experiments.run.Batches", Disturbed)
    assert run(small(model="ae"), "disturbed", progress=False).results == alone


class TestStore:
    """The store refuses what is not a record and never leaves a half-written one."""

    @pytest.fixture
    def path(self, store):
        """The file of a made-up record."""
        results = {"valid_error": 1.5, "test_error": 2.0}
        record = records.Record("test", small(), results, {"seconds": {"total": 1.0}})
        return records.write(record)

    def test_round_trip(self, path):
        """What was written is read."""
        record = records.read(path)
        assert record.settings == small()
        assert path.name == f"{record.id}.json"
        table = records.table([record])
        assert isinstance(table, pd.DataFrame)
        assert table.loc[0, "test_error"] == 2.0
        assert table.loc[0, "depth"] == 1

    @pytest.mark.parametrize(
        ("damage", "message"),
        [
            (lambda c: c | {"settings": c["settings"] | {"seed": 9}}, "settings hash to"),
            (lambda c: c | {"experiment": "other"}, "says experiment 'other'"),
            (lambda c: c | {"results": None}, "results missing"),
            (lambda c: [c], "missing or of a wrong type"),
        ],
    )
    def test_altered_record_is_refused(self, path, damage, message):
        """A record that does not fit its name is refused with a reason."""
        path.write_text(json.dumps(damage(json.loads(path.read_text()))))
        with pytest.raises(InputError, match=message):
            records.read(path)

    def test_truncated_record_is_refused(self, path):
        """A cut file is refused."""
        path.write_text(path.read_text()[:-20])
        with pytest.raises(InputError, match="damaged"):
            records.read(path)

    def test_failed_write_leaves_nothing(self, path):
        """NaN is no result: nothing is written, and the old record stays whole."""
        record = records.read(path)
        bad = records.Record("test", record.settings, {"valid_error": float("nan")}, {})
        with pytest.raises(ValueError, match="Out of range float"):
            records.write(bad)
        assert records.read(path) == record
        assert list(path.parent.iterdir()) == [path]

    @pytest.mark.parametrize("name", ["", "../up", "a b"])
    def test_experiment_names(self, name):
        """An experiment's name cannot lead out of the store."""
        with pytest.raises(InputError, match="letters, digits"):
            records.path_of(name, small())
