"""`sweep`: what it makes, and what it refuses."""

import pytest

from replication.cli import main
from replication.cli.sweep import forecast, make
from replication.engine.settings import Settings
from replication.studies.catalogue import SWEEPS
from replication.studies.stage import Stage
from replication.studies.study import Sweep


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("table1 --dataset imagenet", "dataset must be one of mnist, cifar-bw. Received:"),
        # Data sets that there are, but not in this table; said before any number is looked at.
        ("table1 --dataset digits", "dataset must be one of mnist, cifar-bw. Received:"),
        ("table2 --dataset mnist --seeds 0", "dataset must be one of rectangles, basic, rot,"),
        ("fashion --dataset mnist --dry-run", "dataset must be one of fashion-mnist. Received:"),
        ("table1 --seeds 0", "seeds must be a whole number of at least 1. Received: seeds=0"),
        ("table1 --workers 0", "workers must be a whole number of at least 1."),
        ("table1 --batched many", "batched must be auto, off or a number. Received:"),
        ("today --workers 2 --scheduler tcp://there:1", "--workers are processes of this machine"),
        ("sensitivity --seeds 2", "trials have one seed. Received: seeds=2"),
        ("pilot --seeds 2 --dry-run", "trials have one seed. Received: seeds=2"),
        ("precision --seeds 2", "trials have one seed. Received: seeds=2"),
        ("faults --seeds 2 --dry-run", "wrong penalties are trained with 3 seeds. Received:"),
        ("generator --seeds 9", "variants are compared with the 3 seeds of Table 2."),
    ],
)
def test_what_a_table_does_not_have_is_one_sentence(arguments, message, store, capsys):
    """An unknown data set or number ends with status 2, and starts nothing."""
    assert main(["sweep", *arguments.split()]) == 2
    captured = capsys.readouterr()
    assert captured.err.startswith(f"error: {message}")
    assert captured.err.count("\n") == 1
    assert captured.out.count("\n") <= 1  # at most the name of the first data set
    assert not store.exists()


def test_help_says_what_each_sweep_is(capsys, monkeypatch):
    """All sweeps of the catalogue, each with its own words."""
    monkeypatch.setenv("COLUMNS", "5000")  # so that no word is broken at its hyphen
    with pytest.raises(SystemExit):
        main(["sweep", "--help"])
    shown = " ".join(capsys.readouterr().out.split())
    for one in SWEEPS.values():
        assert f"{one.name}: {one.about}" in shown


def small(then=None):
    """A sweep of two data sets, without any runs."""

    def stages(dataset, seeds):
        yield Stage(name="first", experiment="small", size=seeds, runs=[], then=then)
        yield Stage(name="second", experiment="small", size=1, runs=None)

    both = ("digits", "generated-rectangles")
    return Sweep(
        name="small", datasets=both, default=both, seeds=2, stages=stages, about="nothing at all"
    )


def test_forecast_goes_through_all_stages(store):
    """Every data set and stage is listed; a stage that waits for another one says so."""
    assert list(forecast(small(), ("digits", "generated-rectangles"), 2)) == [
        "small on digits",
        "first: 0 of 2 runs to do",
        "second: 1 runs, chosen when the stage before is finished",
        "small on generated-rectangles",
        "first: 0 of 2 runs to do",
        "second: 1 runs, chosen when the stage before is finished",
    ]


def test_every_stage_is_finished(store):
    """What a stage does at its end is done for every data set, also where nothing was to run."""
    finished = []
    assert make(small(lambda: finished.append(1)), ("digits", "generated-rectangles"), 2) == (0, 0)
    assert len(finished) == 2


def test_dry_run_starts_nothing(store, capsys):
    """A forecast of an empty store leaves it empty, and names every run with its settings."""
    assert main(["sweep", "table1", "--dry-run"]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith("table1 on mnist\n")
    assert "short trials: 168 of 168 runs to do" in shown
    trial = Settings(dataset="mnist", model="ae", seed=1000, evaluate_test=False)
    assert f"mnist {trial.model} seed {trial.seed}" in shown
    assert "cost unknown" in shown
    assert not store.exists()
