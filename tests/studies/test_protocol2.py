"""Version 2 of the protocol of Table 1, as it is fixed."""

import pytest

from replication.cli import main
from replication.studies.table1 import plan as version1
from replication.studies.table1_v2 import plan
from replication.studies.table1_v2.costs import cost_line, cost_of
from replication.studies.table1_v2.page import (
    progress_note,
    progress_table,
    rounds_table,
    space_table,
    tiers_table,
    versions_table,
)
from replication.studies.table1_v2.pilot_page import pilot_note, pilot_table
from tests.shown import by, rows
from tests.studies import small


@pytest.mark.parametrize("dataset", plan.DATASETS)
def test_equal_budgets(dataset):
    """Every model has as many trials as every other, blind, with seeds that no final run has."""
    grids = {key: plan.SEARCH.trials(0, dataset, key) for key in plan.SEARCH.arms}
    assert {len({s.id for s in grid}) for grid in grids.values()} == {plan.CORE.draws}
    for grid in grids.values():
        assert not any(s.evaluate_test for s in grid)
        assert {s.seed for s in grid} == {plan.TRIAL_SEED}
    assert plan.STUDY.seeds <= plan.TRIAL_SEED


def test_the_rows():
    """The models of version 1, and the net without pre-training."""
    assert set(plan.SEARCH.arms) == {*version1.SEARCH.arms, plan.UNTRAINED}
    [first, *_] = plan.SEARCH.trials(0, "mnist", plan.UNTRAINED)
    assert first.pretrain_epochs == 0
    assert plan.STUDY.arm_of(first) == plan.UNTRAINED
    assert plan.STUDY.arm_of(version1.STUDY.finals("mnist", "ae")[0]) == "ae"


def test_epochs_of_a_tier():
    """Added up by hand: 12 x 20, 4 x 3 x 36 and 10 x 36; with an edge 4 x 20 and 3 x 36 more."""
    assert plan.CORE.epochs() == (240 + 432 + 360,) * 2
    assert plan.CORE.epochs(widened=True) == (240 + 432 + 360 + 80 + 108,) * 2


def test_the_core_tier_is_what_two_cores_can_do():
    """About 60 core-hours at the speed of the records, as the protocol promises."""
    cost = cost_of(plan.CORE)
    assert 40 < cost.core_hours < 65
    assert cost.core_hours < cost.core_hours_widened < 75
    assert cost_of(plan.WIDE).core_hours > 5 * cost.core_hours


def test_the_cost_is_unknown_without_records(store):
    """No number is made of nothing."""
    assert cost_of(plan.CORE).core_hours is None
    assert "core hours: unknown" in cost_line(plan.CORE)


def test_few_labels_share_the_final_runs_pretraining():
    """Of version 1's study, as version 2 has none yet; one drawing a seed, the last epoch."""
    study = version1.STUDY
    runs = plan.few_labels("mnist", 2, study)
    finals = study.final_runs("mnist", 2)
    assert len(runs) == len(finals) * len(plan.FEW_LABELS)
    assert {repr(r.pretraining) for r in runs} == {repr(f.pretraining) for f in finals}
    assert {r.finetune_keep for r in runs} == {"last"}
    assert plan.few_labels("cifar-bw", 2, study) == []


def test_the_pilot_is_short():
    """The drawn settings of two models, and nothing else of them."""
    runs = plan.pilot("mnist")
    assert len(runs) == 2 * plan.CORE.draws
    assert {r.pretrain_epochs for r in runs} == {5}
    assert not any(r.evaluate_test for r in runs)


def test_the_page():
    """Each table has what the protocol says, in numbers read from it."""
    assert len(rows(versions_table())) > 5
    space = by("Model", space_table())
    assert space["CAE"]["regulariser"] == "contraction 0.02 to 3"
    assert "–" in space[plan.label(plan.UNTRAINED)]["rate, pre-training"]
    assert [row["sees the test set"] for row in rows(rounds_table())][-2:] == ["no", "yes"]
    assert set(by("Tier", tiers_table())) == {"core", "wide"}
    assert [row["Set"] for row in rows(progress_table(plan.DATASETS))] == ["MNIST", "CIFAR-bw"]


def test_the_page_says_how_far_it_is(store):
    """Without a record nothing has been done, and there is no answer; nor after some trials."""
    draws = [s for key in plan.SEARCH.arms for s in plan.SEARCH.trials(0, "cifar-bw", key)]
    assert f"on CIFAR-bw 0 of {len(draws)} trials" in progress_note(["cifar-bw"]).data
    for settings in draws[:2]:
        small.write_trial(settings, 2.0, plan.SEARCH.experiment)
    said = progress_note(plan.DATASETS).data
    assert f"on CIFAR-bw 2 of {len(draws)} trials" in said
    assert "0 of 80 final runs" in said
    assert "no complete answer" in said


def test_the_forecast(capsys):
    """`sweep --dry-run` names each stage, and what the tiers cost."""
    assert main(["sweep", "table1-v2", "--dataset", "mnist", "--dry-run"]) == 0
    out = capsys.readouterr().out
    assert "drawn settings: " in out
    assert "final runs, and few labels: " in out
    assert "core tier: 1,032 + 1,032 epochs" in out


def test_the_pilot_shows_what_short_trials_tell(store):
    """The order of the full ones, as far as both are there; fewer than five pairs show nothing."""
    short = [s for s in plan.pilot("mnist") if s.model == "cae"]
    full = plan.SEARCH.trials(0, "mnist", "cae")
    for place, (one, other) in enumerate(zip(short[:6], full, strict=False)):
        small.write_trial(one, 5.0 + place, plan.PILOT_EXPERIMENT)
        small.write_trial(other, 2.0 + place, plan.SEARCH.experiment)
    cell = by("Model", pilot_table(["mnist"]))["CAE"]
    assert cell["settings trained short and in full"].startswith("6 of ")
    assert cell["rank correlation"] == "1.00"
    assert by("Model", pilot_table(["mnist"]))["DAE-b"]["rank correlation"] == "–"


@pytest.mark.parametrize(
    ("orders", "said"),
    [
        ({}, "0 of 2 cells are complete. Whether"),
        (
            {"cae": 1},
            "1 of 2 cells are complete, and in each the correlation is above 0.5. Whether",
        ),
        ({"cae": 1, "dae-b": 1}, "above 0.5 in all 2 cells: the wide tier screens"),
        (
            {"cae": 1, "dae-b": -1},
            "Of the complete cells (2), 1 have a correlation above 0.5. One without",
        ),
        ({"dae-b": -1}, "Of the complete cells (1), 0 have a correlation above 0.5. One without"),
    ],
)
def test_the_pilot_decides_whether_the_wide_tier_screens(store, orders, said):
    """One cell without the order is enough against it; all are needed for it."""
    for model, order in orders.items():
        short = [s for s in plan.pilot("mnist") if s.model == model]
        full = plan.SEARCH.trials(0, "mnist", model)
        for place, (one, other) in enumerate(zip(short, full, strict=True)):
            small.write_trial(one, 20.0 + place, plan.PILOT_EXPERIMENT)
            small.write_trial(other, 20.0 + order * place, plan.SEARCH.experiment)
    assert said in pilot_note(["mnist"]).data
    lost = {1: "1", -1: "12"}
    for model, order in orders.items():
        cell = by("Model", pilot_table(["mnist"]))[plan.label(model)]
        assert cell["place among the short ones of the best in full"] == lost[order]
    assert ("lost the best setting in none" in pilot_note(["mnist"]).data) == (
        set(orders.values()) == {1} and len(orders) == 2
    )
