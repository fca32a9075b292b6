"""The store refuses what is not a record and never leaves a half-written one."""

import dataclasses
import json
import pathlib

import pandas as pd
import pytest

from replication.engine import records
from replication.engine.results import Results
from replication.engine.settings import Settings
from replication.errors import InputError

SETTINGS = Settings(dataset="digits", model="cae", units=(30,))


@pytest.fixture
def path(store):
    """The file of a made-up record."""
    results = {"valid_error": 1.5, "test_error": 2.0}
    record = records.Record("test", SETTINGS, results, {"seconds": {"total": 1.0}})
    return records.write(record)


def test_round_trip(path):
    """What was written is read."""
    record = records.read(path)
    assert record.settings == SETTINGS
    assert isinstance(record.results, Results)
    assert path.name == f"{record.id}.json"
    table = records.table([record])
    assert isinstance(table, pd.DataFrame)
    assert table.loc[0, "test_error"] == 2.0
    assert table.loc[0, "depth"] == 1


def test_every_setting_is_a_column(path):
    """Two runs that differ in anything differ in the full table."""
    one = records.read(path)
    others = [
        dataclasses.replace(one, settings=dataclasses.replace(SETTINGS, **change))
        for change in ({"units": (30, 20)}, {"finetune_patience": 3}, {"backend": "tensorflow"})
    ]
    table = records.full_table([one, *others])
    assert set(field.name for field in dataclasses.fields(Settings)) <= set(table)
    assert list(table["units"]) == ["30", "30 20", "30", "30"]
    assert table["precision"].unique().tolist() == ["float32"]
    assert len(table.drop(columns="id").drop_duplicates()) == 4
    assert records.full_table([]).empty


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda c: c | {"settings": c["settings"] | {"seed": 9}}, "settings hash to"),
        (lambda c: c | {"experiment": "other"}, "says experiment 'other'"),
        (lambda c: c | {"results": None}, "results missing"),
        (lambda c: [c], "missing or of a wrong type"),
    ],
)
def test_altered_record_is_refused(path, damage, message):
    """A record that does not fit its name is refused with a reason."""
    path.write_text(json.dumps(damage(json.loads(path.read_text()))))
    with pytest.raises(InputError, match=message):
        records.read(path)


def test_truncated_record_is_refused(path):
    """A cut file is refused."""
    path.write_text(path.read_text()[:-20])
    with pytest.raises(InputError, match="damaged"):
        records.read(path)


def test_failed_write_leaves_nothing(path):
    """NaN is no result: nothing is written, and the old record stays whole."""
    record = records.read(path)
    bad = records.Record("test", record.settings, {"valid_error": float("nan")}, {})
    with pytest.raises(ValueError, match="Out of range float"):
        records.write(bad)
    assert records.read(path) == record
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("name", ["", "../up", "a b"])
def test_experiment_names(name):
    """An experiment's name cannot lead out of the store."""
    with pytest.raises(InputError, match="letters, digits"):
        records.path_of(name, SETTINGS)


def test_a_folder_that_cannot_be_read_is_not_left_out(path, monkeypatch):
    """`Path.glob` would say nothing of it."""
    iterdir = pathlib.Path.iterdir

    def denied(folder):
        if folder == path.parent:
            raise PermissionError(13, "Permission denied", str(folder))
        return iterdir(folder)

    assert records.experiments() == ["test"]
    assert len(records.read_all()) == 1
    monkeypatch.setattr(pathlib.Path, "iterdir", denied)
    for use in (records.experiments, records.read_all, lambda: records.read_all("test")):
        with pytest.raises(InputError, match="test cannot be read: Permission denied"):
            use()


def test_a_link_to_nothing_is_no_missing_record(path):
    """It would be in the way of the run that it stands for."""
    path.rename(path.with_suffix(".old"))
    path.symlink_to("elsewhere")
    with pytest.raises(InputError, match="damaged: it is a link to nothing"):
        records.missing([SETTINGS], "test")
