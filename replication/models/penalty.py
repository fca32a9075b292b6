"""The squared Frobenius norm of an encoder's Jacobian (the paper's equation 1)."""

import math

import keras
from keras import ops

from replication.checks import LARGEST_SEED, check_choice, check_count
from replication.errors import InputError
from replication.models.autodiff import Function, batch_jacobian, vector_jacobian_product
from replication.models.derivatives import Derivative, derivative_of
from replication.models.inference import (
    check_built,
    check_concrete,
    check_twice_differentiable,
    inference,
)
from replication.models.precision import floating, wide

METHODS = ("auto", "closed", "automatic", "stochastic")
_COMPUTING = ("__call__", "call", "kernel")  # what makes a dense layer one
_LARGEST = 2**24  # entries of all Jacobians that are held at once


def has_closed_form(encoder: keras.Layer) -> bool:
    """Say whether the penalty of `encoder` has a closed form.

    It has one if the encoder is Keras's own dense layer, not quantised, whose activation is
    element-wise with a known derivative.
    """
    dense = keras.layers.Dense
    return (
        isinstance(encoder, dense)
        # A subclass may compute something else, and a quantised layer does.
        and all(getattr(type(encoder), name) is getattr(dense, name) for name in _COMPUTING)
        and encoder.quantization_mode is None
        and derivative_of(encoder.activation) is not None
    )


def closed_form_derivative(encoder: keras.Layer) -> Derivative:
    """Return the derivative of the activation of an encoder whose penalty has a closed form.

    Args:
        encoder: A layer or model.

    Returns:
        Takes outputs h = s(a) to s'(a).

    Raises:
        InputError: There is no closed form.
    """
    activation = getattr(encoder, "activation", None)
    derivative = derivative_of(activation)
    if not has_closed_form(encoder) or derivative is None:
        raise InputError(
            "the closed form needs a Dense encoder with an element-wise activation whose "
            "derivative is known; use method='automatic' for any other. Received: "
            f"{type(encoder).__name__} with activation "
            f"{getattr(activation, '__name__', activation)!r}"
        )
    return derivative


def units_of(encoder: keras.Layer, x: keras.KerasTensor) -> int:
    """Return the number d_h of units of an encoder.

    Args:
        encoder: A built layer or model.
        x: Inputs, shape (batch, ...).

    Raises:
        InputError: Its codes of them are not of shape (batch, d_h).
    """
    shape = encoder.compute_output_shape(tuple(x.shape))
    if len(shape) != 2:
        raise InputError(
            "the encoder must map (batch, ...) to (batch, units); end it with a Flatten layer. "
            f"Received an output of shape {tuple(shape)}"
        )
    return shape[-1]


# Long because each of its methods says what it cannot do.
def squared_frobenius_norm(
    encoder: keras.Layer,
    x: keras.KerasTensor,
    h: keras.KerasTensor | None = None,
    method: str = "auto",
    probes: int = 1,
    seed: int | keras.random.SeedGenerator | None = None,
) -> keras.KerasTensor:
    """Compute ||J_f(x)||_F^2 for each example: equation 1, summed and not averaged.

    For h_j = s(W_j x + b_j) the Jacobian is diag(s'(a)) W, so its squared norm is
    sum_j s'(a_j)^2 ||W_j||^2 (section 3.1), which costs O(d_x d_h) and builds no matrix.
    In Keras's `Dense` the row W_j of the paper is column j of `kernel`.

    Args:
        encoder: A built layer or model that maps (batch, ...) to (batch, d_h), each example by
            itself. Its weights are read live: a gradient through this function reaches them. It
            is differentiated as it is used, not as it is trained: without dropout.
        x: Inputs, shape (batch, ...). Whole numbers are taken as floating-point ones.
        h: `encoder(x)` if it is known already; saves computing it again in the closed form.
        method: "closed"; "automatic" (exact Jacobian of any encoder, needs d_h backward passes);
            "stochastic" (unbiased estimate with `probes` random vectors, for wide encoders);
            or "auto": closed where there is a closed form, else automatic.
        probes: Number of random vectors per example of the stochastic estimate.
        seed: Randomness of the stochastic estimate; required there. A number gives the same
            vectors each time.

    Returns:
        Penalties, shape (batch,), at least 0.

    Raises:
        InputError: The encoder has no weights yet, the method does not fit it, its output is not
            of shape (batch, d_h), the inputs are symbolic, the stochastic method has no seed, or
            the gradient would be wrong (`LayerNormalization` and the like on TensorFlow).
    """
    check_choice("method", method, METHODS)
    check_built(encoder)
    check_concrete("the penalty", x, h)
    x = floating(x, keras.config.floatx())
    units = units_of(encoder, x)
    if method == "auto":
        method = "closed" if has_closed_form(encoder) else "automatic"

    if method == "closed":
        derivative = closed_form_derivative(encoder)
        h = encoder(x) if h is None else h
        s = derivative(wide(h))  # s'(a_j), shape (batch, d_h)
        row_norms = ops.sum(ops.square(wide(encoder.kernel)), axis=0)  # ||W_j||^2, shape (d_h,)
        return ops.matmul(ops.square(s), row_norms)

    check_twice_differentiable(encoder)
    function = inference(encoder)
    if x.shape[0] == 0:
        return ops.zeros((0,), x.dtype)
    if method == "automatic":
        rows = max(1, _LARGEST // math.prod((units, *x.shape[1:])))
        if x.shape[0] is None or x.shape[0] <= rows:
            return squared_norms(batch_jacobian(function, x))
        parts = [x[start : start + rows] for start in range(0, x.shape[0], rows)]
        return ops.concatenate([squared_norms(batch_jacobian(function, part)) for part in parts])

    if seed is None:
        raise InputError("the stochastic method needs a seed. Received: seed=None")
    if not isinstance(seed, keras.random.SeedGenerator):
        seed = check_count("seed", seed, low=0, high=LARGEST_SEED)
    return estimated_squared_norms(function, x, units, probes, seed, encoder.compute_dtype)


def estimated_squared_norms(
    function: Function,
    x: keras.KerasTensor,
    outputs: int,
    probes: int,
    seed: int | keras.random.SeedGenerator,
    dtype: str,
) -> keras.KerasTensor:
    """Estimate ||J(x)||_F^2 of any function for each example, without bias: shape (batch,).

    Args:
        function: Maps (batch, ...) to (batch, outputs), each example by itself.
        x: Inputs, shape (batch, ...).
        outputs: Its number of outputs.
        probes: Number of random vectors per example.
        seed: Their randomness. A number gives the same vectors each time.
        dtype: That of the outputs.

    Raises:
        InputError: `probes` is no whole number of at least 1.
    """
    total = 0.0
    for probe in range(check_count("probes", probes)):
        # E_v ||v^T J||^2 = ||J||_F^2 for any v with independent entries of mean 0, variance 1.
        v = keras.random.normal(
            (ops.shape(x)[0], outputs),
            dtype=dtype,
            seed=(seed + probe) % (LARGEST_SEED + 1) if isinstance(seed, int) else seed,
        )
        total = total + squared_norms(vector_jacobian_product(function, x, v))
    return total / probes


def squared_norms(derivatives: keras.KerasTensor) -> keras.KerasTensor:
    """Sum the squares of all that belongs to an example: shape (batch,).

    Args:
        derivatives: Shape (batch, ...).
    """
    return ops.sum(ops.square(wide(derivatives)), axis=tuple(range(1, len(derivatives.shape))))
