"""The stages of a sweep, from the command line to the last record."""

import dataclasses
import urllib.request
from types import SimpleNamespace

import pytest
from distributed import Client, LocalCluster

from replication.cli import main
from replication.experiments import protocol, provenance, records
from replication.experiments.collect import collect_table1
from replication.experiments.costs import expected_seconds, total_seconds
from replication.experiments.settings import MODELS, Settings
from replication.experiments.stages import table1_stages

# Worker processes leave sockets for the garbage collector to find.
pytestmark = pytest.mark.filterwarnings("default")


@pytest.fixture
def tiny(store, monkeypatch):
    """The protocol with two models, a small grid and short runs; one rate makes AE+wd diverge."""
    models = ("ae", "ae-wd")
    for module in ("stages", "protocol", "collect"):
        monkeypatch.setattr(f"replication.experiments.{module}.MODELS", models)
    monkeypatch.setattr(protocol, "STRENGTHS", {"ae": ({},), "ae-wd": ({"weight_decay": 1e-4},)})
    monkeypatch.setattr(protocol, "PRETRAIN_RATES", {"ae": (0.1,), "ae-wd": (0.1, 1e30)})
    monkeypatch.setattr(protocol, "FINETUNE_RATES", (0.3, 1.0))
    monkeypatch.setattr(protocol, "PROMOTED", 1)
    monkeypatch.setattr(protocol, "COMMON", {**protocol.COMMON, "units": (20,)})
    for name, epochs in (("SCREENING", 1), ("LENGTH", 2), ("LONGER", 3)):
        length = {"pretrain_epochs": epochs, "finetune_epochs": epochs, "finetune_patience": 5}
        monkeypatch.setattr(protocol, name, length)
    monkeypatch.setattr(
        protocol, "_REDUCED", {**protocol._REDUCED, "units": (10,), "train_examples": 100}
    )


def test_sweep_from_nothing_to_final_runs(tiny, scheduler, capsys, monkeypatch):
    """One command goes through all stages; a second finds nothing to do; each run is made once."""
    monkeypatch.setattr(protocol, "FINETUNE_RATES", (1.0,))
    sweep = ["sweep", "table1", "--dataset", "digits", "--seeds", "2", "--scheduler", scheduler]
    assert main([*sweep, "--dry-run"]) == 0
    forecast = capsys.readouterr().out
    assert "short trials: 3 of 3 runs to do" in forecast
    assert "final runs: 4 runs, chosen when the stage before is finished" in forecast
    assert records.read_all() == []

    assert main(sweep) == 0
    captured = capsys.readouterr()
    # 3 short, 2 long, 2 longer, 4 final, 2 small copies.
    assert "13 runs done, 0 had records" in captured.out
    assert "dashboard: http://" in captured.err
    trials = records.read_all(protocol.TRIALS)
    assert len(trials) == 7
    assert not [r for r in trials if any("test" in name for name in r.results)]
    diverged = [r for r in trials if "diverged" in r.results]
    assert {r.settings.pretrain_learning_rate for r in diverged} == {1e30}
    assert len(diverged) == 1
    finals = records.read_all(protocol.TABLE1)
    assert {(r.settings.model, r.settings.seed) for r in finals} == {
        (model, seed) for model in ("ae", "ae-wd") for seed in (0, 1)
    }
    assert all("test_error" in r.results for r in finals)

    assert main(sweep) == 0
    assert "0 runs done, 13 had records" in capsys.readouterr().out
    assert main([*sweep, "--dry-run"]) == 0
    assert "final runs: 0 of 4 runs to do" in capsys.readouterr().out
    found, wanted = collect_table1("digits", 2, "published")
    assert wanted == 4
    assert [(r.settings.seed, r.settings.model) for r in found] == [
        (0, "ae"),
        (0, "ae-wd"),
        (1, "ae"),
        (1, "ae-wd"),
    ]


def test_dashboard_answers():
    """The address that a sweep prints leads to a page of charts, not to a missing package."""
    with (
        LocalCluster(n_workers=0, dashboard_address="127.0.0.1:0") as cluster,
        Client(cluster) as client,
        urllib.request.urlopen(client.dashboard_link, timeout=30) as page,
    ):
        text = page.read().decode()
    assert "Task Stream" in text or "bokeh" in text
    assert "pip install" not in text


def test_shared_pretraining_is_the_same_pretraining(tiny, store, tmp_path):
    """A run that shared its pre-training has the bits of one that did not."""
    from replication.experiments.run import run

    short = next(iter(table1_stages("digits", 1)))
    trial = short.runs[0]
    first = run(trial, "alone", progress=False)
    other = run(short.runs[1], "alone", progress=False)
    assert trial.pretraining == short.runs[1].pretraining
    assert first.results["history"]["pretrain_loss"] == other.results["history"]["pretrain_loss"]
    assert first.results["jacobian_mean_square"] == other.results["jacobian_mean_square"]


def made_up(rate, seconds, epochs=4):
    """A record with these costs."""
    settings = Settings(
        dataset="digits", model="ae", pretrain_epochs=epochs, finetune_learning_rate=rate
    )
    return records.Record("trials", settings, {}, {"seconds": seconds})


def test_shared_pretraining_is_paid_once():
    """Two fine-tunings of one pre-training cost it once; a diverged run has a total only."""
    first = made_up(0.1, {"pretrain": 10.0, "total": 15.0})
    second = made_up(0.2, {"pretrain": 10.0, "total": 17.0})
    assert total_seconds([first, second]) == 22.0
    assert total_seconds([first, second, made_up(0.3, {"total": 3.0}, epochs=5)]) == 25.0


def test_expected_cost_is_that_of_similar_runs():
    """Same model and length; nothing similar, no guess."""
    known = [made_up(0.1, {"total": 10.0}), made_up(0.2, {"total": 20.0})]
    assert expected_seconds(known[0].settings, known) == 15.0
    assert expected_seconds(made_up(0.1, {"total": 1.0}, epochs=9).settings, known) is None


def test_models_of_the_protocol():
    """The grid covers every model."""
    assert set(protocol.STRENGTHS) == set(protocol.PRETRAIN_RATES) == set(MODELS)


def test_a_gpu_says_nothing_of_what_a_core_needs():
    """Its runs are left out of a forecast in seconds of one core."""
    core = made_up(0.1, {"total": 20.0})
    quick = made_up(0.2, {"total": 2.0})
    gpu = dataclasses.replace(
        quick, provenance=quick.provenance | {"machine": {"accelerator": "a GPU"}}
    )
    assert expected_seconds(core.settings, [core, gpu]) == 20.0
    assert expected_seconds(core.settings, [gpu]) is None


@pytest.mark.parametrize(("platform", "name"), [("gpu", "a GPU"), ("cpu", None)])
def test_a_record_names_the_gpu(platform, name, monkeypatch):
    """Where there is none, there is no such key."""
    import jax
    import keras

    device = SimpleNamespace(platform=platform, device_kind="a GPU")
    monkeypatch.setattr(keras.backend, "backend", lambda: "jax")
    monkeypatch.setattr(jax, "devices", lambda: [device])
    assert provenance.machine().get("accelerator") == name
