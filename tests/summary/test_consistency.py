"""Whether selections, store and studies fit together, on small ones that are made up."""

import dataclasses

import numpy as np
import pytest

from replication.engine import records
from replication.engine.records import Record
from replication.engine.results import test_results as results_on_test
from replication.errors import InputError
from replication.studies import selection
from replication.studies.search import Arm, Length, Round, Search
from replication.studies.stage import Stage
from replication.studies.study import Study, Sweep
from replication.summary.consistency import stray_runs, wrong_choices, wrong_errors
from tests.made_up import PROVENANCE

SEARCH = Search(
    version=1,
    study="small",
    experiment="small-trials",
    arms={"ae": Arm(key="ae", model="ae", pretrain_rates=(0.1,))},
    rounds=(
        Round(
            name="trials",
            length=Length(pretrain_epochs=1, finetune_epochs=1, finetune_patience=1),
        ),
    ),
    finetune_rates=(0.1, 0.3),
    width=10,
    common={},
    seed=1000,
)


@pytest.fixture
def study(store, tmp_path):
    """A study of one model whose search is finished: the first of two trials is the best."""
    for settings, error in zip(SEARCH.grid("digits", "ae"), (5.0, 6.0), strict=True):
        write_trial(settings, error)
    small = Study(
        name="small",
        experiment="small",
        datasets=("digits",),
        search=SEARCH,
        selections=tmp_path / "selection",
        seeds=2,
        minimum_seeds=2,
        final={"evaluate_test": True},
    )
    assert selection.select(small.selections, SEARCH, "digits") == ["ae"]
    return small


def write_trial(settings, error):
    """Record a trial with a validation error."""
    records.write(Record(SEARCH.experiment, settings, {"valid_error": error}, PROVENANCE))


def final(settings, experiment="small"):
    """The record of a final run, with one mistake in ten."""
    return Record(experiment, settings, results_on_test(np.arange(10) == 0), {})


def sweep_of(list_runs, experiment, only=None):
    """A sweep whose one stage lists these runs; `only` is the number of seeds that it takes."""

    def stages(dataset, seeds):
        if only is not None and seeds != only:
            raise InputError(f"this takes {only} seeds. Received: seeds={seeds}")
        runs = list_runs(seeds)
        yield Stage(name="runs", experiment=experiment, size=1, runs=runs)

    return Sweep(
        name="more",
        datasets=("digits",),
        default=("digits",),
        seeds=only or 2,
        stages=stages,
        about="more runs",
    )


def test_best_trial_is_chosen(study):
    """The choice is right as long as no other trial is better."""
    assert wrong_choices([study]) == []
    first, second = SEARCH.grid("digits", "ae")
    write_trial(second, 4.0)
    [found] = wrong_choices([study])
    assert first.id in found
    assert second.id in found
    assert "ae on digits" in found


def test_choice_without_its_trials(study, store):
    """A trial that was deleted is missed by name."""
    _, second = SEARCH.grid("digits", "ae")
    records.path_of(SEARCH.experiment, second).unlink()
    [found] = wrong_choices([study])
    assert f"no record of the trials {second.id}" in found


def test_stray_final_run_is_named(study):
    """Runs that the study lists are its own, with more seeds, too; any other one is named."""
    listed = [final(settings) for settings in study.finals("digits", "ae", 4)]
    assert stray_runs(listed, [study], []) == []
    other = dataclasses.replace(listed[0].settings, finetune_learning_rate=0.7)
    [found] = stray_runs([*listed, final(other)], [study], [])
    assert found == f"small: no study lists the run {other.id} (ae on digits, seed 0)"


def test_trials_and_other_experiments_are_no_final_runs(study):
    """Neither a trial nor a run of an experiment that no study has is called a stray one."""
    trial, _ = SEARCH.grid("digits", "ae")
    known = [Record("small-trials", trial, {}, {}), final(trial, "single")]
    sweep = sweep_of(lambda seeds: [], "small-trials")
    assert stray_runs(known, [study], [sweep], trials={"small-trials"}) == []


def test_stages_list_runs_beside_the_studies(study):
    """A sweep's own runs are listed with as many seeds as there are, or as it insists on."""
    shorter = [
        dataclasses.replace(settings, finetune_epochs=2)
        for settings in study.finals("digits", "ae", 3)
    ]
    known = [final(settings, "more") for settings in shorter]
    assert stray_runs(known, [study], [sweep_of(lambda seeds: shorter[:seeds], "more")]) == []
    two = sweep_of(lambda seeds: shorter[:seeds], "more", only=2)
    [found] = stray_runs(known, [study], [two])
    assert shorter[2].id in found


def test_seeds_of_trials_are_no_seeds_of_final_runs(study):
    """A run with a seed that no final run has is a stray one, however many trials have it."""
    first, second = study.finals("digits", "ae", 2)
    trial = dataclasses.replace(first, seed=2000, evaluate_test=False)
    stray = dataclasses.replace(second, finetune_epochs=7)
    known = [final(first), final(stray), Record("trials", trial, {"valid_error": 5.0}, {})]
    [found] = stray_runs(known, [study], [])
    assert stray.id in found


def test_unfinished_stage_calls_nothing_stray(study):
    """What cannot be listed yet cannot be missed; a study's own runs can."""
    run = dataclasses.replace(study.finals("digits", "ae", 1)[0], finetune_epochs=2)
    waiting = sweep_of(lambda seeds: None, "more")
    assert stray_runs([final(run, "more")], [study], [waiting]) == []
    waiting = sweep_of(lambda seeds: None, study.experiment)
    [found] = stray_runs([final(run)], [study], [waiting])
    assert run.id in found


def test_test_errors_are_those_of_the_mistakes(study):
    """An error that was changed by hand is found, and so is a number of examples."""
    record = final(study.finals("digits", "ae", 1)[0])
    trial = Record(SEARCH.experiment, SEARCH.grid("digits", "ae")[0], {"valid_error": 5.0}, {})
    assert wrong_errors([record, trial]) == []
    for name, value, message in (
        ("test_error", 10 + 1e-6, "says a test error of 10.000001 %, and its mistakes are 10 %"),
        ("test_examples", 17, "says 17 test examples, and has mistakes for at most 16"),
        ("test_examples", 5, "says 5 test examples"),
    ):
        wrong = dataclasses.replace(record, results={**record.results, name: value})
        [found] = wrong_errors([record, wrong])
        assert record.id in found
        assert message in found
