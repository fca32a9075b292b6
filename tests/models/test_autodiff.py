"""Derivatives with respect to the input: what a compiler makes of them."""

import re

import keras
import numpy as np
import pytest

from replication.models.autodiff import (
    batch_jacobian,
    jacobian_vector_products,
    vector_jacobian_product,
)

EXAMPLES, FEATURES, UNITS = 20, 6, 8

DERIVATIVES = {
    "batch_jacobian": lambda function, x: batch_jacobian(function, x),
    "vector_jacobian_product": lambda function, x: vector_jacobian_product(
        function, x, keras.ops.ones((EXAMPLES, UNITS))
    ),
    "jacobian_vector_products": lambda function, x: jacobian_vector_products(
        function, x, x[:, None]
    ),
}


@pytest.mark.parametrize("flat", ["round", "sign"])
@pytest.mark.parametrize("name", DERIVATIVES)
def test_what_is_flat_everywhere_has_the_derivative_0(name, flat):
    """Not none at all, which no sum of squares could take."""
    encoder = keras.Sequential([keras.layers.Dense(UNITS, getattr(keras.ops, flat))])
    encoder.build((None, FEATURES))
    x = np.random.default_rng(0).random((EXAMPLES, FEATURES)).astype("float32")
    found = DERIVATIVES[name](encoder, keras.ops.convert_to_tensor(x))
    assert not keras.ops.convert_to_numpy(found).any()


@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="a part of TensorFlow")
@pytest.mark.parametrize("name", DERIVATIVES)
def test_a_step_is_compiled_once_and_not_for_each_batch(name):
    """Inputs and weights are handed to what XLA compiles, and not folded into it.

    With inputs folded in, the next batch needs a program of its own: seconds to minutes a step.
    """
    import tensorflow as tf

    encoder = keras.Sequential([keras.layers.Dense(UNITS, "sigmoid")])
    encoder.build((None, FEATURES))
    x = tf.constant(np.random.default_rng(0).random((EXAMPLES, FEATURES)), tf.float32)

    @tf.function(jit_compile=True)
    def gradient(x):
        with tf.GradientTape() as tape:
            loss = tf.reduce_sum(DERIVATIVES[name](encoder, x) ** 2)
        return tape.gradient(loss, encoder.trainable_variables)

    program = gradient.experimental_get_compiler_ir(x)(stage="hlo")
    main = program[program.index("ENTRY") :]
    handed = re.findall(r"f32\[([\d,]*)\]\S* parameter\(", main)
    assert {f"{EXAMPLES},{FEATURES}", f"{FEATURES},{UNITS}"} <= set(handed)
