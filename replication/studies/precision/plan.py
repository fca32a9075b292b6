"""The runs that compare TF32 with float32, written before any of them.

Twenty settings of version 2's search on MNIST, the first that were drawn for the two models with
most at stake, the CAE and the DAE with binary noise, are trained again with products rounded to
TF32. Everything else is the same: seed, order of the batches, noise. Rounding sends each training
down another path, so a single pair says little; the mean difference says whether anything is lost.
Only validation errors are compared. Trials that diverged in either precision are left out, and
counted.
"""

import dataclasses
from collections.abc import Iterator

from replication.engine.environment import TF32
from replication.engine.settings import Settings
from replication.studies.stage import Stage, check_one_seed
from replication.studies.study import Sweep
from replication.studies.table1_v2 import plan as table1_v2

NAME = "precision"
DATASET = "mnist"
DRAWN = {"cae": 12, "dae-b": 8}  # how many of each model's


def in_full() -> list[Settings]:
    """List the trials in float32, which version 2 of the protocol made."""
    trials = (table1_v2.SEARCH.trials(0, DATASET, model)[:n] for model, n in DRAWN.items())
    return [settings for some in trials for settings in some]


def rounded(settings: Settings) -> Settings:
    """Return the same run in TF32.

    Args:
        settings: A run in float32.
    """
    return dataclasses.replace(settings, precision=TF32)


def _stages(dataset: str, seeds: int) -> Iterator[Stage]:
    check_one_seed(seeds)
    runs = [rounded(settings) for settings in in_full()]
    yield Stage(name="trials in TF32", experiment=NAME, size=len(runs), runs=runs)


SWEEP = Sweep(
    name=NAME,
    datasets=(DATASET,),
    default=(DATASET,),
    seeds=1,
    stages=_stages,
    about="trials of version 2 with products rounded to TF32, on a GPU of NVIDIA",
)
