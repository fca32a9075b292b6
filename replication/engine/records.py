"""The store of records: one JSON file per run, written once."""

import dataclasses
import json
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from replication.engine.results import Results
from replication.engine.settings import Settings
from replication.errors import InputError

FOLDER = Path(__file__).parents[2] / "data" / "records"
PARTS = {"id": str, "experiment": str, "settings": dict, "results": dict, "provenance": dict}


@dataclasses.dataclass(frozen=True)
class Record:
    """One finished run.

    Attributes:
        experiment: Name of the experiment, the folder of the record.
        settings: What was run.
        results: What came out; see data/records/README.md for names and units.
        provenance: Commit, versions, machine, seconds, data checksum, date.
    """

    experiment: str
    settings: Settings
    results: Results
    provenance: dict[str, Any]

    def __post_init__(self) -> None:
        object.__setattr__(self, "results", Results(self.results))

    @property
    def id(self) -> str:
        """The settings' hash, the record's file name."""
        return self.settings.id


def path_of(experiment: str, settings: Settings, folder: Path | None = None) -> Path:
    """Return where the record of a run belongs; `folder` replaces the store's own.

    Raises:
        InputError: `experiment` cannot be the name of a folder in the store.
    """
    if not experiment or not all(c.isalnum() or c in "-_" for c in experiment):
        raise InputError(
            "an experiment's name may hold letters, digits, '-' and '_'. "
            f"Received: experiment={experiment!r}"
        )
    return (folder or FOLDER) / experiment / f"{settings.id}.json"


def missing(runs: Sequence[Settings], experiment: str) -> list[Settings]:
    """Return the runs that have no record yet, each once, in their order."""
    return [
        settings for settings in dict.fromkeys(runs) if not path_of(experiment, settings).exists()
    ]


def write(record: Record, folder: Path | None = None) -> Path:
    """Write a record atomically: a reader finds it whole or not at all."""
    path = path_of(record.experiment, record.settings, folder)
    path.parent.mkdir(parents=True, exist_ok=True)
    content = {
        "id": record.id,
        "experiment": record.experiment,
        "settings": record.settings.to_dict(),
        "results": record.results,
        "provenance": record.provenance,
    }
    # allow_nan=False: NaN is no JSON, and no result either.
    text = json.dumps(content, indent=1, allow_nan=False)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".tmp")
    try:
        with os.fdopen(handle, "w") as file:
            file.write(text + "\n")
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise
    return path


def read(path: Path) -> Record:
    """Read one record.

    Raises:
        InputError: The file is missing, is no record, or its settings do not hash to its name.
    """
    try:
        content = json.loads(path.read_text())
    except FileNotFoundError:
        raise InputError(f"there is no record {path}") from None
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"record {path} is damaged: {error}") from None
    wrong = [
        name
        for name, kind in PARTS.items()
        if not isinstance(content, dict) or not isinstance(content.get(name), kind)
    ]
    if wrong:
        raise InputError(f"record {path} is damaged: {', '.join(wrong)} missing or of a wrong type")
    settings = Settings.from_dict(content["settings"])
    if not settings.id == content["id"] == path.stem:
        raise InputError(
            f"record {path} is damaged: its settings hash to {settings.id}, "
            f"it calls itself {content['id']} and its file {path.stem}"
        )
    if content["experiment"] != path.parent.name:
        raise InputError(
            f"record {path} is damaged: it says experiment {content['experiment']!r} "
            f"and lies in {path.parent.name!r}"
        )
    return Record(content["experiment"], settings, content["results"], content["provenance"])


def read_all(experiment: str | None = None, folder: Path | None = None) -> list[Record]:
    """Read the records of one experiment, or all of them, in the order of their file names."""
    return [read(p) for p in sorted((folder or FOLDER).glob(f"{experiment or '*'}/*.json"))]


def table(records: list[Record]) -> pd.DataFrame:
    """Put records in a tidy table, one row each.

    Errors and saturation are percentages, `jacobian_mean_square` is the mean over examples of
    ||J||_F^2 / (d_h d_x), `jacobian_norm` the mean of ||J||_F, `seconds` the whole run's.
    Settings that a model does not have, test errors of trials, and all errors of a training that
    diverged are missing values.
    """
    rows = [
        {
            "experiment": record.experiment,
            "dataset": record.settings.dataset,
            "model": record.settings.model,
            "depth": record.settings.depth,
            "seed": record.settings.seed,
            **{
                name: record.results.get(name)
                for name in (
                    "valid_error",
                    "test_error",
                    "jacobian_mean_square",
                    "jacobian_norm",
                    "saturation",
                )
            },
            "seconds": record.provenance["seconds"]["total"],
            "id": record.id,
        }
        for record in records
    ]
    columns = [
        "experiment",
        "dataset",
        "model",
        "depth",
        "seed",
        "valid_error",
        "test_error",
        "jacobian_mean_square",
        "jacobian_norm",
        "saturation",
        "seconds",
        "id",
    ]
    return pd.DataFrame(rows, columns=columns)
