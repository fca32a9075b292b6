"""Filters are taken from the net of the run that they name, and shown as what they are."""

import json

import numpy as np
import pytest

from replication.cli import main
from replication.datasets import load
from replication.errors import InputError
from replication.experiments import filters
from replication.experiments.pictures import unpack_rows
from replication.experiments.run import pretrain
from replication.experiments.settings import Settings
from replication.presentation.recorded_filters import (
    recorded_filters_figure,
    recorded_filters_note,
)

SMALL = Settings(dataset="digits", model="cae", units=(20,), pretrain_epochs=1)


@pytest.fixture
def quick(tmp_path, monkeypatch):
    """Small nets on embedded data, and a file of their own."""
    monkeypatch.setattr(filters, "FILE", tmp_path / "filters.json")
    monkeypatch.setattr(filters, "run_of", lambda model: Settings(**{**VALUES, "model": model}))


VALUES = {"dataset": "digits", "units": (20,), "pretrain_epochs": 1}


def test_filters_are_rows_of_the_kernel_by_their_norm():
    """The first is the largest, the last the smallest; each comes back up to its scale."""
    learned = filters.learn_filters(SMALL, progress=False)
    net, _ = pretrain(SMALL, load("digits").train.x, progress=False)
    w = np.asarray(net.encoder.get_weights()[0]).T
    norms = np.linalg.norm(w, axis=1)
    assert learned["norms"] == sorted(learned["norms"], reverse=True)
    assert len(learned["norms"]) == filters.COUNT
    for place, row in ((0, w[norms.argmax()]), (-1, w[norms.argmin()])):
        assert learned["norms"][place] == pytest.approx(np.linalg.norm(row), abs=1e-3)
        shown = unpack_rows(learned["filters"])[place]
        np.testing.assert_allclose(shown, row / np.abs(row).max(), atol=1 / 127)
    assert learned["id"] == SMALL.id


def test_recorded_by_one_command_and_shown(quick, capsys):
    """A row for each model in the order of the tables; without a file the page says so."""
    for show in (recorded_filters_figure, recorded_filters_note):
        assert "No filters recorded" in show().data
    assert main(["filters", "ae", "cae", "--write"]) == 0
    assert "cae: norms from" in capsys.readouterr().out
    axes = recorded_filters_figure().axes
    assert len(axes) == 2 * filters.COUNT
    assert [a.get_ylabel() for a in axes if a.get_ylabel()] == ["CAE", "AE"]
    assert "2 models" in recorded_filters_note().data


def test_a_wrong_name_and_a_damaged_file(tmp_path, monkeypatch, capsys):
    """Nothing is trained for the one, and the other stays as it is."""
    monkeypatch.setattr(filters, "FILE", tmp_path / "filters.json")
    assert main(["filters", "typo", "--write"]) == 2
    assert "error: " in capsys.readouterr().err
    assert not filters.FILE.exists()
    filters.FILE.write_text(json.dumps([1]))
    with pytest.raises(InputError, match="damaged"):
        recorded_filters_figure()
