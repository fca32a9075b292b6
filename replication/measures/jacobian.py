"""The encoder's Jacobian: its norms (Table 1) and its spectrum (Figure 2)."""

import dataclasses
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import keras
import numpy as np
from threadpoolctl import threadpool_limits

from replication.measures.encoder import check_encoder
from replication.measures.measure import Measure, Subject
from replication.models.autodiff import batch_jacobian
from replication.models.derivatives import derivative_of
from replication.models.inference import inference
from replication.models.penalty import has_closed_form, squared_frobenius_norm
from replication.models.precision import floating

_NEGLIGIBLE = 1e-12  # share of ||J||_F^2 that the spectrum may leave out


@dataclasses.dataclass(frozen=True)
class Spectrum:
    """Singular values of the Jacobian, sorted, averaged over examples.

    Attributes:
        singular_value: Mean of the i-th largest singular value, shape (min(d_h, d_x),).
        deviation: Its standard deviation over examples, same shape.
    """

    singular_value: np.ndarray
    deviation: np.ndarray


def squared_norms(encoder: keras.Layer, x: np.ndarray) -> np.ndarray:
    """Compute ||J_f(x)||_F^2 for each example (equation 1), shape (n,).

    Args:
        encoder: A built encoder from (batch, ...) to (batch, d_h).
        x: Inputs, shape (n, ...).

    Raises:
        InputError: The encoder has no weights yet or rebuilds its input, or `x` is no numbers.
    """
    check_encoder(encoder, x)
    if (layers := _dense_stack(encoder)) is not None:
        return np.array([np.sum(j.astype(float) ** 2) for j in _stack_jacobians(layers, x)])
    # The automatic Jacobian holds d_h d_x numbers for each example of a batch.
    batch_size = 1000 if has_closed_form(encoder) else 10
    batches = (x[start : start + batch_size] for start in range(0, len(x), batch_size))
    return np.concatenate(
        [keras.ops.convert_to_numpy(squared_frobenius_norm(encoder, b)) for b in batches]
    ).astype(float)


def mean_square_entry(squared_norm: np.ndarray, inputs: int, units: int) -> float:
    """Compute the mean over examples of ||J||_F^2 / (d_h d_x): Table 1's printed "norm".

    The paper calls the column an average Frobenius norm; its numbers agree with Figures 1 and 2
    only as the mean squared entry.

    Args:
        squared_norm: ||J_f(x)||_F^2 for each example, shape (n,).
        inputs: d_x.
        units: d_h.
    """
    return float(np.mean(squared_norm) / (inputs * units))


def jacobians(encoder: keras.Layer, x: np.ndarray) -> np.ndarray:
    """Compute the Jacobian of each example, shape (n, d_h, d_x), by automatic differentiation.

    Raises:
        InputError: The encoder has no weights yet or rebuilds its input, or `x` is no numbers.
    """
    check_encoder(encoder, x)
    jacobian = batch_jacobian(inference(encoder), floating(x, keras.config.floatx()))
    n, units = jacobian.shape[:2]
    return keras.ops.convert_to_numpy(jacobian).reshape(n, units, -1)


