"""The committed verdicts are compared with what the records give."""

import json

import pytest

from replication.errors import InputError
from replication.verdicts import published
from replication.verdicts.verdict import Verdict

from .made_up_rules import make_part

VERDICTS = [Verdict(1, (make_part(),)), Verdict(2, (make_part(-2.0),), ("CIFAR-bw",))]


@pytest.fixture
def file(tmp_path):
    """Where these verdicts were written."""
    return published.write(VERDICTS, tmp_path / "verdicts.json")


def test_what_was_written_agrees(file):
    """And another processor's rounding is no difference."""
    assert published.differences(VERDICTS, file) == []
    rounded = [Verdict(1, (make_part(2.0 + 1e-9),)), VERDICTS[1]]
    assert published.differences(rounded, file) == []


@pytest.mark.parametrize(
    ("changed", "where"),
    [
        (Verdict(2, (make_part(-2.02),), ("CIFAR-bw",)), "parts[0].estimate.value"),
        (Verdict(2, (make_part(-2.0, note="new"),), ("CIFAR-bw",)), "parts[0].note"),
        (Verdict(2, (make_part(-2.0),)), "is_final"),
    ],
)
def test_the_first_difference_is_named(file, changed, where):
    """A number, a text, a missing place; and a claim that was not judged before."""
    [line] = published.differences([VERDICTS[0], changed], file)
    assert line.startswith(f"claim 2 differs in {where} (")
    [line] = published.differences([*VERDICTS, Verdict(3, ())], file)
    assert line == "claim 3 has no committed verdict"


def test_a_file_that_is_missing_or_damaged_is_refused(file):
    """With its name."""
    content = json.loads(file.read_text())
    for damaged in ("{", "[1]", json.dumps([{"outcome": content[0]["outcome"]}])):
        file.write_text(damaged)
        with pytest.raises(InputError, match=r"verdicts\.json is damaged"):
            published.differences(VERDICTS, file)
    file.unlink()
    with pytest.raises(InputError, match="no committed verdicts"):
        published.differences(VERDICTS, file)
