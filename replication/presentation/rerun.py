"""The command that does one run again."""

import dataclasses
from collections.abc import Sequence

from IPython.display import Markdown

from replication.engine.costs import on_gpu
from replication.engine.records import Record
from replication.engine.settings import Settings
from replication.presentation.nothing import nothing


def command(settings: Settings, experiment: str) -> str:
    """Write the command line of one run, without settings at their defaults but for the backend.

    Args:
        settings: The run.
        experiment: Name of the experiment that the new record belongs to.
    """
    words = [".venv/bin/python -m replication run"]
    for field in dataclasses.fields(Settings):
        value = getattr(settings, field.name)
        # Without its flag the backend is the one that a reader's shell names.
        if value is None or (value == field.default and field.name != "backend"):
            continue
        flag = field.name.replace("_", "-")
        if isinstance(value, bool):
            words.append(f"--{flag}" if value else f"--no-{flag}")
        elif isinstance(value, tuple):
            words.append(f"--{flag} {' '.join(map(str, value))}")
        else:
            words.append(f"--{flag} {_exactly(value)}")
    words.append(f"--experiment {experiment}")
    return " \\\n    ".join(words)


def duration(seconds: float) -> str:
    """Write how long something takes, in a unit that fits.

    Args:
        seconds: How long it took.
    """
    return f"{seconds / 60:.0f} minutes" if seconds >= 100 else f"{seconds:.0f} seconds"


def from_nothing(table: str, dataset: str, experiments: Sequence[str]) -> str:
    """Write the command that searches and trains all of a data set again, in another clone.

    Where all records are there, a sweep has nothing to do.

    Args:
        table: Name of the sweep.
        dataset: Key of the data set.
        experiments: The experiments whose records the clone has to do without.
    """
    removed = " ".join(f"data/records/{name}/*" for name in experiments)
    return (
        f"git clone . ../again && cd ../again && rm {removed} && "
        f"make sweep TABLE={table} DATASET={dataset}"
    )


def _exactly(value: float | int | str) -> str:
    """The shortest text that is read as the same value."""
    short = f"{value:g}" if isinstance(value, float) else str(value)
    return short if not isinstance(value, float) or float(short) == value else repr(value)


def rerun_note(records: Sequence[Record], model: str, notebook: str | None = None) -> Markdown:
    """Show how to do the first recorded run of a model again, and what it cost.

    Args:
        records: The runs on a page.
        model: Key of the model.
        notebook: Name of a notebook with a proof scale, to be offered as well.
    """
    chosen = next((r for r in records if r.settings.model == model), None)
    if chosen is None:
        return nothing()
    cost = duration(chosen.provenance["seconds"]["total"])
    device = "a GPU" if on_gpu(chosen) else "one core"
    text = (
        f"One of these runs again ({cost} of {device}; the new record belongs to the experiment "
        f"`mine`, and a second call reads it):\n\n```bash\n{command(chosen.settings, 'mine')}\n```"
    )
    if notebook is not None:
        text += (
            "\n\nThis page with small nets on the embedded digits, all trained anew (under a "
            f"minute):\n\n```bash\n.venv/bin/python -m papermill notebooks/{notebook}.ipynb "
            "mine.ipynb \\\n    --cwd notebooks -p scale proof\n```"
        )
    return Markdown(text)
