"""What a tier of version 2 costs, at the speed of the records of version 1."""

import dataclasses
from collections.abc import Sequence

import numpy as np

from replication.engine import records
from replication.engine.costs import on_gpu
from replication.engine.records import Record
from replication.studies.table1 import plan as version1
from replication.studies.table1_v2.plan import DATASETS, SEARCH
from replication.studies.table2 import plan as table2
from replication.studies.tier import Tier


@dataclasses.dataclass(frozen=True)
class Cost:
    """What a tier costs for all models on all data sets.

    Attributes:
        core_hours: Hours of one core; None where runs of version 1 are missing to tell by.
        core_hours_widened: The same where ranges are widened at an edge.
        gpu_minutes: Minutes of a GPU that does one run after the other; None where no record was
            made on one.
    """

    core_hours: float | None
    core_hours_widened: float | None
    gpu_minutes: float | None


def cost_of(tier: Tier) -> Cost:
    """Compute what a tier costs.

    Seconds of an epoch are the medians of version 1's final runs, of each model on each data set.
    On a GPU they are those of the CAE with one layer in the trials of Table 2, by example.

    Args:
        tier: The tier.
    """
    known = records.read_all(version1.STUDY.experiment)
    plain, widened = (_core_hours(known, tier.epochs(wide)) for wide in (False, True))
    return Cost(plain, widened, _gpu_seconds(tier.epochs()))


def core_hours_text(cost: Cost) -> str:
    """Say how many hours of a core a tier takes.

    Args:
        cost: Its cost.
    """
    if cost.core_hours is None:
        return "unknown"
    return f"{cost.core_hours:.0f}, at most {cost.core_hours_widened:.0f}"


def cost_line(tier: Tier) -> str:
    """Say in a line what a tier costs.

    Args:
        tier: The tier.
    """
    cost = cost_of(tier)
    pretrain, finetune = tier.epochs()
    gpu = "" if cost.gpu_minutes is None else f", {cost.gpu_minutes:.0f} minutes of a GPU"
    return (
        f"{tier.name} tier: {pretrain:,} + {finetune:,} epochs of each model on each set; core "
        f"hours: {core_hours_text(cost)}{gpu}"
    )


def _core_hours(known: Sequence[Record], epochs: tuple[int, int]) -> float | None:
    total = 0.0
    for name in DATASETS:
        longer = SEARCH.finetune_longer.get(name, 1)
        for arm in SEARCH.arms.values():
            alike = [
                r for r in known if (r.settings.dataset, r.settings.model) == (name, arm.model)
            ]
            if not alike:
                return None
            pretrain = np.median(
                [r.provenance["seconds"]["pretrain"] / r.settings.pretrain_epochs for r in alike]
            )
            total += epochs[0] * pretrain * arm.is_pretrained
            total += epochs[1] * longer * _finetune_epoch(alike)
    return float(total) / 3600


def _finetune_epoch(alike: Sequence[Record]) -> float:
    return float(
        np.median(
            [
                r.provenance["seconds"]["finetune"] / len(r.results["history"]["finetune_loss"])
                for r in alike
            ]
        )
    )


def _gpu_seconds(epochs: tuple[int, int]) -> float | None:
    trials = [
        r
        for r in records.read_all(table2.SEARCH.experiment)
        if on_gpu(r)
        and (r.settings.model, r.settings.depth) == ("cae", 1)
        and not r.results.diverged
    ]
    if not trials:
        return None
    examples = 10_000  # of every set of Table 2 but the rectangles
    pretrain = np.median(
        [r.provenance["seconds"]["pretrain"] / r.settings.pretrain_epochs for r in trials]
    )
    total = 0.0
    for name, size in (("mnist", 50_000), ("cifar-bw", 40_000)):
        longer = SEARCH.finetune_longer.get(name, 1)
        for arm in SEARCH.arms.values():
            each = epochs[0] * pretrain * arm.is_pretrained
            each += epochs[1] * longer * _finetune_epoch(trials)
            total += each * size / examples
    return total / 60
