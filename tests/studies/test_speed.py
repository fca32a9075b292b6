"""The measurement of speed: its rows, their bounds, and parts that fail."""

import json
import subprocess

import pytest

from replication.cli import main
from replication.studies.speed import measure
from replication.studies.speed.recorded import recorded_speeds
from replication.studies.speed.rows import as_text, met, row

TRAINING = {"rows": [row("speed_a", "training", 1234.56, "examples/s")], "samples": [1, 2]}
PENALTY = {"rows": [row("ratio", "penalty", 90.0, "x", at_least=100)], "samples": {}}


def test_rows_keep_four_digits_and_know_their_bounds():
    """A bound is met at the number itself; without one there is nothing to meet."""
    assert row("a", "training", 1234.56, "examples/s")["measured"] == 1235
    assert met(row("a", "training", 1.0, "x")) is None
    for measured, expected in ((99.0, False), (100.0, True), (101.0, True)):
        assert met(row("a", "penalty", measured, "x", at_least=100)) is expected
        assert met(row("a", "penalty", -measured, "x", at_most=-100)) is expected
    rows = [{**one, "met": met(one)} for one in (TRAINING["rows"][0], PENALTY["rows"][0])]
    assert as_text(rows).splitlines() == [
        "what      measured          bound",
        "training  1,235 examples/s",
        "penalty   90 x              >= 100 x  missed",
    ]


@pytest.fixture
def parts(monkeypatch):
    """Every part comes out at once, the penalty below its bound, and two runs not at all."""

    def child(part, backend, quick):
        return PENALTY if part == "penalty" else TRAINING

    def pair(backend, quick):
        raise subprocess.CalledProcessError(3, ["python"])

    monkeypatch.setattr(measure, "measure_in_child", child)
    monkeypatch.setattr(measure, "measure_pair", pair)


def test_what_was_measured_is_written(parts, tmp_path, capsys):
    """The file is one that `recorded_speeds` reads; a part that failed is named, the status 1."""
    path = tmp_path / "benchmark.json"
    assert main(["speed", "--output", str(path)]) == 1
    out = capsys.readouterr().out
    assert "not measured: two runs side by side: exit status 3" in out
    assert f"written to {path}" in out
    found = recorded_speeds(tmp_path)
    assert [one["met"] for one in found["rows"]] == [None, None, False, None, None]
    assert set(found["samples"]) == {
        "training, tensorflow",
        "training, jax",
        "penalty",
        "growth",
        "spectrum",
    }
    assert found["provenance"]["versions"]["numpy"]


def test_quick_measurement_writes_no_file(parts, tmp_path, monkeypatch, capsys):
    """Small samples show that it works, and are no result."""
    monkeypatch.setattr("replication.cli.speed.FOLDER", tmp_path)
    main(["speed", "--quick"])
    assert "written" not in capsys.readouterr().out
    assert list(tmp_path.iterdir()) == []


def test_part_is_printed_as_json(monkeypatch, capsys):
    """What the command asks its own processes for ends with one line of JSON."""
    parts = {**measure.PARTS, "growth": lambda quick: {"rows": [], "samples": quick}}
    monkeypatch.setattr(measure, "PARTS", parts)
    assert main(["speed", "--part", "growth", "--quick"]) == 0
    last = capsys.readouterr().out.splitlines()[-1]
    assert json.loads(last) == {"rows": [], "samples": True}
