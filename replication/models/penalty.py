"""The squared Frobenius norm of an encoder's Jacobian (the paper's equation 1)."""

import keras
from keras import ops

from replication.checks import check_choice, check_count
from replication.errors import InputError
from replication.models.autodiff import batch_jacobian, vector_jacobian_product
from replication.models.derivatives import derivative_of

METHODS = ("auto", "closed", "automatic", "stochastic")


def has_closed_form(encoder: keras.Layer) -> bool:
    """Say whether the penalty of `encoder` has a closed form.

    It has one if the encoder is a dense layer whose activation is element-wise with a known
    derivative.
    """
    return isinstance(encoder, keras.layers.Dense) and derivative_of(encoder.activation) is not None


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
            itself. Its weights are read live: a gradient through this function reaches them.
        x: Inputs, shape (batch, ...), floating point.
        h: `encoder(x)` if it is known already; saves computing it again in the closed form.
        method: "closed"; "automatic" (exact Jacobian of any encoder, needs d_h backward passes);
            "stochastic" (unbiased estimate with `probes` random vectors, for wide encoders);
            or "auto": closed where there is a closed form, else automatic.
        probes: Number of random vectors per example of the stochastic estimate.
        seed: Randomness of the stochastic estimate; required there.

    Returns:
        Penalties, shape (batch,), at least 0.

    Raises:
        InputError: The method does not fit the encoder, the encoder's output is not of shape
            (batch, d_h), or the stochastic method has no seed.
    """
    check_choice("method", method, METHODS)
    if method == "auto":
        method = "closed" if has_closed_form(encoder) else "automatic"

    if method == "closed":
        activation = getattr(encoder, "activation", None)
        derivative = derivative_of(activation)
        if not has_closed_form(encoder) or derivative is None:
            raise InputError(
                "the closed form needs a Dense encoder with an element-wise activation whose "
                "derivative is known; use method='automatic' for any other. Received: "
                f"{type(encoder).__name__} with activation "
                f"{getattr(activation, '__name__', activation)!r}"
            )
        h = encoder(x) if h is None else h
        s = derivative(h)  # s'(a_j), shape (batch, d_h)
        row_norms = ops.sum(ops.square(encoder.kernel), axis=0)  # ||W_j||^2, shape (d_h,)
        return ops.matmul(ops.square(s), row_norms)

    x = ops.convert_to_tensor(x)
    if not keras.backend.is_float_dtype(keras.backend.standardize_dtype(x.dtype)):
        raise InputError(f"the Jacobian needs floating-point inputs. Received: dtype={x.dtype}")
    shape = encoder.compute_output_shape(tuple(x.shape))
    if len(shape) != 2:
        raise InputError(
            "the encoder must map (batch, ...) to (batch, units); end it with a Flatten layer. "
            f"Received an output of shape {tuple(shape)}"
        )
    if method == "automatic":
        jacobian = batch_jacobian(encoder, x)
        return ops.sum(ops.square(jacobian), axis=tuple(range(1, len(jacobian.shape))))

    check_count("probes", probes)
    if seed is None:
        raise InputError("the stochastic method needs a seed. Received: seed=None")
    generator = seed if not isinstance(seed, int) else keras.random.SeedGenerator(seed)
    total = 0.0
    for _ in range(probes):
        # E_v ||v^T J||^2 = ||J||_F^2 for any v with independent entries of mean 0, variance 1.
        v = keras.random.normal((ops.shape(x)[0], shape[-1]), dtype=x.dtype, seed=generator)
        product = vector_jacobian_product(encoder, x, v)
        total = total + ops.sum(ops.square(product), axis=tuple(range(1, len(x.shape))))
    return total / probes
