"""What was measured of chains, net by net together: one group for each model and step size."""

import dataclasses
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from replication.studies.sampling.plan import CONTROL, REFERENCES, model_of

Found = Mapping[str, Mapping[str, Any]]  # what `collect_chains` returned


@dataclasses.dataclass(frozen=True)
class Group:
    """The samples of all nets of a model with one step size, or those of a reference.

    Attributes:
        key: Key of the model, or the reference.
        step_size: sigma; None where there is none.
        samples: What `measure_chains` says of each net's.
    """

    key: str
    step_size: float | None
    samples: tuple[Mapping[str, Any], ...]

    def mean(self, what: str) -> float:
        """Return the mean over nets of a measured number.

        Args:
            what: Its name.
        """
        return float(np.mean(self.values(what)))

    def values(self, what: str) -> list[float]:
        """Return a measured number of each net.

        Args:
            what: Its name.
        """
        return [sample[what] for sample in self.samples]

    @property
    def sigma(self) -> float:
        """The step size of a group that has one."""
        return float(self.step_size or 0)

    @property
    def pictures(self) -> list[list[str]]:
        """Chains of the net that pictures were kept of; none where there are none."""
        return next((s["pictures"] for s in self.samples if s.get("pictures")), [])


def group(found: Found) -> list[Group]:
    """Put the nets of a model together, step size by step size.

    Args:
        found: What `collect_chains` returned.

    Returns:
        References first, then models, each with its step sizes in their order.

    Raises:
        InputError: A name is none of ours.
    """
    together: dict[tuple[str, float | None], list[Mapping[str, Any]]] = {}
    for name, entry in found.items():
        key = name if name in REFERENCES else model_of(name)
        for sample in entry["samples"]:
            together.setdefault((key, sample["step_size"]), []).append(sample)
    return [Group(key, size, tuple(samples)) for (key, size), samples in together.items()]


def choose(groups: Iterable[Group]) -> Group | None:
    """Choose the step size of the CAE by the rule of the plan; None where there is no CAE.

    Args:
        groups: All groups; a step size of 0 is a control and is not chosen.
    """
    able = [g for g in groups if g.step_size is not None and g.step_size != CONTROL]
    return max(able, key=lambda g: g.mean("chosen"), default=None)


def compare(found: Found) -> tuple[Group | None, Group | None, Group | None, Group | None]:
    """Return what is compared, as far as it is there.

    Args:
        found: What was measured.

    Returns:
        The CAE with the chosen step size, the RBM, training digits and noise.
    """
    groups = group(found)
    alone = {one.key: one for one in groups if one.step_size is None}
    digits, noise = (alone.get(key) for key in REFERENCES)
    return choose(groups), alone.get("rbm"), digits, noise


def held_out(found: Found) -> float:
    """Return the mean distance of held-out digits to their nearest training digit.

    Args:
        found: What was measured, at least one thing.
    """
    return float(next(iter(found.values()))["held_out"])
