"""What a reader can check with a minute, an hour or a day."""

import html
from collections.abc import Sequence

import pandas as pd
from IPython.display import HTML

from replication.engine.costs import total_seconds
from replication.engine.records import REFERENCE, Record
from replication.engine.verification.kept import VERIFIED
from replication.presentation.labels import DATASETS
from replication.presentation.rerun import duration, from_nothing
from replication.presentation.tables import wide
from replication.studies.table1.plan import SEARCH, STUDY

_HOUR = 3600.0


def budget_table(
    runs: Sequence[Record], drawn_from: Sequence[Record], trials: Sequence[Record], wanted: int
) -> HTML:
    """Show what can be repeated in a given time, and how, at the cost that the records have.

    Args:
        runs: Runs of one data set with test errors.
        drawn_from: The runs of all data sets that `verify` chooses from.
        trials: Trials on the same data set.
        wanted: Number of runs that the data set has when all are done.
    """
    seen = VERIFIED.get(REFERENCE)
    rows = [
        (
            duration(seen["provenance"]["seconds"]) if seen else "minutes",
            "every verdict, computed again from the records and compared with the committed ones; "
            "the runs that need no download, trained again",
            "make verify FAST=1",
        )
    ]
    if runs:
        experiment, dataset = runs[0].experiment, runs[0].settings.dataset
        each = total_seconds(runs) / len(runs)
        count = max(1, int(_HOUR * len(drawn_from) / total_seconds(drawn_from)))
        rows.append(
            (
                "1 hour of one core",
                f"{count} runs, drawn by chance from all {len(drawn_from)} of the table, trained "
                "again and compared",
                f".venv/bin/python -m replication verify --experiment {experiment} --count {count}",
            )
        )
        if trials and experiment == STUDY.experiment:
            hours = (each * wanted + total_seconds(trials)) / _HOUR
            rows.append(
                (
                    f"{hours:.0f} hours of one core",
                    f"everything on {DATASETS[dataset]} from nothing, the search included, in a "
                    "clone without its records",
                    from_nothing(STUDY.name, dataset, (SEARCH.experiment, experiment)),
                )
            )
    table = pd.DataFrame(rows, columns=["Time", "what you can check", "command"])
    table["command"] = table["command"].map(lambda text: f"<code>{html.escape(text)}</code>")
    return wide(table)
