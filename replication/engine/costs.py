"""What runs cost, and what further ones will."""

from collections.abc import Sequence

from replication.engine.records import Record
from replication.engine.settings import Settings


def total_seconds(records: Sequence[Record]) -> float:
    """Add up what runs cost, counting a pre-training that several of them share once.

    Args:
        records: Runs of any experiments.

    Returns:
        Seconds of one process: of a core, or of its share of a GPU.
    """
    total = 0.0
    shared: dict[tuple[str, str], float] = {}
    for record in records:
        seconds = record.provenance["seconds"]
        pretraining = seconds.get("pretrain", 0.0)
        total += seconds["total"] - pretraining
        shared[record.experiment, repr(record.settings.pretraining)] = pretraining
    return total + sum(shared.values())


def on_gpu(record: Record) -> bool:
    """Say whether a run was made on a GPU, whose time does not compare with a core's."""
    return "accelerator" in record.provenance.get("machine", {})


def expected_seconds(settings: Settings, records: Sequence[Record]) -> float | None:
    """Guess what a run will cost: the mean over runs of its model and length.

    Args:
        settings: The run.
        records: Finished runs.

    Returns:
        Seconds of one core; None if nothing similar was ever run.
    """
    alike = [
        r.provenance["seconds"]["total"]
        for r in records
        if (r.settings.dataset, r.settings.model, r.settings.units, r.settings.pretrain_epochs)
        == (settings.dataset, settings.model, settings.units, settings.pretrain_epochs)
        and not r.results.diverged
        and not on_gpu(r)
    ]
    return sum(alike) / len(alike) if alike else None
