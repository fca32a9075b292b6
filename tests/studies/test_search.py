"""A search: what each competitor may choose from, and the way from round to round."""

import dataclasses
import math

import pytest

from replication.errors import InputError
from replication.kinds import KINDS
from replication.studies.search import Arm
from replication.studies.table1 import plan as table1
from replication.studies.table2 import plan as table2
from tests.studies import small

# The real protocol on embedded data, whose trials have no records unless a test writes them.
DATASET = "digits"
SEARCH = table1.SEARCH


@pytest.mark.parametrize(
    ("search", "dataset", "key"),
    [
        *((table1.SEARCH, name, key) for name in table1.DATASETS for key in table1.SEARCH.arms),
        *((table2.SEARCH, "rot", key) for key in table2.SEARCH.arms),
    ],
)
def test_equal_budgets(search, dataset, key):
    """Every competitor has the same number of trials, all blind, all with the trials' own seed."""
    grid = search.grid(dataset, key)
    assert len(set(grid)) == len(grid) == search.size(0, dataset, key) == 24
    assert not any(settings.evaluate_test for settings in grid)
    assert {settings.seed for settings in grid} == {search.seed} == {table1.TRIAL_SEED}
    assert {(settings.model, settings.depth) for settings in grid} == {
        (search.arms[key].model, search.arms[key].depth)
    }


def test_every_net_is_in_table_1():
    """The grid covers every model of the paper's time, each under its own name."""
    nets = {key for key, kind in KINDS.items() if kind.is_net and not kind.came_later}
    assert set(table1.STRENGTHS) == set(table1.PRETRAIN_RATES) == set(SEARCH.arms) == nets
    assert all(key == arm.key == arm.model for key, arm in SEARCH.arms.items())


def test_no_final_run_has_the_seed_of_a_trial():
    """What is published was not chosen for its luck."""
    for study in (table1.STUDY, table2.STUDY):
        assert study.search.seed not in range(study.seeds)
        assert study.minimum_seeds <= study.seeds


@pytest.fixture
def screened(store):
    """Short trials of the CAE whose error depends on strength and rate in a known way."""
    for settings in SEARCH.grid(DATASET, "cae"):
        error = abs(math.log10(settings.contraction))
        error += abs(settings.pretrain_learning_rate - 0.05)
        record(settings, error + 0.01 * settings.finetune_learning_rate)


def record(settings, error):
    """Write the record of a trial."""
    small.write_trial(settings, error, SEARCH.experiment)


def test_best_pretrainings_go_on_with_every_rate(screened):
    """Three pre-trainings times three rates, longer, and still blind."""
    longer = SEARCH.trials(1, DATASET, "cae")
    assert len(longer) == table1.PROMOTED * len(SEARCH.finetune_rates)
    assert len(longer) == SEARCH.size(1, DATASET, "cae")
    chosen = {(s.contraction, s.pretrain_learning_rate) for s in longer}
    assert chosen == {(1.0, 0.05), (1.0, 0.2), (0.3, 0.05)}
    assert {s.pretrain_epochs for s in longer} == {SEARCH.rounds[1].length.pretrain_epochs}
    assert not any(s.evaluate_test for s in longer)


@pytest.mark.parametrize(("longer_error", "rate"), [(5.0, 1.0), (-0.2, 0.3)])
def test_final_runs_are_the_selected_trial_with_other_seeds(screened, longer_error, rate, tmp_path):
    """Only seed and what is measured differ from the trial; the test set is seen now."""
    study = dataclasses.replace(table1.STUDY, selections=tmp_path)

    def is_searched():
        study.select(DATASET)
        return "cae" in study.chosen(DATASET)

    assert not is_searched()
    for settings in SEARCH.trials(1, DATASET, "cae"):
        record(settings, abs(settings.finetune_learning_rate - 1) + settings.contraction)
    assert not is_searched()
    assert study.finals(DATASET, "cae", 3) == []
    longer = SEARCH.trials(2, DATASET, "cae")
    assert {s.contraction for s in longer} == {0.3}
    assert [s.finetune_learning_rate for s in longer] == list(SEARCH.finetune_rates)
    assert {s.pretrain_epochs for s in longer} == {SEARCH.rounds[2].length.pretrain_epochs}
    for settings in longer:
        record(settings, longer_error + settings.finetune_learning_rate)
    assert is_searched()
    selected = SEARCH.choose(DATASET, "cae")
    assert (selected.contraction, selected.finetune_learning_rate) == (0.3, rate)
    runs = study.finals(DATASET, "cae", 3)
    assert [run.seed for run in runs] == [0, 1, 2]
    assert all(run.evaluate_test for run in runs)
    assert {repr(run.pretraining | {"seed": 0}) for run in runs} == {
        repr(selected.pretraining | {"seed": 0})
    }
    changed = {"seed", *study.final}
    for run in runs:
        for field in dataclasses.fields(run):
            if field.name not in changed:
                assert getattr(run, field.name) == getattr(selected, field.name)
    [copy] = table1.reduced(DATASET, study)
    assert copy.units == (200,)
    assert copy.contraction == selected.contraction


