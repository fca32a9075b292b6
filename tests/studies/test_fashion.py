"""Fashion-MNIST: the settings of MNIST on other data."""

import dataclasses

import pytest

from replication.errors import InputError
from replication.studies.fashion import plan as fashion
from replication.studies.table1 import plan as table1
from tests.studies import small


def test_only_the_data_differs():
    """The published settings of MNIST, seed by seed."""
    runs = fashion.runs(2)
    assert len(runs) == 2 * len(table1.STUDY.chosen("mnist"))
    assert {s.dataset for s in runs} == {"fashion-mnist"}
    back = [dataclasses.replace(s, dataset="mnist") for s in runs]
    assert back == table1.STUDY.final_runs("mnist", 2)


def test_one_stage():
    """Five seeds of each model; no other data set."""
    [stage] = fashion.stages("fashion-mnist", table1.SEEDS)
    assert stage.size == len(stage.runs) == 5 * len(table1.STUDY.chosen("mnist"))
    with pytest.raises(InputError, match="dataset must be one of fashion-mnist"):
        list(fashion.stages("mnist", 5))


def test_without_a_search_there_is_nothing_to_take_over(store, tmp_path):
    """The forecast says that it waits, as long as one model has no setting yet."""
    study = small.study_in(tmp_path, datasets=(fashion.SOURCE,))
    for keys in ((), ("ae",)):
        small.finish(study, fashion.SOURCE, keys=keys)
        [stage] = fashion.stages("fashion-mnist", 2, study)
        assert stage.runs is None
        assert stage.size == 4
        assert "chosen when" in stage.forecast()
    small.finish(study, fashion.SOURCE)
    [stage] = fashion.stages("fashion-mnist", 2, study)
    assert len(stage.runs) == 4


def test_pages_know_how_many_runs_there_should_be(store):
    """Also where none has a record."""
    assert fashion.collect_fashion("published") == ([], 35)
    with pytest.raises(InputError, match="scale must be"):
        fashion.collect_fashion("huge")
