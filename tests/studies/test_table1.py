"""The protocol of Table 1, and the stages of its sweep."""

import dataclasses

import pytest

from replication.studies.table1 import plan as table1
from tests.studies import small


@pytest.fixture
def finished(store, tmp_path):
    """A small study that is finished, with made-up records."""
    return small.finish(small.study_in(tmp_path))


def test_small_copies_come_last(finished):
    """After the final runs, a small copy of the first one of each model."""
    *others, copies = table1.stages(small.DATASET, 2, finished)
    assert [stage.name for stage in others] == [
        stage.name for stage in finished.stages(small.DATASET, 2)
    ]
    assert copies.experiment == table1.REDUCED
    assert copies.size == len(copies.runs) == 2
    first = {s.model: s for s in finished.final_runs(small.DATASET, 1)}
    for copy in copies.runs:
        assert copy.units == (200,)
        assert copy.train_examples == 10_000
        assert copy.pretrain_epochs < 20
        same = ("model", "seed", "dataset", "pretrain_learning_rate", "weight_decay")
        assert [getattr(copy, n) for n in same] == [getattr(first[copy.model], n) for n in same]


def test_small_copies_wait_for_the_choice(store, tmp_path):
    """Of all models, or there is none to copy."""
    study = small.study_in(tmp_path)
    *_, copies = table1.stages(small.DATASET, 2, study)
    assert (copies.runs, copies.size) == (None, 2)
    small.finish(study, keys=("ae",))
    *_, copies = table1.stages(small.DATASET, 2, study)
    assert copies.runs is None
    assert len(table1.reduced(small.DATASET, study)) == 1


@pytest.mark.parametrize("dataset", table1.DATASETS)
def test_the_published_final_runs(dataset):
    """Five seeds of every model, seed by seed, at the width of the paper, on the test set."""
    runs = table1.STUDY.final_runs(dataset)
    models = tuple(table1.STUDY.chosen(dataset))
    assert [(s.seed, s.model) for s in runs] == [(n, m) for n in range(5) for m in models]
    assert {s.units for s in runs} == {(1000,)}
    assert {s.dataset for s in runs} == {dataset}
    assert all(s.evaluate_test and s.backend == "jax" for s in runs)
    for settings in runs:
        # A choice came out of the grid, and was as long as a late round is.
        arm = table1.STUDY.arms[settings.model]
        assert settings.regularizer in arm.strengths
        assert settings.pretrain_learning_rate in arm.pretrain_rates
        rates = table1.SEARCH.rates_after_first(dataset)
        assert settings.finetune_learning_rate in rates
        later = [dataclasses.asdict(one.length) for one in table1.SEARCH.rounds[1:]]
        assert {name: getattr(settings, name) for name in later[0]} in later
