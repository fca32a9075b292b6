"""What runs cost, and what further ones will."""

import dataclasses
from types import SimpleNamespace

import pytest

from replication.engine import provenance, records
from replication.engine.costs import expected_seconds, total_seconds
from replication.engine.settings import Settings


def made_up(rate, seconds, epochs=4, **results):
    """A record with these costs."""
    settings = Settings(
        dataset="digits", model="ae", pretrain_epochs=epochs, finetune_learning_rate=rate
    )
    return records.Record("trials", settings, results, {"seconds": seconds})


def test_shared_pretraining_is_paid_once():
    """Two fine-tunings of one pre-training cost it once; a diverged run has a total only."""
    first = made_up(0.1, {"pretrain": 10.0, "total": 15.0})
    second = made_up(0.2, {"pretrain": 10.0, "total": 17.0})
    assert total_seconds([first, second]) == 22.0
    assert total_seconds([first, second, made_up(0.3, {"total": 3.0}, epochs=5)]) == 25.0


def test_expected_cost_is_that_of_similar_runs():
    """Same model and length; nothing similar, no guess; a diverged run was over too soon."""
    known = [made_up(0.1, {"total": 10.0}), made_up(0.2, {"total": 20.0})]
    longer = made_up(0.1, {"total": 1.0}, epochs=9)
    wanted = [known[0].settings, longer.settings]
    assert expected_seconds(wanted, known) == [15.0, None]
    short = made_up(0.3, {"total": 1.0}, diverged="NaN")
    assert expected_seconds(wanted, [*known, short]) == [15.0, None]
    assert expected_seconds([], known) == []


def test_a_shared_pretraining_is_expected_once():
    """With the first run that needs it; what follows is that of runs of the same length."""
    known = [made_up(rate, {"pretrain": 100.0, "total": 110.0}) for rate in (0.1, 0.2)]
    wanted = [record.settings for record in known]
    assert expected_seconds(wanted, known) == [110.0, 10.0]
    few = dataclasses.replace(wanted[0], finetune_examples=50)
    assert expected_seconds([few], known) == [110.0]  # as long as anything known
    few_known = dataclasses.replace(
        known[0], settings=few, provenance={"seconds": {"pretrain": 100.0, "total": 101.0}}
    )
    assert expected_seconds([wanted[0], few], [*known, few_known]) == [110.0, 1.0]


def test_a_gpu_says_nothing_of_what_a_core_needs():
    """Its runs are left out of a forecast in seconds of one core."""
    core = made_up(0.1, {"total": 20.0})
    quick = made_up(0.2, {"total": 2.0})
    gpu = dataclasses.replace(
        quick, provenance=quick.provenance | {"machine": {"accelerator": "a GPU"}}
    )
    assert expected_seconds([core.settings], [core, gpu]) == [20.0]
    assert expected_seconds([core.settings], [gpu]) == [None]


@pytest.mark.parametrize(("platform", "name"), [("gpu", "a GPU"), ("cpu", None)])
def test_a_record_names_the_gpu(platform, name, monkeypatch):
    """Where there is none, there is no such key."""
    import jax
    import keras

    device = SimpleNamespace(platform=platform, device_kind="a GPU")
    monkeypatch.setattr(keras.backend, "backend", lambda: "jax")
    monkeypatch.setattr(jax, "devices", lambda: [device])
    assert provenance.machine().get("accelerator") == name
