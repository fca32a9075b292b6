"""The study of tangents: its plan, its search, and what its page says."""

import dataclasses
import math

import pytest
from matplotlib.figure import Figure

from replication import successor
from replication.engine.records import Record
from replication.engine.settings import Settings
from replication.errors import InputError
from replication.studies.selection import Choice
from replication.studies.tangents import plan as tangents
from replication.studies.tangents.gains import gains
from replication.studies.tangents.page import (
    chosen_table,
    edges_line,
    gain_lines,
    in_short,
    labels_figure,
    labels_table,
    tangents_figure,
)
from replication.studies.tangents.plan import SEARCH, STUDY
from tests.studies import small


@pytest.fixture
def study(tmp_path):
    """The study, of which nothing is chosen yet."""
    return dataclasses.replace(STUDY, selections=tmp_path / "selection")


def error_of(settings):
    """Smallest at one rate; smaller with tangents."""
    return 5 + abs(settings.finetune_learning_rate - 0.5) - (settings.tangents > 0)


def test_both_arms_have_the_same_budget():
    """As many trials at the same rates, of one pre-training; only the tangents differ."""
    for labels in tangents.LABELS:
        plain, more = (
            SEARCH.trials(0, tangents.DATASET, key(labels))
            for key in (tangents.plain, tangents.with_tangents)
        )
        without = [dataclasses.replace(s, tangents=0, tangent_weight=0.0) for s in more]
        assert without == plain
        assert len({s.id for s in (*plain, *more)}) == 2 * len(tangents.RATES)
        assert {s.tangents for s in more} == set(tangents.COUNTS)
        assert all(0.03 <= s.tangent_weight <= 10 for s in more)
        assert {s.finetune_examples for s in (*plain, *more)} == {labels}
    every = [s for key in SEARCH.arms for s in SEARCH.trials(0, tangents.DATASET, key)]
    assert len({repr(s.pretraining) for s in every}) == 1
    assert {(s.finetune_keep, s.evaluate_test, s.seed) for s in every} == {("last", False, 2000)}


def test_an_arm_knows_its_runs():
    """By the number of labels, and whether there are tangents."""
    for key in SEARCH.arms:
        for settings in SEARCH.trials(0, tangents.DATASET, key):
            assert STUDY.arm_of(settings) == key
    assert STUDY.arm_of(Settings(dataset="mnist", model="cae")) is None


def test_stages(study, store):
    """Trials, then what was chosen, ten drawings of each arm; drawing by drawing."""
    trials, finals = study.stages(tangents.DATASET)
    assert (trials.size, len(trials.todo)) == (64, 64)
    assert (finals.size, finals.runs) == (80, None)
    small.finish(study, tangents.DATASET, error_of)
    *_, finals = study.stages(tangents.DATASET)
    assert len(finals.runs) == 80
    assert [s.seed for s in finals.runs[:9]] == [0] * 8 + [1]
    assert len({repr(s.pretraining) for s in finals.runs}) == 10
    assert all(s.finetune_learning_rate == 0.5 and s.evaluate_test for s in finals.runs)
    with pytest.raises(InputError, match="arm must be one of plain-100, tangents-100"):
        study.finals(tangents.DATASET, "plain-7")


def finals(better, drawings=3, labels=tangents.LABELS):
    """Made-up final runs, in which tangents make so many points fewer mistakes, more or less."""
    found = []
    for count in labels:
        for has_tangents in (False, True):
            for seed in range(drawings):
                settings = Settings(
                    dataset="mnist",
                    model="cae",
                    seed=seed,
                    finetune_examples=count,
                    tangents=2 * has_tangents,
                    tangent_weight=1.0 * has_tangents,
                )
                error = 10 + seed - has_tangents * (better + 0.1 * seed)
                found.append(Record("tangents", settings, {"test_error": error}, {}))
    return found


