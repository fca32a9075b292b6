"""Automatic differentiation with respect to the input, on each of Keras's backends."""

import math
from collections.abc import Callable

import keras

Function = Callable[[keras.KerasTensor], keras.KerasTensor]


def vector_jacobian_product(
    function: Function, x: keras.KerasTensor, v: keras.KerasTensor
) -> keras.KerasTensor:
    """Compute v^T J_f(x) for each example.

    The result can itself be differentiated with respect to the function's weights.

    Args:
        function: Maps (batch, ...) to (batch, d_h), each example by itself.
        x: Inputs, shape (batch, ...).
        v: Vectors in the space of the outputs, shape (batch, d_h).

    Returns:
        Products, of the shape of `x`.
    """
    backend = keras.backend.backend()
    if backend == "tensorflow":
        import tensorflow as tf

        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch(x)
            h = function(x)
        # What is flat everywhere, like rounding, TensorFlow takes for unconnected.
        return tape.gradient(h, x, output_gradients=v, unconnected_gradients="zero")
    if backend == "jax":
        import jax

        return jax.vjp(function, x)[1](v)[0]
    import torch

    with torch.enable_grad():
        x = x if x.requires_grad else x.detach().requires_grad_(True)
        return torch.autograd.grad(function(x), x, v, create_graph=True)[0]


def jacobian_vector_products(
    function: Function, x: keras.KerasTensor, directions: keras.KerasTensor
) -> keras.KerasTensor:
    """Compute J_f(x) u for several vectors u of each example.

    A vector costs about as much as an example, however many outputs the function has. The result
    can itself be differentiated with respect to the function's weights.

    Args:
        function: Maps (batch, ...) to (batch, d_h), each example by itself.
        x: Inputs, shape (batch, ...).
        directions: Vectors in the space of the inputs, shape (batch, count, ...).

    Returns:
        Products, shape (batch, count, d_h).
    """
    backend = keras.backend.backend()
    if backend == "jax":
        import jax

        def along(u: keras.KerasTensor) -> keras.KerasTensor:
            return jax.jvp(function, (x,), (u,))[1]

        return jax.vmap(along, in_axes=1, out_axes=1)(directions)
    # Each example stands as often as it has vectors.
    count = keras.ops.shape(directions)[1]
    shape = (-1, *x.shape[1:])
    x = keras.ops.reshape(x[:, None] + keras.ops.zeros_like(directions), shape)
    u = keras.ops.reshape(directions, shape)
    # v^T J is linear in v, and its derivative along u is J u.
    if backend == "tensorflow":
        import tensorflow as tf

        # Its forward mode is no choice: XLA crashed on it.
        with tf.GradientTape(watch_accessed_variables=False) as outer:
            with tf.GradientTape(watch_accessed_variables=False) as inner:
                inner.watch(x)
                h = function(x)
            v = tf.zeros_like(h)
            outer.watch(v)
            pulled = inner.gradient(h, x, output_gradients=v, unconnected_gradients="zero")
        try:
            products = outer.gradient(pulled, v, output_gradients=u, unconnected_gradients="zero")
        except LookupError:
            # It cannot differentiate what differentiates softsign: the Jacobian has to be formed.
            features = math.prod(x.shape[1:])
            jacobian = tf.reshape(batch_jacobian(function, x), (-1, h.shape[-1], features))
            products = tf.linalg.matvec(jacobian, tf.reshape(u, (-1, features)))
    else:
        import torch

        with torch.enable_grad():
            x = x.detach().requires_grad_(True)
            h = function(x)
            v = torch.zeros_like(h, requires_grad=True)
            pulled = torch.autograd.grad(h, x, v, create_graph=True)[0]
            products = torch.autograd.grad(pulled, v, u, create_graph=True)[0]
    return keras.ops.reshape(products, (-1, count, products.shape[-1]))


def batch_jacobian(function: Function, x: keras.KerasTensor) -> keras.KerasTensor:
    """Compute the Jacobian of each example with respect to its own input.

    Args:
        function: Maps (batch, ...) to (batch, d_h), each example by itself.
        x: Inputs, shape (batch, ...).

    Returns:
        Jacobians J[n, j, ...] = d h_j(x_n) / d x_n, shape (batch, d_h, ...).
    """
    backend = keras.backend.backend()
    if backend == "tensorflow":
        import tensorflow as tf

        # Each example stands once for each output. TensorFlow's own batch_jacobian took XLA from
        # milliseconds to a minute a step: it compiled each step anew, weights and inputs folded in.
        h = function(x)
        outputs = h.shape[-1]
        many = tf.repeat(x, outputs, axis=0)
        rows = tf.tile(tf.eye(outputs, dtype=h.dtype), (tf.shape(x)[0], 1))
        found = vector_jacobian_product(function, many, rows)
        return tf.reshape(found, (-1, outputs, *x.shape[1:]))
    if backend == "jax":
        import jax

        return jax.vmap(jax.jacrev(lambda row: function(row[None])[0]))(x)
    import torch

    with torch.enable_grad():
        x = x if x.requires_grad else x.detach().requires_grad_(True)
        h = function(x)
        # Examples do not mix, so the gradient of a unit summed over the batch is, row by row,
        # that unit's gradient. Summing over *units* would be the well-known fault.
        rows = [
            torch.autograd.grad(h[:, j].sum(), x, create_graph=True)[0] for j in range(h.shape[1])
        ]
    return torch.stack(rows, dim=1)
