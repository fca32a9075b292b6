"""Points at which every term of the penalty matters, and gradients taken the way Keras trains."""

import keras
import numpy as np
import pytest

FEATURES, UNITS, BATCH = 6, 5, 4


@pytest.fixture
def hostile():
    """Weights of order 1 with a shared direction, biases off zero, inputs that are not centred."""
    rng = np.random.default_rng(7)
    shared = rng.normal(size=(FEATURES, 1))
    return {
        "kernel": 0.6 * rng.normal(size=(FEATURES, UNITS)) + 0.8 * shared,
        "hidden_bias": rng.normal(size=UNITS) - 0.7,
        "visible_bias": rng.normal(size=FEATURES) + 0.4,
        "x": rng.uniform(0.1, 1.0, size=(BATCH, FEATURES)),
    }


@pytest.fixture
def placed(hostile):
    """Put a model's weights at the hostile point, in float64."""

    def place(model):
        model.build((None, FEATURES))
        model.encoder.kernel.assign(hostile["kernel"])
        model.encoder.bias.assign(hostile["hidden_bias"])
        if hasattr(model, "visible_bias"):
            model.visible_bias.assign(hostile["visible_bias"])
        return model

    return place


@pytest.fixture
def trained_gradient():
    """Gradient of the objective as training uses it: one step of SGD with learning rate 1."""

    def gradient(model, x):
        # As the runs compile. Without XLA, the dependency optimizer of TensorFlow 2.21's graphs
        # gave a fifth of the nets with the fault "no-bias-gradient" another gradient. Eagerly, or
        # with that optimizer off, there was one; the right models have one in any case.
        model.compile(optimizer=keras.optimizers.SGD(1.0), jit_compile=True)
        before = [keras.ops.convert_to_numpy(v) + 0 for v in model.trainable_variables]
        model.train_on_batch(x)
        after = [keras.ops.convert_to_numpy(v) for v in model.trainable_variables]
        return [b - a for b, a in zip(before, after, strict=True)]

    return gradient


def compiled(function, jit_compile=False):
    """The same function of the variables, quicker where TensorFlow computes it step by step.

    With one seed, XLA draws other random numbers than TensorFlow's own kernels.
    """
    if keras.backend.backend() != "tensorflow":
        return function
    import tensorflow

    return tensorflow.function(function, jit_compile=jit_compile)


def numerical_gradient(function, variables, step=1e-6):
    """Central differences of `function()` for every entry of every variable."""
    gradients = []
    for variable in variables:
        value = keras.ops.convert_to_numpy(variable) + 0
        gradient = np.zeros_like(value)
        for index in np.ndindex(*value.shape):
            ends = []
            for sign in (1, -1):
                moved = value + 0
                moved[index] += sign * step
                variable.assign(moved)
                ends.append(float(function()))
            gradient[index] = (ends[0] - ends[1]) / (2 * step)
        variable.assign(value)
        gradients.append(gradient)
    return gradients
