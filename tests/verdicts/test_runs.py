"""Final runs are arranged so that each comparison is paired."""

import dataclasses

import numpy as np
import pytest

from replication.errors import InputError
from replication.studies.table2 import plan as table2
from replication.verdicts.evidence import Evidence
from replication.verdicts.runs import Runs
from tests.made_up import agreeing, elsewhere, make_record
from tests.made_up_table2 import table


def gathered(records):
    """Runs on MNIST."""
    return Runs.gather(records, "mnist")


def test_comparisons_are_of_the_seeds_that_both_have():
    """Records are those of these seeds, in order, whatever the order in which they came."""
    records = [r for r in agreeing() if (r.settings.model, r.settings.seed) != ("ae", 0)]
    runs = gathered(records[::-1])
    assert runs.seeds("ae", "cae") == [1, 2, 3, 4]
    assert runs.seeds("cae") == [0, 1, 2, 3, 4]
    wanted = {r.id for r in records if r.settings.model in ("ae", "cae") and r.settings.seed > 0}
    assert set(runs.ids("ae", "cae")) == wanted
    for ours in runs.common("ae", "cae"):
        assert [r.settings.seed for r in ours] == [1, 2, 3, 4]


def test_two_common_seeds_are_enough_to_compare():
    """One seed says nothing of its noise, and a model may have none."""
    records = agreeing()
    assert gathered(records).has("ae", "cae", "sae")
    apart = [r for r in records if (r.settings.model == "ae") == (r.settings.seed > 1)]
    assert not gathered(apart).has("ae", "cae")
    assert gathered(apart).has("cae")
    assert not gathered([]).has("cae")


def test_two_runs_with_one_seed_are_refused():
    """It would not be clear which of them counts."""
    records = agreeing()
    twice = dataclasses.replace(
        records[0], settings=dataclasses.replace(records[0].settings, pretrain_epochs=3)
    )
    with pytest.raises(InputError, match="two final runs with seed 0"):
        gathered([*records, twice])


def test_other_data_sets_and_other_models_are_left_out():
    """By the data set, and by what names the runs."""
    records = [*agreeing(), *elsewhere(agreeing(), "cifar-bw")]
    assert len(gathered(records).runs["cae"]) == 5
    named = Runs.gather(records, "mnist", lambda s: "contractive" if s.model == "cae" else None)
    assert set(named.runs) == {"contractive"}


def test_a_model_without_randomness_goes_with_every_seed():
    """An SVM has one run; it is compared with each seed of a net, and named once."""
    runs = Runs.gather(table(["rot"]), "rot", table2.STUDY.arm_of)
    gap = runs.error_difference("svm-rbf", "cae-2")
    assert gap.seeds == 3
    assert gap.value == pytest.approx(7)
    ids = runs.ids("svm-rbf", "cae-2")
    assert len(ids) == len(set(ids)) == 4
    # A net with one seed is one seed, and no more.
    few = [r for r in table(["rot"]) if r.settings.model != "cae" or r.settings.seed == 0]
    assert Runs.gather(few, "rot", table2.STUDY.arm_of).seeds("svm-rbf", "cae-2") == [0]


def test_mistakes_errors_and_measures_by_hand():
    """Two seeds with one and two mistakes in four, against two with none."""
    made = [
        make_record("ae", 0, [1, 0, 0, 0], saturation=10.0),
        make_record("ae", 1, [1, 1, 0, 0], saturation=30.0),
        make_record("cae", 0, [0, 0, 0, 0], saturation=20.0),
        make_record("cae", 1, [0, 0, 0, 0], saturation=15.0),
    ]
    runs = gathered(made)
    assert runs.mean_error("ae") == pytest.approx(37.5)
    ae, cae = runs.mistakes("ae", "cae")
    assert ae.tolist() == [[True, False, False, False], [True, True, False, False]]
    assert not cae.any()
    assert runs.error_difference("ae", "cae").value == pytest.approx(37.5)
    assert runs.mean("ae", lambda r: r["saturation"]).value == pytest.approx(20)
    difference = runs.difference("ae", "cae", lambda r: r["saturation"])
    assert difference.value == pytest.approx((-10 + 15) / 2)
    ratio = runs.difference("ae", "cae", lambda r: r["saturation"], ratio=True)
    assert ratio.value == pytest.approx(np.sqrt(10 / 20 * 30 / 15))


def test_what_was_measured_of_every_run():
    """One run without it is enough to say no, and None is no result."""
    records = agreeing()
    assert gathered(records).measured("spectrum", "ae", "cae")
    assert not gathered(records).measured("directions", "cae")
    records[0].results["spectrum"] = None  # of a CAE
    assert not gathered(records).measured("spectrum", "ae", "cae")
    assert gathered(records).measured("spectrum", "ae")


def test_evidence_holds_the_runs_of_the_places_that_were_asked_for():
    """A place without runs has none, known or not; a wrong one is not looked at."""
    records = [*agreeing(), *elsewhere(agreeing(), "fashion-mnist")]
    evidence = Evidence.gather(records, {name: lambda s: s.model for name in ("mnist", "rot")})
    assert set(evidence.runs) == {"mnist", "rot"}
    assert evidence.on("mnist").has("cae")
    for place in ("rot", "fashion-mnist"):
        assert evidence.on(place).dataset == place
        assert not evidence.on(place).runs
    assert Evidence() == Evidence.gather([], {})
    assert Evidence.gather([], {}, speeds={"rows": []}).speeds == {"rows": []}
