"""One run from settings to record, and what may go wrong."""

import dataclasses

import numpy as np
import pytest

from replication.datasets import load
from replication.engine import records
from replication.engine.environment import chosen_backend
from replication.engine.execute.batched.stopping import Course
from replication.engine.results import NotMeasured
from replication.engine.run import _kept_epoch, run
from replication.engine.settings import Settings
from replication.errors import InputError
from replication.kinds import KINDS
from replication.measures.packing import unpack_rows
from replication.measures.registry import measures

NETS = [key for key, kind in KINDS.items() if kind.is_net]


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
            "backend": chosen_backend(),
            **values,
        }
    )


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """Takes a model to the record of its small run, which is made once."""
    folder = tmp_path_factory.mktemp("trained")
    return lambda model: run(small(model=model), "test", folder=folder, progress=False)


@pytest.mark.parametrize("model", NETS)
def test_every_model_runs_to_a_record(model, trained):
    """Each model is trained, measured, fine-tuned and recorded; it beats guessing."""
    record = trained(model)
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
    mistakes = results.test_mistakes
    assert mistakes.shape == (400,)
    assert 100 * mistakes.mean() == pytest.approx(results["test_error"])
    assert len(results["history"]["pretrain_loss"]) == 1
    assert record.provenance["data_checksum"] == load("digits").checksum


def test_everything_in_a_record_is_declared(trained):
    """What a net's record holds are the registered measures, and what training and testing add."""
    declared = {name for measure in measures() for name in measure.units}
    others = {
        "valid_error", "test_error", "test_examples", "test_mistakes", "best_epoch", "history",
    }  # fmt: skip
    assert set(trained("ae").results) == declared | others
    assert not declared & others


def test_stack_is_measured_as_a_whole(store):
    """A deep run records the spectrum and curve of the top code."""
    record = run(small(units=(20, 10)), "test", progress=False)
    assert record.settings.depth == 2
    assert len(record.results["spectrum"]["singular_value"]) == 10
    assert len(record.results["history"]["pretrain_loss"]) == 2


def test_support_vector_machine(store):
    """It has errors and no encoder; a trial does not see the test set."""
    settings = small(model="svm", svm_c=10, svm_gamma=0.5)
    record = run(settings, "test", progress=False)
    assert record.results["test_error"] < 5
    mistakes = record.results.test_mistakes
    assert mistakes.mean() == pytest.approx(record.results["test_error"] / 100)
    assert "saturation" not in record.results
    again = records.read(records.path_of("test", settings))
    assert (again.id, again.results, again.provenance) == (
        record.id, record.results, record.provenance,
    )  # fmt: skip
    assert len(records.table([record])) == 1
    trial = run(dataclasses.replace(settings, evaluate_test=False), "test", progress=False)
    assert not [key for key in trial.results if "test" in key]
    assert trial.results["valid_error"] == record.results["valid_error"]
    with pytest.raises(InputError, match="at most 1097"):
        run(dataclasses.replace(settings, train_examples=2000), "test", progress=False)


def test_known_settings_are_not_run_again(trained, store):
    """A second call reads the record; `again` runs, and the results agree to the last bit."""
    first = trained("dae-b")
    path = records.write(first)
    written = path.stat().st_mtime_ns
    assert run(first.settings, "test", progress=False) == first
    assert path.stat().st_mtime_ns == written
    second = run(first.settings, "test", again=True, progress=False)
    assert path.stat().st_mtime_ns > written
    assert second.results == first.results


def test_trial_never_sees_the_test_set(store, monkeypatch):
    """A trial works with the test part taken away, and its record holds no test result."""
    from replication.engine import run as module

    blind = dataclasses.replace(load("digits"))
    object.__setattr__(blind, "test", None)
    monkeypatch.setattr(module, "load", lambda name: blind)
    record = run(small(evaluate_test=False), "test", progress=False)
    assert not [key for key in record.results if "test" in key]
    for name in ("test_error", "test_mistakes"):
        with pytest.raises(NotMeasured, match=f"{name} was not measured in this run"):
            getattr(record.results, name)


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


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"finetune_examples": 55}, "multiple of 10"),
        ({"tangents": 31, "tangent_weight": 1.0}, "tangents must be at most 30"),
    ],
)
def test_what_fine_tuning_cannot_do_is_refused_before_pretraining(
    asked, message, store, monkeypatch
):
    """Hours of training would be lost otherwise."""
    from replication.engine import train

    monkeypatch.setattr(train, "pretrain", lambda *_: pytest.fail("trained"))
    with pytest.raises(InputError, match=message):
        run(small(**asked), "test", progress=False)


@pytest.mark.parametrize("window", [1, 5])
def test_the_recorded_epoch_is_the_one_whose_weights_were_kept(window):
    """Of equal means the last digit decides, so both have to compute them alike."""
    draw = np.random.default_rng(0)
    for _ in range(200):
        errors = [float(np.float32(e)) for e in draw.integers(120, 130, 40) / 100]
        settings = small(finetune_epochs=40, finetune_patience=40, finetune_window=window)
        course = Course(settings)
        for error in errors:
            course.see(1.0, error)
        assert _kept_epoch(settings, errors) == course.kept


def test_another_backend_than_the_process_has(store):
    """A run names its backend; no other one trains it."""
    other = "tensorflow" if chosen_backend() == "jax" else "jax"
    with pytest.raises(InputError, match=f"Expected {other}: start again with KERAS_BACKEND"):
        run(small(backend=other), "test", progress=False)
    assert not list(store.rglob("*.json"))
