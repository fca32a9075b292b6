"""Files of small measurements: whole or refused, and never half written."""

import json

import pytest

from replication.engine.measurements import FOLDER, Measurements
from replication.errors import InputError


@pytest.fixture
def recorded(tmp_path):
    """A file of measurements, not there yet, some of which are several runs."""
    return Measurements(
        "heights", needs=("provenance",), runs={"tree": ("height",)}, folder=tmp_path
    )


TREE = {"runs": [{"seed": 0, "height": 3.0}], "provenance": {}}


def test_written_and_read(recorded):
    """Entries come back, in the order of their names; another one replaces its own name's."""
    assert recorded.read() == {}
    assert recorded.get("tree") is None
    recorded.write("tree", TREE)
    recorded.write("house", {"provenance": {}, "height": 4.0})
    assert list(recorded.read()) == ["house", "tree"]
    recorded.write("house", {"provenance": {}, "height": 5.0})
    assert recorded.get("house")["height"] == 5.0
    assert recorded.get("tree") == TREE
    assert list(recorded.path.parent.iterdir()) == [recorded.path]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "damaged"),
        ("[1]", "it holds no table of entries"),
        ('{"house": 1}', "it holds no table of entries"),
        ('{"house": {}}', "house lacks a number or its provenance"),
        ('{"tree": {"provenance": {}}}', "tree lacks a number"),
        ('{"tree": {"runs": [{"seed": 0}], "provenance": {}}}', "tree lacks a number"),
        ('{"tree": {"runs": [{"height": 1}], "provenance": {}}}', "tree lacks a number"),
    ],
)
def test_a_damaged_file_is_named_and_stays(recorded, content, message):
    """One sentence with the file's name, for reading and for writing."""
    recorded.path.write_text(content)
    for attempt in (recorded.read, lambda: recorded.write("tree", TREE)):
        with pytest.raises(InputError, match=message) as raised:
            attempt()
        assert str(recorded.path) in str(raised.value)
        assert "\n" not in str(raised.value)
    assert recorded.path.read_text() == content


def test_the_repository_s_own():
    """Without a folder it is the file that pages name."""
    ours = Measurements("faults", needs=("provenance",))
    assert ours.path == FOLDER / "faults.json"
    assert ours.source == "data/faults.json"
    assert ours.read() == json.loads(ours.path.read_text())
