"""Table 1 with other choices: which trials count where, and what they say of a claim."""

import dataclasses

import pytest

from replication.engine.records import Record
from replication.errors import InputError
from replication.studies.sensitivity import plan as sensitivity
from replication.studies.sensitivity.judged import judge_choices
from replication.studies.sensitivity.page import (
    choice_drawing,
    choice_figure,
    choices_answer,
    choices_short,
    choices_table,
    other_choices,
    range_lines,
)
from replication.studies.table1 import plan as table1
from replication.summary.judge import judge
from replication.verdicts.evidence import Evidence
from replication.verdicts.outcome import Outcome
from tests.shown import rows
from tests.studies import small

SEARCH = table1.SEARCH
MODELS = tuple(SEARCH.arms)


def trial(settings, error, jacobian=1e-4, saturation=50.0, experiment=SEARCH.experiment):
    """A trial with these results."""
    results = {
        "valid_error": error,
        "jacobian_mean_square": jacobian,
        "saturation": saturation,
    }
    return Record(experiment, settings, results, {"seconds": {"total": 60.0}})


@pytest.fixture
def trials():
    """Every short trial on MNIST: errors rise along each grid, and the CAE is ahead."""
    found = []
    for model in MODELS:
        base = 2.0 if model == "cae" else 4.0
        for rank, settings in enumerate(SEARCH.grid("mnist", model)):
            found.append(
                trial(
                    settings,
                    base + 0.1 * rank,
                    jacobian=1e-4 if model == "cae" else 3e-4,
                    saturation=80.0 if model == "cae" else 40.0,
                )
            )
    return found


def at(table, choice, value, model):
    """The validation error of a model at one value."""
    [row] = table.query("choice == @choice and value == @value and model == @model").to_dict(
        "records"
    )
    return row["valid_error"]


def test_the_best_trial_at_each_value_counts(trials):
    """A rate holds for every model that has it, lambda for the CAE alone."""
    table = sensitivity.points(trials, "mnist")
    # Grid of the CAE: lambda slowest, then the pre-training rate, then that of fine-tuning.
    assert at(table, "contraction", "0.03", "cae") == pytest.approx(2.0)
    assert at(table, "contraction", "0.1", "cae") == pytest.approx(2.6)
    assert at(table, "contraction", "0.1", "ae") == pytest.approx(4.0)
    assert at(table, "pretrain_learning_rate", "0.2", "cae") == pytest.approx(2.3)
    assert at(table, "pretrain_learning_rate", "0.2", "rbm") == pytest.approx(4.0)  # has no 0.2
    assert at(table, "pretrain_learning_rate", "0.2", "ae") > 4.0
    assert at(table, "finetune_learning_rate", "1", "dae-b") == pytest.approx(4.1)
    assert sensitivity.points(trials, "cifar-bw").empty
    with pytest.raises(InputError, match="dataset must be one of mnist, cifar-bw"):
        sensitivity.points(trials, "digits")


def test_length_and_changed_choices(trials):
    """Long trials count for the length alone, changed ones for their own choice alone."""
    cae = next(r.settings for r in trials if r.settings.model == "cae")
    long = dataclasses.replace(cae, **SEARCH.rounds[1].length.times(1))
    batch = dataclasses.replace(cae, pretrain_batch_size=100)
    adam = dataclasses.replace(cae, pretrain_optimizer="adam")
    more = [
        trial(long, 1.0),
        trial(batch, 0.5, experiment=sensitivity.EXPERIMENT),
        trial(adam, 0.4, experiment=sensitivity.EXPERIMENT),
    ]
    table = sensitivity.points([*trials, *more], "mnist")
    assert at(table, "pretrain_epochs", "4", "cae") == pytest.approx(2.0)
    assert at(table, "pretrain_epochs", "20", "cae") == 1.0
    assert at(table, "pretrain_batch_size", "20", "cae") == pytest.approx(2.0)
    assert at(table, "pretrain_batch_size", "100", "cae") == 0.5
    assert at(table, "pretrain_optimizer", "adam", "cae") == 0.4
    assert at(table, "initial_range", "4", "cae") == pytest.approx(2.0)
    assert at(table, "contraction", "0.03", "cae") == pytest.approx(2.0)


def test_a_diverged_trial_counts_nowhere(trials):
    """It has no error to compare."""
    cae = next(r for r in trials if r.settings.model == "cae")
    lost = dataclasses.replace(cae, results={"diverged": "NaN"})
    table = sensitivity.points([lost if r is cae else r for r in trials], "mnist")
    assert at(table, "contraction", "0.03", "cae") == pytest.approx(2.1)


def test_a_verdict_for_each_value(trials):
    """Where the CAE is ahead in all, all claims hold; with large lambda claim 1 is lost."""
    worse = [trial(r.settings, 5.5) if r.settings.contraction == 1.0 else r for r in trials]
    judged = judge_choices(sensitivity.points(worse, "mnist"), "mnist").set_index(
        ["claim", "choice", "value"]
    )["outcome"]
    assert judged[1, "contraction", "0.03"] == Outcome.REPRODUCED
    assert judged[4, "contraction", "0.03"] == Outcome.REPRODUCED
    assert judged[5, "finetune_learning_rate", "3"] == Outcome.REPRODUCED
    assert judged[1, "contraction", "1"] == Outcome.NOT_REPRODUCED
    assert judged[2, "contraction", "1"] == Outcome.NOT_REPRODUCED


