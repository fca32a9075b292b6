"""The nets behind the page of pictures that differ in lambda alone, and walks from digits."""

import dataclasses

import numpy as np
import pytest

from replication.cli import main
from replication.datasets import load
from replication.engine import measurements
from replication.engine.environment import chosen_backend
from replication.engine.settings import Settings
from replication.engine.train import pretrain
from replication.errors import InputError
from replication.measures.jacobian import jacobians
from replication.measures.packing import unpack_rows
from replication.studies.pictures import lambdas, walks
from replication.studies.pictures.filters import filter_runs
from replication.studies.table1 import plan as table1

QUICK = Settings(
    dataset="digits", model="cae", units=(20,), pretrain_epochs=1, backend=chosen_backend()
)


@pytest.fixture(scope="module")
def digits():
    """The embedded digits."""
    return load("digits")


@pytest.fixture(scope="module")
def encoder(digits):
    """A small encoder, hardly trained."""
    return pretrain(QUICK, digits.train.x, progress=False)[0].encoder


def test_the_nets_differ_in_lambda_alone():
    """They have the settings that Table 1 chose; the chosen lambda is one of theirs."""
    runs = lambdas.lambda_runs()
    assert list(runs) == list(lambdas.LAMBDAS)
    assert [float(name) for name in runs] == sorted(run.contraction for run in runs.values())
    assert len({dataclasses.replace(run, contraction=0.0).id for run in runs.values()}) == 1
    plain, chosen = lambdas.walked()
    assert runs[plain].contraction == 0
    assert runs[chosen] == filter_runs(("cae",))["cae"] == table1.STUDY.finals("mnist", "cae", 1)[0]


def test_a_span_holds_the_variance_that_is_asked_for(digits):
    """With one component less it would not; all of it takes the dimension of the data."""
    x = digits.valid.x.astype(float)
    centred = x - x.mean(axis=0)
    span = walks.principal_span(digits.valid.x, 0.9)
    np.testing.assert_allclose(span @ span.T, np.eye(len(span)), atol=1e-9)
    held = [np.sum((centred @ span[:k].T) ** 2) / np.sum(centred**2) for k in (-1, None)]
    assert held[0] < 0.9 <= held[1]
    assert len(walks.principal_span(digits.valid.x, 1.0)) == np.linalg.matrix_rank(centred)


def test_walks_go_where_the_code_moves_most_and_least(encoder, digits):
    """No other direction of the same space stretches more or less; distances are of codes."""
    x = digits.valid.x[0]
    jacobian = jacobians(encoder, x[None])[0].astype(float)
    span = walks.principal_span(digits.valid.x)
    first, second = walks.strongest_walks(encoder, x)
    last, before = walks.weakest_walks(encoder, x, span)
    assert first.stretch >= second.stretch >= before.stretch >= last.stretch
    draw = np.random.default_rng(0)
    for _ in range(50):
        anywhere = draw.normal(size=len(x))
        within = draw.normal(size=len(span)) @ span
        assert np.linalg.norm(jacobian @ anywhere) <= first.stretch * np.linalg.norm(anywhere)
        assert np.linalg.norm(jacobian @ within) >= last.stretch * np.linalg.norm(within)
    np.testing.assert_allclose(span.T @ (span @ last.direction), last.direction, atol=1e-9)
    for walk in (first, last):
        assert np.linalg.norm(walk.direction) == pytest.approx(1)
        assert walk.direction[np.abs(walk.direction).argmax()] > 0
        assert walk.stretch == pytest.approx(np.linalg.norm(jacobian @ walk.direction))
        t = walks.STEPS[-1]
        codes = np.asarray(encoder(np.stack([x, x + t * walk.direction]).astype("float32")))
        assert walk.distances[-1] == pytest.approx(np.linalg.norm(codes[1] - codes[0]), rel=1e-4)
        assert walk.distances[walks.STEPS.index(0)] == 0


@pytest.fixture
def recorded(tmp_path, monkeypatch):
    """An empty folder of measurements, and a command that trains small nets."""
    monkeypatch.setattr(measurements, "FOLDER", tmp_path)
    runs = {name: dataclasses.replace(QUICK, contraction=float(name)) for name in lambdas.LAMBDAS}
    monkeypatch.setattr("replication.cli.lambdas.lambda_runs", lambda: runs)
    return dataclasses.replace(lambdas.RECORDED, folder=tmp_path)


def test_lambdas_are_recorded_by_one_command(recorded, digits, capsys):
    """In any order; the chosen one and none at all are walked around in."""
    assert lambdas.recorded_lambdas() == {}
    wanted = [lambdas.LAMBDAS[-1], *lambdas.walked()]
    assert main(["lambdas", *wanted, "--write"]) == 0
    assert f"lambda {wanted[0]}: contraction ratio from" in capsys.readouterr().out
    found = lambdas.recorded_lambdas()
    assert list(found) == sorted(wanted, key=float)
    for name, entry in found.items():
        assert len(entry["curve"]["ratio"]) == len(entry["curve"]["radius"])
        assert entry["spectrum"]["place"][0] == 1
        assert entry["spectrum"]["value"] == sorted(entry["spectrum"]["value"], reverse=True)
        assert len(entry["filters"]) == len(entry["norms"]) == lambdas.COUNT
        assert bool(entry["walks"]) == (name in lambdas.walked())
    walk = found["0"]["walks"]["digits"][0]
    assert walk["digit"] == walks.CLASSES[0]
    first = digits.valid.x[digits.valid.y == walks.CLASSES[0]][0]
    np.testing.assert_allclose(unpack_rows([walk["example"]])[0], first / first.max(), atol=1 / 127)


def test_what_is_no_lambda_of_ours_is_refused(recorded):
    """By the command before anything is trained, and in the file."""
    assert main(["lambdas", "7", "--write"]) == 2
    assert not recorded.path.exists()
    recorded.write("7", dict.fromkeys(recorded.needs, 0))
    with pytest.raises(InputError, match="lambda in data/lambdas.json"):
        lambdas.recorded_lambdas()


def test_recorded_lambdas_are_of_those_runs():
    """Their entries name the runs, from code without changes of its own."""
    found = lambdas.recorded_lambdas()
    runs = lambdas.lambda_runs()
    assert {name: entry["id"] for name, entry in found.items()} == {
        name: runs[name].id for name in found
    }
    assert not any(entry["provenance"]["dirty"] for entry in found.values())