def test_gains_are_taken_drawing_by_drawing():
    """Of drawings that both arms have been through; what they share is no noise of the gain."""
    records = finals(1.0)
    [gain, *others] = gains(records[:-1])
    assert (gain.labels, gain.drawings) == (100, 3)
    assert gain.gain.value == pytest.approx(1.1)
    assert gain.gain.high - gain.gain.low < 0.6 < gain.plain.high - gain.plain.low
    assert [other.drawings for other in others] == [3, 3, 2]
    assert gain.gain.covers == "drawings"
    [single] = gains(finals(1.0, drawings=1, labels=(600,)))
    assert math.isnan(single.gain.low)
    assert single.verdict == "open"
    assert gains(finals(1.0)[:3]) == gains([]) == []


@pytest.mark.parametrize(
    ("better", "verdict", "line", "short"),
    [
        (1.0, "lower", "lowers the error by 1.10 points", "lowers the test error with every"),
        (-1.0, "higher", "raises the error by 0.90 points", "raises the test error with every"),
        (-0.1, "open", "3 drawings cannot tell", "lowers the test error for none of them"),
    ],
)
def test_sentences_go_by_the_numbers(better, verdict, line, short):
    """Every outcome has its own."""
    found = gains(finals(better))
    assert {gain.verdict for gain in found} == {verdict}
    assert line in gain_lines(found).data
    assert short in in_short(found).data
    # Ours are made up, around 10 %: less than what is printed for 100 labels, more than for others.
    assert "lie on both sides of ours" in in_short(found).data
    assert isinstance(labels_figure(found), Figure)
    shown = labels_table(found).data
    assert f"{10 + 1:.2f}<small>" in shown
    assert "12.03" in shown


def test_how_far_the_printed_errors_lie_is_said():
    """On whichever side all of them are."""
    for labels, where in ((100, "below"), (3000, "above")):
        some = gains(finals(1.0, labels=(labels,)))
        assert f"points {where} the printed ones" in in_short([*some, *some]).data


def test_one_drawing_has_no_interval():
    """And says so."""
    found = gains(finals(1.0, drawings=1, labels=(100,)))
    assert "On the one drawing so far there are 1.00 points fewer" in gain_lines(found).data
    assert "one drawing, no interval" in labels_table(found).data
    assert in_short(found).data == gain_lines(found).data.removeprefix("- ")


def test_nothing_yet():
    """Where there are no records."""
    for shown in (labels_figure, labels_table, gain_lines, in_short):
        assert "No records yet" in shown([]).data
    assert "No recorded directions yet" in tangents_figure([]).data


def test_what_the_paper_prints():
    """There is a gain with each number of labels, as the page says."""
    for labels in tangents.LABELS:
        assert successor.printed_error(labels, "mtc") < successor.printed_error(labels, "cae-h")
    assert set(successor.tangents()["model"]) == {"nn", "cae-h", "mtc"}


def test_the_page_knows_what_was_chosen():
    """As much as there is."""
    assert ("settings chosen" in chosen_table().data) == (not STUDY.chosen(tangents.DATASET))


def test_choices_at_the_end_of_what_was_tried():
    """Their number is said: the smallest and the largest of what differs between trials."""
    assert "No settings chosen" in edges_line({}).data
    for rate, words in ((0.2, "In none of 1"), (2.0, "In 1 of 1"), (0.02, "In 1 of 1")):
        inside = SEARCH.trials(0, tangents.DATASET, "plain-100")
        [settings] = [s for s in inside if s.finetune_learning_rate == rate]
        chosen = {"plain-100": Choice(settings, 5.0, (settings.id,), ())}
        assert edges_line(chosen).data.startswith(words)
    # Only two numbers of tangents were tried. That does not make each choice an outermost one.
    inside = SEARCH.trials(0, tangents.DATASET, "tangents-100")
    by_weight = sorted(inside, key=lambda one: one.tangent_weight)
    for settings, words in ((by_weight[3], "In none of 1"), (by_weight[0], "In 1 of 1")):
        chosen = {"tangents-100": Choice(settings, 5.0, (settings.id,), ())}
        assert edges_line(chosen).data.startswith(words)
