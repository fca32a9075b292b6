"""`run` and `records`: one model, and the table of what there is."""

import dataclasses
import sys

import pytest

from replication.cli import main
from replication.engine import environment, records
from replication.engine.settings import Settings

SMALL = [
    "run",
    *("--dataset", "digits"),
    *("--model", "cae"),
    *("--units", "20"),
    *("--pretrain-epochs", "1"),
    *("--finetune-epochs", "1"),
    *("--spectrum-examples", "5"),
]


def settings(backend):
    """What `SMALL` says."""
    return Settings(
        dataset="digits",
        model="cae",
        units=(20,),
        pretrain_epochs=1,
        finetune_epochs=1,
        spectrum_examples=5,
        backend=backend,
    )


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
    assert lines[0].startswith(
        "experiment,protocol,dataset,model,depth,seed,valid_error,test_error,jacobian_mean_square,"
        "jacobian_norm,saturation,seconds,id,units,"
    )
    for column in ("backend", "precision", "contraction", "finetune_patience", "commit", "date"):
        assert column in lines[0].split(",")
    assert len(lines) == 2
    assert main(["records"]) == 0
    assert "digits" in capsys.readouterr().out


def made(backend):
    """A record of the small run, made up."""
    results = {"valid_error": 10.0, "test_error": 12.5}
    origin = {"backend": backend, "seconds": {"total": 1.0}}
    return records.Record("single", settings(backend), results, origin)


@pytest.mark.parametrize("backend", environment.BACKENDS)
def test_backend_is_part_of_what_was_run(backend, store, capsys, monkeypatch):
    """A record is found under the backend that the user names, or that KERAS_BACKEND does."""
    path = records.write(made(backend))
    assert main([*SMALL, "--backend", backend]) == 0
    assert f"{path} (known already)" in capsys.readouterr().out
    monkeypatch.setenv("KERAS_BACKEND", backend)
    assert main(SMALL) == 0
    assert f"{path} (known already)" in capsys.readouterr().out


def test_another_backend_than_the_process_has(store, capsys):
    """Keras cannot change its backend in a running process: that is said, nothing is trained."""
    environment.enter(environment.chosen_backend())
    other = next(b for b in environment.BACKENDS if b != environment.chosen_backend())
    assert main([*SMALL, "--backend", other]) == 2
    assert f"KERAS_BACKEND={other}" in capsys.readouterr().err
    assert records.read_all() == []


def test_known_record_is_read_without_keras(store, capsys, monkeypatch):
    """A record that exists is printed at once."""
    monkeypatch.delenv("KERAS_BACKEND", raising=False)
    records.write(made(environment.DEFAULT_BACKEND))
    monkeypatch.setitem(sys.modules, "keras", None)  # an import of it would fail
    monkeypatch.setitem(sys.modules, "replication.engine.run", None)
    assert main(SMALL) == 0
    assert "known already" in capsys.readouterr().out


def test_settings_are_the_flags(capsys):
    """Every setting has a flag."""
    with pytest.raises(SystemExit):
        main(["run", "--help"])
    shown = capsys.readouterr().out
    for field in dataclasses.fields(Settings):
        assert f"--{field.name.replace('_', '-')}" in shown
