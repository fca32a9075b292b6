"""What is rebuilt, and the labels of a classifier: looked at before anything is trained on them."""

import numpy as np
import pytest

from replication.errors import InputError
from replication.models import Autoencoder, Classifier
from tests.models.conftest import FEATURES, UNITS
from tests.models.test_autoencoders import MODELS
from tests.models.test_in_other_programs import QUICKLY, ROWS, Sequence, encoder


@pytest.fixture
def x():
    """Inputs in [0, 1]."""
    return np.random.default_rng(0).random((ROWS, FEATURES)).astype("float32")


class TestTargets:
    """What is rebuilt has to fit the error; what it is rebuilt from need not."""

    @pytest.mark.parametrize("name", [name for name in MODELS if name != "rbm"])
    def test_noise_may_leave_the_range(self, name, x):
        """In arrays, in data sets, and in validation data of either."""
        import tensorflow as tf

        noisy = 3 * x - 1
        model = MODELS[name]()
        model.compile(optimizer="sgd", **QUICKLY)
        model.fit(noisy, x, validation_data=(noisy, x), verbose=0)
        assert np.isfinite(model.evaluate(noisy, x, verbose=0, return_dict=True)["loss"])
        data = tf.data.Dataset.from_tensor_slices((noisy, x)).batch(20)
        model.fit(data, validation_data=data, shuffle=False, verbose=0)

    @pytest.mark.parametrize("kind", ["array", "dataset", "sequence", "generator"])
    def test_targets_are_looked_at(self, kind, x):
        """At the first batch, from whatever source."""
        for y, message in (
            (300 * x, "targets must lie in .0, 1."),
            (np.where(x < 0.5, np.nan, x), "targets must be finite"),
        ):
            model = Autoencoder(UNITS)
            model.compile(optimizer="sgd", **QUICKLY)
            for use in (model.fit, model.evaluate):
                with pytest.raises(InputError, match=message):
                    use(*pairs(kind, x, y), verbose=0)

    def test_targets_of_validation(self, x):
        """As tuples, as lists and bare."""
        model = Autoencoder(UNITS)
        model.compile(optimizer="sgd", **QUICKLY)
        for valid, message in (
            ((x, np.nan * x), "targets must be finite"),
            ([x, 300 * x], "targets must lie in"),
            ((np.nan * x, x), "inputs must be finite"),
            (np.nan * x, "inputs must be finite"),
        ):
            with pytest.raises(InputError, match=message):
                model.fit(x, validation_data=valid, verbose=0)
        model.fit(x, validation_data=x, verbose=0)

    def test_squared_errors_take_any_target(self, x):
        """A linear decoder has no range; a target of another shape is refused before its range."""
        model = Autoencoder(UNITS, reconstruction="squared_error", decoder_activation="linear")
        model.compile(optimizer="sgd", **QUICKLY)
        model.fit(x, 300 * x, verbose=0)
        with pytest.raises(InputError, match=r"y \(what to rebuild\) must have the shape"):
            Autoencoder(UNITS).fit(x, np.arange(ROWS))

    @pytest.mark.parametrize("kind", ["array", "dataset", "sequence", "generator"])
    def test_labels(self, kind, x):
        """In training and in evaluation."""
        y = np.arange(ROWS) % 2
        net = Classifier(encoder(), classes=2)
        net.compile(optimizer="sgd", **QUICKLY)
        others = {"steps_per_epoch": 2} if kind == "generator" else {}
        net.fit(*pairs(kind, x, y), shuffle=kind == "array", verbose=0, **others)
        steps = {"steps": 2} if kind == "generator" else {}
        net.evaluate(*pairs(kind, x, y), verbose=0, **steps)
        for use in (net.fit, net.evaluate):
            with pytest.raises(InputError, match="whole numbers from 0 to 1.*from 1 to 2"):
                use(*pairs(kind, x, y + 1), verbose=0)
        valid = pairs(kind, x, y + 1)
        with pytest.raises(InputError, match="whole numbers from 0 to 1.*from 1 to 2"):
            net.fit(x, y, validation_data=valid[0] if len(valid) == 1 else valid, verbose=0)

    @pytest.mark.parametrize("kind", ["dataset", "sequence", "generator"])
    def test_validation_is_looked_at(self, kind, x):
        """A data set's, too, and what was looked at is evaluated all the same."""
        model = Autoencoder(UNITS, seed=1)
        model.compile(optimizer="sgd", **QUICKLY)
        valid = pairs(kind, x, x)[0]
        steps = {"validation_steps": -(-ROWS // 20)} if kind == "generator" else {}
        history = model.fit(x, validation_data=valid, verbose=0, **steps).history
        expected = model.evaluate(x, x, batch_size=20, verbose=0, return_dict=True)["loss"]
        assert history["val_loss"][0] == pytest.approx(expected, rel=1e-5)
        with pytest.raises(InputError, match=r"must lie in \[0, 1\]"):
            model.fit(x, validation_data=pairs(kind, x, 3 * x)[0], verbose=0)
        net = Classifier(encoder(), classes=2)
        net.compile(optimizer="sgd", **QUICKLY)
        y = np.zeros(ROWS, int)
        with pytest.raises(InputError, match="inputs must be finite"):
            net.fit(x, y, validation_data=pairs(kind, np.nan * x, y)[0], verbose=0)


def pairs(kind, x, y):
    """Inputs and targets for `fit`, from a source in batches of 20."""
    if kind == "array":
        return x, y
    batches = [(x[start : start + 20], y[start : start + 20]) for start in range(0, len(x), 20)]
    if kind == "generator":
        return ((batch for batch in batches),)
    if kind == "sequence":
        return (Pairs(batches),)
    import tensorflow as tf

    return (tf.data.Dataset.from_tensor_slices((x, y)).batch(20),)


class Pairs(Sequence):
    """Batches of inputs and targets."""

    def __getitem__(self, index):
        return self.batches[index]
