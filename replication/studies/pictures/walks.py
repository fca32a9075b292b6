"""Steps away from a digit, in the directions in which its code moves most and least."""

import dataclasses
from typing import TYPE_CHECKING, Any

import numpy as np

from replication.datasets.dataset import Split
from replication.measures.packing import pack_rows

if TYPE_CHECKING:
    import keras

CLASSES = (0, 2, 4, 6, 8)
STEPS = tuple(range(-6, 7))  # t in x + t v; other digits lie about 10 away
SHARE = 0.9  # of the variance of the validation digits, which the span of the weakest holds
_COUNT = 2  # directions of either kind


@dataclasses.dataclass(frozen=True)
class Walk:
    """A direction from a digit, and what its code does on the way.

    Attributes:
        direction: A unit vector, shape (d_x,); a singular vector has no sign, and its entry of the
            largest magnitude is positive.
        stretch: ||J_f(x) v||, how far the code moves for a small step, for each unit of its length.
        distances: ||f(x + t v) - f(x)|| at each t.
    """

    direction: np.ndarray
    stretch: float
    distances: np.ndarray


def principal_span(x: np.ndarray, share: float = SHARE) -> np.ndarray:
    """Find the leading principal components that hold a share of the variance of examples.

    Args:
        x: Examples, shape (n, d_x).
        share: Which share, above 0 and at most 1.

    Returns:
        Orthonormal rows, shape (k, d_x), k as small as can be.
    """
    centred = x.astype(float) - x.mean(axis=0)
    variances, vectors = np.linalg.eigh(centred.T @ centred)
    held = np.cumsum(variances[::-1]) / variances.sum()
    # What the sum of all lacks to 1 in its last digit is no reason for one more.
    count = min(int(np.searchsorted(held, share - 1e-12)) + 1, len(held))
    return vectors[:, ::-1].T[:count]


def strongest_walks(encoder: "keras.Layer", x: np.ndarray) -> list[Walk]:
    """Walk in the directions of all inputs in which the code moves most, strongest first.

    Args:
        encoder: A built encoder.
        x: The example, shape (d_x,).
    """
    _, _, right = np.linalg.svd(_jacobian(encoder, x), full_matrices=False)
    return [_walk(encoder, x, direction) for direction in right[:_COUNT]]


def weakest_walks(encoder: "keras.Layer", x: np.ndarray, span: np.ndarray) -> list[Walk]:
    """Walk in the directions of a subspace in which the code moves least, weakest first.

    Args:
        encoder: A built encoder.
        x: The example, shape (d_x,).
        span: Orthonormal rows that span the subspace, shape (k, d_x).
    """
    _, _, right = np.linalg.svd(_jacobian(encoder, x) @ span.T, full_matrices=False)
    return [_walk(encoder, x, direction @ span) for direction in right[::-1][:_COUNT]]


def record_walks(encoder: "keras.Layer", valid: Split) -> dict[str, Any]:
    """Walk from the first validation example of each of some classes.

    Args:
        encoder: A built encoder.
        valid: The validation part.

    Returns:
        Plain values: `components`, the dimension of the span of the weakest; `steps`, all t; and
        `digits`, for each class the class as `digit`, the `example`, and `strongest` and `weakest`,
        lists of walks with `direction` (packed by `pack_rows`), `stretch` and `distances`.
    """
    span = principal_span(valid.x)
    digits = []
    for digit in CLASSES:
        x = valid.x[np.flatnonzero(valid.y == digit)[0]]
        digits.append(
            {
                "digit": digit,
                "example": pack_rows(x[None])[0],
                "strongest": [_plain(walk) for walk in strongest_walks(encoder, x)],
                "weakest": [_plain(walk) for walk in weakest_walks(encoder, x, span)],
            }
        )
    return {"components": len(span), "steps": list(STEPS), "digits": digits}


def _jacobian(encoder: "keras.Layer", x: np.ndarray) -> np.ndarray:
    from replication.measures.jacobian import jacobians  # imports Keras, which takes seconds

    return jacobians(encoder, x[None])[0].astype(float)


def _walk(encoder: "keras.Layer", x: np.ndarray, direction: np.ndarray) -> Walk:
    from replication.measures.encoding import encode

    direction = direction * np.sign(direction[np.abs(direction).argmax()])
    steps = np.array(STEPS, x.dtype)[:, None] * direction.astype(x.dtype)
    moved = encode(encoder, np.concatenate([x[None], x + steps]))
    return Walk(
        direction,
        float(np.linalg.norm(_jacobian(encoder, x) @ direction)),
        np.linalg.norm(moved[1:] - moved[0], axis=1).astype(float),
    )


def _plain(walk: Walk) -> dict[str, Any]:
    return {
        "direction": pack_rows(walk.direction[None])[0],
        "stretch": round(walk.stretch, 4),
        "distances": [round(float(d), 3) for d in walk.distances],
    }
