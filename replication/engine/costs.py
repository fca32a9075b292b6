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

    A pre-training that several of the runs share is counted with the first of them.

    Args:
        runs: The runs.
        records: Finished runs.

    Returns:
        For each run seconds of one core; None if nothing similar was ever run.
    """
    pretraining, rest = _Means(), _Means()
    for record in records:
        if not record.results.diverged and not on_gpu(record):
            seconds = record.provenance["seconds"]
            first = seconds.get("pretrain", 0.0)
            pretraining.add([_form(record.settings)], first)
            rest.add(_forms_of_rest(record.settings), seconds["total"] - first)
    paid: set[str] = set()
    costs: list[float | None] = []
    for settings in runs:
        first = pretraining.of([_form(settings)])
        after = rest.of(_forms_of_rest(settings))
        if first is None or after is None:
            costs.append(None)
            continue
        shared = repr(settings.pretraining)
        costs.append(after if shared in paid else first + after)
        paid.add(shared)
    return costs


class _Means:
    """Means of costs over runs of the same form."""

    def __init__(self) -> None:
        self._known: dict[tuple, list[float]] = {}

    def add(self, forms: Sequence[tuple], seconds: float) -> None:
        """Count a cost with several forms of its run."""
        for form in forms:
            self._known.setdefault(form, []).append(seconds)

    def of(self, forms: Sequence[tuple]) -> float | None:
        """The mean over the first of these forms of which anything is known."""
        for form in forms:
            if form in self._known:
                return sum(self._known[form]) / len(self._known[form])
        return None


def _form(settings: Settings) -> tuple:
    """What decides how long a pre-training takes."""
    net = (settings.model, settings.units, settings.encoder, settings.train_examples)
    return settings.dataset, *net, settings.pretrain_epochs


def _forms_of_rest(settings: Settings) -> list[tuple]:
    """What decides how long all that follows takes, the closest first."""
    more = (settings.tangents, settings.finetune_jacobian > 0)
    length = (settings.finetune_epochs, settings.finetune_examples, *more)
    return [(*_form(settings), *length), _form(settings)]
