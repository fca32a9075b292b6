"""What tangent propagation gains, drawing by drawing."""

import dataclasses
from collections.abc import Sequence

import numpy as np

from replication.engine.records import Record
from replication.studies.tangents.plan import LABELS
from replication.verdicts.estimate import Estimate
from replication.verdicts.statistics import mean_interval

COVERS = "drawings"


@dataclasses.dataclass(frozen=True)
class Gain:
    """The test errors of both arms with so many labels.

    Attributes:
        labels: Number of labelled examples.
        drawings: How many drawings both arms have been through.
        plain, tangents: Mean test errors over these, percent.
        gain: Mean of how many points fewer mistakes tangents make of a drawing. The interval covers
            drawings: the labels, and the seed of the encoder and of the batches. It covers neither
            the test examples, which are the same in all, nor the choice of settings.
    """

    labels: int
    drawings: int
    plain: Estimate
    tangents: Estimate
    gain: Estimate

    @property
    def verdict(self) -> str:
        """ "lower" or "higher", the error with tangents; "open" where the interval has both."""
        if self.gain.low > 0:
            return "lower"
        return "higher" if self.gain.high < 0 else "open"


def gains(records: Sequence[Record]) -> list[Gain]:
    """Compare both arms on the drawings that both have been through.

    Args:
        records: Final runs of either arm.

    Returns:
        One for each number of labels with such a drawing, fewest first.
    """
    errors: dict[tuple[int | None, bool], dict[int, float]] = {}
    for record in records:
        s = record.settings
        arm = errors.setdefault((s.finetune_examples, s.tangents > 0), {})
        arm[s.seed] = record.results["test_error"]
    found = []
    for labels in LABELS:
        without, with_them = (errors.get((labels, has), {}) for has in (False, True))
        both = sorted(set(without) & set(with_them))
        if both:
            plain, tangents = (
                np.array([arm[seed] for seed in both]) for arm in (without, with_them)
            )
            means = (mean_interval(v, COVERS) for v in (plain, tangents, plain - tangents))
            found.append(Gain(labels, len(both), *means))
    return found
