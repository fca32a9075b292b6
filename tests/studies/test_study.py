"""A study as a value: its final runs, and its sweep from nothing to the last record."""

import dataclasses

import pytest

from replication.cli.sweep import forecast, make
from replication.engine import environment, records
from replication.engine.settings import Settings
from replication.errors import InputError
from replication.studies.catalogue import STUDIES, SWEEPS
from replication.studies.collect import collect_finals
from replication.studies.search import Arm
from replication.studies.study import Sweep, in_turns
from tests.studies import small

NAMES = [study.name for study in STUDIES]


def sweep_of(study):
    """The sweep that makes a study's runs."""
    return Sweep(
        name=study.name,
        datasets=study.datasets,
        default=study.datasets,
        seeds=study.seeds,
        stages=study.stages,
        about="a small study",
    )


def test_sweep_from_nothing_to_final_runs(store, tmp_path):
    """All stages in one go; a second pass finds nothing to do; each run is made once."""
    study = small.study_in(
        tmp_path, search=dataclasses.replace(small.SEARCH, finetune_rates=(1.0,))
    )
    sweep = sweep_of(study)
    lines = "\n".join(forecast(sweep, study.datasets, 2))
    assert lines.startswith("small on digits\n")
    assert "short trials: 3 of 3 runs to do" in lines
    assert "final runs: 4 runs, chosen when the stage before is finished" in lines
    assert records.read_all() == []

    # 3 short, 2 long, 2 longer, 4 final.
    assert make(sweep, study.datasets, 2, batched=8) == (11, 0)
    trials = records.read_all(study.search.experiment)
    assert len(trials) == 7
    assert not [r for r in trials if any("test" in name for name in r.results)]
    diverged = [r for r in trials if r.results.diverged]
    assert {r.settings.pretrain_learning_rate for r in diverged} == {small.DIVERGING}
    assert len(diverged) == 1
    assert list(diverged[0].results) == ["diverged"]
    finals = records.read_all(study.experiment)
    assert {(r.settings.model, r.settings.seed) for r in finals} == {
        (model, seed) for model in ("ae", "ae-wd") for seed in (0, 1)
    }
    assert all("test_error" in r.results for r in finals)

    # What was chosen is written down, and is the best of the long trials.
    chosen = study.chosen(small.DATASET)
    assert set(chosen) == {"ae", "ae-wd"}
    for key, choice in chosen.items():
        alike = [r for r in trials if r.id in choice.candidates]
        assert len(alike) == 2
        assert choice.valid_error == min(r.results.valid_error for r in alike)
        assert choice.settings.model == key
    assert {r.settings.finetune_epochs for r in finals} <= {2, 3}

    written = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.json")}
    assert make(sweep, study.datasets, 2, batched=8) == (0, 11)
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.json")} == written
    assert "final runs: 0 of 4 runs to do" in "\n".join(forecast(sweep, study.datasets, 2))
    found, wanted = collect_finals(study, study.datasets, "published", 2)
    assert wanted == 4
    assert [(r.settings.seed, r.settings.model) for r in found] == [
        (0, "ae"),
        (0, "ae-wd"),
        (1, "ae"),
        (1, "ae-wd"),
    ]


@pytest.fixture
def finished(store, tmp_path):
    """A small study that is finished, with made-up records."""
    return small.finish(small.study_in(tmp_path))


def order(runs):
    """Model and seed of each run."""
    return [(settings.model, settings.seed) for settings in runs]


def test_final_runs_seed_by_seed_or_model_by_model(finished):
    """In turns an unfinished sweep leaves models that can be compared."""
    assert order(finished.final_runs(small.DATASET)) == [
        ("ae", 0), ("ae-wd", 0), ("ae", 1), ("ae-wd", 1),
    ]  # fmt: skip
    one_by_one = dataclasses.replace(finished, in_turns=False)
    assert order(one_by_one.final_runs(small.DATASET)) == [
        ("ae", 0), ("ae", 1), ("ae-wd", 0), ("ae-wd", 1),
    ]  # fmt: skip
    assert order(finished.final_runs(small.DATASET, 3, ("ae-wd",))) == [
        ("ae-wd", 0), ("ae-wd", 1), ("ae-wd", 2),
    ]  # fmt: skip
    assert in_turns([]) == []