def test_candidates_are_all_but_the_first_round(screened):
    """A long trial may win against a longer one; a short one never does."""
    for index in (1, 2):
        for settings in SEARCH.trials(index, DATASET, "cae"):
            record(settings, 100.0)  # worse than all short ones
    candidates = SEARCH.candidates(DATASET, "cae")
    assert candidates == [s for index in (1, 2) for s in SEARCH.trials(index, DATASET, "cae")]
    assert SEARCH.choose(DATASET, "cae") == candidates[0]


def test_unfinished_search_says_what_to_run(screened):
    """Missing trials are counted, and the command that makes them is named."""
    with pytest.raises(InputError, match="9 of 9 trials.*sweep table1 --dataset digits"):
        SEARCH.choose(DATASET, "cae")
    with pytest.raises(InputError, match="24 of 24 trials of ae"):
        SEARCH.trials(1, DATASET, "ae")
    assert SEARCH.is_finished(DATASET, "cae", 1)
    assert not SEARCH.is_finished(DATASET, "cae")
    assert not SEARCH.is_finished(DATASET, "ae", 1)


def test_all_diverged(screened):
    """If no long trial survived there is nothing to choose."""
    for settings in SEARCH.trials(1, DATASET, "cae"):
        record(settings, None)
    with pytest.raises(InputError, match="all trials of cae on digits diverged"):
        SEARCH.choose(DATASET, "cae")


def test_rates_after_the_first_round_may_differ(store):
    """Where a data set needs smaller ones, the later rounds try these."""
    search = dataclasses.replace(small.SEARCH, later_rates={DATASET: (0.01, 0.02, 0.03)})
    for settings in search.grid(DATASET, "ae"):
        small.write_trial(settings, 5.0, search.experiment)
    assert [s.finetune_learning_rate for s in search.grid(DATASET, "ae")] == [0.3, 1.0]
    later = search.trials(1, DATASET, "ae")
    assert [s.finetune_learning_rate for s in later] == [0.01, 0.02, 0.03]
    assert search.size(1, DATASET, "ae") == 3
    assert table1.SEARCH.rates_after_first("cifar-bw") == (0.03, 0.1, 0.3)
    assert table1.SEARCH.rates_after_first("mnist") == table1.SEARCH.finetune_rates


def test_a_search_of_one_round(store):
    """All of its trials are candidates; so are all of what is no net."""
    search = dataclasses.replace(
        small.SEARCH,
        rounds=small.SEARCH.rounds[:1],
        arms={"svm": Arm(key="svm", model="svm", strengths=({"svm_c": 1.0}, {"svm_c": 9.0}))},
    )
    grid = search.grid(DATASET, "svm")
    assert search.candidates(DATASET, "svm") == grid
    for settings in grid:
        small.write_trial(settings, settings.svm_c, search.experiment)
    assert search.choose(DATASET, "svm").svm_c == 1.0
    three_rounds = dataclasses.replace(search, rounds=small.SEARCH.rounds)
    assert three_rounds.size(1, DATASET, "svm") == 0
    assert three_rounds.trials(1, DATASET, "svm") == []
    assert three_rounds.choose(DATASET, "svm").svm_c == 1.0


def test_wrong_names():
    """A competitor and a data set that there is not are refused."""
    with pytest.raises(InputError, match="arm must be one of ae, ae-wd"):
        SEARCH.grid("mnist", "vae")
    with pytest.raises(InputError, match="dataset must be one of mnist"):
        SEARCH.grid("imagenet", "ae")
