"""Automatic differentiation with respect to the input, on each of Keras's backends."""

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
        return tape.gradient(h, x, output_gradients=v)
    if backend == "jax":
        import jax

        return jax.vjp(function, x)[1](v)[0]
    import torch

    with torch.enable_grad():
        x = x if x.requires_grad else x.detach().requires_grad_(True)
        return torch.autograd.grad(function(x), x, v, create_graph=True)[0]


def jacobian_vector_product(
    function: Function, x: keras.KerasTensor, v: keras.KerasTensor
) -> keras.KerasTensor:
    """Compute J_f(x) v for each example.

    Args:
        function: Maps (batch, ...) to (batch, d_h), each example by itself.
        x: Inputs, shape (batch, ...).
        v: Vectors in the space of the inputs, of the shape of `x`.

    Returns:
        Products, shape (batch, d_h).
    """
    backend = keras.backend.backend()
    if backend == "tensorflow":
        import tensorflow as tf

        with tf.autodiff.ForwardAccumulator(x, v) as forward:
            h = function(x)
        return forward.jvp(h)
    if backend == "jax":
        import jax

        return jax.jvp(function, (x,), (v,))[1]
    import torch

    return torch.autograd.functional.jvp(function, x, v)[1]


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

        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch(x)
            h = function(x)
        return tape.batch_jacobian(h, x)
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
