"""The page of Table 1: its search, its correlations, and what a reader can check."""

import dataclasses

from replication.engine.records import Record
from replication.engine.settings import Settings
from replication.engine.verification.kept import VERIFIED
from replication.kinds import KINDS
from replication.presentation.nothing import nothing
from replication.studies.table1 import plan as table1
from replication.studies.table1.budget import budget_table
from replication.studies.table1.correlations import correlations
from replication.studies.table1.page import correlation_table, settings_note
from replication.studies.table1.search_page import (
    grid_table,
    lengthening_note,
    search_figure,
    search_in_short,
    search_table,
    slower_rates_note,
    stages_table,
)
from tests.made_up import elsewhere, of_experiment, two_seeds
from tests.shown import by, rows

SEARCH = table1.SEARCH
SHORT, LONG, LONGER = (step.length for step in SEARCH.rounds)


def test_correlations_stand_beside_the_papers():
    """The paper's own table gives the first row of each measure; the error is named."""
    found = correlations(two_seeds(), [])
    shown = rows(correlation_table(found, "mnist"))
    printed = [row for row in shown if row["over"] == "models, as printed"]
    assert [row["points"] for row in printed] == ["6", "6"]
    assert printed[0]["rank correlation, 95 % interval"] == "0.94"
    assert {row["with"] for row in shown} == {"test error"}
    values = [row["rank correlation, 95 % interval"] for row in shown]
    assert sum(value.endswith("(no interval)<br>too few points") for value in values) == 2
    alone = rows(correlation_table(found, "mnist", False))
    assert alone == [row for row in shown if row not in printed]
    assert correlation_table([], "mnist", False).data == nothing().data


def test_how_settings_were_chosen():
    """By the search for final runs, and not for those that stand for them at proof scale."""

    def note(dataset, experiment=table1.STUDY.experiment):
        return settings_note(of_experiment(elsewhere(two_seeds(), dataset), experiment)).data

    final, small = note("mnist"), note("digits")
    assert "equal numbers of trials" in final
    assert "equal numbers of trials" not in small
    assert note("cifar-bw") == final
    assert note("mnist", "mine") == note("fashion-mnist") == settings_note([]).data == small


def costing(seconds, experiment="made-up"):
    """Runs that took so long."""
    return [
        dataclasses.replace(
            r, experiment=experiment, provenance=r.provenance | {"seconds": {"total": seconds}}
        )
        for r in two_seeds()
    ]


def test_budget_is_what_the_records_cost(tmp_path, monkeypatch):
    """An hour holds 60 runs of a minute; the whole table is offered once it was searched."""
    monkeypatch.setattr("replication.engine.measurements.FOLDER", tmp_path)
    [unknown] = rows(budget_table([], [], [], 35))
    assert unknown["Time"] == "minutes"
    VERIFIED.write("reference", {**dict.fromkeys(VERIFIED.needs), "provenance": {"seconds": 200}})
    runs = costing(90.0)
    minutes, hour = rows(budget_table(runs, [*runs, *costing(30.0)], runs, 35))
    assert "make verify FAST=1" in minutes["command"]
    assert minutes["Time"] == "3 minutes"
    assert "verify --experiment made-up --count 60<" in hour["command"]
    slow = costing(1800.0, table1.STUDY.experiment)
    _, hour, day = rows(budget_table(slow, slow, slow, 35))
    assert "--count 2<" in hour["command"]
    # 35 runs and 14 trials of half an hour
    assert day["Time"].startswith("24 hours")
    assert "make sweep TABLE=table1 DATASET=mnist" in day["command"]
    assert len(rows(budget_table([], [], [], 35))) == 1


def test_the_grid_is_the_protocols():
    """Every model with what it may choose from, and how many trials it has."""
    shown = by("Model", grid_table())
    assert set(shown) == {KINDS[model].label for model in table1.STUDY.arms}
    for model in table1.STUDY.arms:
        row = shown[KINDS[model].label]
        assert int(row["short trials"]) == len(SEARCH.grid("mnist", model))
        assert int(row["long trials"]) == table1.PROMOTED * len(SEARCH.finetune_rates)
    assert "contraction 0.03" in shown["CAE"]["regulariser"]
    assert shown["AE"]["regulariser"] == "none"


