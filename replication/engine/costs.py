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


def expected_seconds(runs: Sequence[Settings], records: Sequence[Record]) -> list[float | None]:
    """Guess what runs will cost: the mean over finished ones of the same model and length.

    Args:
        runs: The runs.
        records: Finished runs.

    Returns:
        For each run seconds of one core; None if nothing similar was ever run.
    """
    known: dict[tuple, list[float]] = {}
    for record in records:
        if not record.results.diverged and not on_gpu(record):
            seconds = record.provenance["seconds"]["total"]
            known.setdefault(_form(record.settings), []).append(seconds)
    typical = {form: sum(seconds) / len(seconds) for form, seconds in known.items()}
    return [typical.get(_form(settings)) for settings in runs]


def _form(settings: Settings) -> tuple:
    """What decides how long a run takes."""
    return settings.dataset, settings.model, settings.units, settings.pretrain_epochs
