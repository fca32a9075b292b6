"""The CAE+H beside the CAE: what is run, and what the page says of it, however it comes out."""

import dataclasses
import math

import numpy as np
import pytest

from replication.engine import records
from replication.engine.records import Record
from replication.engine.results import Results
from replication.errors import InputError
from replication.presentation.nothing import nothing
from replication.studies.higher_order import plan
from replication.studies.higher_order.errors_page import (
    choice_note,
    cost_line,
    error_answer,
    error_table,
    few_labels_answer,
    few_labels_table,
    in_short,
    trials_table,
)
from replication.studies.higher_order.neighbourhood_page import neighbourhood_finding
from replication.studies.higher_order.nets import collect_nets
from replication.studies.table1 import plan as table1
from replication.studies.table1_v2 import plan as version2
from tests.made_up import PROVENANCE, make_record
from tests.shown import rows

SAME_LAMBDA = 0.25


def measured(settings, jacobian, error=2.0):
    """Write the record of a trial, or of a net that is measured alone."""
    experiment = plan.NORMS if settings.model == "cae" else plan.SEARCH.experiment
    results = {"jacobian_mean_square": jacobian}
    if settings.finetune_epochs:
        results["valid_error"] = error
    records.write(Record(experiment, settings, Results(results), dict(PROVENANCE)))


@pytest.fixture
def study(store, tmp_path):
    """The study, with a store and selections of its own."""
    return dataclasses.replace(plan.STUDY, selections=tmp_path / "selection")


def searched(study):
    """Finish the trials; the second is the best."""
    for place, settings in enumerate(study.search.trials(0, "mnist", plan.MODEL)):
        measured(settings, jacobian=4e-5, error=1.0 if place == 1 else 2.0)
    study.select("mnist")


def matched(study):
    """Finish the CAEs of other norms, whose Jacobian is 1e-5 over lambda: 4e-5 at 0.25."""
    for index in range(1 + plan.REFINEMENTS):
        for settings in plan.norm_runs(study)[index]:
            measured(settings, jacobian=1e-5 / settings.contraction)


def test_trials_see_no_test_error():
    """They have the lengths and rates of the CAE, and what is new is searched."""
    usual = table1.STUDY.chosen("mnist")["cae"].settings
    trials = plan.SEARCH.trials(0, "mnist", plan.MODEL)
    assert len({trial.id for trial in trials}) == 4
    for trial in trials:
        assert not trial.evaluate_test
        for name in ("pretrain_epochs", "pretrain_learning_rate", "finetune_learning_rate"):
            assert getattr(trial, name) == getattr(usual, name)


def test_nothing_is_compared_before_the_norm_is_found(study):
    """Each stage waits for the one before."""
    assert plan.norm_runs(study) == []
    assert plan.finals(2, study) == []
    waiting = [stage.runs is None for stage in plan.stages("mnist", 2, study)]
    assert waiting == [False, True, True, True, True]
    searched(study)
    assert [run.contraction for run in plan.norm_runs(study)[0]] == list(plan.GUESSES)
    assert plan.same_norm(study) is None
    with pytest.raises(InputError, match="dataset must be one of mnist"):
        list(plan.stages("cifar-bw", 2, study))


def test_the_norm_is_found_between_the_guesses(study):
    """Without a label: nothing is fine-tuned. A power law is hit at once."""
    searched(study)
    matched(study)
    rounds = plan.norm_runs(study)
    assert [len(runs) for runs in rounds] == [len(plan.GUESSES), 1, 1]
    for runs in rounds:
        assert all(run.finetune_epochs == 0 and not run.evaluate_test for run in runs)
    assert plan.same_norm(study) == pytest.approx(SAME_LAMBDA, rel=1e-3)


def test_equal_norms_have_no_crossing(study):
    """A sentence, and no division by zero."""
    searched(study)
    for settings in plan.norm_runs(study)[0]:
        measured(settings, jacobian=1e-5)
    with pytest.raises(InputError, match="have the same norm"):
        plan.norm_runs(study)


