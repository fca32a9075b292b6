"""What only the page of Table 1 shows: how its settings were chosen, and rank correlations."""

from collections.abc import Sequence

import pandas as pd
from IPython.display import HTML, Markdown

from replication import paper
from replication.engine.records import Record
from replication.presentation.nothing import nothing
from replication.presentation.tables import wide
from replication.studies.table1.correlations import MEASURES, Correlation, rank_correlation
from replication.studies.table1.plan import STUDY
from replication.verdicts.report import interval_text

_NAMES = {"jacobian_mean_square": "Jacobian measure", "saturation": "saturated units"}


def settings_note(records: Sequence[Record]) -> Markdown:
    """Say how the settings of the runs on the page were chosen.

    Args:
        records: The runs.
    """
    places = {(record.experiment, record.settings.dataset) for record in records}
    if places and places <= {(STUDY.experiment, name) for name in STUDY.datasets}:
        chosen = "Chosen by validation error, among equal numbers of trials for every model."
    else:
        chosen = "Small and quick, for the proof scale."
    return Markdown(
        f"{chosen} The paper gives none of these numbers. Training is plain stochastic gradient "
        "descent from initial weights uniform in ±4 √(6 / (d_x + d_h)) and biases 0."
    )


def correlation_table(
    found: Sequence[Correlation], dataset: str, with_paper: bool = True
) -> HTML | Markdown:
    """Show each correlation with its interval, below the one of the paper's own table.

    Args:
        found: What `correlations` returned.
        dataset: The paper's data set to compare with.
        with_paper: Show the paper's; not at proof scale, where the data is another.
    """
    printed = paper.table1()
    printed = printed[printed["dataset"] == dataset]
    rows = []
    for measure in MEASURES:
        if with_paper and len(printed):
            value = rank_correlation(printed[measure], printed["test_error"])
            rows.append(
                {
                    "of": _NAMES[measure],
                    "with": "test error",
                    "over": "models, as printed",
                    "points": str(len(printed)),
                    "rank correlation, 95 % interval": f"{value:.2f}",
                    "interval from": "–",
                }
            )
        rows += [
            {
                "of": _NAMES[measure],
                "with": f"{c.error} error",
                "over": c.over,
                "points": str(c.size),
                "rank correlation, 95 % interval": interval_text(c.estimate),
                "interval from": c.source,
            }
            for c in found
            if c.measure == measure
        ]
    if not rows:
        return nothing()
    return wide(pd.DataFrame(rows))
