"""The protocol of Table 2, and its sweep."""

import dataclasses

import pytest

from replication import paper
from replication.cli.sweep import forecast, make
from replication.engine import records
from replication.errors import InputError
from replication.studies.search import Round
from replication.studies.study import Sweep
from replication.studies.table2 import plan as table2
from tests.studies import small

SEARCH = table2.SEARCH


def test_rows_and_columns_are_the_papers():
    """All of its sets and columns, and one column of our own."""
    printed = paper.table2()
    assert set(table2.ROWS) == set(printed["dataset"])
    assert set(table2.STUDY.arms) - set(printed["model"]) == {"cae-3"}


def test_few_examples_get_more_epochs():
    """The 1,000 rectangles are seen as often in five epochs as others in half a one."""
    few, many = (SEARCH.grid(name, "cae-2")[0] for name in ("rectangles", "rot"))
    assert few.pretrain_epochs == 5 * many.pretrain_epochs
    assert few.finetune_patience == 5 * many.finetune_patience
    long = SEARCH.trials(1, "rectangles", "cae-2")[0]
    assert long.finetune_epochs == 5 * SEARCH.rounds[1].length.finetune_epochs


def test_the_depths_of_the_cae_have_one_grid():
    """So that they can share the pre-training of their layers."""
    lower, upper = (SEARCH.grid("rot", column) for column in ("cae-1", "cae-3"))
    for a, b in zip(lower, upper, strict=True):
        assert {**b.to_dict(), "units": list(b.units[:1])} == a.to_dict()


def test_every_run_has_its_column():
    """By model and depth: a stack of two is another column than one layer."""
    for dataset in table2.ROWS:
        runs = table2.STUDY.final_runs(dataset)
        assert len(runs) == table2.STUDY.wanted() == 3 * 6 + 1
        counts = {column: 0 for column in table2.STUDY.arms}
        for settings in runs:
            counts[table2.STUDY.arm_of(settings)] += 1
        assert counts == {**dict.fromkeys(table2.STUDY.arms, 3), "svm-rbf": 1}


def test_nested_stacks_are_those_of_three_layers():
    """One and two layers of each final stack, pre-trained alike; blind."""
    lower = table2.nested("rot")
    assert [(s.seed, s.depth) for s in lower] == [(n, d) for n in range(3) for d in (1, 2)]
    assert not any(s.evaluate_test for s in lower)
    for settings, full in zip(lower[1::2], table2.STUDY.finals("rot", "cae-3"), strict=True):
        assert {**settings.pretraining, "units": [1000] * 3} == full.pretraining
        assert settings.measure_examples == full.measure_examples
    [stage] = table2.nested_stages("rot", 3)
    assert stage.size == len(stage.runs) == 6
    with pytest.raises(InputError, match="dataset must be one of rectangles"):
        next(table2.nested_stages("mnist", 3))


def test_nested_stacks_wait_for_the_choice(store, tmp_path):
    """As long as nothing is chosen for three layers there is none."""
    study = dataclasses.replace(table2.STUDY, selections=tmp_path)
    assert table2.nested("rot", 3, study) == []


def test_nested_records_are_there():
    """Two lower parts of each of three stacks, and the stacks themselves."""
    found = table2.collect_nested("rot")
    assert [record.settings.depth for record in found] == [1, 2] * 3 + [3] * 3


@pytest.fixture
def study(tmp_path):
    """Three columns of Table 2, a small grid and short runs."""
    svm = dataclasses.replace(
        SEARCH.arms["svm-rbf"],
        strengths=tuple({"svm_c": c, "svm_gamma": 0.5} for c in (1.0, 10.0, 100.0)),
    )
    arms = {svm.key: svm}
    for key in ("cae-1", "cae-2"):
        arms[key] = dataclasses.replace(
            SEARCH.arms[key], strengths=({"contraction": 0.1},), pretrain_rates=(0.1,)
        )
    search = dataclasses.replace(
        SEARCH,
        study="small",
        experiment="small-trials",
        arms=arms,
        finetune_rates=(1.0,),
        width=20,
        rounds=(
            Round(name="short trials", length=small.length(1)),
            Round(name="long trials", length=small.length(2), leaders=1),
        ),
    )
    return small.study_in(
        tmp_path, search=search, final=table2.STUDY.final, proof={}, in_turns=False
    )


def test_sweep_of_a_row(study, store):
    """From nothing to final runs; a second pass finds all done; the SVM is run once."""
    sweep = Sweep(
        name="small",
        datasets=study.datasets,
        default=study.datasets,
        seeds=2,
        stages=study.stages,
        about="a small Table 2",
    )
    lines = "\n".join(forecast(sweep, study.datasets, 2))
    assert "short trials: 5 of 5 runs to do" in lines
    assert "long trials: 2 runs, chosen when" in lines
    assert "final runs: 5 runs, chosen when" in lines
    with pytest.raises(InputError, match="1 of 1 trials of cae.*sweep small --dataset digits"):
        study.search.choose("digits", "cae-1")

    assert make(sweep, study.datasets, 2, batched=8) == (12, 0)
    trials = records.read_all(study.search.experiment)
    assert len(trials) == 7
    assert not [r for r in trials if any("test" in name for name in r.results)]
    finals = records.read_all(study.experiment)
    assert sorted((r.settings.model, r.settings.depth, r.settings.seed) for r in finals) == [
        *(("cae", depth, seed) for depth in (1, 2) for seed in range(2)),
        ("svm", 1, 0),
    ]
    for record in finals:
        if record.settings.model == "cae":
            assert record.results["curve"]["ratio"]
            assert record.settings.pretrain_epochs == 2
    chosen = study.chosen("digits")
    assert set(chosen) == set(study.arms)
    # All trials of what is no net are candidates, and of nets the long ones.
    assert [len(choice.candidates) for choice in chosen.values()] == [3, 1, 1]

    assert make(sweep, study.datasets, 2, batched=8) == (0, 12)
