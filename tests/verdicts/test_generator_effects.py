"""How far a choice moves errors: runs whose truth is known."""

import dataclasses

import pytest

from replication.presentation.generator import (
    effects_figure,
    effects_lines,
    effects_table,
    missing_note,
)
from replication.verdicts.generator_effects import generator_effects
from tests.made_up_table2 import run

NEAREST = "rot:interpolation=nearest"


def runs(dataset, cae, svm):
    """Three seeds of CAE-1 and one SVM, with so many percent of mistakes."""
    made = [run("rot", "cae-1", seed, cae) for seed in range(3)] + [run("rot", "svm-rbf", 0, svm)]
    return [
        dataclasses.replace(r, settings=dataclasses.replace(r.settings, dataset=dataset))
        for r in made
    ]


def test_changes_are_paired():
    """Half of a percent is told where most mistakes are the same; an SVM has no seed noise."""
    effects = generator_effects([*runs("rot", 10, 12), *runs(NEAREST, 10.5, 15)])
    cae, svm = (effects[effects["column"] == name].iloc[0] for name in ("cae-1", "svm-rbf"))
    assert cae["change"] == pytest.approx(0.5)
    assert 0 < cae["low"] < 0.5 < cae["high"]
    assert svm["change"] == pytest.approx(3)
    assert svm["seed_error"] == 0 < svm["test_error"]
    assert (svm["ours"], svm["value"]) == ("bilinear", "nearest")


def test_one_seed_says_nothing():
    """Nor do runs on the set alone."""
    few = [r for r in runs(NEAREST, 9, 10) if r.settings.seed == 0]
    assert not len(generator_effects([*runs("rot", 10, 12), *few]))
    assert not len(generator_effects(runs("rot", 10, 12)))


def test_the_page_says_whether_the_order_holds():
    """The sentence is chosen by the numbers."""
    same = generator_effects([*runs("rot", 10, 12), *runs(NEAREST, 10, 15)])
    turned = generator_effects([*runs("rot", 10, 12), *runs(NEAREST, 14, 12)])
    assert (
        "CAE-1 makes fewer mistakes with our choice and with all others" in effects_lines(same).data
    )
    assert "1 of 2 comparisons show a change" in effects_lines(same).data
    assert "largest is +3.00 points, for SVMrbf" in effects_lines(same).data
    assert "no longer with interpolation nearest" in effects_lines(turned).data
    assert "+4.00 [" in effects_table(turned).data
    labels = [text.get_text() for text in effects_figure(same).axes[0].get_yticklabels()]
    assert labels == ["rot: interpolation nearest"]


def test_a_page_without_records():
    """It says so."""
    nothing = generator_effects([])
    for shown in (effects_figure(nothing), effects_table(nothing), effects_lines(nothing)):
        assert "recorded yet" in shown.data
    assert "0 of 60 runs" in missing_note([], 60).data
