"""The convolutional encoder and its decoder."""

import keras
import numpy as np
import pytest
from keras import ops

from replication.errors import InputError
from replication.models import Classifier, ContractiveAutoencoder, DenoisingAutoencoder
from replication.models.convolutional import convolutional


def pictures(n=12, side=8):
    """Flat grey pictures."""
    return np.random.default_rng(0).random((n, side * side)).astype("float32")


@pytest.mark.parametrize("side", [8, 28, 32])
def test_from_pictures_to_codes_and_back(side):
    """Of the sizes that the data sets have."""
    encoder, decoder = convolutional(side * side, 5, seed=0)
    codes = encoder(pictures(3, side))
    assert codes.shape == (3, 5)
    assert decoder(codes).shape == (3, side * side)


def test_it_sees_where_a_pixel_is():
    """A picture is two-dimensional to it: a pixel's neighbours are those above and below, too."""
    encoder, _ = convolutional(64, 5, "tanh", seed=0)
    first = encoder.layers[1]
    blank = np.zeros((1, 64), "float32")
    encoder(blank)
    spot = blank.copy()
    spot[0, 3 * 8 + 3] = 1.0
    changed = np.abs(ops.convert_to_numpy(first(spot.reshape(1, 8, 8, 1))))[0].max(axis=-1) > 0
    rows, columns = np.nonzero(changed)
    assert 1 < len(set(rows)) == len(set(columns)) < 4


def test_the_seed_decides_and_no_two_layers_share_it():
    """The same seed gives the same weights, another one others."""
    weights = [
        [v for part in convolutional(64, 5, seed=seed) for v in built(part).get_weights()]
        for seed in (0, 0, 1)
    ]
    for one, again, other in zip(*weights, strict=True):
        np.testing.assert_array_equal(one, again)
        assert not one.any() or (one != other).any()  # biases begin at 0
    starts = [one.ravel()[:3] / np.abs(one).max() for one in weights[0] if one.any()]
    assert len({tuple(np.round(start, 5)) for start in starts}) == len(starts) == 6


def built(part):
    """The same model with its weights."""
    part.build((None, 64 if isinstance(part.layers[0], keras.layers.Reshape) else 5))
    return part


@pytest.mark.parametrize("cls", [ContractiveAutoencoder, DenoisingAutoencoder])
def test_auto_encoders_take_it(cls):
    """They learn to rebuild, and a classifier starts from the encoder."""
    x = pictures(40)
    encoder, decoder = convolutional(64, 6, seed=0)
    extra = {"jacobian": "stochastic"} if cls is ContractiveAutoencoder else {}
    model = cls(encoder=encoder, decoder=decoder, seed=0, **extra)
    model.compile(optimizer=keras.optimizers.Adam(0.01))
    losses = model.fit(x, epochs=8, batch_size=10, verbose=0).history["loss"]
    assert losses[-1] < losses[0]
    net = Classifier.from_pretrained(model, 3)
    assert net(x).shape == (40, 3)


def test_large_seeds_and_bad_arguments():
    """A seed may be as large as a run's, whose layers have a thousand each."""
    encoder, _ = convolutional(64, 5, seed=10**9)
    assert encoder(pictures(2)).shape == (2, 5)
    for changed, message in (
        ({"seed": -1}, "seed must be a whole number of at least 0"),
        ({"seed": 2**32}, "seed must be at most 4294967295"),
        ({"seed": "a"}, "seed must be a whole number"),
        ({"units": 0}, "units must be a whole number of at least 1"),
        ({"units": True}, "units must be a whole number"),
        ({"inputs": 64.0}, "inputs must be a whole number"),
    ):
        with pytest.raises(InputError, match=message):
            convolutional(**{"inputs": 64, "units": 5, **changed})


@pytest.mark.parametrize("inputs", [63, 36, 4, 0])
def test_other_pictures_are_refused(inputs):
    """With what was expected and received."""
    with pytest.raises(InputError, match=f"square pictures of a side that 4.*{inputs} pixels"):
        convolutional(inputs, 5)