def test_how_many_runs_there_should_be(finished):
    """What is no net has no seeds, and one run."""
    assert finished.wanted() == 4
    assert finished.wanted(seeds=5, keys=("ae",)) == 5
    svm = Arm(key="svm", model="svm", strengths=({},))
    more = small.finish(small.with_arm(finished, svm))
    assert more.wanted() == 5
    assert more.wanted(seeds=3) == 7
    assert order(more.finals(small.DATASET, "svm", 3)) == [("svm", 0)]
    assert more.finals(small.DATASET, "svm")[0].evaluate_test


def test_what_a_study_does_not_have(finished):
    """Names and numbers that are impossible are refused."""
    with pytest.raises(InputError, match="arm must be one of ae, ae-wd"):
        finished.finals(small.DATASET, "cae")
    with pytest.raises(InputError, match="seeds must be a whole number of at least 1"):
        finished.finals(small.DATASET, "ae", 0)
    with pytest.raises(InputError, match="dataset must be one of digits"):
        finished.check_dataset("mnist")
    assert finished.check_dataset("digits") == "digits"


def test_the_competitor_of_a_run(finished):
    """By model and depth; a run of none of them belongs to none."""
    [first, *_] = finished.final_runs(small.DATASET)
    assert finished.arm_of(first) == "ae"
    assert finished.arm_of(dataclasses.replace(first, units=(5, 5))) is None
    assert finished.arm_of(Settings(dataset="digits", model="cae")) is None


def test_stages_wait_for_one_another(store, tmp_path):
    """Each stage knows its size before its runs; they are there once the one before is done."""
    study = small.study_in(tmp_path)
    sizes = [("short trials", 6), ("long trials", 4), ("longer trials", 4), ("final runs", 4)]
    for done in range(5):
        stages = list(study.stages(small.DATASET))
        assert [(stage.name, stage.size) for stage in stages] == sizes
        assert [stage.runs is not None for stage in stages] == [n <= done for n in range(4)]
        if done < 4:
            stage = stages[done]
            assert len(stage.runs) == stage.size
            for settings in stage.runs:
                small.write_trial(settings, small.error_of(settings), stage.experiment)
            stage.sweep()
    assert study.chosen(small.DATASET) != {}


def test_some_competitors_alone(store, tmp_path):
    """A sweep of some keeps to them, and writes down what was chosen for them alone."""
    study = small.finish(small.study_in(tmp_path), keys=("ae",))
    assert set(study.chosen(small.DATASET)) == {"ae"}
    assert [stage.todo for stage in study.stages(small.DATASET, keys=("ae",))] == [[]] * 4
    [*_, finals] = study.stages(small.DATASET)
    assert finals.runs is None
    assert finals.size == 4


@pytest.mark.parametrize("study", STUDIES, ids=NAMES)
def test_proof_is_small_and_embedded(study, monkeypatch):
    """Proof scale needs no download and one seed unless told otherwise; every competitor is in."""
    runs = study.proof_runs()
    assert [study.arm_of(settings) for settings in runs] == list(study.proof)
    assert set(study.proof) == set(study.arms)
    assert {settings.seed for settings in runs} == {0}
    assert {settings.dataset for settings in runs} <= {"digits", "generated-rectangles"}
    assert len(study.proof_runs(2)) == 2 * len(runs)
    first = next(iter(study.arms))
    assert len(study.proof_runs(3, (first,))) == 3
    with pytest.raises(InputError, match="seeds must be"):
        study.proof_runs(0)
    monkeypatch.setenv("KERAS_BACKEND", "tensorflow")
    assert {settings.backend for settings in study.proof_runs()} == {"tensorflow"}
    monkeypatch.delenv("KERAS_BACKEND")
    assert {settings.backend for settings in study.proof_runs()} == {environment.DEFAULT_BACKEND}


@pytest.mark.parametrize("study", STUDIES, ids=NAMES)
def test_a_study_has_a_sweep_of_its_name(study):
    """What a message names can be typed: `sweep NAME`."""
    sweep = SWEEPS[study.search.study]
    assert study.name == study.search.study == sweep.name
    assert sweep.datasets == study.datasets
    assert sweep.seeds == study.seeds
    assert set(sweep.default) <= set(study.datasets)