def test_shown_on_the_page(trials):
    """Figure, table and sentences have the choices that were tried at several values."""
    points = sensitivity.points(trials, "mnist")
    judged = judge_choices(points, "mnist")
    assert len(choice_figure(points, "contraction").axes) == 3
    assert "No trials" in choice_figure(points, "pretrain_optimizer").data
    table = choices_table(judged, judge(Evidence()))
    assert len(rows(table)) == 4 + 2 + 3 + 1
    assert "optimiser" not in table.data
    lines = range_lines(judged).data
    # The last trials of the CAE come close to AE's.
    assert lines.startswith("- **Claim 1** is reproduced at most values. It changes with the λ of")
    assert "the λ of the CAE (open at 1)" in lines
    assert "- **Claim 4** is reproduced at all values." in lines
    nothing = sensitivity.points([], "mnist")
    for shown in (
        choice_figure(nothing, "contraction"),
        choices_table(judge_choices(nothing, "mnist"), []),
        range_lines(judge_choices(nothing, "mnist")),
    ):
        assert "No trials" in shown.data


def test_the_caption_follows_the_cae(trials):
    """From the first value of the choice to the last."""
    shown = choice_drawing(sensitivity.points(trials, "mnist"), "contraction", "mnist").data
    assert "From 0.03 to 1 the CAE's validation error goes from 2.00 to 3.80 %" in shown
    assert 'download="contraction-mnist.csv"' in shown
    none = choice_drawing(sensitivity.points([], "mnist"), "contraction", "mnist")
    assert "No trials" in none.data


def test_the_answer_names_what_turns(trials):
    """The claims, and the choice with which most of them turn."""
    steady = judge_choices(sensitivity.points(trials[:], "mnist"), "mnist")
    steady = steady.assign(outcome=Outcome.REPRODUCED)
    assert "No claim on Table 1 turns" in choices_answer({"mnist": steady}).data
    turned = steady.copy()
    at = (turned["choice"] == "contraction") & (turned["value"] == "1")
    turned.loc[at & turned["claim"].isin((1, 2)), "outcome"] = Outcome.NOT_REPRODUCED
    said = choices_answer({"mnist": turned, "cifar-bw": steady}).data
    assert "2 of 4 claims on Table 1" in said
    assert "Most turn with the λ of the CAE: on MNIST claims 1 and 2." in said
    assert "Most turn with the λ" in choices_short({"mnist": turned}).data
    for empty in (choices_answer({}), choices_short({})):
        assert "No trials" in empty.data


def test_the_other_choices_are_folded(trials):
    """Each behind its name, for all data sets."""
    points = sensitivity.points(trials, "mnist")
    shown = other_choices({"mnist": points, "cifar-bw": points}).data
    assert shown.count("<details") == len(sensitivity.CHOICES) - 1
    assert ">Learning rate of fine-tuning<" in shown
    assert 'id="finetune-learning-rate-cifar-bw"' in shown


def test_models_that_the_paper_lacks_do_not_count(trials):
    """On CIFAR-bw its table has no RBM, however contractive that is."""

    def on(dataset):
        runs = [
            dataclasses.replace(
                trial(r.settings, r.results["valid_error"], 1e-6)
                if r.settings.model == "rbm"
                else r,
                settings=dataclasses.replace(r.settings, dataset=dataset),
            )
            for r in trials
        ]
        judged = judge_choices(sensitivity.points(runs, dataset), dataset)
        return set(judged.query("claim == 4 and choice == 'contraction'")["outcome"])

    assert on("mnist") == {Outcome.PARTLY}
    assert on("cifar-bw") == {Outcome.REPRODUCED}


def test_a_gap_within_the_noise_is_open(trials):
    """0.1 points on 10,000 validation examples decide nothing."""
    close = [
        trial(r.settings, 4.1 if r.settings.model == "cae" else 4.2, 1e-4, 40.0) for r in trials
    ]
    judged = judge_choices(sensitivity.points(close, "mnist"), "mnist")
    first = judged.query("claim == 1 and choice == 'contraction'")
    assert set(first["outcome"]) == {Outcome.CANNOT_TELL}


def test_the_runs_that_are_needed(store):
    """Five changed trials a model, chosen when the short trials are there; none sees the test."""
    [stage] = sensitivity.stages("mnist", 1)
    assert stage.runs is None
    assert stage.size == 5 * len(MODELS)
    with pytest.raises(InputError, match="one seed"):
        next(sensitivity.stages("mnist", 2))


def test_they_are_there_when_the_short_trials_are(store):
    """Model by model in turns, so that an unfinished sweep can be compared."""
    search = small.SEARCH
    for key in search.arms:
        for settings in search.grid(small.DATASET, key):
            small.write_trial(settings, small.error_of(settings), search.experiment)
    [stage] = sensitivity.stages(small.DATASET, 1, search)
    assert len(stage.runs) == stage.size == 5 * 2
    assert [s.model for s in stage.runs] == ["ae", "ae-wd"] * 5
    assert not any(s.evaluate_test for s in stage.runs)


def test_changed_trials_follow_the_best_short_one():
    """On MNIST, from the committed trials: one choice changed, all else the same."""
    for settings in sensitivity.changed("mnist", "cae"):
        assert not settings.evaluate_test
        assert settings.pretrain_epochs == SEARCH.rounds[0].length.pretrain_epochs
        differing = [
            name
            for name, usual in (
                ("pretrain_batch_size", 20),
                ("initial_range", 4.0),
                ("pretrain_optimizer", "sgd"),
            )
            if getattr(settings, name) != usual
        ]
        assert len(differing) == 1


def test_larger_batches_go_with_larger_rates():
    """Once with the trial's own rate and once with five times as much."""
    small_steps, large_steps = (
        s for s in sensitivity.changed("mnist", "cae") if s.pretrain_batch_size == 100
    )
    ratio = large_steps.pretrain_learning_rate / small_steps.pretrain_learning_rate
    assert ratio == pytest.approx(5.0)
    assert small_steps.pretrain_learning_rate in table1.PRETRAIN_RATES["cae"]
