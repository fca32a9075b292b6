"""Contraction curves (Figures 1 and 3)."""

import dataclasses

import keras
import numpy as np

from replication.checks import check_seed
from replication.errors import InputError
from replication.measures.encoding import encode
from replication.measures.measure import Measure, Subject

# Every 2.5 from 0.3 on, as the markers of Figure 1; the largest is beyond its axis.
RADII = tuple(float(r) for r in np.concatenate([[0.3], np.arange(1.5, 52, 2.5)]))


@dataclasses.dataclass(frozen=True)
class ContractionCurve:
    """Average contraction ratio at growing distance from the examples.

    Attributes:
        radius: Distances ||x1 - x0|| in input space, increasing, shape (k,).
        ratio: Mean over examples of ||f(x1) - f(x0)|| / ||x1 - x0||, shape (k,).
        deviation: Standard deviation of the ratio over examples, shape (k,).
    """

    radius: np.ndarray
    ratio: np.ndarray
    deviation: np.ndarray


def contraction_curve(
    encoder: keras.Layer, x: np.ndarray, radii: tuple[float, ...] = RADII, seed: int = 0
) -> ContractionCurve:
    """Measure how an encoder shrinks distances, as a function of the distance (section 5.3).

    For each example x0 one direction is drawn uniformly on the sphere; x1 = x0 + r u for every
    radius r along that direction. x1 is not clipped to [0, 1]. The ratio is the distance of the
    codes over the distance of the inputs: small means contractive. At r = 0 the root of its mean
    square is that of the mean squared Jacobian entry times d_h, see `mean_square_entry`; its mean
    is at most as large.

    Args:
        encoder: A built encoder from (batch, ...) to (batch, d_h).
        x: Examples x0, shape (n, ...).
        radii: Distances, each above 0.
        seed: Seed of the directions.

    Raises:
        InputError: A radius is not above 0, or the seed is impossible.
    """
    if min(radii) <= 0:
        raise InputError(f"radii must be above 0. Received: {min(radii)}")
    u = np.random.default_rng(check_seed(seed)).standard_normal(x.shape, dtype=np.float32)
    lengths = np.linalg.norm(u.reshape(len(u), -1), axis=1)
    u /= lengths.reshape(-1, *[1] * (u.ndim - 1))
    f0 = encode(encoder, x)
    ratios = np.stack(
        [np.linalg.norm(encode(encoder, x + np.float32(r) * u) - f0, axis=1) / r for r in radii]
    ).astype(float)
    return ContractionCurve(np.array(radii), ratios.mean(axis=1), ratios.std(axis=1))


def _of(subject: Subject) -> dict[str, dict[str, np.ndarray]]:
    curve = contraction_curve(subject.encoder, subject.x, seed=subject.seed)
    return {"curve": dataclasses.asdict(curve)}


MEASURES = (Measure({"curve": "ratio of distances, over the distance from the example"}, _of),)
