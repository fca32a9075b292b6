"""Why results differ: every sentence follows from its records, whichever way they point."""

import dataclasses

import numpy as np
import pandas as pd
import pytest

from replication.engine.records import Record
from replication.engine.results import Results
from replication.engine.settings import Settings
from replication.studies.finding import Finding
from replication.studies.table1_v2 import plan as version2
from replication.studies.why.choices import choice_changes, choices_finding
from replication.studies.why.length import best_so_far, ended_at_the_end, length_finding
from replication.studies.why.page import in_short
from replication.studies.why.recipes import recipes_finding
from replication.studies.why.strength import by_strength, strength_finding
from replication.studies.why.tuning import tuning_finding, tuning_table
from replication.studies.why.untrained import drawn_errors, untrained_finding
from tests.made_up import PROVENANCE

RADII = [1.0, 10.0, 20.0, 30.0]


def record(experiment="made-up", results=None, **settings):
    """A run with these settings and results."""
    return Record(experiment, Settings(**settings), Results(results or {}), dict(PROVENANCE))


def trial(contraction, epochs, error, peak, jacobian=1e-4, dataset="mnist"):
    """A trial of the CAE whose curve has its peak at one of the radii."""
    return record(
        dataset=dataset,
        model="cae",
        contraction=contraction,
        pretrain_epochs=epochs,
        results={
            "valid_error": error,
            "jacobian_mean_square": jacobian,
            "curve": {"radius": RADII, "ratio": [1.0 * (r == peak) for r in RADII]},
        },
    )


def fine_tuned(errors, allowed, model="cae", dataset="cifar-bw", seed=0):
    """A final run with these validation errors, epoch by epoch."""
    return record(
        dataset=dataset,
        model=model,
        seed=seed,
        finetune_epochs=allowed,
        results={
            "history": {"finetune_valid_error": errors},
            "best_epoch": 1 + int(np.argmin(errors)),
        },
    )


def test_the_longest_trial_with_the_lowest_error_stands_for_its_lambda():
    """Whatever shorter ones reached."""
    trials = [
        trial(0.1, 4, 1.0, 30.0),
        trial(0.1, 20, 2.5, 30.0),
        trial(0.1, 20, 2.0, 10.0),
        trial(1.0, 4, 3.0, 20.0, jacobian=1e-5),
    ]
    table = by_strength(trials, "mnist")
    assert table.to_dict("list") == {
        "contraction": [0.1, 1.0],
        "jacobian": [1e-4, 1e-5],
        "bump": [pytest.approx(10, abs=2), pytest.approx(20, abs=2)],
        "epochs": [20, 4],
    }
    # The paper's Jacobian is nearest to the first one, its bump to the second one.
    said = strength_finding(trials, {"mnist": 1.0})
    assert said.headline.startswith("No λ comes nearest to both")
    assert "λ = 0.1 comes nearest to the Jacobian" in said.sentences[0]
    assert "and λ = 1 to the bump" in said.sentences[0]
    assert said.sentences[0].endswith("alone, chose λ = 1.")
    assert said.sentences[1].startswith("The larger λ, the more")
    assert "4 to 20 epochs" in said.caption
    other = strength_finding([*trials, trial(3.0, 4, 1.0, 10.0, jacobian=1e-6)], {"mnist": 3.0})
    assert other.sentences[0].endswith("chose another one, λ = 3.")
    assert "not steadily" in other.sentences[1]
    both = strength_finding([trial(0.1, 4, 1.0, 20.0), trial(1.0, 4, 1.0, 30.0, jacobian=1e-6)], {})
    assert both.headline == "One λ comes nearest to both the paper's Jacobian and its bump."
    assert "and it to the bump" in both.sentences[0]


def test_who_stopped_early_keeps_the_best():
    """And a best epoch among the last says that the end came too soon."""
    run = fine_tuned([5.0, 3.0, 4.0], 6)
    assert best_so_far(run).tolist() == [5, 3, 3, 3, 3, 3]
    assert not ended_at_the_end(run)
    assert ended_at_the_end(fine_tuned(list(range(20, 0, -1)), 20))


@pytest.mark.parametrize("falling", [True, False])
def test_a_training_that_was_cut_off_is_named(falling):
    """Only the data set on which it was."""
    errors = [float(e) for e in (range(40, 20, -1) if falling else [40, *[21] * 19])]
    runs = [
        fine_tuned(errors, 20),
        fine_tuned([2.0, 1.5, *[1.6] * 18], 20, dataset="mnist"),
    ]
    said = length_finding(runs)
    assert ("CIFAR-bw" in said.headline) is falling
    assert "MNIST" not in said.headline
    assert f"by {10 if falling else 0:.2f} points" in said.sentences[1]


@pytest.mark.parametrize(
    ("baseline", "words"), [(1.5, "helped AE and AE+wd more"), (1.9, "the CAE at")]
)
def test_what_the_search_did(baseline, words):
    """From means over seeds, before and after."""

    def runs(**errors):
        return [
            record(dataset="mnist", model=model.replace("_", "-"), results={"test_error": e})
            for model, e in errors.items()
        ]

    first = runs(cae=1.6, ae=1.8, ae_wd=1.8)
    finals = runs(cae=1.6, ae=baseline, ae_wd=baseline)
    table = tuning_table(first, finals).set_index("model")
    assert table.loc["ae", "gain"] == pytest.approx(1.8 - baseline)
    assert words in tuning_finding(first, finals).headline


