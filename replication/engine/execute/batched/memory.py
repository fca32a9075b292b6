"""How many members have room on the device."""

import itertools
import sys
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import jax
from tqdm import tqdm

from replication.engine.settings import Settings
from replication.models.convolutional import FILTERS

CAP = 64
"""More members than this gain no speed, and the first records come later."""
_SAFETY = 1.5
_SHARE = 0.8  # of the free memory
_VALIDATED = 1000  # examples of a validation batch

Member = TypeVar("Member")
Outcome = TypeVar("Outcome")


def bytes_of_member(settings: Settings, features: int) -> int:
    """Estimate what a member takes on the device.

    Args:
        settings: A run of the population.
        features: Number of inputs.
    """
    connected = sizes = [features, *settings.units]
    if settings.encoder == "conv":
        # A layer's maps are a quarter as large as those before it. The net is fully connected above
        # the last of them; the kernels below are small.
        maps = [int(n * features / 4 ** (layer + 1)) for layer, n in enumerate(FILTERS)]
        connected, sizes = [maps[-1], *settings.units], [features, *maps, *settings.units]
    numbers = sum(a * b + a + b for a, b in itertools.pairwise(connected))
    # Weights, those that are kept, two gradients while they are added up, and Adam's two averages.
    is_adam = "adam" in (settings.pretrain_optimizer, settings.finetune_optimizer)
    copies = 6 if is_adam else 4
    batch = max(settings.pretrain_batch_size, settings.finetune_batch_size)
    activations = (6 * batch + 2 * _VALIDATED) * sum(sizes)
    return int(_SAFETY * 4 * (copies * numbers + activations))


class Room:
    """How many members are trained at once, on one data set.

    Args:
        features: Number of inputs.
        most: An upper bound that the user sets; None is `CAP`.
    """

    def __init__(self, features: int, most: int | None = None) -> None:
        self._features, self._most = features, most or CAP

    def members(self, settings: Settings) -> int:
        """Compute how many members have room, at least 1.

        Args:
            settings: A run of the population.
        """
        stats = jax.devices()[0].memory_stats() or {}
        if "bytes_limit" not in stats:  # the memory of the machine itself
            return self._most
        free = _SHARE * (stats["bytes_limit"] - stats.get("bytes_in_use", 0))
        fitting = int(free / bytes_of_member(settings, self._features))
        return max(1, min(self._most, fitting))

    def train(
        self, members: Sequence[Member], train: Callable[[Sequence[Member]], list[Outcome]]
    ) -> list[Outcome]:
        """Train a population; where it has no room, in parts, and all later ones likewise.

        Args:
            members: The population.
            train: Trains one.

        Returns:
            What came out, for each member.
        """
        if len(members) <= self._most:
            try:
                return train(members)
            except jax.errors.JaxRuntimeError as error:
                if "RESOURCE_EXHAUSTED" not in str(error) or len(members) == 1:
                    raise
            # Outside of the handler: the exception holds on to what the device has of them.
            self._most = -(-len(members) // 2)
            tqdm.write(
                f"warning: {len(members)} models at once have no room on the device; "
                f"going on with {self._most} at once",
                file=sys.stderr,
            )
        parts = split(members, self._most)
        return [outcome for part in parts for outcome in self.train(part, train)]


def split(members: Sequence[Member], size: int) -> list[list[Member]]:
    """Split members into populations of nearly the same size, so that few have to be compiled.

    Args:
        members: All of them.
        size: The largest population.
    """
    if not members:
        return []
    each = -(-len(members) // -(-len(members) // size))
    return [list(members[start : start + each]) for start in range(0, len(members), each)]


def device_name() -> str:
    """Return the name of the device that populations are trained on."""
    device: Any = jax.devices()[0]
    return "cpu" if device.platform == "cpu" else device.device_kind
