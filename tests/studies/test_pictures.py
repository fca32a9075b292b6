"""The nets behind the page of pictures: what is drawn is what the page says of it."""

import dataclasses
import functools
import json

import numpy as np
import pytest

from replication.cli import main
from replication.datasets import load
from replication.engine import measurements
from replication.engine.environment import chosen_backend
from replication.engine.settings import Settings
from replication.engine.train import pretrain
from replication.errors import InputError
from replication.measures.packing import unpack_rows
from replication.studies.pictures import filters, gallery, toy
from replication.studies.pictures.filters_page import (
    recorded_filters_figure,
    recorded_filters_note,
)
from replication.studies.pictures.gallery_page import noise_figure, noise_table
from replication.studies.pictures.manifold import RADIUS, ellipses_of, stretch_of
from replication.studies.pictures.plane_page import manifold_figure, manifold_table, plane_play
from replication.studies.table1 import plan as table1
from tests import shown
from tests.studies import small


def stretch(net):
    """Mean length of the code's move for a step along the curve, and across it."""
    step = np.gradient(net.points, axis=0)
    along = step / np.linalg.norm(step, axis=1, keepdims=True)
    across = along[:, ::-1] * (1, -1)
    return [
        np.mean([np.linalg.norm(j @ d) for j, d in zip(net.jacobians, way, strict=True)])
        for way in (along, across)
    ]


@pytest.fixture(scope="module")
def plane():
    """A net without penalty, and one with it."""
    return [toy.train_toy(0.0), toy.train_toy(3.0)]


def test_the_penalty_contracts_across_the_curve(plane):
    """Without it no direction is preferred; with it a step across is shortened more."""
    for net in plane:
        measured = stretch_of(net)
        assert [measured.along, measured.across] == pytest.approx(stretch(net))
    assert stretch_of(plane[0]).ratio > 0.85
    assert stretch_of(plane[1]).ratio < 0.8
    rows = shown.by("λ", manifold_table(plane))
    assert rows["3"]["a step of 1 across it"] == f"{stretch(plane[1])[1]:.2f}"
    assert [axes.get_title() for axes in manifold_figure(plane).axes] == ["λ = 0", "λ = 3"]
    with pytest.raises(InputError, match="contraction"):
        toy.train_toy(-1.0)
    with pytest.raises(InputError, match="seed"):
        toy.train_toy(0.0, seed=-1)
    with pytest.raises(InputError, match="seed"):
        gallery.train_gallery(seed=-1, progress=False)


def test_an_ellipse_is_as_long_each_way_as_the_code_moves(plane):
    """At one scale for all nets, of which the largest fills its circle."""
    found = ellipses_of(plane)
    assert max(ellipses[:, 0].max() for ellipses in found) == pytest.approx(RADIUS)
    scale = RADIUS / max(np.linalg.norm(j, 2) for net in plane for j in net.jacobians)
    for net, ellipses in zip(plane, found, strict=True):
        for jacobian, (long, short, angle) in zip(net.jacobians, ellipses, strict=True):
            ways = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
            moves = np.linalg.norm(jacobian @ ways, axis=0)
            np.testing.assert_allclose([long, short], scale * moves, rtol=1e-4)


def test_the_plane_can_be_played_with(plane):
    """For each lambda what is drawn, and the numbers of the table as texts."""
    page = shown.play(plane_play(plane))
    (control,) = page.data["controls"]
    assert control["choices"] == ["0", "3"]
    for net, drawn, row in zip(plane, page.data["nets"], page.tables[0], strict=True):
        assert [row["λ"], *drawn["numbers"]] == list(row.values())
        assert len(drawn["arrows"]) == len(page.data["grid"]) == len(net.grid)
        np.testing.assert_allclose(drawn["rebuilt"], net.rebuilt, atol=0.006)
        angles = np.array(drawn["ellipses"])[:, 2]
        assert np.abs(angles).max() > np.pi  # degrees


