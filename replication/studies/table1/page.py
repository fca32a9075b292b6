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


def correlation_note() -> Markdown:
    """Say what the rank correlations are, and how to read their table."""
    return Markdown(
        "Claim 3 says that a small Jacobian goes with a small error: a positive correlation. The "
        "paper's remark on saturation (claim 5) would make its correlation negative. Over models "
        "there are few points, and two neighbours that change places move the number visibly. Over "
        "runs and trials there are more, but they hold the models' differences again: *within "
        "models* takes those out by ranking each model's points among themselves. A trial's error "
        "is the validation error, its epochs are those of pre-training; a pre-training counts "
        "once, with its best fine-tuning. Below each interval stands what was drawn again for it."
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
            rows.append(_row(measure, "test", "models, as printed", len(printed), f"{value:.2f}"))
        rows += [
            _row(measure, c.error, c.over, c.size, f"{interval_text(c.estimate)}<br>{c.source}")
            for c in found
            if c.measure == measure
        ]
    if not rows:
        return nothing()
    return wide(pd.DataFrame(rows), sentences=False)


def _row(measure: str, error: str, over: str, points: int, value: str) -> dict[str, str]:
    return {
        "of": _NAMES[measure],
        "with": f"{error} error",
        "over": over,
        "points": str(points),
        "rank correlation, 95 % interval": value,
    }
