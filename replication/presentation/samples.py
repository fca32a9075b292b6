"""Pictures of a data set, with what each is."""

import matplotlib.pyplot as plt
from IPython.display import Markdown, display
from matplotlib.figure import Figure

from replication.experiments.pictures import unpack_rows
from replication.experiments.samples import recorded_sample
from replication.presentation.labels import DATASETS


def sample_figure(dataset: str, names: tuple[str, ...] | None = None) -> Figure:
    """Show the first training pictures of a data set, each below its class.

    Args:
        dataset: Key of the data set.
        names: Names of the classes; None shows their numbers.
    """
    found = recorded_sample(dataset)
    pictures = unpack_rows(found["pictures"]).reshape(-1, *found["shape"])
    figure, row = plt.subplots(1, len(pictures), figsize=(8, 1.15), layout="constrained")
    for axes, picture, label in zip(row, pictures, found["labels"], strict=True):
        axes.imshow(picture, cmap="gray", vmin=0, vmax=1)
        axes.set_title(names[label] if names else str(label), fontsize=9)
        axes.set(xticks=[], yticks=[])  # the frame stays, for pictures that are white to the edge
    plt.close(figure)
    return figure


def show_sample(dataset: str, names: tuple[str, ...] | None = None) -> None:
    """Display what `origin_note` says of a data set, and below it `sample_figure`.

    Args:
        dataset: Key of the data set.
        names: Names of the classes; None shows their numbers.
    """
    display(origin_note(dataset), sample_figure(dataset, names))


def origin_note(dataset: str) -> Markdown:
    """Say whether a data set is the original one, how large it is, and which bytes it has.

    Args:
        dataset: Key of the data set.
    """
    found = recorded_sample(dataset)
    sizes = " / ".join(f"{n:,}" for n in found["sizes"])
    return Markdown(
        f"**{DATASETS[dataset]}: {found['origin']}.** {sizes} pictures to train, validate and "
        f"test on; checksum `{found['checksum'][:16]}`."
    )
