"""The nets behind the page of pictures: what is drawn is what the page says of it."""

import numpy as np
import pytest

from replication.errors import InputError
from replication.experiments import gallery, protocol, toy
from replication.experiments.settings import MODELS
from replication.presentation.gallery import noise_figure, noise_table
from replication.presentation.manifold import manifold_figure, manifold_table


def stretch(net):
    """Mean length of the code's move for a step along the curve, and across it."""
    step = np.gradient(net.points, axis=0)
    along = step / np.linalg.norm(step, axis=1, keepdims=True)
    across = along[:, ::-1] * (1, -1)
    return [
        np.mean([np.linalg.norm(j @ d) for j, d in zip(net.jacobians, way, strict=True)])
        for way in (along, across)
    ]


def test_the_penalty_contracts_across_the_curve():
    """Without it no direction is preferred; with it a step across is shortened more."""
    plain, contracted = toy.train_toy(0.0), toy.train_toy(3.0)
    along, across = stretch(plain)
    assert across / along > 0.85
    along, across = stretch(contracted)
    assert across / along < 0.8
    assert f"<td>{across:.2f}</td>" in manifold_table([contracted]).data
    figure = manifold_figure([plain, contracted])
    assert [axes.get_title() for axes in figure.axes] == ["λ = 0", "λ = 3"]
    with pytest.raises(InputError, match="contraction"):
        toy.train_toy(-1.0)


def test_every_model_is_hung(monkeypatch):
    """Reconstructions of all seven, in the order of the tables."""
    monkeypatch.setattr(
        protocol, "_PROOF_LENGTH", {**protocol._PROOF_LENGTH, "units": (9,), "pretrain_epochs": 1}
    )
    exhibits = gallery.train_gallery(progress=False)
    assert {e.model for e in exhibits} == set(MODELS)
    for exhibit in exhibits:
        assert exhibit.reconstructions.shape == exhibit.noisy.shape == (8, 64)
        assert 0 < exhibit.error < 0.5
    assert len(noise_figure(exhibits).axes) == 8 * (len(MODELS) + 1)
    assert noise_table(exhibits).data.index("CAE") < noise_table(exhibits).data.index("SAE")
