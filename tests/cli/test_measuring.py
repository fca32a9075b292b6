"""The verbs that measure something, and record it in a file of their name."""

import json

import numpy as np
import pytest

from replication.cli import main
from replication.datasets import load
from replication.engine import measurements
from replication.errors import InputError
from replication.measures.packing import unpack_rows
from replication.studies.data.dimensions import RECORDED as DIMENSIONS
from replication.studies.data.dimensions import recorded_dimensions
from replication.studies.data.samples import recorded_sample


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An empty folder of measurements in the place of the repository's."""
    monkeypatch.setattr(measurements, "FOLDER", tmp_path)
    return tmp_path


def test_dimensions_are_measured_and_recorded(folder, capsys):
    """A second set joins the file; a set that is unknown leaves it as it was."""
    assert main(["dimensions", "digits"]) == 0
    assert "digits: " in capsys.readouterr().out
    assert recorded_dimensions() == {}
    assert main(["dimensions", "digits", "generated-rectangles", "--write"]) == 0
    found = recorded_dimensions()["digits"]
    assert found.smallest <= found.estimate <= found.largest
    before = DIMENSIONS.path.read_bytes()
    assert set(json.loads(before)) == {"digits", "generated-rectangles"}
    assert main(["dimensions", "imagenet", "--write"]) == 2
    assert DIMENSIONS.path.read_bytes() == before
    DIMENSIONS.path.write_text("[1]")
    assert main(["dimensions", "digits", "--write"]) == 2
    assert DIMENSIONS.path.read_text() == "[1]"
    with pytest.raises(InputError, match="damaged"):
        recorded_dimensions()


def test_all_names_are_checked_before_any_is_measured(folder, capsys):
    """One wrong name among right ones costs no time."""
    assert main(["samples", "digits", "imagenet", "--write"]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "name='imagenet'" in captured.err
    assert list(folder.iterdir()) == []


def test_what_cannot_be_written_is_not_measured(monkeypatch, capsys):
    """Without a checkout `--write` is refused before the work, not after it."""
    monkeypatch.setattr("replication.places.IN_CHECKOUT", False)
    assert main(["samples", "digits", "--write"]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "needs a checkout" in captured.err
    assert main(["speed"]) == 2
    assert "data/benchmark.json needs a checkout" in capsys.readouterr().err


def test_samples_are_taken_and_recorded(folder, capsys):
    """The first training pictures come back as they were, to a grey level in 127."""
    with pytest.raises(InputError, match="samples digits --write"):
        recorded_sample("digits")
    assert main(["samples", "digits", "--write"]) == 0
    assert "digits: embedded" in capsys.readouterr().out
    found = recorded_sample("digits")
    pictures = unpack_rows(found["pictures"])
    np.testing.assert_allclose(pictures, load("digits").train.x[: len(pictures)], atol=1 / 127)
