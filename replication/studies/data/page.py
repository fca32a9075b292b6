"""What a data set is: its first pictures, its origin, its intrinsic dimension."""

from collections.abc import Sequence

from IPython.display import HTML, Markdown
from matplotlib.figure import Figure

from replication.engine.measurements import Measurements
from replication.measures.packing import unpack_rows
from replication.presentation.captioned import captioned
from replication.presentation.drawing import canvas
from replication.presentation.labels import DATASETS
from replication.presentation.notes import measured_note
from replication.presentation.nothing import nothing
from replication.studies.data.dimensions import RECORDED
from replication.studies.data.samples import recorded_sample

_ORIGINS = {"regenerated": "made again"}


def sample_figure(dataset: str, names: tuple[str, ...] | None = None) -> Figure:
    """Show the first training pictures of a data set, each below its class.

    Args:
        dataset: Key of the data set.
        names: Names of the classes; None shows their numbers.
    """
    found = recorded_sample(dataset)
    pictures = unpack_rows(found["pictures"]).reshape(-1, *found["shape"])
    with canvas(1, len(pictures), figsize=(8, 1.15), style=None) as (figure, row):
        for axes, picture, label in zip(row, pictures, found["labels"], strict=True):
            axes.imshow(picture, cmap="gray", vmin=0, vmax=1)
            axes.set_title(names[label] if names else str(label), fontsize=9)
            # The frame stays, for pictures that are white to the edge.
            axes.set(xticks=[], yticks=[])
    return figure


def show_sample(dataset: str, names: tuple[str, ...] | None = None) -> HTML | Markdown:
    """Show `sample_figure` with what `origin_text` says of the data set below it.

    Args:
        dataset: Key of the data set.
        names: Names of the classes; None shows their numbers.
    """
    labels = recorded_sample(dataset)["labels"]
    classes = ", ".join(names[label] if names else str(label) for label in labels)
    return captioned(
        sample_figure(dataset, names),
        f"sample-{dataset}",
        origin_text(dataset),
        f"The first {len(labels)} training pictures of {DATASETS[dataset]}, each below its class: "
        f"{classes}.",
        readable=False,
    )


def origin_text(dataset: str) -> str:
    """Say whether a data set is the original one, how large it is, and which bytes it has.

    Args:
        dataset: Key of the data set.
    """
    found = recorded_sample(dataset)
    origin = _ORIGINS.get(found["origin"], found["origin"])
    train, valid, test = (f"{n:,}" for n in found["sizes"])
    return (
        f"{DATASETS[dataset]}: {origin}. {train} pictures to train on, {valid} to validate, {test} "
        f"to test. Checksum {found['checksum'][:16]}."
    )


def origins_in_short(datasets: Sequence[str]) -> Markdown:
    """Count the sets of which we have the original files, and those that were made again.

    Args:
        datasets: Keys of the data sets.
    """
    origins = [recorded_sample(name)["origin"] for name in datasets]
    original = [
        DATASETS[name]
        for name, origin in zip(datasets, origins, strict=True)
        if origin == "original"
    ]
    return Markdown(
        f"**{len(original)} of {len(datasets)} sets "
        f"{'is' if len(original) == 1 else 'are'} original"
        + (f" ({', '.join(original)})" if original else "")
        + f"; {origins.count('regenerated')} were made again by the published recipes.**"
    )


def dimension_note(dataset: str, recorded: Measurements = RECORDED) -> Markdown:
    """Say what the intrinsic dimension of a data set is, and where the number comes from.

    Args:
        dataset: Key of the data set.
        recorded: What was recorded.
    """
    found = recorded.get(dataset)
    if found is None:
        return nothing("measurements of the data's dimension")
    origin = measured_note(
        [found],
        (f"`{recorded.source}`", f"{found['examples']} validation examples"),
        package="scikit-learn",
        cost="{seconds:.0f} seconds",
    )
    return Markdown(
        f"On {DATASETS[dataset]} it is {found['estimate']:.1f}, from {found['smallest']:.1f} to "
        f"{found['largest']:.1f} by the number of neighbours.\n\n{origin.data}"
    )
