"""The small nets behind what section 4 argues: measured, recorded, shown."""

import json

import pytest

from replication.cli import main
from replication.errors import InputError
from replication.experiments import arguments
from replication.presentation.arguments import (
    linear_encoder_table,
    measurement_note,
    small_noise_figure,
    small_noise_findings,
    small_noise_table,
)


@pytest.fixture
def quick(tmp_path, monkeypatch):
    """Short trainings, few examples, and a file of their own."""
    monkeypatch.setattr(arguments, "FILE", tmp_path / "arguments.json")
    monkeypatch.setattr(arguments, "SEEDS", 1)
    monkeypatch.setattr(arguments, "_TRAINING", {**arguments._TRAINING, "pretrain_epochs": 2})
    monkeypatch.setattr(arguments, "_EXAMPLES", 5)
    monkeypatch.setattr(arguments, "_LINEAR_EPOCHS", 2)


def test_measured_recorded_and_shown(quick, capsys):
    """One command fills the file; the pages read it; without it they say so."""
    assert arguments.collect_argument("small-noise", "published") is None
    assert "Nothing recorded" in small_noise_figure(None).data
    assert main(["arguments", "--write"]) == 0
    assert "linear-encoder: seed 0" in capsys.readouterr().out

    noise = arguments.collect_argument("small-noise", "published")
    assert [run["model"] for run in noise["runs"]] == ["ae", "dae-g"]
    assert all(3.9 < run["order"] < 4.1 for run in noise["runs"])
    assert len(small_noise_figure(noise).axes) == 2
    assert "<td>4.0" in small_noise_table(noise).data
    assert "0.15, 0.3, 0.5, 0.8, of which" in small_noise_findings(noise).data

    linear = arguments.collect_argument("linear-encoder", "published")
    assert linear["runs"][0]["difference"] < 1e-5
    assert f"<td>{linear['runs'][0]['difference']:.1e}<" in linear_encoder_table(linear).data
    assert "cost" in measurement_note(linear).data
    assert "cost" not in measurement_note(linear, times=False).data


def test_bad_requests_and_files(quick, capsys):
    """An unknown argument and a damaged file are named, and nothing is overwritten."""
    assert main(["arguments", "sparse"]) == 2
    assert "one of small-noise, linear-encoder" in capsys.readouterr().err
    arguments.FILE.write_text(json.dumps({"linear-encoder": {"runs": [{}], "provenance": {}}}))
    with pytest.raises(InputError, match="linear-encoder lacks a number"):
        arguments.recorded_argument("linear-encoder")
