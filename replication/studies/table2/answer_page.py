"""What Table 2 comes to, in sentences that the runs choose."""

from collections.abc import Sequence

from IPython.display import HTML, Markdown

from replication import paper
from replication.engine.records import Record
from replication.presentation.findings import finding, tally, together
from replication.presentation.labels import COLUMNS, DATASETS
from replication.presentation.nothing import nothing
from replication.studies.table2.claims import THREE_LAYERS, best_column
from replication.studies.table2.plan import STUDY
from replication.verdicts.runs import Runs
from replication.verdicts.verdict import Verdict

_ANCHOR = "svm-rbf"  # has no pre-training, so its errors tell how far the data are the paper's
_SECOND_LAYER = 10  # the claim on what it improves


def table2_answer(
    records: Sequence[Record], datasets: Sequence[str], verdicts: Sequence[Verdict]
) -> HTML | Markdown:
    """Say on how many sets two layers of CAE win, and where the second one helps.

    Args:
        records: Final runs.
        datasets: Keys of the rows.
        verdicts: Those on the claims of the table.
    """
    sentences = _wins(records, datasets), _second(verdicts)
    return finding(*sentences) if any(sentences) else nothing("comparisons")


def table2_meaning(records: Sequence[Record], datasets: Sequence[str]) -> Markdown:
    """Say which sets are the paper's own, and how far our errors are from its.

    Args:
        records: Final runs.
        datasets: Keys of the rows.
    """
    rows = [name for name in datasets if name in STUDY.datasets]
    shown = [record for record in records if record.settings.dataset in rows]
    lines = [line for line in (_origins(shown), _ratios(shown)) if line]
    return Markdown("\n".join(f"- {line}" for line in lines)) if lines else nothing()


def table2_short(
    records: Sequence[Record], datasets: Sequence[str], verdicts: Sequence[Verdict]
) -> Markdown:
    """Sum the page up.

    Args:
        records: Final runs.
        datasets: Keys of the rows.
        verdicts: Those on the claims of the table.
    """
    sentences = (tally(verdicts), _wins(records, datasets), _second(verdicts))
    return Markdown(" ".join(filter(None, sentences))) if records else nothing()


def _wins(records: Sequence[Record], datasets: Sequence[str]) -> str:
    """On how many sets CAE-2 is ahead of the best net of three layers, ours and the paper's."""
    gaps = []
    for name in datasets:
        evidence = Runs.gather(records, name, STUDY.arm_of)
        best = best_column(evidence, THREE_LAYERS)
        if best is not None:
            gaps.append(evidence.error_difference(best, "cae-2"))
    if not gaps:
        return ""
    ahead = sum(gap.low > 0 for gap in gaps)
    behind = sum(gap.high < 0 for gap in gaps)
    text = (
        f"Two layers of CAE are ahead of the best net of three layers on {ahead or 'none'} of "
        f"{len(gaps)} sets and behind on {behind or 'none'}"
    )
    cells = paper.table2().set_index(["dataset", "model"])["test_error"]
    printed = [name for name in datasets if (name, "cae-2") in cells]
    if printed:
        theirs = sum(
            cells[name, "cae-2"] < min(cells[name, rival] for rival in THREE_LAYERS)
            for name in printed
        )
        text += f"; in the paper they have the smaller error on {theirs}"
    return f"{text}."


def _second(verdicts: Sequence[Verdict]) -> str:
    found = next((v for v in verdicts if v.claim == _SECOND_LAYER and v.counted), None)
    if found is None:
        return ""
    return (
        f"A second layer of CAE lowers the error on {found.agreeing or 'none'} of "
        f"{len(found.counted)} sets."
    )


def _origins(records: Sequence[Record]) -> str:
    """Which sets are the paper's own."""
    origins = {r.settings.dataset: r.provenance.get("data_origin", "") for r in records}
    own = [DATASETS[name] for name, origin in origins.items() if origin == "original"]
    others = len(origins) - len(own)
    if not others:
        return ""
    who = f"Only {together(own)} {'is' if len(own) == 1 else 'are'}" if own else "No set is"
    return (
        f"**The data.** {who} the paper's own; {others} had to be made again, so that a whole row "
        "may lie higher or lower."
    )


def _ratios(records: Sequence[Record]) -> str:
    """Between which factors our errors lie of the paper's: the SVM's and those of CAE-2."""
    cells = paper.table2().set_index(["dataset", "model"])["test_error"]
    parts = []
    for column in (_ANCHOR, "cae-2"):
        ratios = [
            Runs.gather(records, name, STUDY.arm_of).mean_error(column) / cells[name, column]
            for name in dict.fromkeys(r.settings.dataset for r in records)
            if (name, column) in cells
            and any(
                r.settings.dataset == name and STUDY.arm_of(r.settings) == column for r in records
            )
        ]
        if ratios:
            parts.append(
                f"{COLUMNS[column]} makes {min(ratios):.2f} to {max(ratios):.2f} times its mistakes"
            )
    if len(parts) < 2:
        return ""
    return (
        f"**Against the paper** {together(parts)}. The SVM has no pre-training: its range says "
        "what other data and another search can do."
    )