def spectrum(encoder: keras.Layer, x: np.ndarray) -> Spectrum:
    """Compute the average spectrum of the Jacobian (section 5.3, Figure 2).

    For a dense layer J = diag(s) W with s = s'(a), so its squared singular values are the
    eigenvalues of the smaller of J J^T and J^T J, formed without J. Units that are so saturated
    that together they carry a 1e-12th of ||J||_F^2 are left out, which moves no singular value
    by more than a millionth of ||J||_F and shrinks the matrix of a contractive encoder
    several-fold. A stack of dense layers goes through the product of their Jacobians, any other
    encoder through its automatic Jacobian.

    Args:
        encoder: A built encoder from (batch, ...) to (batch, d_h).
        x: Inputs, shape (n, ...).

    Raises:
        InputError: The encoder has no weights yet or rebuilds its input, or `x` is no numbers.
    """
    check_encoder(encoder, x)
    derivative = derivative_of(getattr(encoder, "activation", None))
    if has_closed_form(encoder) and derivative is not None:
        h = keras.ops.convert_to_numpy(encoder(x))
        s = keras.ops.convert_to_numpy(derivative(h)).astype(float)
        kernel = keras.ops.convert_to_numpy(encoder.kernel).astype(float)  # (d_x, d_h) = W^T
        row_norms = np.sum(kernel**2, axis=0)
        order = min(kernel.shape)

        def singular_values(n: int) -> np.ndarray:
            share = s[n] ** 2 * row_norms
            smallest_first = np.argsort(share)
            left_out = np.cumsum(share[smallest_first]) <= _NEGLIGIBLE * share.sum()
            kept = smallest_first[~left_out]
            return _singular_values(kernel[:, kept] * s[n, kept], order)

    else:
        layers = _dense_stack(encoder)

        def singular_values(n: int) -> np.ndarray:
            one = x[n : n + 1]
            jacobian = next(_stack_jacobians(layers, one)) if layers else jacobians(encoder, one)[0]
            return _singular_values(jacobian.astype(float), min(jacobian.shape))

    # Many small eigenproblems: one thread each beats several threads on one of them.
    workers = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    with threadpool_limits(1), ThreadPoolExecutor(workers) as pool:
        values = np.stack(list(pool.map(singular_values, range(len(x)))))
    return Spectrum(values.mean(axis=0), values.std(axis=0))


def _dense_stack(encoder: keras.Layer) -> list[keras.layers.Dense] | None:
    """The layers of a stack whose Jacobian is a product in closed form; None for all else."""
    if not isinstance(encoder, keras.Sequential):
        return None
    return encoder.layers if all(has_closed_form(layer) for layer in encoder.layers) else None


def _stack_jacobians(layers: list[keras.layers.Dense], x: np.ndarray) -> Iterator[np.ndarray]:
    """Yield the Jacobian of each example, shape (d_h, d_x).

    That of the stack is the product of the layers' (chain rule), each diag(s) W.
    """
    slopes = []  # s of each layer, shape (n, units)
    for layer in layers:
        x = layer(x)
        slope = derivative_of(layer.activation)(x)  # type: ignore[misc]
        slopes.append(keras.ops.convert_to_numpy(slope))
    kernels = [keras.ops.convert_to_numpy(layer.kernel) for layer in layers]  # W^T
    for n in range(len(slopes[0])):
        jacobian = slopes[0][n][:, None] * kernels[0].T
        for slope, kernel in zip(slopes[1:], kernels[1:], strict=True):
            jacobian = slope[n][:, None] * (kernel.T @ jacobian)
        yield jacobian


def _singular_values(matrix: np.ndarray, order: int) -> np.ndarray:
    """Singular values of `matrix`, largest first, padded with zeros to `order` of them."""
    tall = matrix if matrix.shape[0] >= matrix.shape[1] else matrix.T
    # NumPy's, because it lets other threads run meanwhile; SciPy's does not.
    eigenvalues = np.linalg.eigvalsh(tall.T @ tall)
    values = np.zeros(order)
    values[: len(eigenvalues)] = np.sqrt(np.maximum(eigenvalues[::-1], 0))
    return values


def _norms_of(subject: Subject) -> dict[str, float]:
    squares = squared_norms(subject.encoder, subject.x)
    units = keras.ops.shape(subject.encoder(subject.x[:1]))[-1]
    return {
        "jacobian_mean_square": mean_square_entry(squares, subject.x[0].size, units),
        "jacobian_norm": float(np.mean(np.sqrt(squares))),
    }


def _spectrum_of(subject: Subject) -> dict[str, dict[str, np.ndarray] | None]:
    if not subject.spectrum_count:
        return {"spectrum": None}
    values = spectrum(subject.encoder, subject.x[: subject.spectrum_count])
    return {"spectrum": dataclasses.asdict(values)}


MEASURES = (
    Measure(
        {
            "jacobian_mean_square": "mean of ||J||_F^2 over d_h d_x",
            "jacobian_norm": "mean Frobenius norm",
        },
        _norms_of,
    ),
    Measure({"spectrum": "singular values, mean and deviation over examples"}, _spectrum_of),
)
