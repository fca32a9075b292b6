"""Lambda on real nets, and walks from digits: what is shown and said is what is recorded."""

import copy
import dataclasses

import numpy as np
import pytest
from matplotlib import pyplot as plt

from replication.engine import measurements
from replication.measures.packing import pack_rows, unpack_rows
from replication.studies.pictures import gallery, lambdas, toy
from replication.studies.pictures.lambdas_page import lambda_note, lambda_play
from replication.studies.pictures.pixels import draw_grey, draw_signed, tiled
from replication.studies.pictures.short_page import in_short
from replication.studies.pictures.walks_page import walk_play
from tests.shown import play

STEPS = [-1, 0, 1]


def entry(strength):
    """A made-up net: the larger `strength`, the more it contracts."""
    draw = np.random.default_rng(0)
    rows = pack_rows(draw.normal(size=(12, 9)))

    def walk(stretch):
        direction = pack_rows(draw.normal(size=(1, 9)))[0]
        return {"direction": direction, "stretch": stretch, "distances": [stretch, 0.0, stretch]}

    strongest, weakest = 2 / (1 + strength), 1 / (1 + 3 * strength)
    return {
        "curve": {"radius": [1.0, 8.0], "ratio": [0.9 / (1 + strength), 0.5 / (1 + strength)]},
        "spectrum": {"place": [1, 9], "value": [2.0, 1e-9]},
        "filters": rows,
        "norms": list(np.linspace(3, 1, 12)),
        "shape": [3, 3],
        "error": 0.001 * (1 + strength),
        "walks": {
            "components": 4,
            "steps": STEPS,
            "digits": [
                {
                    "digit": digit,
                    "example": rows[digit],
                    "strongest": [walk(strongest), walk(strongest / 2)],
                    "weakest": [walk(weakest), walk(weakest * 1.5)],
                }
                for digit in (0, 2)
            ],
        },
        "id": "0" * 16,
        "provenance": {
            "commit": "0" * 40,
            "versions": {"keras": "3"},
            "machine": {"processor": "made up"},
            "date": "2026-01-01",
            "seconds": 60.0,
        },
    }


@pytest.fixture
def recorded(tmp_path, monkeypatch):
    """A file of three nets, of which the middle one is not walked around in."""
    monkeypatch.setattr(measurements, "FOLDER", tmp_path)
    record = dataclasses.replace(lambdas.RECORDED, folder=tmp_path)
    found = {name: entry(float(name)) for name in ("0", "0.03", "0.1")}
    found["0.03"]["walks"] = {}
    for name, one in found.items():
        record.write(name, one)
    return record, found


def test_curve_and_filters_change_together(recorded):
    """Of each lambda; the ratios are texts, the same as in the table."""
    _, found = recorded
    page = play(lambda_play())
    assert page.data["controls"][0]["choices"] == list(found)
    ratios, others = page.tables
    for net, (name, one), row in zip(page.data["nets"], found.items(), others, strict=True):
        assert net["curve"] == one["curve"]["ratio"]
        assert net["filters"] == one["filters"]
        assert net["ratios"] == [row[f"λ = {name}"] for row in ratios]
        assert net["ratios"] == [f"{ratio:.3f}" for ratio in one["curve"]["ratio"]]
        assert [name, *net["numbers"]] == list(row.values())
        assert min(net["spectrum"]) > 0  # a logarithmic axis has no place for less
    assert "3 CAEs on MNIST" in lambda_note().data
    assert "cost 3 minutes" in lambda_note().data


def test_walks_are_those_of_the_nets_that_have_some(recorded):
    """A row for each digit, net and direction, in the order of the data."""
    _, found = recorded
    page = play(walk_play())
    assert "the 4 leading principal components" in page.caption
    labels = [control["label"] for control in page.data["controls"]]
    assert labels == ["digit", "net", "direction", "t"]
    rows = iter(page.tables[0])
    for place, digit in enumerate(("0", "2")):
        for net, name in zip(page.data["nets"], ("0", "0.1"), strict=True):
            kept = found[name]["walks"]["digits"][place]
            walks = [*kept["strongest"], *kept["weakest"]]
            for walk, drawn in zip(walks, net["walks"][place], strict=True):
                row = next(rows)
                assert (row["digit"], row["net"]) == (digit, net["name"])
                assert drawn["direction"] == walk["direction"]
                assert drawn["stretch"] == row["stretch of a small step"]
                assert drawn["distances"] == [row[f"t = {t}"] for t in STEPS]
                assert float(drawn["stretch"]) == pytest.approx(walk["stretch"], abs=0.005)
    assert next(rows, None) is None