def test_final_runs(study):
    """Three nets; the CAE's own runs with all labels are those of Table 1."""
    searched(study)
    matched(study)
    runs = plan.finals(2, study)
    assert len({run.id for run in runs}) == len(runs) == plan.wanted(2) - 2
    assert all(run.evaluate_test for run in runs)
    full = [run for run in runs if run.finetune_examples is None]
    assert [plan.group_of(run) for run in full] == ["cae-same", "cae-h"] * 2
    few = [run for run in runs if run.finetune_examples is not None]
    assert {plan.group_of(run) for run in few} == {"cae", "cae-same", "cae-h"}
    assert {run.finetune_examples for run in few} == set(plan.FEW_LABELS)
    assert {run.finetune_epochs for run in few} == {version2.FEW_LABELS_EPOCHS}
    [stage] = [s for s in plan.stages("mnist", 2, study) if s.experiment == study.experiment]
    assert stage.size == len(stage.runs) == len(runs)
    chosen = study.chosen("mnist")[plan.MODEL].settings
    assert {run.curvature for run in runs if run.model == plan.MODEL} == {chosen.curvature}


def net(which, seed, mistakes, ratio=1.0, labels=None):
    """A run of one of the three nets with so many mistakes more than 20."""
    wrong = np.zeros(2000, bool)
    wrong[: 20 + mistakes + seed % 2] = True
    curve = [0.2 * ratio**k for k in range(5)]
    run = make_record(
        "cae",
        seed,
        wrong,
        ratio=[r * (1 + 0.001 * seed) for r in curve],
        distances={"min": 5.0, "median": 10.0, "max": 20.0},
    )
    own = {
        "cae": {"contraction": 0.1},
        "cae-same": {"contraction": SAME_LAMBDA},
        "cae-h": {"model": "cae-h", "curvature": 1.0, "noise_level": 0.3, "draws": 2},
    }[which]
    settings = dataclasses.replace(run.settings, finetune_examples=labels, **own)
    seconds = {"pretrain": 200.0 if which == "cae-h" else 100.0, "total": 300.0}
    return dataclasses.replace(
        run, settings=settings, provenance={**run.provenance, "seconds": seconds}
    )


def three(more=0, ratio=1.0, labels=None, seeds=5):
    """Runs of all nets, in which the CAE makes so many more mistakes than the CAE+H."""
    return [
        net(which, seed, mistakes, of_net, labels)
        for which, mistakes, of_net in (
            ("cae", 50 + more, 1.0),
            ("cae-same", 50 + more, ratio),
            ("cae-h", 50, 1.0),
        )
        for seed in range(seeds)
    ]


@pytest.mark.parametrize(
    ("ratio", "words"),
    [
        (1.5, "At the distance of other digits the CAE+H contracts more than"),
        (0.6, "At the distance of other digits the CAE+H contracts less than"),
        (1.0, "At the distance of other digits the CAE+H contracts about as much as"),
    ],
)
def test_the_curves_choose_the_words(ratio, words):
    """At both distances, by intervals over seeds."""
    said = neighbourhood_finding(three(ratio=ratio))
    assert words in said.headline
    assert "Jacobian of that CAE is 1.00 times" in said.sentences[0]
    assert f"is {ratio:.3g} " in said.sentences[1]
    assert f"is {ratio**2:.3g} " in said.sentences[2]
    assert "its ratio is 1.00 times as large" in said.sentences[0]
    assert said.sentences[3] == (
        "Beside the CAE of Table 1 the CAE+H contracts about as much as it at the nearest other "
        "digit and about as much as it at a digit at the median distance."
    )


