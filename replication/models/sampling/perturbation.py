"""The noise that a contractive auto-encoder is sampled with."""

import keras
from keras import ops

from replication.models.autodiff import jacobian_vector_products, vector_jacobian_product
from replication.models.inference import inference
from replication.models.penalty import closed_form_derivative, has_closed_form
from replication.models.precision import wide


def perturbation(
    encoder: keras.Layer,
    x: keras.KerasTensor,
    h: keras.KerasTensor,
    noise: keras.KerasTensor,
    method: str = "auto",
) -> keras.KerasTensor:
    """Compute J_f(x) J_f(x)^T noise for each example, without forming the Jacobian.

    For h_j = s(W_j x + b_j) it is s' * (W W^T (s' * noise)). For any other encoder it is a product
    of the Jacobian and J^T noise, one pass backward and one forward.

    Args:
        encoder: A built layer or model that maps each example by itself. It is differentiated as
            it is used, not as it is trained.
        x: Inputs, shape (batch, ...), floating-point numbers.
        h: Their codes f(x), shape (batch, d_h).
        noise: Shape (batch, d_h).
        method: "closed" or "automatic"; "auto" is closed where there is a closed form.

    Returns:
        What the codes are moved by, shape (batch, d_h).

    Raises:
        InputError: The encoder has no weights yet, or no closed form where that is asked for.
    """
    if method == "closed" or (method == "auto" and has_closed_form(encoder)):
        s = closed_form_derivative(encoder)(wide(h))  # s'(a_j), shape (batch, d_h)
        kernel = wide(encoder.kernel)  # W^T
        back = ops.matmul(s * ops.cast(noise, s.dtype), ops.transpose(kernel))  # J^T noise
        return s * ops.matmul(back, kernel)
    function = inference(encoder)
    back = vector_jacobian_product(function, x, noise)
    return jacobian_vector_products(function, x, back[:, None])[:, 0]
