"""The measurement of speed: its rows, their bounds, and parts that fail."""

import json
import subprocess

import pytest

from replication.cli import main
from replication.studies.speed import measure, training
from replication.studies.speed.page import rounds_note, speeds_table
from replication.studies.speed.recorded import recorded_speeds
from replication.studies.speed.rows import as_text, met, row
from tests import shown

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


def test_a_part_is_measured_anew_and_the_others_stay(parts, tmp_path, monkeypatch, capsys):
    """Each keeps the date of its own measurement; a damaged file is not written over."""
    path = tmp_path / "benchmark.json"
    main(["speed", "--output", str(path)])
    before = json.loads(path.read_text())["parts"]
    again = {"rows": [row("ratio", "penalty", 120.0, "x", at_least=100)], "samples": {}}
    monkeypatch.setattr(measure, "measure_in_child", lambda *_: again)
    assert main(["speed", "--output", str(path), "--only", "penalty"]) == 0
    after = json.loads(path.read_text())["parts"]
    assert {name for name in before if before[name] != after[name]} == {"penalty"}
    assert after["penalty"]["rows"][0]["met"]

    # What was measured once does not vanish where it cannot be measured again.
    def fails(*arguments):
        raise subprocess.CalledProcessError(3, ["python"])

    monkeypatch.setattr(measure, "measure_in_child", fails)
    for only in ((), ("--only", "penalty", "growth")):
        assert main(["speed", "--output", str(path), *only]) == 1
        assert json.loads(path.read_text())["parts"] == after
    path.write_text("{}")
    assert main(["speed", "--output", str(path), "--only", "penalty"]) == 2
    assert "benchmark.json is damaged" in capsys.readouterr().err
    assert path.read_text() == "{}"


def test_steps_are_compared_with_the_fastest_products_and_with_peers(monkeypatch):
    """Bounds are for the backend of all runs, as are the peers; each is a ratio of seconds."""
    steps = []

    def trainer(name, batch_size, steps_of_epoch, **others):
        steps.append(batch_size * steps_of_epoch)
        return lambda: {"Autoencoder": 1.0, "ContractiveAutoencoder": 1.04}.get(name, 2.0)

    monkeypatch.setattr(training, "trainer", trainer)
    monkeypatch.setattr(training, "peer_trainer", lambda *_: lambda: 0.52)
    monkeypatch.setattr(training, "matrix_rates", lambda: {"numpy": 1.0, "jax": 2.0})
    found = training.measure_training(quick=True)["rows"]
    of = {one["key"]: one for one in found}
    assert of["matrix_rate_jax_20"]["measured"] == 2.0
    assert "products of jax" in of["matrix_rate_jax_20"]["what"]
    share = 100 * steps[0] * training.FLOPS_PER_EXAMPLE / 2e9
    assert of["share_ae_jax_20"]["measured"] == pytest.approx(share, rel=1e-3)
    assert (of["share_ae_jax_20"]["at_least"], of["share_cae_jax_100"]["at_least"]) == (70, 85)
    assert (of["ratio_jax_20"]["measured"], met(of["ratio_jax_20"])) == (1.04, True)
    assert (of["peer_by_hand_jax_20"]["measured"], met(of["peer_by_hand_jax_20"])) == (0.5, False)
    assert of["peer_frozen_jax_100"]["measured"] == pytest.approx(2 / 1.04, rel=1e-3)


def test_the_page_shows_aims_and_how_unsteady_the_machine_was():
    """An aim that is missed says so; rounds of different parts are not mixed."""
    rounds = {"jax, batch 20": [{"CAE": 1.0}, {"CAE": 1.5}], "jax, batch 100": [{"CAE": 9.0}]}
    found = {
        "rows": [
            row("share_a", "AE", 53.31, "%", at_least=70.0),
            row("ratio_a", "step", 1.04, "x", at_most=1.05),
            row("speed_a", "AE", 1234.0, "examples/s"),
        ],
        "samples": {"training, jax": rounds, "penalty": {}},
    }
    rows = shown.rows(speeds_table(found))
    assert [one["aim"] for one in rows] == ["at least 70 %, missed", "at most 1.05 times, met", "–"]
    ratios = shown.rows(speeds_table(found, ("ratio_",)))
    assert [one["measured"] for one in ratios] == ["1.04 times"]
    said = rounds_note(found).data
    assert "up to 1.5 times as long" in said
    assert "median of 1 rounds" in said
    assert "No measurements of speed" in rounds_note(None).data


def test_quick_measurement_writes_no_file(parts, tmp_path, monkeypatch, capsys):
    """Small samples show that it works, and are no result."""
    monkeypatch.setattr("replication.cli.speed.root", lambda what: tmp_path)
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
