"""Measure how fast populations are trained: `python -m` this module."""

import argparse
import dataclasses
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from replication.checks import check_count
from replication.engine import environment
from replication.engine.settings import Settings
from replication.errors import InputError

if TYPE_CHECKING:
    from replication.datasets import Dataset
    from replication.engine.execute.batched.finetuning import Parts


@dataclasses.dataclass(frozen=True)
class Speed:
    """How fast a population was trained.

    Attributes:
        model: Its model.
        phase: "pretrain" or "finetune".
        members: How many models at once.
        batch_size: Examples per batch.
        epochs_per_second: Epochs of all models, per second.
        compile_seconds: Time until the first epoch was done, less that of an epoch.
    """

    model: str
    phase: str
    members: int
    batch_size: int
    epochs_per_second: float
    compile_seconds: float


def benchmark(
    models: Sequence[str] = ("cae", "ae"),
    members: int = 64,
    batch_size: int = 20,
    epochs: int = 2,
    dataset: str = "mnist",
    units: int = 1000,
) -> list[Speed]:
    """Time the pre-training of populations of one layer, and the fine-tuning of the first of them.

    Args:
        models: Keys of the models.
        members: How many at once.
        batch_size: Examples per batch.
        epochs: How many are timed, after one that is not.
        dataset: The data set.
        units: Hidden units.

    Raises:
        InputError: A name is unknown, a number impossible, or the data cannot be had.
    """
    environment.enter("jax")
    from replication.datasets import load
    from replication.engine.execute.batched.finetuning import Parts
    from replication.engine.execute.batched.population import on_device

    for name, value in (("members", members), ("batch_size", batch_size), ("epochs", epochs)):
        check_count(name, value)
    data = load(dataset)
    parts = Parts(*map(on_device, (data.train.x, data.train.y, data.valid.x, data.valid.y)))
    speeds = []
    for number, model in enumerate(models):
        runs = [
            Settings(
                dataset=dataset,
                model=model,
                units=(units,),
                seed=seed,
                pretrain_epochs=epochs + 1,
                pretrain_batch_size=batch_size,
                finetune_epochs=epochs + 1,
                finetune_batch_size=batch_size,
            )
            for seed in range(members)
        ]
        speeds += _speeds(runs, data, parts, with_finetuning=number == 0)
    return speeds


def main(arguments: list[str] | None = None) -> int:
    """Print the speed of each population.

    Args:
        arguments: The command line; None takes the process's own.

    Returns:
        The exit status: 0, or 2 after bad input, which prints one sentence on standard error.
    """
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument("--models", nargs="+", default=["cae", "ae"], help="(cae ae)")
    for name, usual in (("members", 64), ("batch", 20), ("epochs", 2), ("units", 1000)):
        parser.add_argument(f"--{name}", type=int, default=usual, help="(%(default)s)")
    parser.add_argument("--dataset", default="mnist", help="(%(default)s)")
    asked = parser.parse_args(arguments)
    try:
        speeds = benchmark(
            asked.models, asked.members, asked.batch, asked.epochs, asked.dataset, asked.units
        )
    except InputError as error:
        print(f"error: {' '.join(str(error).split())}", file=sys.stderr)
        return 2
    for one in speeds:
        print(
            f"{one.model:<6} {one.phase:<9} {one.members:>4} members, batch {one.batch_size:>4}: "
            f"{one.epochs_per_second:9.3f} model-epochs per second, "
            f"{one.compile_seconds:6.1f} s until the first"
        )
    return 0


def _speeds(
    runs: list[Settings], data: "Dataset", parts: "Parts", with_finetuning: bool
) -> list[Speed]:
    from replication.engine.execute.batched import finetuning, pretraining
    from replication.engine.execute.batched.pretraining import Trained
    from replication.engine.execute.batched.watch import Stopwatch

    def speed(phase: str, batch_size: int, watch: Stopwatch) -> Speed:
        each = watch.seconds_of_epoch
        per_second = len(runs) / each
        first = max(0.0, watch.seconds_to_first - each)
        return Speed(runs[0].model, phase, len(runs), batch_size, per_second, first)

    watch = Stopwatch(len(runs))
    trained = pretraining.pretrain(runs, [None] * len(runs), parts.x, watch)
    speeds = [speed("pretrain", runs[0].pretrain_batch_size, watch)]
    whole = [one for one in trained if isinstance(one, Trained)]
    if with_finetuning and len(whole) == len(runs):
        watch = Stopwatch(len(runs))
        finetuning.finetune(runs, whole, data, parts, watch)
        speeds.append(speed("finetune", runs[0].finetune_batch_size, watch))
    return speeds


if __name__ == "__main__":
    sys.exit(main())
