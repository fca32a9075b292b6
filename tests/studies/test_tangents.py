"""The study of tangents: its plan, its search, and what its page says."""

import dataclasses

import pytest

from replication.engine.settings import Settings
from replication.errors import InputError
from replication.studies.tangents import plan as tangents
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
