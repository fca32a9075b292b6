"""The command line as a user meets it."""

import json
import os
import subprocess
import sys

import numpy as np
import pytest

from replication.cli import main
from replication.datasets import load
from replication.errors import InputError
from replication.experiments import dimensions, samples
from replication.experiments.pictures import unpack_rows

SMALL = [
    "run",
    "--dataset",
    "digits",
    "--model",
    "cae",
    "--units",
    "20",
    "--pretrain-epochs",
    "1",
    "--finetune-epochs",
    "1",
    "--spectrum-examples",
    "5",
]


def test_run_then_read(store, capsys):
    """`run` prints a short table and writes a record; the second call reads it."""
    assert main(SMALL) == 0
    first = capsys.readouterr().out
    assert "test_error" in first
    assert "known already" not in first
    assert main(SMALL) == 0
    second = capsys.readouterr().out
    assert "known already" in second
    assert second.startswith(first[:200])
    assert main(["records", "--format", "csv"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == (
        "experiment,dataset,model,depth,seed,valid_error,test_error,jacobian_mean_square,"
        "jacobian_norm,saturation,seconds,id"
    )
    assert len(lines) == 2
    assert main(["records"]) == 0
    assert "digits" in capsys.readouterr().out


@pytest.mark.parametrize(
    "arguments",
    [
        "run --dataset imagenet --model cae",
        "run --dataset digits --model vae",
        "run --dataset digits",
        "run --dataset digits --model cae --contraction -1",
        "run --dataset digits --model cae --contraction nan",
        "run --dataset digits --model dae-g --noise-level 1.5",
        "run --dataset digits --model cae --noise-level 0.5",
        "run --dataset digits --model cae --units 0",
        "run --dataset digits --model cae --units many",
        "run --dataset digits --model cae --train-examples 99999",
        "run --dataset digits --model ae --pretrain-learning-rate 1e38 --units 20",
        "run --dataset digits --model cae --experiment ../up",
        "run --dataset digits --model cae --lamda 3",
        "data imagenet",
        "dance",
        "",
    ],
)
def test_bad_input_is_one_sentence_and_status_2(arguments, store, capsys):
    """Bad input prints one line that starts with 'error:', exits with 2 and leaves no record."""
    try:
        status = main(arguments.split())
    except SystemExit as stopped:  # argparse's own way to stop
        status = stopped.code
    captured = capsys.readouterr()
    assert status == 2
    message = [line for line in captured.err.splitlines() if line.startswith("error: ")]
    assert len(message) == 1
    assert "Traceback" not in captured.err
    assert not list(store.rglob("*.json"))


def test_missing_data_is_one_sentence(store, tmp_path, monkeypatch, capsys):
    """Without the original files the command says which file is missing, and where."""
    monkeypatch.setenv("REPLICATION_DATA", str(tmp_path))
    assert main(["run", "--dataset", "mnist", "--model", "cae"]) == 2
    assert "train-images-idx3-ubyte.gz" in capsys.readouterr().err
    assert not list(store.rglob("*.json"))


def test_module_entry_point_and_closed_pipe():
    """`python -m replication` works as a process, also when its reader goes away."""
    command = [sys.executable, "-m", "replication", "records"]
    done = subprocess.run(
        command, capture_output=True, text=True, env=os.environ | {"PYTHONPATH": "."}, check=False
    )
    assert done.returncode == 0
    assert done.stderr == ""


def test_dimensions_are_measured_and_recorded(tmp_path, monkeypatch, capsys):
    """A second set joins the file; a set that is unknown leaves it as it was."""
    monkeypatch.setattr(dimensions, "FILE", tmp_path / "dimensions.json")
    assert main(["dimensions", "digits"]) == 0
    assert "digits: " in capsys.readouterr().out
    assert dimensions.recorded_dimension("digits") is None
    assert main(["dimensions", "digits", "generated-rectangles", "--write"]) == 0
    found = dimensions.recorded_dimension("digits")
    assert found.smallest <= found.estimate <= found.largest
    before = dimensions.FILE.read_bytes()
    assert set(json.loads(before)) == {"digits", "generated-rectangles"}
    assert main(["dimensions", "imagenet", "--write"]) == 2
    assert dimensions.FILE.read_bytes() == before
    dimensions.FILE.write_text("[1]")
    assert main(["dimensions", "digits", "--write"]) == 2
    assert dimensions.FILE.read_text() == "[1]"
    with pytest.raises(InputError, match="damaged"):
        dimensions.recorded_dimension("digits")


def test_samples_are_taken_and_recorded(tmp_path, monkeypatch, capsys):
    """The first training pictures come back as they were, to a grey level in 127."""
    monkeypatch.setattr(samples, "FILE", tmp_path / "samples.json")
    with pytest.raises(InputError, match="samples digits --write"):
        samples.recorded_sample("digits")
    assert main(["samples", "digits", "--write"]) == 0
    assert "digits: embedded" in capsys.readouterr().out
    found = samples.recorded_sample("digits")
    pictures = unpack_rows(found["pictures"])
    np.testing.assert_allclose(pictures, load("digits").train.x[: len(pictures)], atol=1 / 127)
