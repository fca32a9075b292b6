"""How far a choice moves errors: runs whose truth is known."""

import pytest

from replication.studies.generator.effects import generator_effects
from replication.studies.generator.page import (
    effects_figure,
    effects_in_short,
    effects_lines,
    effects_table,
    missing_note,
)
from tests.made_up import elsewhere
from tests.made_up_table2 import run
from tests.shown import by

NEAREST = "rot:interpolation=nearest"


def runs(dataset, cae, svm):
    """Three seeds of CAE-1 and one SVM, with so many percent of mistakes."""
    made = [run("rot", "cae-1", seed, cae) for seed in range(3)] + [run("rot", "svm-rbf", 0, svm)]
    return elsewhere(made, dataset)


def test_changes_are_paired():
    """Half of a percent is told where most mistakes are the same; an SVM has no seed noise."""
    effects = generator_effects([*runs("rot", 10, 12), *runs(NEAREST, 10.5, 15)])
    cae, svm = (effects[effects["column"] == name].iloc[0] for name in ("cae-1", "svm-rbf"))
    assert cae["change"] == pytest.approx(0.5)
    assert 0 < cae["low"] < 0.5 < cae["high"]
    assert svm["change"] == pytest.approx(3)
    assert svm["seed_error"] == 0 < svm["test_error"]
    assert (svm["ours"], svm["value"]) == ("bilinear", "nearest")


def test_one_seed_of_a_net_says_nothing():
    """An SVM has no seeds, so one run of it says all; runs on the set alone say nothing."""
    few = [r for r in runs(NEAREST, 9, 10) if r.settings.seed == 0]
    assert set(generator_effects([*runs("rot", 10, 12), *few])["column"]) == {"svm-rbf"}
    assert not len(generator_effects(runs("rot", 10, 12)))


def test_the_page_shows_the_changes():
    """In a table and in a figure."""
    turned = generator_effects([*runs("rot", 10, 12), *runs(NEAREST, 14, 12)])
    shown = by("column", effects_table(turned))
    assert shown["CAE-1"]["change, 95 % interval"].startswith("+4.00 [")
    assert shown["SVMrbf"]["change, 95 % interval"].startswith("+0.00 [")
    assert (shown["CAE-1"]["ours"], shown["CAE-1"]["instead"]) == ("bilinear", "nearest")
    labels = [text.get_text() for text in effects_figure(turned).axes[0].get_yticklabels()]
    assert labels == ["rot: interpolation nearest"]


def test_the_page_says_whether_the_order_holds():
    """The sentence is chosen by the numbers."""
    same = effects_lines(generator_effects([*runs("rot", 10, 12), *runs(NEAREST, 10, 15)])).data
    turned = effects_lines(generator_effects([*runs("rot", 10, 12), *runs(NEAREST, 14, 12)])).data
    assert "CAE-1 makes fewer mistakes with our choice and with all others" in same
    assert "1 of 2 comparisons show a change" in same
    assert "largest is +3.00 points, for SVMrbf" in same
    assert "no longer with interpolation nearest" in turned
    in_short = effects_in_short(generator_effects([*runs("rot", 10, 12), *runs(NEAREST, 14, 12)]))
    assert "**1 of 2 comparisons show a change" in in_short.data
    assert "largest by 4.0 points" in in_short.data
    assert "With 1 of the 1 other choices the other method" in in_short.data


def test_a_page_without_records():
    """It says so."""
    none = generator_effects([])
    for show in (effects_figure, effects_table, effects_lines, effects_in_short):
        assert "No runs on variants yet" in show(none).data
    assert "0 of 60 runs" in missing_note([], 60).data