def test_the_stages_are_the_protocols():
    """Three rounds of trials with one seed, and the final runs with theirs."""
    *trials, final = rows(stages_table())
    assert [int(row["epochs, pre-training"]) for row in trials] == [
        length.pretrain_epochs for length in (SHORT, LONG, LONGER)
    ]
    assert {row["seeds"] for row in trials} == {str(table1.TRIAL_SEED)}
    assert {row["sees the test set"] for row in trials} == {"no"}
    assert final["seeds"] == f"0 to {table1.SEEDS - 1}"
    assert final["sees the test set"] == "yes"


def trials_of(settings, *results):
    """Trials with these results, a minute each."""
    return [
        Record(SEARCH.experiment, s, found, {"seconds": {"total": 60.0}})
        for s, found in zip(settings, results, strict=False)
    ]


def test_the_search_is_counted():
    """Trials of each model, diverged ones too, with the best error of each length."""
    found = [{"valid_error": 2.0}, {"valid_error": 3.0}, {"valid_error": 4.0}, {"diverged": "NaN"}]
    trials = trials_of(SEARCH.grid("mnist", "cae"), *found)
    shown = by("Model", search_table(trials, "mnist"))
    cae = shown["CAE"]
    assert cae["best of the short trials"] == "2.00 % (1 of 4 diverged)"
    assert cae["best of the long trials"] == "–"
    assert cae["cost, minutes"] == "4"
    assert shown["AE"]["best of the short trials"] == "–"
    assert "**4 trials chose the settings of 1 models, 4 for each" in search_in_short(trials).data
    assert "No trials yet" in search_in_short([]).data
    chosen = table1.STUDY.chosen("mnist")["cae"].settings
    assert cae["epochs, pre-training"] == str(chosen.pretrain_epochs)
    drawn = search_figure(trials, "mnist").axes[0].lines
    assert sum(len(line.get_xdata()) for line in drawn) == 3  # one diverged
    for none in ([], trials[3:]):
        assert search_figure(none, "mnist").data == nothing("trials on MNIST").data


def test_long_trials_say_why_longer_ones_came():
    """The best error of the CAE and the late best epochs are counted; diverged trials are none."""

    def long_trial(model, rate):
        return Settings(
            dataset="mnist",
            model=model,
            seed=table1.TRIAL_SEED,
            finetune_learning_rate=rate,
            evaluate_test=False,
            **SEARCH.common,
            **dataclasses.asdict(LONG),
        )

    slow = min(SEARCH.finetune_rates)
    trials = trials_of(
        [
            long_trial("cae", slow),
            long_trial("ae", slow),
            long_trial("cae", 1.0),
            long_trial("cae", 3.0),
        ],
        {"valid_error": 1.51, "best_epoch": 30},
        {"valid_error": 1.61, "best_epoch": 25},
        {"valid_error": 1.41, "best_epoch": 30},
        {"diverged": "NaN"},
    )
    text = lengthening_note(trials, "mnist").data
    assert "validation error of the CAE was 1.41 %; the paper's test error is 1.14 %" in text
    assert "Of the 2 long trials with the smallest rate of fine-tuning, 1 had" in text
    assert lengthening_note([], "mnist").data == nothing().data
    cae = by("Model", search_table(trials, "mnist"))["CAE"]
    assert cae["best of the long trials"] == "1.41 % (1 of 3 diverged)"


def test_why_later_rates_are_slower():
    """Two pre-trainings with all rates, one of which did best with the smallest."""
    errors = [50, 51, 52, 53, 52, 51, 40]
    short = trials_of(SEARCH.grid("cifar-bw", "ae"), *({"valid_error": e} for e in errors))
    text = slower_rates_note(short, "cifar-bw").data
    assert "On CIFAR-bw, 1 of the 2 pre-trainings" in text
    assert "try 0.03, 0.1, 0.3 in place of 0.3, 1, 3" in text
    assert slower_rates_note([], "cifar-bw").data == nothing("trials on CIFAR-bw").data


def test_later_rates_are_as_many():
    """No model and no data set has more trials for it."""
    later = SEARCH.rates_after_first("cifar-bw")
    assert len(later) == len(SEARCH.rates_after_first("mnist")) == len(SEARCH.finetune_rates)
    assert later != SEARCH.rates_after_first("mnist")
