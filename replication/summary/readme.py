"""What README.md shows of the results: written by a command, so that no number is typed."""

import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

from replication import paper
from replication.engine.records import Record
from replication.errors import InputError
from replication.places import PACKAGE, root
from replication.presentation.comparison import compare
from replication.presentation.curves import contraction_figure
from replication.presentation.judgement import outcome_text, score
from replication.presentation.labels import DATASETS as NAMES
from replication.presentation.labels import label
from replication.studies.table1.plan import DATASETS, STUDY
from replication.verdicts.statistics import mean_interval
from replication.verdicts.verdict import Verdict
from replication.whole import write_whole

ROOT = PACKAGE.parent
README = ROOT / "README.md"
PICTURE = ROOT / "book" / "static" / "contraction.png"
START, END = "<!-- results: written by python -m replication readme -->\n", "<!-- end -->\n"
_NONE = "–"


def results_block(records: Sequence[Record], verdicts: Sequence[Verdict]) -> str:
    """Write the score, Table 1 and the verdicts on it in Markdown.

    Args:
        records: Final runs.
        verdicts: What `judge` returned for them.
    """
    rows: dict[str, list[str]] = {}
    for dataset in DATASETS:
        runs = [
            r for r in records if r.settings.dataset == dataset and r.experiment == STUDY.experiment
        ]
        for row in compare(runs, dataset).to_dict("records"):
            errors = [r.results["test_error"] for r in runs if r.settings.model == row["model"]]
            ours = _NONE
            if errors:
                mean = mean_interval(np.array(errors))
                ours = f"{mean.value:.2f} ({mean.low:.2f} to {mean.high:.2f})"
            printed = row["paper_test_error"]
            theirs = _NONE if math.isnan(printed) else f"{printed:.2f}"
            rows.setdefault(row["model"], []).extend([theirs, ours])
    of_table = {claim.number for claim in paper.claims() if claim.source == "Table 1"}
    heads = [f"{NAMES[d]}, {whose}" for d in DATASETS for whose in ("paper", "ours")]
    lines = [
        f"{score(verdicts).data} Test error in percent, mean with its 95 % interval over seeds "
        "(the noise of the test set comes on top, and is in the book):",
        "",
        "| model | " + " | ".join(heads) + " |",
        "|---|" + "---|" * len(heads),
        *(f"| {label(model)} | " + " | ".join(cells) + " |" for model, cells in rows.items()),
        "",
        "Claims of the paper on this table: "
        + "; ".join(
            f"{v.claim}. {outcome_text(v.outcome)}" for v in verdicts if v.claim in of_table
        )
        + ". The book has the other claims, and what each comparison rests on.",
    ]
    return "\n".join(lines) + "\n"


def write(
    records: Sequence[Record],
    verdicts: Sequence[Verdict],
    readme: Path | None = None,
    picture: Path | None = None,
) -> None:
    """Replace the results in README.md and, where there are runs on MNIST, its picture.

    Args:
        records: Final runs.
        verdicts: What `judge` returned for them.
        readme: The file; None is the repository's own.
        picture: The file of the picture; None is the repository's own.

    Raises:
        InputError: README.md has lost the marks of the place, or there is no checkout.
    """
    if readme is None:
        root("README.md")
    readme, picture = readme or README, picture or PICTURE
    text = readme.read_text(encoding="utf-8")
    if text.count(START) != 1 or text.count(END) != 1:
        raise InputError(f"{readme} must hold each of {START!r} and {END!r} once")
    before, after = text[: text.index(START)], text[text.index(END) :]
    write_whole(readme, before + START + "\n" + results_block(records, verdicts) + "\n" + after)
    shown = [
        r for r in records if r.settings.dataset == "mnist" and r.experiment == STUDY.experiment
    ]
    figure = contraction_figure(shown, "mnist")
    if isinstance(figure, Figure):
        figure.savefig(picture, dpi=90, metadata={"Software": None})
