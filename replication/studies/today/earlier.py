"""What the version before this one had run: kept, and shown beside what counts."""

import dataclasses

from replication.engine.records import Record
from replication.studies.collect import collect_finals
from replication.studies.today.plan import DATASETS, SEARCH, STUDY

EXPERIMENT = "today-superseded"
_BEFORE = dataclasses.replace(
    STUDY, experiment=EXPERIMENT, search=dataclasses.replace(SEARCH, version=SEARCH.version - 1)
)


def earlier_runs() -> list[Record]:
    """Read the final runs of version 2 of the search.

    Runs of version 1 lie beside them, and take no part.

    Raises:
        InputError: A record or a selection is damaged.
    """
    return collect_finals(_BEFORE, DATASETS, "published")[0]
