"""The wrong penalties: small nets trained, recorded and shown, and the runs of full size."""

import dataclasses
import functools
import json
import re

import numpy as np
import pytest

from replication.cli import main
from replication.engine import measurements
from replication.engine.environment import chosen_backend
from replication.engine.run import run
from replication.engine.settings import FAULTS as AT_FULL_SIZE
from replication.engine.settings import Settings
from replication.errors import InputError
from replication.models.faulty_contractive_autoencoder import FAULTS as CODED
from replication.studies.faults import plan, small_nets
from replication.studies.faults.full_size_page import (
    full_size_curve_figure,
    full_size_curve_note,
    full_size_in_short,
    full_size_table,
)
from replication.studies.faults.page import (
    fault_findings,
    faults_curve_figure,
    faults_curve_note,
    faults_in_short,
    faults_jacobian_figure,
    faults_note,
    faults_rerun,
    faults_table,
)
from replication.studies.faults.systems import read_systems
from replication.studies.faults.systems_page import found_in, systems_count, systems_table
from replication.studies.faults.titles import TITLES
from replication.studies.table1 import plan as table1
from tests.shown import by
from tests.studies import small

QUICK = small_nets.Training(seeds=2, epochs=2, finetune_epochs=1)


def test_one_list_of_faults():
    """The model, the measurement and the page know the same eleven; the settings three of them."""
    assert set(CODED) == set(small_nets.FAULTS) == set(TITLES)
    assert set(small_nets.FAULTS.values()) == set(small_nets.REFERENCES)
    assert set(AT_FULL_SIZE) < set(CODED)


@pytest.fixture
def quick(tmp_path, monkeypatch):
    """An empty folder of measurements, and a command that trains shortly."""
    monkeypatch.setattr(measurements, "FOLDER", tmp_path)
    measure = functools.partial(small_nets.measure_fault, training=QUICK)
    monkeypatch.setattr("replication.cli.faults.measure_fault", measure)
    return dataclasses.replace(small_nets.RECORDED, folder=tmp_path)


def test_measured_recorded_and_shown(quick, capsys):
    """One command fills the file; the page reads it; without it the page says so."""
    assert small_nets.collect_faults("published", quick) == {}
    for show in (
        faults_table, faults_curve_figure, faults_curve_note, faults_note, faults_jacobian_figure,
        faults_in_short, functools.partial(faults_rerun, name="right"),
    ):  # fmt: skip
        assert "No measurements yet" in show({}).data
    assert "What it does" not in fault_findings({}, "summed-code").data
    assert main(["faults", "right", "summed-code", "floor-division", "--write"]) == 0
    assert "summed-code: seed 1, penalty as coded" in capsys.readouterr().out

    found = small_nets.collect_faults("published", quick)
    assert list(found) == ["right", "summed-code", "floor-division"]
    for measured in found.values():
        assert [len(run["reconstruction"]) for run in measured["runs"]] == [2, 2]
    # The same seed starts from the same weights and sees the same batches.
    right, floored = (found[name]["runs"][0] for name in ("right", "floor-division"))
    assert right["jacobian"] < floored["jacobian"]
    assert len(faults_curve_figure(found).axes) == 12
    assert "began with 2 of 2 faults. It never rises." in faults_curve_note(found).data
    found["floor-division"]["runs"][1]["reconstruction"] = [20.0, 40.0]
    assert "with 1 of 2 faults. On the way it rises with" in faults_curve_note(found).data
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
    assert "times that of the right net" in findings
    assert "95 % interval" in findings
    assert "with 2 faults and measured" in faults_in_short(found).data
    rerun = faults_rerun(found, "floor-division").data
    assert "replication faults floor-division\n```" in rerun
    assert "all 3 kinds of nets" in rerun


def test_the_page_names_the_test_that_catches_a_fault(tmp_path):
    """From the file that `make mutants` writes; without it, none is named."""
    name = small_nets.caught_by("floor-division")
    assert f"`{name}`" in fault_findings({}, "floor-division").data
    nothing = dataclasses.replace(small_nets.CAUGHT, folder=tmp_path)
    assert small_nets.caught_by("floor-division", nothing) is None
    with pytest.raises(InputError, match="name must be one of frozen-kernel"):
        small_nets.caught_by("right")


def test_public_implementations_are_counted(tmp_path):
    """How many are wrong, by the table; a fault names those that have it; typos are refused."""
    text = systems_count().data
    wrong, all_of_them = map(int, re.search(r"(\d+) of (\d+) public", text).groups())
    assert all_of_them == len(read_systems())
    shown = by("Implementation", systems_table())
    right = [row for row in shown.values() if row["what is wrong"].startswith("nothing")]
    assert wrong == all_of_them - len(right)
    assert {fault for system in read_systems() for fault in system.faults} < set(TITLES)
    assert all(found_in(fault) for fault in TITLES)
    assert "pylearn2" in found_in("mean-entry")
    lines = ["name,address,file,faults,formerly,checked,remark", "one,https://x,,typo,,read,"]
    path = tmp_path / "systems.csv"
    path.write_text("\n".join(lines))
    with pytest.raises(InputError, match="a fault of one must be one of frozen-kernel"):
        read_systems(path)
    path.write_text("name,address\none,https://x")
    with pytest.raises(InputError, match=r"systems\.csv is damaged"):
        read_systems(path)


