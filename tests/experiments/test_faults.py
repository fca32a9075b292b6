"""The small nets behind the page of wrong penalties: trained, recorded, shown."""

import dataclasses
import json
import re

import numpy as np
import pytest

from replication.cli import main
from replication.errors import InputError
from replication.experiments import faults, protocol
from replication.experiments.run import run
from replication.experiments.settings import Settings
from replication.experiments.stages import faults_stages
from replication.models.faulty_contractive_autoencoder import FAULTS as CODED
from replication.presentation.faults import (
    TITLES,
    fault_findings,
    faults_curve_figure,
    faults_curve_note,
    faults_jacobian_figure,
    faults_note,
    faults_table,
)
from replication.presentation.full_size_faults import (
    full_size_curve_figure,
    full_size_curve_note,
    full_size_table,
)


@pytest.fixture
def quick(tmp_path, monkeypatch):
    """Short trainings, and a file of their own."""
    monkeypatch.setattr(faults, "FILE", tmp_path / "faults.json")
    monkeypatch.setattr(faults, "SEEDS", 2)
    monkeypatch.setattr(faults, "_EPOCHS", 2)
    monkeypatch.setattr(faults, "_FINETUNE", {"epochs": 1, "batch_size": 100})


def test_one_list_of_faults():
    """The model, the measurement and the page know the same eleven."""
    assert set(CODED) == set(faults.FAULTS) == set(TITLES)
    assert set(faults.FAULTS.values()) == set(faults.REFERENCES)


def test_measured_recorded_and_shown(quick, capsys):
    """One command fills the file; the page reads it; without it the page says so."""
    assert faults.collect_faults("published") == {}
    assert "Nothing recorded" in faults_table({}).data
    assert "Nothing recorded" in faults_curve_figure({}).data
    assert "Nothing recorded" in faults_curve_note({}).data
    assert "Nothing recorded" in faults_note({}).data
    assert "Nothing recorded" in faults_jacobian_figure({}).data
    assert "Led to" not in fault_findings({}, "summed-code").data
    assert main(["faults", "right", "summed-code", "floor-division", "--write"]) == 0
    assert "summed-code: seed 1, penalty as coded" in capsys.readouterr().out

    found = faults.collect_faults("published")
    assert list(found) == ["right", "summed-code", "floor-division"]
    for measured in found.values():
        assert [len(run["reconstruction"]) for run in measured["runs"]] == [2, 2]
    # The same seed starts from the same weights and sees the same batches.
    right, floored = (found[name]["runs"][0] for name in ("right", "floor-division"))
    assert right["jacobian"] < floored["jacobian"]
    assert len(faults_curve_figure(found).axes) == 12
    assert "falls with 2 of 2 faults" in faults_curve_note(found).data
    [axes] = faults_jacobian_figure(found).axes
    assert [text.get_text() for text in axes.get_yticklabels()] == [
        "gradient of the summed code",
        "floor division",
    ]
    assert faults_table(found).data.count("<tr") == 3
    assert "3 kinds of nets" in faults_note(found).data
    assert "cost" in faults_note(found).data
    assert "cost" not in faults_note(found, times=False).data
    findings = fault_findings(found, "floor-division").data
    assert "reports a penalty of" in findings
    assert "95 % interval" in findings
    assert f"`{faults.caught_by('floor-division')}`" in findings


def test_nets_that_differ_in_shape(quick):
    """Two layers, and rectifiers, are trained as well; so is the mean over pixels."""
    for name in ("right-deep", "last-layer", "right-rectifier", "other-derivative", "pixel-mean"):
        [run] = faults.measure_fault(name, 1, progress=False)["runs"]
        assert run["coded"] > 0
        assert run["jacobian"] > 0
        assert 1 < run["reconstruction"][-1] < 100  # nats, summed over 64 pixels


def test_runs_of_full_size():
    """The committed setting of the right CAE, three faults, three seeds; ids of their own."""
    wanted = faults.full_size()
    right = protocol.finals("mnist", "cae", faults.FULL_SEEDS)
    assert len({s.id for s in (*wanted, *right)}) == 3 * 3 + 3
    assert {dataclasses.replace(s, fault=None) for s in wanted} == set(right)
    [stage] = faults_stages("mnist", faults.FULL_SEEDS)
    assert stage.size == 9
    with pytest.raises(InputError, match="on mnist with 3 seeds"):
        next(faults_stages("cifar-bw", 3))
    with pytest.raises(InputError, match="model cae"):
        Settings(dataset="digits", model="ae", fault="frozen-kernel")
    with pytest.raises(InputError, match="frozen-kernel, summed-code, floor-division"):
        Settings(dataset="digits", model="cae", fault="typo")


def test_a_run_with_a_fault_is_shown_beside_the_right_one(store):
    """The same start, another end; without any the page says so."""
    right = Settings(
        dataset="digits", model="cae", units=(20,), contraction=1.0, pretrain_epochs=3,
        finetune_epochs=1, spectrum_examples=0,
    )  # fmt: skip
    faulty = dataclasses.replace(right, fault="floor-division")
    runs = [
        run(dataclasses.replace(settings, seed=seed), "test", progress=False)
        for settings in (faulty, right)
        for seed in (0, 1)
    ]
    floored, jacobian = runs[0].results, runs[2].results["jacobian_mean_square"]
    assert jacobian < 0.8 * floored["jacobian_mean_square"]
    cells = re.findall(r"<td>(.*?)</td>", full_size_table(runs).data)
    right_row, faulty_row = cells[: len(cells) // 2], cells[len(cells) // 2 :]
    assert (right_row[0], right_row[-1]) == ("right", "2")
    assert (faulty_row[0], faulty_row[-1]) == ("floor division", "2")
    assert float(faulty_row[4].split()[0]) > 1 / 0.8
    [axes] = full_size_curve_figure(runs).axes
    drawn = {line.get_label(): line.get_ydata() for line in axes.lines}
    mean = np.mean([r.results["history"]["pretrain_loss"][0] for r in runs[:2]], axis=0)
    np.testing.assert_allclose(drawn["floor division"], mean)
    assert len(drawn["right"]) == 3
    assert "With floor division the objective" in full_size_curve_note(runs).data
    for show in (full_size_table, full_size_curve_figure, full_size_curve_note):
        assert "No runs" in show(runs[2:]).data


def test_bad_requests_and_files(quick, capsys):
    """An unknown fault and a damaged file are named, and nothing is overwritten."""
    assert main(["faults", "typo", "--write"]) == 2
    assert "frozen-kernel" in capsys.readouterr().err
    assert not faults.FILE.exists()
    with pytest.raises(InputError, match="scale"):
        faults.collect_faults("typo")
    faults.FILE.write_text(json.dumps({"right": {"runs": [{}], "provenance": {}}}))
    with pytest.raises(InputError, match="right lacks a number"):
        faults.recorded_fault("right")
