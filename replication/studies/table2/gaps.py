"""How far CAE-2 is from the best of its rivals, set by set: what claims 11 and 21 count."""

from collections.abc import Sequence

import pandas as pd
from IPython.display import HTML, Markdown

from replication import paper
from replication.engine.records import Record
from replication.presentation.labels import COLUMNS, DATASETS
from replication.presentation.nothing import nothing
from replication.presentation.tables import wide
from replication.studies.table2.claims import OTHERS, THREE_LAYERS, best_column
from replication.studies.table2.plan import STUDY
from replication.verdicts.report import interval_text
from replication.verdicts.runs import Runs
from replication.verdicts.statistics import ErrorDifference

_RIVALS = {11: THREE_LAYERS, 21: OTHERS}
_MISSING = "–"


def table2_gaps(records: Sequence[Record], datasets: Sequence[str]) -> HTML | Markdown:
    """Show the error of the best rival minus that of CAE-2, the paper's and ours, for each set.

    Args:
        records: Final runs; sets on which a column has none are left out.
        datasets: Keys of the rows of Table 2.
    """
    cells = paper.table2()
    rows = []
    for claim, rivals in _RIVALS.items():
        for name in datasets:
            evidence = Runs.gather(records, name, STUDY.arm_of)
            best = best_column(evidence, rivals)
            if best is None:
                continue
            gap = evidence.error_difference(best, "cae-2")
            printed = cells.query("dataset == @name").set_index("model")["test_error"]
            first = printed.loc[list(rivals)].idxmin()
            rows.append(
                {
                    "Claim": str(claim),
                    "Set": DATASETS[name],
                    "best rival, paper": COLUMNS[first],
                    "its error minus CAE-2's, paper": f"{printed[first] - printed['cae-2']:.2f}",
                    "best rival, ours": COLUMNS[best],
                    "its error minus CAE-2's, ours": interval_text(gap, "points"),
                    "CAE-2 is": _standing(gap),
                    "seeds that would tell": _needed(gap),
                }
            )
    if not rows:
        return nothing("comparisons")
    return wide(pd.DataFrame(rows))


def _standing(gap: ErrorDifference) -> str:
    if gap.low > 0:
        return "✔ ahead"
    return "✘ behind" if gap.high < 0 else "? undecided"


def _needed(gap: ErrorDifference) -> str:
    """Seeds for an undecided gap of this size; a decided one needs no more."""
    if not gap.low <= 0 <= gap.high:
        return _MISSING
    seeds = gap.needed_seeds()
    return "no number, on this test set" if seeds is None else str(seeds)
