"""What a reader can check with a minute, an hour or a day."""

from collections.abc import Sequence

import pandas as pd
from IPython.display import HTML

from replication.experiments import protocol
from replication.experiments.costs import total_seconds
from replication.experiments.records import Record
from replication.presentation.labels import DATASETS
from replication.presentation.tables import wide

_HOUR = 3600.0


def budget_table(runs: Sequence[Record], trials: Sequence[Record]) -> HTML:
    """Show what can be repeated in a given time, with the command, at the cost that was recorded.

    Args:
        runs: Final runs of one data set.
        trials: Trials on the same data set.
    """
    rows = [("1 minute", "every verdict, computed again from the records", "make verdicts")]
    if runs:
        dataset = runs[0].settings.dataset
        seconds = total_seconds(runs)
        count = max(1, min(len(runs), int(_HOUR * len(runs) / seconds)))
        again = f"{count} of the {len(runs)} runs, trained again and compared"
        check = f".venv/bin/python -m replication verify --experiment {runs[0].experiment}"
        rows.append(("1 hour, one core", again, f"{check} --count {count}"))
        if trials and runs[0].experiment == protocol.TABLE1:
            hours = (seconds + total_seconds(trials)) / _HOUR
            rows.append(
                (
                    f"1 day, one core: {hours:.0f} hours",
                    f"everything on {DATASETS[dataset]}, the search included, from nothing",
                    f"rm -r data/records/{protocol.TABLE1}*; "
                    f".venv/bin/python -m replication sweep table1 --dataset {dataset}",
                )
            )
    table = pd.DataFrame(rows, columns=["Time", "what you can check", "command"])
    table["command"] = table["command"].map(lambda text: f"<code>{text}</code>")
    return wide(table)