def test_without_records_a_sentence_stands_there(tmp_path, monkeypatch):
    """The page can be made before anything was trained."""
    monkeypatch.setattr(measurements, "FOLDER", tmp_path)
    for show in (lambda_play, walk_play, lambda_note):
        assert show().data.endswith(" yet.*")


def test_pictures_keep_the_ground_of_the_page():
    """What is zero cannot be seen; signs have colours; grey levels have no holes."""
    _, axes = plt.subplots(1, 2)
    draw_signed(axes[0], np.array([[0.0, 1.0, -1.0]]))
    ((zero, above, below),) = axes[0].images[0].get_array()
    assert zero[3] == 0
    assert above[3] == below[3] == 255
    assert above[0] > above[2]
    assert below[0] < below[2]
    draw_grey(axes[1], np.array([[-1.0, 0.0, 2.0]]))
    levels = axes[1].images[0].get_array()
    assert levels[0, :, 0].tolist() == [0, 0, 255]
    plt.close()
    pictures = unpack_rows(pack_rows(np.arange(1.0, 17).reshape(4, 4))).reshape(4, 2, 2)
    together = tiled(pictures, 2, gap=1)
    assert together.shape == (5, 5)
    np.testing.assert_array_equal(together[3:, 3:], pictures[3])
    assert not together[2].any()
    assert not together[:, 2].any()


def plane(*ratios):
    """Nets in the plane whose steps across the curve are shorter by these."""
    line = toy.curve(np.linspace(-0.5, 0.5, 9))
    step = np.gradient(line, axis=0)
    along = step / np.linalg.norm(step, axis=1, keepdims=True)
    across = along[:, ::-1] * (1, -1)
    return [
        toy.Toy(float(n), line, line, np.stack([along, r * across], 1), line, line, line, line)
        for n, r in enumerate(ratios)
    ]


def hung(**errors):
    """Nets of these models with these errors."""
    nothing = np.zeros((1, 4))
    return [gallery.Exhibit(model, nothing, nothing, error) for model, error in errors.items()]


def test_in_short_says_what_the_numbers_say(recorded):
    """And the contrary where they say the contrary."""
    record, found = recorded
    text = in_short(plane(0.9, 0.5), hung(cae=0.1, ae=0.2)).data
    assert "the penalty shortens steps across the curve more than steps along it" in text
    assert "0.90 at λ = 0 and 0.50 at λ = 1" in text
    assert "distance 8 shrinks with every step of λ, from 0.50 at λ = 0 to 0.45 at λ = 0.1" in text
    assert "the error of the reconstruction grows with every step" in text
    assert "takes more from directions that the code reacts to least" in text
    assert text.endswith("CAE comes nearest to pictures without noise.")
    turned = copy.deepcopy(found)
    turned["0"]["curve"], turned["0.1"]["curve"] = found["0.1"]["curve"], found["0"]["curve"]
    turned["0"]["walks"], turned["0.1"]["walks"] = found["0.1"]["walks"], found["0"]["walks"]
    turned["0.1"]["error"] = 0.0
    for name, one in turned.items():
        record.write(name, one)
    text = in_short(plane(0.5, 0.9), hung(cae=0.2, ae=0.1)).data
    assert "the penalty does not shorten" in text
    assert "goes from 0.45 at λ = 0 to 0.50" in text
    assert "does not grow with every step" in text
    assert "takes no more from" in text
    assert text.endswith("AE comes nearest to pictures without noise.")


def test_in_short_needs_no_records(tmp_path, monkeypatch):
    """What is trained in the page is said all the same."""
    monkeypatch.setattr(measurements, "FOLDER", tmp_path)
    text = in_short(plane(0.9, 0.5), hung(cae=0.1)).data
    assert text.count(". ") == 1
