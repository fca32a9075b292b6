"""Repeated runs and what counts as the same result."""

import dataclasses
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from replication.cli import main
from replication.engine import environment, records
from replication.engine.results import Results
from replication.engine.results import test_results as results_of
from replication.engine.run import run
from replication.engine.settings import Settings
from replication.engine.verification.verify import error_tolerance, verify
from replication.errors import DivergedError, InputError


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """The record of one small run."""
    settings = Settings(
        dataset="digits",
        model="cae",
        units=(20,),
        pretrain_epochs=1,
        finetune_epochs=2,
        spectrum_examples=0,
        backend=environment.chosen_backend(),
    )
    return run(settings, "test", folder=tmp_path_factory.mktemp("trained"), progress=False)


@pytest.fixture(autouse=True)
def changed(monkeypatch):
    """What the comparison with the committed verdicts finds: nothing, unless a test adds it."""
    lines = []
    monkeypatch.setattr("replication.verdicts.published.differences", lambda verdicts: lines)
    return lines


@pytest.fixture(autouse=True)
def unfit(monkeypatch):
    """What does not fit together in the store: nothing, unless a test adds it."""
    lines = []
    monkeypatch.setattr("replication.summary.consistency.inconsistencies", lambda: lines)
    return lines


@pytest.fixture
def retrained(trained, monkeypatch):
    """Every training comes out like the small run, at once."""

    def repeat(settings, experiment, folder, progress):
        results = dict(trained.results)
        if not settings.evaluate_test:
            del results["test_error"]
        return dataclasses.replace(trained, settings=settings, results=results)

    monkeypatch.setattr("replication.engine.verification.verify.run", repeat)


def test_untouched_record_agrees(trained, store, capsys):
    """A real second training agrees in all results; the store stays as it was."""
    path = records.write(trained)
    before = path.read_bytes()
    assert main(["verify", "--experiment", "test"]) == 0
    out = capsys.readouterr().out
    assert "1 of 1 records agree" in out
    for result in ("valid_error", "test_error", "jacobian_mean_square", "saturation"):
        assert result in out
    assert [p for p in store.rglob("*") if p.is_file()] == [path]
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("result", "altered"),
    [
        ("valid_error", lambda value: value + 20 if value < 50 else value - 20),
        ("test_error", None),
        ("jacobian_mean_square", lambda value: value * 1.2),
        ("jacobian_mean_square", lambda value: value * 0.8),
        ("saturation", lambda value: value + 4),
    ],
)
def test_altered_record_disagrees(result, altered, trained, retrained, store, capsys):
    """A result that nobody gets again is found, it alone, and the exit status is 1."""
    results = dict(trained.results)
    if result == "test_error":  # with the list of mistakes, or the record would be damaged
        mistakes = trained.results.test_mistakes
        results |= results_of(~mistakes)
    else:
        results[result] = altered(results[result])
    records.write(dataclasses.replace(trained, results=results))
    assert main(["verify", "--experiment", "test"]) == 1
    assert "0 of 1 records agree" in capsys.readouterr().out
    table = verify(progress=False)
    assert list(table.loc[~table["agrees"], "result"]) == [result]


def test_changed_verdict_is_found(trained, retrained, store, changed, capsys):
    """If the records no longer give the committed verdicts, that is said, and the status is 1."""
    records.write(trained)
    assert main(["verify", "--experiment", "test"]) == 0
    assert "the committed verdicts agree" in capsys.readouterr().out
    changed.append("claim 4 differs in outcome")
    assert main(["verify", "--experiment", "test"]) == 1
    out = capsys.readouterr().out
    assert "claim 4 differs in outcome" in out
    assert "1 of 1 records agree" in out


