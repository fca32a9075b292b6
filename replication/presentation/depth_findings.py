"""What another layer does to a contraction curve, in sentences that the numbers choose."""

import itertools
from collections.abc import Sequence

from IPython.display import Markdown

from replication.experiments.records import Record
from replication.experiments.table2 import column_of
from replication.presentation.labels import DEPTH_COLOURS
from replication.verdicts.curve import peak_radius
from replication.verdicts.evidence import Evidence
from replication.verdicts.report import interval_text
from replication.verdicts.statistics import Estimate


def depth_findings(records: Sequence[Record]) -> Markdown:
    """Say how the ratio next to the data and the radius of the bump change with each layer.

    Args:
        records: Stacks of CAEs on one data set, one setting for each depth.
    """
    if not records:
        return Markdown("*No records yet.*")
    e = Evidence.gather(records, records[0].settings.dataset, column_of)
    lines = []
    for lower, upper in itertools.pairwise(DEPTH_COLOURS):
        columns = (f"cae-{upper}", f"cae-{lower}")
        if not e.has(*columns):
            continue
        ratio = e.difference(*columns, lambda r: r["curve"]["ratio"][0], ratio=True)
        shift = e.difference(*columns, lambda r: peak_radius(r["curve"]))
        lines.append(
            f"**From {lower} to {upper}.** Next to the data the ratio "
            f"{_moved(ratio, 1, 'rises', 'falls')}: {interval_text(ratio, 'times')}. The bump "
            f"{_moved(shift, 0, 'moves out', 'moves in')}: its radius differs by "
            f"{interval_text(shift)}."
        )
    return Markdown("\n".join(f"- {line}" for line in lines) or "*There is nothing to compare.*")


def _moved(estimate: Estimate, bound: float, up: str, down: str) -> str:
    if estimate.low > bound:
        return up
    return down if estimate.high < bound else "does not change measurably"
