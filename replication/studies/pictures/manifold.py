"""What the encoder of a net in the plane does to small circles around points of the curve."""

import dataclasses
from collections.abc import Sequence

import numpy as np

from replication.studies.pictures.toy import Toy

RADIUS = 0.36  # of the circles that are drawn, in units of the plane


@dataclasses.dataclass(frozen=True)
class Stretch:
    """How long a step of length 1 becomes among the codes, on average over points of the curve.

    Attributes:
        along: A step along the curve.
        across: A step across it.
    """

    along: float
    across: float

    @property
    def ratio(self) -> float:
        """Across over along: 1 where no direction is preferred."""
        return self.across / self.along


def stretch_of(toy: Toy) -> Stretch:
    """Measure how much shorter a step across the curve becomes than one along it.

    Args:
        toy: A trained net.
    """
    step = np.gradient(toy.points, axis=0)
    along = step / np.linalg.norm(step, axis=1, keepdims=True)
    across = along[:, ::-1] * (1, -1)
    lengths = [
        np.linalg.norm(np.einsum("mhi,mi->mh", toy.jacobians, direction), axis=1).mean()
        for direction in (along, across)
    ]
    return Stretch(*map(float, lengths))


def ellipses_of(toys: Sequence[Toy]) -> list[np.ndarray]:
    """Find what becomes of a circle around each point, in the place of the circle.

    The encoder's Jacobian maps the circle to an ellipse among the codes. This is that one, turned
    back into the plane along the right singular vectors. The scale is the same for all nets: where
    the code moves most of all, the circle keeps its radius.

    Args:
        toys: Trained nets.

    Returns:
        For each net one row for each point: the half-axes, longer first, and the angle of the
        longer one, in radians; shape (points, 3).
    """
    decomposed = [np.linalg.svd(toy.jacobians, full_matrices=False)[1:] for toy in toys]
    largest = max(values.max() for values, _ in decomposed)
    return [
        np.column_stack([RADIUS * values / largest, np.arctan2(right[:, 0, 1], right[:, 0, 0])])
        for values, right in decomposed
    ]
