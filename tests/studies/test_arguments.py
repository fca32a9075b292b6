"""The small nets behind what section 4 argues: measured, recorded, shown."""

import dataclasses
import functools
import json

import pytest

from replication.cli import main
from replication.engine import measurements
from replication.errors import InputError
from replication.studies.arguments import small_nets
from replication.studies.arguments.page import (
    arguments_rerun,
    linear_encoder_note,
    measurement_note,
    small_noise_figure,
    small_noise_findings,
    small_noise_table,
)

QUICK = small_nets.Training(seeds=1, epochs=2, examples=5, linear_epochs=2)


@pytest.fixture
def quick(tmp_path, monkeypatch):
    """An empty folder of measurements, and a command that trains shortly."""
    monkeypatch.setattr(measurements, "FOLDER", tmp_path)
    measure = functools.partial(small_nets.measure_argument, training=QUICK)
    monkeypatch.setattr("replication.cli.arguments.measure_argument", measure)
    return dataclasses.replace(small_nets.RECORDED, folder=tmp_path)


def test_measured_recorded_and_shown(quick, capsys):
    """One command fills the file; the pages read it; without it they say so."""
    assert small_nets.collect_argument("small-noise", "published", quick) is None
    for show in (
        small_noise_figure, small_noise_table, small_noise_findings, linear_encoder_note,
    ):  # fmt: skip
        assert "No measurements yet" in show(None).data
    for show in (measurement_note, arguments_rerun):
        assert "No measurements yet" in show({}).data
    assert main(["arguments", "--write"]) == 0
    assert "linear-encoder: seed 0" in capsys.readouterr().out

    noise = small_nets.collect_argument("small-noise", "published", quick)
    assert [run["model"] for run in noise["runs"]] == ["ae", "dae-g"]
    assert all(3.9 < run["order"] < 4.1 for run in noise["runs"])
    assert len(small_noise_figure(noise).axes) == 2
    assert "<td>4.0" in small_noise_table(noise).data
    assert "(0.15, 0.3, 0.5, 0.8)" in small_noise_findings(noise).data

    linear = small_nets.collect_argument("linear-encoder", "published", quick)
    assert linear["runs"][0]["difference"] < 1e-5
    assert f"is {linear['runs'][0]['difference']:.1e} times" in linear_encoder_note(linear).data
    assert "replication arguments\n```" in arguments_rerun({"linear-encoder": linear}).data
    measured = {"small-noise": noise, "linear-encoder": linear}
    assert "cost" in measurement_note(measured).data
    assert "cost" not in measurement_note(measured, times=False).data


def test_bad_requests_and_files(quick, capsys):
    """An unknown argument and a damaged file are named, and nothing is overwritten."""
    assert main(["arguments", "sparse"]) == 2
    assert "one of small-noise, linear-encoder" in capsys.readouterr().err
    assert not quick.path.exists()
    for name, scale, message in (
        ("sparse", "published", "one of small-noise, linear-encoder"),
        ("small-noise", "huge", "scale must be"),
    ):
        with pytest.raises(InputError, match=message):
            small_nets.collect_argument(name, scale)
    damaged = json.dumps({"linear-encoder": {"runs": [{}], "provenance": {}}})
    quick.path.write_text(damaged)
    with pytest.raises(InputError, match="linear-encoder lacks a number"):
        small_nets.collect_argument("linear-encoder", "published", quick)
    assert quick.path.read_text() == damaged
