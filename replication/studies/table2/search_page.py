"""How the runs of Table 2 were chosen, how far they are, and what they cost."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from IPython.display import HTML, Markdown

from replication.engine.costs import on_gpu, total_seconds
from replication.engine.records import Record
from replication.engine.settings import Settings
from replication.presentation.labels import COLUMNS, DATASETS, SETTINGS
from replication.presentation.nothing import nothing
from replication.presentation.rerun import from_nothing
from replication.presentation.tables import listed, wide
from replication.studies.table2.plan import SEARCH, STUDY

_MISSING = "–"
_FEWEST = 3  # values of a grid that has a middle
_RATES = ("pretrain_learning_rate", "finetune_learning_rate")


def table2_grid() -> HTML:
    """Show what each column's search may choose from."""
    rows = []
    for column, title in COLUMNS.items():
        grid = SEARCH.grid("basic", column)
        net = STUDY.arms[column].is_net
        strengths = [
            f"{name.replace('_', ' ')} {listed(s.regularizer[name] for s in grid)}"
            for name in grid[0].regularizer
        ]
        row = {"Column": title, "regulariser": "; ".join(strengths) or "none"}
        for phase in ("pretrain", "finetune"):
            values = listed(getattr(s, f"{phase}_learning_rate") for s in grid)
            name = f"learning rate, {'pre-training' if phase == 'pretrain' else 'fine-tuning'}"
            row[name] = values if net else _MISSING
        for index, this in enumerate(SEARCH.rounds):
            row[this.name] = str(SEARCH.size(index, "basic", column))
        row["final runs"] = str(STUDY.wanted(keys=(column,)))
        rows.append(row)
    return wide(pd.DataFrame(rows))


def table2_lengths() -> HTML:
    """Show how long trials and final runs are; both kinds of epochs are for each layer or net."""
    rows = [
        {
            "Stage": this.name,
            "epochs of pre-training, each layer": str(this.length.pretrain_epochs),
            "epochs of fine-tuning": f"at most {this.length.finetune_epochs}",
            "patience": str(this.length.finetune_patience),
            "seeds": str(SEARCH.seed),
            "sees the test set": "no",
        }
        for this in SEARCH.rounds
    ]
    final = {
        **rows[-1],
        "Stage": "final runs",
        "seeds": f"0 to {STUDY.seeds - 1}",
        "sees the test set": "yes",
    }
    return wide(pd.DataFrame([*rows, final]))


def table2_progress(
    runs: Sequence[Record], trials: Sequence[Record], datasets: Sequence[str]
) -> HTML:
    """Show for each row how many of its trials and final runs have been done.

    Args:
        runs: Final runs.
        trials: Trials.
        datasets: Keys of the rows.
    """
    rounds = range(len(SEARCH.rounds))
    rows = []
    for name in datasets:
        wanted = sum(SEARCH.size(i, name, column) for i in rounds for column in STUDY.arms)
        tried = [r for r in trials if r.settings.dataset == name]
        done = [r for r in runs if r.settings.dataset == name]
        rows.append(
            {
                "Set": DATASETS[name],
                "trials": f"{len(tried)} of {wanted}",
                "final runs": f"{len(done)} of {STUDY.wanted()}",
                "hours so far": _spent([*tried, *done], 3600),
            }
        )
    return wide(pd.DataFrame(rows))


def table2_chosen(
    runs: Sequence[Record], trials: Sequence[Record], datasets: Sequence[str]
) -> HTML | Markdown:
    """Show for each set and column what was chosen, how far the seeds differ, and the cost.

    Args:
        runs: Final runs; sets and columns without any are left out.
        trials: Trials.
        datasets: Keys of the rows.
    """
    rows = []
    for name in datasets:
        for column, title in COLUMNS.items():
            ours = _of(runs, name, column)
            if not ours:
                continue
            tried = _of(trials, name, column)
            s = ours[0].settings
            errors = [r.results["test_error"] for r in ours]
            valid = np.mean([r.results["valid_error"] for r in ours])
            rows.append(
                {
                    "Set": DATASETS[name],
                    "column": title,
                    "regulariser": s.strength or "none",
                    "learning rates": _MISSING
                    if not s.kind.is_net
                    else f"{s.pretrain_learning_rate:g} and {s.finetune_learning_rate:g}",
                    "validation error %": f"{valid:.2f}",
                    "test error %": f"{np.mean(errors):.2f}"
                    + (f" ± {np.std(errors, ddof=1):.2f}" if len(errors) > 1 else ""),
                    "seeds": str(len(ours)),
                    "search, min": _spent(tried, 60),
                    "final, min": _spent(ours, 60),
                }
            )
    if not rows:
        return nothing("final runs")
    return wide(pd.DataFrame(rows), one_line=20)


def table2_again(runs: Sequence[Record], trials: Sequence[Record], dataset: str) -> Markdown | None:
    """Show how to make a whole row again, search included, and what it took.

    Args:
        runs: Final runs.
        trials: Trials.
        dataset: Key of the row.
    """
    took = [r for r in (*runs, *trials) if r.settings.dataset == dataset]
    if not took:
        return None
    command = from_nothing(STUDY.name, dataset, (SEARCH.experiment, STUDY.experiment))
    lines = command.replace(" && ", " && \\\n    ")
    return Markdown(
        f"The row {DATASETS[dataset]} from nothing, its search included, in a clone without these "
        f"records ({_spent(took, 3600)} hours of one process; Ctrl-C stops it, and a second call "
        f"goes on):\n\n```bash\n{lines}\n```"
    )


def table2_edges(runs: Sequence[Record], datasets: Sequence[str]) -> Markdown:
    """Name the choices that lie at an end of their grid: there a wider search might do better.

    Grids of two values, which have nothing but ends, are left out.

    Args:
        runs: Final runs; sets and columns without any are left out.
        datasets: Keys of the rows.
    """
    lines = []
    for name in datasets:
        cells = []
        for column, title in COLUMNS.items():
            ours = _of(runs, name, column)
            ends = _at_an_end(ours[0].settings, SEARCH.grid(name, column)) if ours else []
            if ends:
                cells.append(f"{title} ({', '.join(ends)})")
        if cells:
            lines.append(f"- **{DATASETS[name]}.** {'; '.join(cells)}.")
    return Markdown("\n".join(lines) if lines else "*None of the choices made so far.*")


def _at_an_end(chosen: Settings, grid: Sequence[Settings]) -> list[str]:
    names = {n: n.replace("_", " ") for n in chosen.regularizer}
    if chosen.kind.is_net:
        names |= {n: SETTINGS[n] for n in _RATES}
    ends = []
    for name, words in names.items():
        values = sorted({getattr(s, name) for s in grid})
        value = getattr(chosen, name)
        if len(values) >= _FEWEST and value in (values[0], values[-1]):
            which = "smallest" if value == values[0] else "largest"
            ends.append(f"{words} {value:g}, the {which} of {len(values)}")
    return ends


def _spent(records: Sequence[Record], unit: float) -> str:
    """What runs took, in units of so many seconds, and whether some of it was a GPU's time."""
    mark = " (GPU)" if any(map(on_gpu, records)) else ""
    return f"{total_seconds(records) / unit:.1f}{mark}"


def _of(records: Sequence[Record], dataset: str, column: str) -> list[Record]:
    return [
        r for r in records if r.settings.dataset == dataset and STUDY.arm_of(r.settings) == column
    ]
