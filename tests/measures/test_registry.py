"""What every record of a net holds: the measures that the modules of the room register."""

import sys
from pathlib import Path

import numpy as np
import pytest

import replication.measures
from replication.engine.measure import measure
from replication.engine.settings import Settings
from replication.measures.measure import Subject
from replication.measures.registry import measures
from replication.models import Autoencoder, StackedEncoder

ROOT = Path(__file__).parents[2]


def names():
    """Names of all results that are registered."""
    return [name for one in measures() for name in one.units]


@pytest.fixture(params=[1, 2], ids=["one-layer", "stack"])
def subject(request):
    """An untrained encoder of that many layers, and a few examples."""
    layers = [Autoencoder(units, seed=units) for units in (9, 7)[: request.param]]
    model = layers[0] if request.param == 1 else StackedEncoder(layers)
    model.build((None, 16))
    x = np.random.default_rng(0).random((12, 16)).astype("float32")
    return Subject(
        layers=layers, encoder=model.encoder, examples=x, count=10, spectrum_count=4, seed=0
    )


def test_each_result_has_one_name_and_a_unit():
    """No two measures write under one name, and each says in what."""
    assert len(set(names())) == len(names())
    assert all(unit for one in measures() for unit in one.units.values())
    assert {"jacobian_mean_square", "saturation", "curve", "spectrum"} <= set(names())


def test_each_result_is_explained_beside_the_records():
    """A reader of a record finds what it holds."""
    explained = (ROOT / "data" / "records" / "README.md").read_text()
    assert [name for name in names() if f"`{name}`" not in explained] == []


def test_a_measure_finds_what_it_declares(subject):
    """No name more, none less; for one layer and for a stack."""
    for one in measures():
        assert set(one.of(subject)) == set(one.units)


def test_a_spectrum_that_is_not_wanted(subject):
    """0 examples leave it out, and nothing else."""
    without = Subject(**{**vars(subject), "spectrum_count": 0})
    found = {name: value for one in measures() for name, value in one.of(without).items()}
    assert found["spectrum"] is None
    assert [name for name, value in found.items() if value is None] == ["spectrum"]


@pytest.fixture
def another(tmp_path, monkeypatch):
    """One more module in the room, for as long as a test takes."""
    (tmp_path / "zeros.py").write_text(
        "from replication.measures.measure import Measure\n"
        "MEASURES = (Measure({'zeros': 'percent'}, lambda subject: {'zeros': 1.5}),)\n"
    )
    monkeypatch.setattr(
        replication.measures, "__path__", [*replication.measures.__path__, str(tmp_path)]
    )
    measures.cache_clear()
    yield
    measures.cache_clear()
    sys.modules.pop("replication.measures.zeros", None)
    vars(replication.measures).pop("zeros", None)


@pytest.mark.parametrize("subject", [1], indirect=True)
def test_a_new_measure_is_one_file(another, subject):
    """Nothing else has to know of it: it is in every new record."""
    assert "zeros" in names()
    settings = Settings(dataset="digits", model="ae", units=(9,), spectrum_examples=4)
    assert measure(settings, subject.layers[0], subject.examples)["zeros"] == 1.5
