"""The protocol of Table 2, and its sweep."""

import pytest

from replication import paper
from replication.cli import main
from replication.errors import InputError
from replication.experiments import protocol, records, table2


@pytest.mark.parametrize("column", table2.COLUMNS)
def test_equal_budgets(column):
    """Every column has the same number of trials, all blind, all with the trials' own seed."""
    grid = table2.screening("rot", column)
    assert len(set(grid)) == len(grid) == 24
    assert not any(settings.evaluate_test for settings in grid)
    assert {settings.seed for settings in grid} == {protocol.TRIAL_SEED}


def test_rows_and_columns_are_the_papers():
    """All of its sets and columns, and one column of our own."""
    printed = paper.table2()
    assert set(table2.ROWS) == set(printed["dataset"])
    assert set(table2.COLUMNS) - set(printed["model"]) == {"cae-3"}


def test_few_examples_get_more_epochs():
    """The 1,000 rectangles are seen as often in five epochs as others in half a one."""
    few, many = (table2.screening(name, "cae-2")[0] for name in ("rectangles", "rot"))
    assert few.pretrain_epochs == 5 * many.pretrain_epochs
    assert few.finetune_patience == 5 * many.finetune_patience


def test_the_depths_of_the_cae_have_one_grid():
    """So that they can share the pre-training of their layers."""
    lower, upper = (table2.screening("rot", column) for column in ("cae-1", "cae-3"))
    for a, b in zip(lower, upper, strict=True):
        assert {**b.to_dict(), "units": list(b.units[:1])} == a.to_dict()


def test_nested_stacks_are_those_of_three_layers(monkeypatch):
    """One and two layers of each final stack, pre-trained alike; blind."""
    chosen = table2.screening("rot", "cae-3")[0]
    monkeypatch.setattr(table2, "selected", lambda dataset, column: chosen)
    lower = table2.nested("rot")
    assert [(s.seed, s.depth) for s in lower] == [(n, d) for n in range(3) for d in (1, 2)]
    assert not any(s.evaluate_test for s in lower)
    for settings, full in zip(lower[1::2], table2.finals("rot", "cae-3"), strict=True):
        assert {**settings.pretraining, "units": [1000] * 3} == full.pretraining
        assert settings.measure_examples == full.measure_examples


@pytest.fixture
def tiny(store, monkeypatch):
    """Three columns, a small grid and short runs."""
    columns = {name: table2.COLUMNS[name] for name in ("svm-rbf", "cae-1", "cae-2")}
    monkeypatch.setattr(table2, "COLUMNS", columns)
    monkeypatch.setattr(table2, "SVM_GAMMA", (0.5,))
    monkeypatch.setattr(table2, "FINETUNE_RATES", (0.3, 1.0))
    monkeypatch.setattr(table2, "PROMOTED", 1)
    monkeypatch.setattr(table2, "UNITS", 20)
    strengths = {"cae": ({"contraction": 0.1},)}
    monkeypatch.setattr(protocol, "STRENGTHS", strengths)
    monkeypatch.setattr(protocol, "PRETRAIN_RATES", {"cae": (0.1, 0.2)})
    for name, epochs in (("SHORT", 1), ("LONG", 2)):
        length = {"pretrain_epochs": epochs, "finetune_epochs": epochs, "finetune_patience": 5}
        monkeypatch.setattr(table2, name, length)


@pytest.mark.filterwarnings("default")  # worker processes leave sockets behind
def test_sweep_of_a_row(tiny, scheduler, capsys):
    """From nothing to final runs; a second call finds all done; the SVM is run once."""
    sweep = ["sweep", "table2", "--dataset", "digits", "--scheduler", scheduler]
    assert main([*sweep, "--dry-run"]) == 0
    forecast = capsys.readouterr().out
    assert "short trials: 11 of 11 runs to do" in forecast
    assert "long trials: 4 runs, chosen when" in forecast
    assert "final runs: 7 runs, chosen when" in forecast
    with pytest.raises(InputError, match="4 of 4 trials of cae.*sweep table2 --dataset digits"):
        table2.selected("digits", "cae-1")

    assert main(sweep) == 0
    assert "22 runs done, 0 had records" in capsys.readouterr().out
    trials = records.read_all(table2.TRIALS)
    assert not [r for r in trials if any("test" in name for name in r.results)]
    finals = records.read_all(table2.EXPERIMENT)
    assert sorted((r.settings.model, r.settings.depth, r.settings.seed) for r in finals) == [
        *(("cae", depth, seed) for depth in (1, 2) for seed in range(3)),
        ("svm", 1, 0),
    ]
    for record in finals:
        if record.settings.model == "cae":
            assert record.results["curve"]["ratio"]
            assert record.settings.pretrain_epochs == 2

    assert main(sweep) == 0
    assert "0 runs done, 22 had records" in capsys.readouterr().out