def test_curves_without_a_net_to_compare_with():
    """At proof scale there are two nets with one seed; without runs there is nothing."""
    said = neighbourhood_finding([net("cae", 0, 1), net("cae-h", 0, 1)])
    assert "No CAE of the same norm" in said.headline
    assert "contraction ratio" in said.show().data
    assert neighbourhood_finding([]).show().data == nothing().data


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (100, "fewer mistakes than the CAE and the CAE of equal norm"),
        (-40, "more mistakes than the CAE and the CAE of equal norm"),
        (0, "neither certainly more nor certainly fewer mistakes than the CAE and the CAE of eq"),
    ],
)
def test_errors_choose_the_words(more, words):
    """With all labels and with few; what is said at the end is what was said above."""
    runs = [*three(more), *three(more, labels=100), *three(0, labels=300)]
    said = error_answer(runs).data
    assert words in said
    # Above 0 is worse, as with every error.
    assert f"minus that of the CAE is {0 - more / 20:+.2f} points" in said
    few = few_labels_answer(runs).data
    assert f"{words.split(' the CAE')[0]} the CAE with 100" in few
    short = in_short("The reach.", runs).data
    assert short.startswith("- The reach.")
    assert few.split(">")[1].split("<")[0] in short
    [usual, _, higher] = rows(error_table(runs))
    assert (usual["γ"], higher["γ"], higher["seeds"]) == ("–", "1", "5")
    hundred, three_hundred = rows(few_labels_table(runs))
    assert (hundred["labels"], hundred["drawings"]) == ("100", "5")
    assert three_hundred["CAE"] == three_hundred["CAE+H"]
    assert (hundred["CAE+H, printed"], three_hundred["CAE+H, printed"]) == ("13.47", "–")


def test_missing_runs_are_said_to_be_missing():
    """Sentences in the place of tables."""
    for show in (error_table, error_answer, few_labels_table, few_labels_answer, cost_line):
        assert "yet" in show([]).data
    assert in_short("", []).data == nothing().data
    assert "yet" in trials_table([]).data
    one = rows(error_table([net("cae", 0, 1)]))
    assert one[0]["test error %"] == "1.05"


def test_what_it_costs():
    """Beside the CAE of the same norm, or that of Table 1."""
    assert "2.0 times as long" in cost_line(three()).data
    assert "2 draws a step" in cost_line([net("cae", 0, 1), net("cae-h", 0, 1)]).data


def test_trials_are_shown_best_first(study):
    """With no test error; those that diverged are left out."""
    runs = [
        Record("x", s, Results({"valid_error": e, "jacobian_mean_square": 1e-4}), dict(PROVENANCE))
        for s, e in zip(plan.SEARCH.trials(0, "mnist", plan.MODEL), (3.0, 1.0), strict=False)
    ]
    lost = dataclasses.replace(runs[0], results=Results({"diverged": "NaN"}))
    shown = rows(trials_table([*runs, lost]))
    assert [row["validation error %"] for row in shown] == ["1.00", "3.00"]
    assert not math.isnan(float(shown[0]["size of e"]))


@pytest.mark.parametrize(
    ("norm", "words"), [(5e-5, "2.0 times smaller"), (3e-4, "3.0 times larger")]
)
def test_how_near_the_second_trial_came(norm, words):
    """And how far its norm lies from that of the chosen one; with one trial there is no second."""
    settings = plan.SEARCH.trials(0, "mnist", plan.MODEL)
    runs = [
        Record("x", s, Results({"valid_error": e, "jacobian_mean_square": n}), dict(PROVENANCE))
        for s, e, n in zip(settings, (1.51, 1.5), (norm, 1e-4), strict=False)
    ]
    said = choice_note(runs).data
    assert "0.01 points better than the next one" in said
    assert words in said
    assert "yet" in choice_note(runs[:1]).data


def test_published_runs_are_those_of_table_1_and_its_own(study):
    """As far as they have records."""
    assert collect_nets("published", study) == []
    searched(study)
    matched(study)
    wanted = [run for run in plan.finals(5, study) if run.finetune_examples is None][:2]
    usual = table1.STUDY.finals("mnist", "cae")[0]
    for settings in (usual, *wanted):
        experiment = plan.NAME if settings in wanted else table1.STUDY.experiment
        records.write(Record(experiment, settings, Results({"valid_error": 1.0}), dict(PROVENANCE)))
    found = collect_nets("published", study)
    assert [plan.group_of(run.settings) for run in found] == ["cae", "cae-same", "cae-h"]