def test_what_the_search_did_may_be_uncertain():
    """The gain over the CAE's has an interval over seeds, and a loss is said."""

    def runs(errors):
        return [
            record(dataset="mnist", model=model, seed=seed, results={"test_error": error + shift})
            for model, error in errors.items()
            for seed, shift in enumerate((-0.1, 0.0, 0.1))
        ]

    found = tuning_finding(
        runs({"cae": 1.6, "ae": 1.8, "dae-g": 1.5}), runs({"cae": 1.6, "ae": 1.7, "dae-g": 1.7})
    )
    assert "seems to have helped AE and AE+wd" in found.headline
    assert "gained 0.1 (-" in found.sentences[1]
    assert found.sentences[2] == "DAE-g lost 0.20 points."


def test_one_choice_against_the_gap_between_models():
    """A gain larger than the gap is the news; a model without both values is left out."""
    points = pd.DataFrame(
        [
            ("pretrain_optimizer", "sgd", "cae", 5.0),
            ("pretrain_optimizer", "adam", "cae", 3.0),
            ("pretrain_optimizer", "sgd", "ae", 6.0),
            ("initial_range", "4", "ae", 6.0),
            ("initial_range", "1", "ae", 6.5),
        ],
        columns=["choice", "value", "model", "valid_error"],
    )
    changes = choice_changes(points).set_index(["choice", "model"])["change"]
    assert changes.to_dict() == {("pretrain_optimizer", "cae"): -2, ("initial_range", "ae"): 0.5}
    said = choices_finding({"mnist": points})
    assert said.headline.endswith("separates all the models.")
    assert "largest of 2 changes is a gain of 2.00 points (CAE, Adam" in said.sentences[0]
    assert "1.00 points apart, the best and the last 1.00" in said.sentences[0]
    less = points.assign(valid_error=[5.0, 4.9, 6.0, 6.0, 6.5])
    assert "gain less" in choices_finding({"mnist": less}).headline
    third = pd.DataFrame([("initial_range", "4", "sae", 9.0), ("initial_range", "1", "sae", 9.0)])
    more = pd.concat([points, third.set_axis(points.columns, axis=1)])
    assert choices_finding({"mnist": more}).headline.endswith("separates the best two models.")


@pytest.mark.parametrize("rival", [1.0, 4.0])
def test_pre_training_beside_none(rival):
    """The first round's draws count, and no other trial."""

    def draws(arm, *errors):
        wanted = version2.SEARCH.trials(0, "mnist", arm)
        return [
            Record("made-up", run, Results({"valid_error": e}), dict(PROVENANCE))
            for run, e in zip(wanted, errors, strict=False)
        ]

    stray = dataclasses.replace(version2.SEARCH.trials(0, "mnist", "cae")[0], pretrain_epochs=5)
    trials = [
        *draws("cae", rival, 5.0),
        *draws(version2.UNTRAINED, 2.0, 3.0),
        Record("made-up", stray, Results({"valid_error": 0.1}), dict(PROVENANCE)),
    ]
    assert drawn_errors(trials) == {"cae": [rival, 5.0], version2.UNTRAINED: [2.0, 3.0]}
    said = untrained_finding(trials)
    assert ("Not every" in said.headline) is (rival > 2)
    assert "2.00 % mistakes" in said.sentences[0]
    assert "the noise is unknown" in said.sentences[1]


def test_a_gap_within_the_noise_of_seeds_is_no_win():
    """Seeds of one setting say how far two draws have to be apart."""
    cae, none = (version2.SEARCH.trials(0, "mnist", arm)[0] for arm in ("cae", version2.UNTRAINED))
    again = [
        Record(
            "made-up",
            dataclasses.replace(s, seed=seed, finetune_epochs=99),
            Results({"valid_error": e}),
            PROVENANCE,
        )
        for s, errors in ((cae, (1.9, 2.1)), (none, (2.0, 2.0)))
        for seed, e in enumerate(errors)
    ]

    def said(error):
        drawn = ((cae, error), (none, 2.0))
        trials = [Record("made-up", s, Results({"valid_error": e}), PROVENANCE) for s, e in drawn]
        return untrained_finding([*trials, *again])

    assert "CAE did not" in said(1.9).headline
    assert "beats the best without" in said(1.0).headline
    assert "By the 2 settings trained again" in said(1.9).sentences[1]
    assert (
        said(1.9).sentences[1].endswith("so far: 2.00 % without pre-training, 2.00 % with the CAE.")
    )


def test_recipes_beside_the_papers_models():
    """The spread of the SVM over recipes against that of the paper's row."""
    effects = pd.DataFrame(
        {
            "dataset": ["rot", "rot"],
            "column": ["svm-rbf", "cae-1"],
            "ours_error": [10.0, 10.0],
            "error": [20.0, 90.0],
        }
    )
    said = recipes_finding(effects)
    assert "moves errors more" in said.headline
    assert "10.0 to 20.0 % mistakes" in said.sentences[0]
    near = recipes_finding(effects.assign(error=[10.1, 90.0]))
    assert "less than" in near.headline


@pytest.mark.parametrize(
    "finding",
    [
        strength_finding([], {}),
        length_finding([]),
        tuning_finding([], []),
        choices_finding({}),
        untrained_finding([]),
        recipes_finding(pd.DataFrame(columns=["column"])),
    ],
    ids=lambda finding: finding.name,
)
def test_without_records_nothing_is_said(finding: Finding):
    """A sentence says so, and the summary leaves it out."""
    assert not finding.headline
    assert finding.show().data.startswith("*")
    assert in_short(finding).data.startswith("*")
