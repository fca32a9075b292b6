"""What can be trained again with one command, and how long that takes by the records."""

from collections.abc import Mapping, Sequence

from replication.engine import records
from replication.engine.costs import on_gpu, total_seconds
from replication.engine.measurements import Measurements
from replication.engine.records import Record
from replication.engine.verification.kept import VERIFIED
from replication.presentation.rerun import command
from replication.studies.table1.plan import SEARCH, STUDY

_PYTHON = ".venv/bin/python -m"
# Verbs that train or measure small things -> what, and the file that says what it cost.
_MEASURED: Mapping[str, str] = {
    "arguments": "the small nets of the page on what the paper argues",
    "chains": "the CAE and the RBM of Table 1, to draw pictures from them",
    "dimensions": "no net: it measures the dimension of the data sets",
    "faults": "small nets with the known faults of public code",
    "filters": "one encoder of each model, for the pictures of filters",
    "lambdas": "the CAE with several λ, for the same page",
}


def run_costs() -> str:
    """Write as Markdown which commands train what, how long that takes, and one run in full.

    Raises:
        InputError: A record or a file of measurements is damaged.
    """
    finals = [r for r in records.read_all(STUDY.experiment) if not on_gpu(r)]
    small = records.read_all(records.REFERENCE)
    verified = VERIFIED.get(records.REFERENCE)
    trials = records.read_all(SEARCH.experiment)
    rows = [
        (
            "run --dataset digits --model cae --units 100",
            "a small CAE on the embedded digits, and its classifier",
            "some seconds",
        ),
        (
            "papermill notebooks/table1.ipynb mine.ipynb --cwd notebooks -p scale proof",
            "all models of Table 1, small, on the embedded digits, in a copy of the page",
            "under a minute",
        ),
        (
            "verify --fast",
            f"{len(small)} small runs again, and compares; judges every claim again",
            duration(verified["provenance"]["seconds"]) if verified else _sum(small),
        ),
        (
            f"verify --experiment {STUDY.experiment} --count 1",
            f"one of the {len(finals)} final runs of Table 1 again, in full size, and compares",
            _range(finals),
        ),
    ]
    for verb, what in _MEASURED.items():
        seconds = [
            entry["provenance"]["seconds"]
            for entry in Measurements(verb).read().values()
            if "provenance" in entry
        ]
        if seconds:
            rows.append((verb, what, duration(sum(seconds))))
    lines = ["| command | trains | takes, on one core |", "|---|---|---|"]
    lines += [f"| `{_command(words)}` | {what} | {time} |" for words, what, time in rows]
    if finals and trials:
        lines += [
            "",
            f"All of Table 1 took {duration(total_seconds([*finals, *trials]))}: {len(finals)} "
            f"final runs and {len(trials)} trials.",
        ]
    caes = [r for r in finals if r.settings.model == "cae"]
    if caes:
        first = min(caes, key=lambda r: (r.settings.dataset != "mnist", r.settings.seed))
        lines += [
            "",
            "One final run of the CAE in full size, with all settings that are not the usual ones "
            f"({_range([first])}). The new record belongs to the experiment `mine`:",
            "",
            "```bash",
            command(first.settings, "mine"),
            "```",
        ]
    return "\n".join(lines) + "\n"


def duration(seconds: float) -> str:
    """Write a time in the unit that fits it.

    Args:
        seconds: The time.
    """
    for size, unit in ((3600, "hours"), (60, "minutes")):
        if seconds >= 1.5 * size:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} seconds"


def _command(words: str) -> str:
    return f"{_PYTHON} {words if words.startswith('papermill') else f'replication {words}'}"


def _sum(runs: Sequence[Record]) -> str:
    return duration(total_seconds(runs)) if runs else "unknown"


def _range(runs: Sequence[Record]) -> str:
    """From the quickest to the slowest."""
    if not runs:
        return "unknown"
    seconds = [r.provenance["seconds"]["total"] for r in runs]
    least, most = duration(min(seconds)), duration(max(seconds))
    if least == most:
        return most
    number, unit = least.split()
    return f"{number if unit in most else least} to {most}"
