"""Filters of the models of Table 1, trained at full size."""

from IPython.display import Markdown
from matplotlib.figure import Figure

from replication.measures.packing import unpack_rows
from replication.presentation.drawing import canvas
from replication.presentation.labels import DATASETS, ORDER, label
from replication.presentation.notes import measured_note
from replication.presentation.nothing import nothing
from replication.studies.pictures.filters import DATASET, RECORDED
from replication.studies.pictures.pixels import draw_signed

_WHAT = "filters"


def recorded_filters_figure() -> Figure | Markdown:
    """Draw filters of every recorded model, each with its norm; red and blue are opposite signs.

    Every filter is scaled for itself, so that the faint ones can be seen, too.
    """
    found = RECORDED.read()
    models = [model for model in ORDER if model in found]
    if not models:
        return nothing(_WHAT)
    count = len(found[models[0]]["norms"])
    with canvas(
        len(models), count, figsize=(0.9 * count, 1.1 * len(models)), squeeze=False, style=None
    ) as (figure, grid):
        for row, model in zip(grid, models, strict=True):
            entry = found[model]
            pictures = unpack_rows(entry["filters"]).reshape(-1, *entry["shape"])
            for axes, picture, norm in zip(row, pictures, entry["norms"], strict=True):
                draw_signed(axes, picture)
                axes.set_title(f"{norm:.3g}", fontsize=7, pad=2)
            row[0].set_ylabel(label(model), rotation=0, ha="right", va="center")
    return figure


def recorded_filters_note() -> Markdown:
    """Say where the recorded filters come from, and what they cost."""
    found = RECORDED.read()
    what = f"{len(found)} models on {DATASETS[DATASET]}"
    return measured_note(list(found.values()), (f"`{RECORDED.source}`", what))