def test_inconsistent_store_is_found(trained, retrained, store, unfit, capsys):
    """What does not fit together is named first, the rest is checked, and the status is 1."""
    records.write(trained)
    assert main(["verify", "--experiment", "test"]) == 0
    assert "the choices, the final runs and the test errors agree" in capsys.readouterr().out
    unfit.append("table1: no study lists the run 0123456789abcdef")
    assert main(["verify", "--experiment", "test"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == unfit[0]
    assert lines[1].endswith("DISAGREE with the store")
    assert lines[-1] == "1 of 1 records agree"


@pytest.mark.parametrize("experiment", ["table1-reduced", "reference"])
def test_small_copies_come_first(experiment, trained, retrained, store, capsys):
    """Small copies of the final runs are chosen by default, the reference while there are none."""
    for name in {"reference", experiment}:
        settings = dataclasses.replace(trained.settings, seed=len(name))
        records.write(dataclasses.replace(trained, experiment=name, settings=settings))
    assert main(["verify"]) == 0
    assert records.read_all(experiment)[0].id in capsys.readouterr().out


def test_trial_has_no_test_error(trained, retrained, store):
    """Verifying a trial looks at the test set no more than the trial did."""
    results = {name: v for name, v in trained.results.items() if not name.startswith("test_")}
    settings = dataclasses.replace(trained.settings, evaluate_test=False)
    records.write(dataclasses.replace(trained, settings=settings, results=results))
    table = verify(progress=False)
    assert "test_error" not in set(table["result"])
    assert table["agrees"].all()


def test_a_training_that_diverges_again_agrees(trained, retrained, store, monkeypatch):
    """One that does on one side only does not."""
    settings = dataclasses.replace(trained.settings, evaluate_test=False)
    gone = dataclasses.replace(trained, settings=settings, results=Results({"diverged": "NaN"}))
    path = records.write(gone)
    assert verify("test", progress=False)["agrees"].tolist() == [False]

    def diverges(*arguments, **others):
        raise DivergedError("the loss became NaN")

    monkeypatch.setattr("replication.engine.verification.verify.run", diverges)
    assert verify("test", progress=False)["agrees"].tolist() == [True]
    path.unlink()
    records.write(trained)
    assert verify("test", progress=False)["agrees"].tolist() == [False]


def test_choice_follows_the_seed(trained, retrained, store):
    """The same seed picks the same records, other seeds come to others, None picks all."""
    for seed in range(4):
        settings = dataclasses.replace(trained.settings, seed=seed)
        records.write(dataclasses.replace(trained, settings=settings))

    def chosen(count, seed=0):
        return tuple(verify("test", count, seed, progress=False)["id"].unique())

    assert len(chosen(1)) == 1
    assert chosen(1) == chosen(1)
    assert len({chosen(1, seed) for seed in range(10)}) > 1
    assert len(chosen(None)) == 4


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "error: there are no records to verify in experiment 'reference'\n"),
        (["--experiment", "none"], "error: there are no records to verify in experiment 'none'\n"),
        (["--fast"], "error: there are no records to verify in experiment 'reference'\n"),
        (["--seed", "-1"], "error: seed must be a whole number of at least 0. Received: seed=-1\n"),
    ],
)
def test_nothing_to_verify_is_one_sentence(arguments, message, store, capsys):
    """An empty store or a bad number is one clear sentence and status 2."""
    assert main(["verify", *arguments]) == 2
    assert capsys.readouterr().err == message


def test_other_data_are_refused(trained, store):
    """A record of other data is not compared but refused, with both checksums."""
    provenance = {**trained.provenance, "data_checksum": "0" * 64}
    records.write(dataclasses.replace(trained, provenance=provenance))
    with pytest.raises(InputError, match="other digits data.*0000000000000000, received"):
        verify(progress=False)


def test_tolerance_of_errors():
    """About 0.4 points near 1 % of 10,000; never 0; it covers what sampling does to two runs."""
    assert 0.35 < error_tolerance(1.0, 1.0, 10_000) < 0.45
    assert error_tolerance(0, 0, 400) > 0
    generator = np.random.default_rng(0)
    pairs = generator.binomial(400, 0.08, size=(20_000, 2)) / 4
    apart = [abs(a - b) > error_tolerance(a, b, 400) for a, b in pairs]
    assert np.mean(apart) < 0.005  # a normal variable is beyond 3 standard errors in 0.0027


def test_records_of_several_backends_are_refused(trained, retrained, store):
    """One process cannot train on two backends: that is said before anything is trained."""
    for backend in ("jax", "tensorflow"):
        settings = dataclasses.replace(trained.settings, backend=backend)
        records.write(dataclasses.replace(trained, settings=settings))
    with pytest.raises(InputError, match="Received: records on jax and on tensorflow"):
        verify(count=None, progress=False)


@pytest.mark.parametrize(
    ("backend", "chosen"),
    [
        ("jax", {"KERAS_BACKEND": "tensorflow"}),
        pytest.param("tensorflow", {}, marks=pytest.mark.slow),
    ],
)
def test_trains_on_the_backend_of_the_records(backend, chosen, trained, tmp_path, quick_processes):
    """A new process takes the records' backend, whatever another run would take."""
    settings = dataclasses.replace(trained.settings, backend=backend)
    records.write(dataclasses.replace(trained, settings=settings), tmp_path)
    code = f"""
import pathlib
from replication.cli import main
from replication.engine import records
from replication.summary import consistency
from replication.verdicts import published
records.FOLDER = pathlib.Path({str(tmp_path)!r})
published.differences = lambda verdicts: []
consistency.inconsistencies = lambda: []
main(["verify", "--experiment", "test"])
import keras
print("backend:", keras.backend.backend())
"""
    usual = {k: v for k, v in os.environ.items() if k != "KERAS_BACKEND"}
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=usual | chosen,
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
    )
    assert "records agree" in done.stdout, done.stderr
    assert f"backend: {backend}" in done.stdout, done.stderr


@pytest.mark.parametrize("dirty", [True, False])
def test_what_was_found_is_written_of_a_commit(dirty, trained, retrained, store, monkeypatch):
    """Uncommitted changes are refused before anything is trained."""
    records.write(trained)
    monkeypatch.setattr("replication.cli.verify.code_version", lambda: ("abc", dirty))
    written = []
    monkeypatch.setattr(
        "replication.cli.verify.write_verification",
        lambda experiment, table, **found: written.append((experiment, found["store"])),
    )
    status = main(["verify", "--experiment", "test", "--write"])
    assert status == (2 if dirty else 0)
    assert written == ([] if dirty else [("test", True)])
