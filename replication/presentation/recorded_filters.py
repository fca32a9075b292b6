"""Filters of the models of Table 1, trained at full size."""

import matplotlib.pyplot as plt
from IPython.display import Markdown
from matplotlib.figure import Figure

from replication.experiments.filters import DATASET, recorded_filters
from replication.experiments.pictures import unpack_rows
from replication.presentation.labels import DATASETS, ORDER, label

_NOTHING = "*No filters recorded yet.*"


def recorded_filters_figure() -> Figure | Markdown:
    """Draw filters of every recorded model, each with its norm; red and blue are opposite signs.

    Every filter is scaled for itself, so that the faint ones can be seen, too.
    """
    found = recorded_filters()
    models = [model for model in ORDER if model in found]
    if not models:
        return Markdown(_NOTHING)
    count = len(found[models[0]]["norms"])
    figure, grid = plt.subplots(
        len(models), count, figsize=(count, 1.2 * len(models)), layout="constrained", squeeze=False
    )
    for row, model in zip(grid, models, strict=True):
        entry = found[model]
        pictures = unpack_rows(entry["filters"]).reshape(-1, *entry["shape"])
        for axes, picture, norm in zip(row, pictures, entry["norms"], strict=True):
            axes.imshow(picture, cmap="RdBu_r", vmin=-1, vmax=1)
            axes.set_title(f"{norm:.3g}", fontsize=7, pad=2)
            axes.set(xticks=[], yticks=[])
            axes.spines[:].set_visible(False)
        row[0].set_ylabel(label(model), rotation=0, ha="right", va="center")
    plt.close(figure)
    return figure


def recorded_filters_note() -> Markdown:
    """Say where the recorded filters come from, and what they cost."""
    found = recorded_filters()
    if not found:
        return Markdown(_NOTHING)
    sources = [entry["provenance"] for entry in found.values()]

    def each(values: list[str]) -> str:
        return ", ".join(sorted(set(values)))

    return Markdown(
        f"*Provenance: `data/filters.json`; {len(found)} models on {DATASETS[DATASET]}; commit "
        f"{each([s['commit'][:9] for s in sources])}; Keras "
        f"{each([s['versions']['keras'] for s in sources])}; "
        f"{each([s['machine']['processor'] for s in sources])}; "
        f"{each([s['date'][:10] for s in sources])}; cost "
        f"{sum(s['seconds'] for s in sources) / 60:.0f} minutes.*"
    )
