"""Table 1 with other choices: which trials count where, and what they say of a claim."""

import dataclasses

import pytest

from replication.errors import InputError
from replication.experiments import protocol, sensitivity
from replication.experiments.records import Record
from replication.experiments.settings import MODELS, Settings
from replication.experiments.stages import sensitivity_stages
from replication.presentation.interactive import interactive
from replication.presentation.sensitivity import choice_figure, choices_table, range_lines
from replication.verdicts.claims import judge
from replication.verdicts.sensitivity import judge_choices
from replication.verdicts.verdict import Outcome


def trial(settings, error, jacobian=1e-4, saturation=50.0, experiment=protocol.TRIALS):
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
        for rank, settings in enumerate(protocol.screening("mnist", model)):
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


def test_length_and_changed_choices(trials):
    """Long trials count for the length alone, changed ones for their own choice alone."""
    cae = next(r.settings for r in trials if r.settings.model == "cae")
    long = dataclasses.replace(cae, **protocol.LENGTH)
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


def test_shown_on_the_page(trials, nothing_measured):
    """Figure, table and sentences have the choices that were tried at several values."""
    points = sensitivity.points(trials, "mnist")
    judged = judge_choices(points, "mnist")
    assert len(choice_figure(points, "contraction").axes) == 3
    assert "No trials" in choice_figure(points, "pretrain_optimizer").data
    table = choices_table(judged, judge([])).data
    assert table.count("<tr") == 1 + 4 + 2 + 3 + 1
    assert "optimiser" not in table
    lines = range_lines(judged).data
    # The last trials of the CAE come close to AE's.
    assert lines.startswith("- **Claim 1** is mostly *reproduced*, at all values of: learning rate")
    assert "λ of the CAE (at 0.03, 0.1, 0.3; cannot tell at 1)" in lines
    nothing = sensitivity.points([], "mnist")
    for shown in (
        choice_figure(nothing, "contraction"),
        choices_table(judge_choices(nothing, "mnist"), []),
        range_lines(judge_choices(nothing, "mnist")),
    ):
        assert "No trials" in shown.data


def test_all_panels_answer_the_mouse(trials):
    """One below the other, with the names of the values; a model is once in the legend."""
    figure = choice_figure(sensitivity.points(trials, "mnist"), "contraction")
    shown = interactive(figure, "lambda", "Three panels").data
    assert '"ticktext":["0.03","0.1","0.3","1"]' in shown
    assert all(f'"text":"{axes.get_ylabel()}"' in shown for axes in figure.axes)
    assert shown.count('"legendgroup":"CAE"') == 3
    assert shown.count('"showlegend":false') == 2 * len(MODELS)


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
    [stage] = sensitivity_stages("mnist", 1)
    assert stage.runs is None
    assert stage.size == 5 * len(MODELS)
    with pytest.raises(InputError, match="one seed"):
        next(sensitivity_stages("mnist", 2))


def test_changed_trials_follow_the_best_short_one():
    """On MNIST, from the committed trials: one choice changed, all else the same."""
    for settings in sensitivity.changed("mnist", "cae"):
        assert not settings.evaluate_test
        assert settings.pretrain_epochs == protocol.SCREENING["pretrain_epochs"]
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


def test_later_settings_leave_old_identities_alone():
    """A run at the usual choices has the id that it had before they could be changed."""
    usual = Settings(dataset="digits", model="ae")
    assert "initial_range" not in usual.to_dict()
    assert Settings.from_dict(usual.to_dict()) == usual
    other = dataclasses.replace(usual, initial_range=1.0, pretrain_optimizer="adam")
    assert other.id != usual.id
    assert Settings.from_dict(other.to_dict()) == other
    with pytest.raises(InputError, match="sgd"):
        dataclasses.replace(usual, pretrain_optimizer="rmsprop")
