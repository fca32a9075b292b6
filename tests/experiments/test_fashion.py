"""Fashion-MNIST: the settings of MNIST on other data, and what the claims are worth there."""

import dataclasses

import pytest

from replication.errors import InputError
from replication.experiments import fashion, protocol, stages
from replication.experiments.settings import MODELS


def test_only_the_data_differs():
    """The published settings of MNIST, seed by seed."""
    runs = fashion.runs(2)
    assert len(runs) == 2 * len(MODELS)
    assert {s.dataset for s in runs} == {"fashion-mnist"}
    back = [dataclasses.replace(s, dataset="mnist") for s in runs]
    assert back == protocol.table1("mnist", 2, "full")


def test_one_stage():
    """Five seeds of each model; no other data set."""
    [stage] = stages.fashion_stages("fashion-mnist", protocol.SEEDS)
    assert stage.size == len(stage.runs) == 35
    with pytest.raises(InputError, match="dataset must be one of fashion-mnist"):
        list(stages.fashion_stages("mnist", 5))


def test_without_a_search_there_is_nothing_to_take_over(store):
    """The forecast says that it waits."""
    [stage] = stages.fashion_stages("fashion-mnist", protocol.SEEDS)
    assert stage.runs is None
    assert "chosen when" in stage.forecast()