@pytest.mark.parametrize(
    "name", ["right-deep", "last-layer", "right-rectifier", "other-derivative", "pixel-mean"]
)
def test_nets_that_differ_in_shape(name):
    """Two layers, and rectifiers, are trained as well; so is the mean over pixels."""
    [run] = small_nets.measure_fault(name, 1, progress=False, training=QUICK)["runs"]
    assert run["coded"] > 0
    assert run["jacobian"] > 0
    assert 1 < run["reconstruction"][-1] < 100  # nats, summed over 64 pixels


def test_runs_of_full_size():
    """The committed setting of the right CAE, three faults, three seeds; ids of their own."""
    wanted = plan.full_size()
    right = table1.STUDY.finals("mnist", "cae", plan.SEEDS)
    assert len({s.id for s in (*wanted, *right)}) == 3 * 3 + 3
    assert {dataclasses.replace(s, fault=None) for s in wanted} == set(right)
    [stage] = plan.stages("mnist", plan.SEEDS)
    assert stage.size == len(stage.runs) == 9
    with pytest.raises(InputError, match="dataset must be one of mnist"):
        next(plan.stages("cifar-bw", 3))
    with pytest.raises(InputError, match="with 3 seeds. Received: seeds=2"):
        next(plan.stages("mnist", 2))


def test_runs_of_full_size_wait_for_the_choice(store, tmp_path):
    """As long as nothing is chosen for the CAE there is none."""
    study = small.with_arm(small.study_in(tmp_path), table1.STUDY.arms["cae"])
    [stage] = plan.stages("mnist", plan.SEEDS, study)
    assert stage.runs is None
    assert stage.size == 9


def test_published_runs_of_full_size_are_there():
    """The page compares all of them with the right ones."""
    found = plan.collect_full_size()
    assert len(found) == 3 + 9
    assert {record.settings.fault for record in found} == {None, *AT_FULL_SIZE}


def test_a_run_with_a_fault_is_shown_beside_the_right_one(store):
    """The same start, another end; without any the page says so."""
    right = Settings(
        dataset="digits", model="cae", units=(20,), contraction=1.0, pretrain_epochs=3,
        finetune_epochs=1, spectrum_examples=0, backend=chosen_backend(),
    )  # fmt: skip
    faulty = dataclasses.replace(right, fault="floor-division")
    runs = [
        run(dataclasses.replace(settings, seed=seed), "test", progress=False)
        for settings in (faulty, right)
        for seed in (0, 1)
    ]
    floored, jacobian = runs[0].results, runs[2].results["jacobian_mean_square"]
    assert jacobian < 0.8 * floored["jacobian_mean_square"]
    shown = by("Penalty", full_size_table(runs))
    assert list(shown) == ["right", "floor division"]
    assert float(shown["floor division"]["times right"].split()[0]) > 1 / 0.8
    [axes] = full_size_curve_figure(runs).axes
    drawn = {line.get_label(): line.get_ydata() for line in axes.lines}
    mean = np.mean([r.results["history"]["pretrain_loss"][0] for r in runs[:2]], axis=0)
    np.testing.assert_allclose(drawn["floor division"], mean)
    assert len(drawn["right"]) == 3
    assert "*floor division*." in full_size_curve_note(runs).data
    cost = shown["floor division"]["more than right, points"]
    assert f"floor division {cost}" in full_size_in_short(runs).data
    for show in (
        full_size_table, full_size_curve_figure, full_size_curve_note, full_size_in_short,
    ):  # fmt: skip
        assert "No runs of full size yet" in show(runs[2:]).data


def test_bad_requests_and_files(quick, capsys):
    """An unknown fault and a damaged file are named, and nothing is overwritten."""
    assert main(["faults", "typo", "--write"]) == 2
    assert "frozen-kernel" in capsys.readouterr().err
    assert not quick.path.exists()
    with pytest.raises(InputError, match="scale"):
        small_nets.collect_faults("typo")
    with pytest.raises(InputError, match="name must be one of right"):
        small_nets.measure_fault("typo")
    with pytest.raises(InputError, match="seeds must be"):
        small_nets.measure_fault("right", 0)
    quick.path.write_text(json.dumps({"right": {"runs": [{}], "provenance": {}}}))
    with pytest.raises(InputError, match="right lacks a number"):
        small_nets.collect_faults("published", quick)
