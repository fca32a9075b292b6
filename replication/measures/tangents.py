"""Tangents of the data at many examples, for a classifier that should not care along them."""

import itertools
import math
from collections.abc import Callable, Iterator

import keras
import numpy as np
from threadpoolctl import threadpool_limits

from replication.checks import check_count
from replication.errors import InputError
from replication.measures.encoder import check_encoder
from replication.measures.jacobian import jacobians
from replication.models.derivatives import derivative_of
from replication.models.penalty import has_closed_form

_AT_ONCE = 32  # examples
_BLOCK = 4  # vectors that a step adds to a Krylov space
_DIMENSIONS = 48, 3  # of the space: so many, plus so many for each direction
_NOISE = 1e-14  # relative; where a product lies in the space already this finds a way out of it


def tangents_of(encoder: keras.Layer, x: np.ndarray, count: int) -> np.ndarray:
    """Compute the right singular vectors of J_f(x) with the largest singular values.

    They are what `leading_directions` finds, but for their signs, hundreds of times faster. For a
    dense layer J = diag(s) W, so J J^T is W W^T, the same for all examples, with rows and columns
    scaled by s. Its leading eigenvectors are sought in a block Krylov space, of many examples at
    once, by matrix products alone; a small layer's space is the whole one. A singular value
    decomposition within the space that is found makes the vectors orthogonal whatever the singular
    values are, nearly equal or zero. All of it is done in float64. On encoders like those of Table
    1 the lengths ||J u|| are the singular values to a relative 1e-9, and the tests hold it to 1e-6.
    Where singular values are nearly equal the single vectors are not determined, and only the
    space that they span is.

    Args:
        encoder: A built encoder from (batch, ...) to (batch, d_h).
        x: Inputs, shape (n, ...), n at least 1.
        count: Number of directions, from 1 to min(d_h, d_x).

    Returns:
        Unit vectors, largest singular value first, shape (n, count, ...), as floats of Keras's
        usual precision.

    Raises:
        InputError: There is no input, `count` is out of its range, or the encoder is not built, or
            is a model that rebuilds its input.
    """
    check_count("count", count)
    check_count("len(x)", len(x))
    check_encoder(encoder, x)
    size = math.prod(x.shape[1:])
    derivative = derivative_of(getattr(encoder, "activation", None))
    if has_closed_form(encoder) and derivative is not None:
        parts = _of_dense_layer(encoder, derivative, x, count)
    else:
        parts = _of_any(encoder, x, count)
    with threadpool_limits(1):  # small problems: several threads get in each other's way
        first = next(parts)  # refuses a count that is too large, before there is room made for it
        found = np.empty((len(x), count, size), keras.config.floatx())
        start = 0
        for part in itertools.chain([first], parts):
            found[start : start + len(part)] = part
            start += len(part)
    return found.reshape(len(x), count, *x.shape[1:])


def _of_dense_layer(
    encoder: keras.Layer, derivative: Callable, x: np.ndarray, count: int
) -> Iterator[np.ndarray]:
    """Yield the directions of some examples of a dense layer, shape (some, count, d_x)."""
    weights = keras.ops.convert_to_numpy(encoder.kernel).astype(float).T  # W
    _check_room(count, weights.shape)
    products = weights @ weights.T
    for start in range(0, len(x), _AT_ONCE):
        h = encoder(x[start : start + _AT_ONCE])
        s = keras.ops.convert_to_numpy(derivative(h)).astype(float)[:, None]
        units = _leading(s, products, count)
        yield _within(_times(units * s, weights))


def _of_any(encoder: keras.Layer, x: np.ndarray, count: int) -> Iterator[np.ndarray]:
    """Yield the directions of each example of any other encoder, shape (1, count, d_x)."""
    for n in range(len(x)):
        jacobian = jacobians(encoder, x[n : n + 1])[0].astype(float)
        _check_room(count, jacobian.shape)
        ones = np.ones((1, 1, len(jacobian)))
        yield _within(_times(_leading(ones, jacobian @ jacobian.T, count), jacobian))


def _leading(s: np.ndarray, products: np.ndarray, count: int) -> np.ndarray:
    """Orthonormal rows that span nearly the leading eigenspace of diag(s) products diag(s).

    Args:
        s: Shape (some, 1, order).
        products: Symmetric matrix, shape (order, order).
        count: How many rows.

    Returns:
        Rows, shape (some, count, order).
    """
    some, _, order = s.shape
    size = _DIMENSIONS[0] + _DIMENSIONS[1] * count
    if order <= size + _BLOCK:
        vectors = np.linalg.eigh(s.swapaxes(1, 2) * products * s)[1]
        return vectors[:, :, : -count - 1 : -1].swapaxes(1, 2)
    generator = np.random.default_rng(0)
    rows = np.broadcast_to(generator.normal(size=(_BLOCK, order)), (some, _BLOCK, order))
    block = _orthonormal(rows)
    basis = np.empty((some, -(-size // _BLOCK) * _BLOCK, order))
    images = np.empty_like(basis)
    for first in range(0, basis.shape[1], _BLOCK):
        last = first + _BLOCK
        basis[:, first:last] = block
        images[:, first:last] = image = _times(block * s, products) * s
        known = basis[:, :last]
        scale = np.linalg.norm(image, axis=(1, 2), keepdims=True)
        noise = generator.normal(size=image.shape)
        block = image / np.where(scale > 0, scale, 1) + _NOISE * noise
        for _ in range(2):  # once leaves rounding errors of what was taken away
            block = _orthonormal(block - block @ known.swapaxes(1, 2) @ known)
    small = basis @ images.swapaxes(1, 2)
    vectors = np.linalg.eigh((small + small.swapaxes(1, 2)) / 2)[1]
    return vectors[:, :, : -count - 1 : -1].swapaxes(1, 2) @ basis


def _times(rows: np.ndarray, matrix: np.ndarray) -> np.ndarray:
    """Rows times a matrix, in one product for all examples."""
    return (rows.reshape(-1, rows.shape[2]) @ matrix).reshape(*rows.shape[:2], -1)


def _orthonormal(rows: np.ndarray) -> np.ndarray:
    """Orthonormal rows that span the same, shape (some, count, order)."""
    return np.linalg.qr(rows.swapaxes(1, 2))[0].swapaxes(1, 2)


def _within(rows: np.ndarray) -> np.ndarray:
    """Right singular vectors of a few rows, largest singular value first."""
    return np.linalg.svd(rows, full_matrices=False)[2]


def _check_room(count: int, shape: tuple[int, ...]) -> None:
    if count > min(shape):
        raise InputError(
            f"count must be at most {min(shape)}, the number of singular values. "
            f"Received: count={count}"
        )
