"""What an hour buys on each machine that runs were made on."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from IPython.display import HTML, Markdown
from matplotlib.figure import Figure

from replication.engine.costs import on_gpu
from replication.engine.records import Record
from replication.presentation.captioned import captioned
from replication.presentation.drawing import canvas
from replication.presentation.nothing import nothing
from replication.studies.table1_v2.plan import CORE, SEARCH

_CORES = 2  # runs were made in two processes side by side, so a core's speed is that beside another


def hour_buys(records: Sequence[Record]) -> pd.DataFrame:
    """Compute how many runs of the core tier's final length fit into an hour.

    The runs are those of a CAE with one layer of the usual width on MNIST, trained by plain descent
    in batches of the usual sizes; medians over records of what an epoch took.

    Args:
        records: Runs of any experiments.

    Returns:
        One row for each machine, slowest first: machine (in words), seconds (of a run; on a GPU,
        its share of those that were trained at once), runs (in an hour).
    """
    found: dict[tuple[str, bool], list[tuple[float, float, float]]] = {}
    for record in records:
        if _counts(record):
            seconds, settings = record.provenance["seconds"], record.settings
            machine = record.provenance["machine"]
            gpu = on_gpu(record)
            name = machine["accelerator"] if gpu else machine["processor"]
            tuned = len(record.results["history"]["finetune_valid_error"])
            found.setdefault((name, gpu), []).append(
                (
                    seconds["pretrain"] / settings.pretrain_epochs,
                    seconds["finetune"] / tuned,
                    seconds["measure"],
                )
            )
    rows = []
    for (name, gpu), costs in found.items():
        pretrain, finetune, measure = np.median(costs, axis=0)
        length = CORE.length
        one = pretrain * length.pretrain_epochs + finetune * length.finetune_epochs + measure
        for cores in (1,) if gpu else (1, _CORES):
            words = name if gpu else f"{'one core' if cores == 1 else f'{cores} cores'} of {name}"
            rows.append({"machine": words, "seconds": one, "runs": cores * 3600 / one})
    columns = ["machine", "seconds", "runs"]
    return pd.DataFrame(rows, columns=columns).sort_values("runs", ignore_index=True)


def hour_drawing(records: Sequence[Record]) -> HTML | Markdown:
    """Show what an hour buys on each machine.

    Args:
        records: Runs of any experiments.
    """
    table = hour_buys(records)
    if table.empty:
        return nothing("runs of a CAE whose cost is known")
    least, most = table.iloc[0], table.iloc[-1]
    return captioned(
        _figure(table),
        "hour",
        f"Runs of a CAE with {CORE.length.pretrain_epochs} + {CORE.length.finetune_epochs} epochs "
        f"in an hour, on a logarithmic axis: {most['machine']} does "
        f"{most['runs'] / least['runs']:.0f} times as many as {least['machine']}.",
        "A bar for each machine: how many runs of a contractive auto-encoder it does in an hour.",
        data=table,
    )


def _counts(record: Record) -> bool:
    settings = record.settings
    usual = {
        "dataset": "mnist",
        "model": "cae",
        "units": (SEARCH.width,),
        "pretrain_optimizer": "sgd",
        "train_examples": None,
        "finetune_examples": None,
        **{name: SEARCH.common[name] for name in ("pretrain_batch_size", "finetune_batch_size")},
    }
    alike = all(getattr(settings, name) == value for name, value in usual.items())
    whole = settings.pretrain_epochs > 0 and settings.finetune_epochs > 0
    return alike and whole and not record.results.diverged


def _figure(table: pd.DataFrame) -> Figure:
    with canvas(figsize=(8, 0.9 + 0.5 * len(table))) as (figure, axes):
        places = range(len(table))
        axes.barh(places, table["runs"], color="#0072B2", height=0.6)
        for place, runs in zip(places, table["runs"], strict=True):
            axes.annotate(
                f"{runs:,.0f}", (runs, place), (4, 0), textcoords="offset points", va="center"
            )
        axes.set_yticks(places, table["machine"])
        axes.set(xscale="log", xlabel="runs in an hour", xlim=(1, 3 * table["runs"].max()))
        axes.grid(visible=False, axis="y")
    return figure