def test_every_model_is_hung():
    """Reconstructions of all seven, in the order of the tables."""
    models = tuple(table1.STUDY.arms)
    proof = {
        key: dataclasses.replace(run, units=(9,), pretrain_epochs=1)
        for key, run in table1.STUDY.proof.items()
    }
    study = dataclasses.replace(table1.STUDY, proof=proof)
    exhibits = gallery.train_gallery(progress=False, study=study)
    assert {e.model for e in exhibits} == set(models)
    for exhibit in exhibits:
        assert exhibit.reconstructions.shape == exhibit.noisy.shape == (8, 64)
        assert 0 < exhibit.error < 0.5
    assert len(noise_figure(exhibits).axes) == 8 * (len(models) + 1)
    assert noise_table(exhibits).data.index("CAE") < noise_table(exhibits).data.index("SAE")


def quick(model):
    """A small net on embedded data."""
    return Settings(
        dataset="digits", model=model, units=(20,), pretrain_epochs=1, backend=chosen_backend()
    )


@pytest.fixture
def recorded(tmp_path, monkeypatch):
    """An empty folder of measurements, and a command that trains small nets."""
    monkeypatch.setattr(measurements, "FOLDER", tmp_path)
    monkeypatch.setattr(
        "replication.cli.filters.filter_runs", lambda models: {m: quick(m) for m in models}
    )
    learn = functools.partial(filters.learn_filters, progress=False)
    monkeypatch.setattr("replication.cli.filters.learn_filters", learn)
    return dataclasses.replace(filters.RECORDED, folder=tmp_path)


def test_filters_are_rows_of_the_kernel_by_their_norm():
    """The first is the largest, the last the smallest; each comes back up to its scale."""
    settings = quick("cae")
    learned = filters.learn_filters(settings, progress=False)
    net, _ = pretrain(settings, load("digits").train.x, progress=False)
    w = np.asarray(net.encoder.get_weights()[0]).T
    norms = np.linalg.norm(w, axis=1)
    assert learned["norms"] == sorted(learned["norms"], reverse=True)
    assert len(learned["norms"]) == filters.COUNT
    for place, row in ((0, w[norms.argmax()]), (-1, w[norms.argmin()])):
        assert learned["norms"][place] == pytest.approx(np.linalg.norm(row), abs=1e-3)
        shown = unpack_rows(learned["filters"])[place]
        np.testing.assert_allclose(shown, row / np.abs(row).max(), atol=1 / 127)
    assert learned["id"] == settings.id


def test_filters_are_recorded_by_one_command_and_shown(recorded, capsys):
    """A row for each model in the order of the tables; without a file the page says so."""
    for show in (recorded_filters_figure, recorded_filters_note):
        assert show().data.endswith(" yet.*")
    assert main(["filters", "ae", "cae", "--write"]) == 0
    assert "cae: norms from" in capsys.readouterr().out
    assert set(recorded.read()) == {"ae", "cae"}
    axes = recorded_filters_figure().axes
    assert len(axes) == 2 * filters.COUNT
    assert [a.get_ylabel() for a in axes if a.get_ylabel()] == ["CAE", "AE"]
    assert "2 models" in recorded_filters_note().data


def test_a_wrong_name_and_a_damaged_file(recorded, capsys):
    """Nothing is trained for the one, and the other stays as it is."""
    assert main(["filters", "typo", "--write"]) == 2
    assert "error: " in capsys.readouterr().err
    assert not recorded.path.exists()
    recorded.path.write_text(json.dumps([1]))
    with pytest.raises(InputError, match="damaged"):
        recorded_filters_figure()
    assert json.loads(recorded.path.read_text()) == [1]


def test_filters_are_those_of_the_first_final_runs(store, tmp_path):
    """Of every model of Table 1; as long as nothing is chosen, what to run is said."""
    runs = filters.filter_runs()
    assert list(runs) == list(table1.STUDY.chosen("mnist"))
    assert list(runs.values()) == table1.STUDY.final_runs("mnist", 1)
    assert list(filters.filter_runs(("cae",))) == ["cae"]
    with pytest.raises(InputError, match="model must be one of ae, "):
        filters.filter_runs(("vae",))
    study = small.study_in(tmp_path)
    with pytest.raises(InputError, match="nothing is chosen yet for ae on mnist; run: .*small"):
        filters.filter_runs(("ae",), study)


def test_recorded_filters_are_of_those_runs():
    """Their entries name the first final runs."""
    runs = filters.filter_runs()
    assert {model: entry["id"] for model, entry in filters.RECORDED.read().items()} == {
        model: settings.id for model, settings in runs.items()
    }
