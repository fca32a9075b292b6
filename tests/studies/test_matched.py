"""The matched arm: what is drawn, how near it is, and what is fine-tuned."""

import dataclasses

import numpy as np
import pytest

from replication import paper
from replication.engine import records
from replication.engine.records import Record
from replication.engine.results import Results
from replication.errors import InputError
from replication.studies.catalogue import SWEEPS
from replication.studies.matched import plan
from replication.studies.matched.fingerprint import fingerprint_distance
from replication.studies.table1_v2 import plan as version2
from replication.verdicts.printed import table1_rows
from tests.made_up import PROVENANCE

CELLS = sorted(plan.PLACES)


def as_printed(settings, jacobian=1.0, saturation=0.0, ratio=1.0):
    """A record whose encoder is the paper's, but for these."""
    cell = table1_rows(settings.dataset).loc[settings.model]
    figure = paper.figure1(settings.dataset)
    curve = figure[figure["model"] == settings.model]
    results = {
        "jacobian_mean_square": cell["jacobian_mean_square"] * jacobian,
        "saturation": cell["saturation"] + saturation,
        "curve": {
            "radius": list(curve["radius"]),
            "ratio": list(curve["ratio"] * ratio),
            "deviation": [0.0] * len(curve),
        },
    }
    return Record(plan.TRIALS, settings, Results(results), dict(PROVENANCE))


def test_the_paper_s_eleven_cells():
    """A place for each, and for no other."""
    table = paper.table1()
    assert set(CELLS) == set(zip(table["dataset"], table["model"], strict=True))


@pytest.mark.parametrize(("dataset", "model"), CELLS)
def test_draws_lie_around_their_place(dataset, model):
    """Within a factor of two, with no error in sight, and the same each time."""
    drawn = plan.trials(dataset, model, 0)
    place = plan.PLACES[dataset, model]
    assert len({settings.id for settings in drawn}) == plan.ROUNDS[0].count
    assert drawn == plan.trials(dataset, model, 0)
    for settings in drawn:
        assert place.rate / 2.01 < settings.pretrain_learning_rate < place.rate * 2.01
        assert place.epochs / 2.1 < settings.pretrain_epochs < place.epochs * 2.1
        for name, value in place.strengths.items():
            assert value / 2.01 < getattr(settings, name) < value * 2.01
        assert settings.finetune_epochs == 0
        assert not settings.evaluate_test


@pytest.mark.parametrize(
    ("change", "wanted"),
    [
        ({}, 0.0),
        ({"jacobian": 1.1}, 1.0),
        ({"jacobian": 1 / 1.21}, 2.0),
        ({"saturation": -10.0}, 2.0),
        ({"ratio": 1.331}, 3.0),
        ({"jacobian": 1.1, "saturation": 7.5}, 1.5),
        ({"jacobian": 0.0}, np.inf),
        ({"saturation": np.nan}, np.inf),
    ],
)
def test_the_distance_is_the_largest_deviation(change, wanted):
    """In units of 10 %, and of five points of saturation."""
    settings = plan.trials("mnist", "cae", 0)[0]
    assert fingerprint_distance(as_printed(settings, **change)) == pytest.approx(wanted, abs=1e-9)


def test_the_nearest_goes_on(store):
    """The second round is drawn around it; the nearest of both is what is matched."""
    with pytest.raises(InputError, match="have no record yet"):
        plan.trials("mnist", "cae", 1)
    first = plan.trials("mnist", "cae", 0)
    for place, settings in enumerate(first):
        records.write(as_printed(settings, jacobian=1.5 if place == 3 else 3.0))
    second = plan.trials("mnist", "cae", 1)
    assert len(second) == plan.ROUNDS[1].count
    for settings in second:
        assert 1 / 1.31 < settings.contraction / first[3].contraction < 1.31
        records.write(as_printed(settings, jacobian=2.0))
    settings, distance = plan.match("mnist", "cae")
    assert settings == first[3]
    assert distance > 1
    records.write(as_printed(second[0]))
    assert plan.match("mnist", "cae") == (second[0], pytest.approx(0))


def test_nothing_is_fine_tuned_before_version_2_has_chosen(chosen, tmp_path):
    """Its stage waits."""
    undecided = dataclasses.replace(chosen, selections=tmp_path / "none")
    assert plan.finals("mnist", "cae", 2, undecided) == []
    assert [stage.runs for stage in SWEEPS["matched"].stages("mnist", 5)][1:] == [None, None]


def test_final_runs_of_a_choice(store, chosen):
    """Pre-training as matched, all of fine-tuning as chosen, seeds from 0 on."""
    matched = plan.match("mnist", "cae")[0]
    runs = plan.finals("mnist", "cae", 2, chosen)
    [choice] = chosen.chosen("mnist").values()
    assert [run.seed for run in runs] == [0, 1]
    for run in runs:
        assert run.pretrain_learning_rate == matched.pretrain_learning_rate
        assert run.contraction == matched.contraction
        assert run.finetune_learning_rate == choice.settings.finetune_learning_rate
        assert run.finetune_epochs == version2.CORE.length.finetune_epochs
        assert run.finetune_decay
        assert run.evaluate_test


@pytest.fixture
def chosen(store, tmp_path):
    """A study like version 2's that has chosen a setting of the CAE, and matched trials."""
    for index in range(len(plan.ROUNDS)):
        for settings in plan.trials("mnist", "cae", index):
            records.write(as_printed(settings))
    search = dataclasses.replace(
        version2.SEARCH,
        arms={"cae": version2.SEARCH.arms["cae"]},
        rounds=version2.SEARCH.rounds[:2],
    )
    for index in range(2):
        for settings in search.trials(index, "mnist", "cae"):
            results = Results({"valid_error": settings.contraction})
            records.write(Record(search.experiment, settings, results, dict(PROVENANCE)))
    study = dataclasses.replace(version2.STUDY, search=search, selections=tmp_path)
    study.select("mnist")
    return study
