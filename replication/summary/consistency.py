"""Whether what was chosen, the store of records and the studies' lists fit together."""

import base64
from collections.abc import Collection, Iterable, Sequence

import numpy as np

from replication.engine import records
from replication.engine.records import Record
from replication.errors import InputError
from replication.studies import selection
from replication.studies.catalogue import CHOOSING, STUDIES, SWEEPS
from replication.studies.sensitivity import plan as sensitivity
from replication.studies.stage import Stage
from replication.studies.study import Study, Sweep

_SAME = 1e-9  # points; a test error is a fraction of whole mistakes, so there is only rounding
# Experiments that hold no final runs.
_TRIALS = frozenset({*(study.search.experiment for study in STUDIES), sensitivity.EXPERIMENT})


def inconsistencies() -> list[str]:
    """Say what does not fit together in the repository, a line for each; empty if all does.

    Raises:
        InputError: A record or a selection is damaged.
    """
    known = records.read_all()
    return [
        *wrong_choices(CHOOSING),
        *stray_runs(known, STUDIES, tuple(SWEEPS.values()), _TRIALS),
        *wrong_errors(known),
    ]


def wrong_choices(studies: Iterable[Study]) -> list[str]:
    """Name what was chosen and is not the best of its trials.

    Args:
        studies: The studies with a search of their own.

    Raises:
        InputError: A record or a selection is damaged.
    """
    return [
        line
        for study in studies
        for dataset in study.datasets
        for line in selection.problems(study.selections, study.search, dataset)
    ]


def stray_runs(
    known: Sequence[Record],
    studies: Sequence[Study],
    sweeps: Sequence[Sweep],
    trials: Collection[str] = (),
) -> list[str]:
    """Name the records of final runs that no study lists.

    A stage that cannot list its runs yet says nothing of its experiment, unless that is a study's
    own: what is chosen so far tells its runs.

    Args:
        known: All records.
        studies: The studies with a search of their own.
        sweeps: The sweeps.
        trials: Names of the experiments that hold no final runs.

    Raises:
        InputError: A record or a selection is damaged.
    """
    # Trials have seeds of their own, far above those of final runs.
    finals = (r.settings.seed for r in known if r.settings.evaluate_test)
    seeds = 1 + max(finals, default=0)
    listed: dict[str, set[str]] = {}
    unlisted = set()
    for study in studies:
        ids = listed.setdefault(study.experiment, set())
        for dataset in study.datasets:
            ids.update(run.id for run in study.final_runs(dataset, seeds))
    own = frozenset(listed)
    for stage in _stages(sweeps, seeds):
        if stage.experiment in trials or stage.experiment in own:
            continue
        if stage.runs is None:
            unlisted.add(stage.experiment)
        else:
            listed.setdefault(stage.experiment, set()).update(run.id for run in stage.runs)
    return [
        f"{r.experiment}: no study lists the run {r.id} "
        f"({r.settings.model} on {r.settings.dataset}, seed {r.settings.seed})"
        for r in known
        if r.experiment in set(listed) - unlisted and r.id not in listed[r.experiment]
    ]


def wrong_errors(known: Iterable[Record]) -> list[str]:
    """Name the records whose test error is not that of their mistakes.

    Args:
        known: Records, with or without a test error.
    """
    found = []
    for record in known:
        if not record.results.has("test_mistakes"):
            continue
        where = f"{record.experiment}: {record.id}"
        packed = len(base64.b64decode(record.results["test_mistakes"]))
        examples = record.results["test_examples"]
        if packed != -(-examples // 8):  # eight to a byte, rounded up
            found.append(
                f"{where} says {examples} test examples, and has mistakes for at most {8 * packed}"
            )
            continue
        error = 100 * float(np.mean(record.results.test_mistakes))
        if not abs(error - record.results.test_error) <= _SAME:
            found.append(
                f"{where} says a test error of {record.results.test_error:.9g} %, and its mistakes "
                f"are {error:.9g} %"
            )
    return found


def _stages(sweeps: Iterable[Sweep], seeds: int) -> Iterable[Stage]:
    """Yield all stages with so many seeds, or with the number that a sweep insists on."""
    for sweep in sweeps:
        for dataset in sweep.datasets:
            try:
                yield from list(sweep.stages(dataset, seeds))
            except InputError:  # the number of seeds is fixed there
                yield from sweep.stages(dataset, sweep.seeds)
