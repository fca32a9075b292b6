"""A damaged record is named, refused, and never counts as done."""

import json
import os
import re

import pytest

from replication.cli import main
from replication.engine import records
from replication.errors import InputError
from tests.engine.whole_record import MISTAKES, RESULTS, SETTINGS, whole_record


@pytest.fixture
def path(store):
    """The file of a made-up record that is whole."""
    path = records.write(whole_record())
    assert records.read(path).results == RESULTS
    return path


def refused(path, message="record"):
    """Every way to the record says in one sentence which file it is, and why."""
    for use in (
        lambda: records.read(path),
        lambda: records.read_all("test"),
        lambda: records.missing([SETTINGS], "test"),
    ):
        with pytest.raises(InputError, match=message) as raised:
            use()
        assert str(path) in str(raised.value)


def changed(**results):
    """The results with some others."""
    return {**RESULTS, **results}


@pytest.mark.parametrize(
    ("results", "message"),
    [
        (changed(valid_error=100.5), "valid_error must be a finite number from 0 to 100"),
        (changed(valid_error="1.5"), "valid_error must be"),
        (changed(valid_error=True), "valid_error must be"),
        ({}, "must hold one of valid_error, jacobian_mean_square, diverged"),
        ({"diverged": 3}, "diverged must be a reason, and is 3"),
        (changed(jacobian_norm=10**400), "jacobian_norm must be"),
        (changed(saturation=-1e-3), "saturation must be"),
        (changed(jacobian_norm=-2.0), "jacobian_norm must be a finite number of at least 0"),
        (changed(jacobian_mean_square=[0.1]), "jacobian_mean_square must be"),
        (changed(best_epoch=1.5), "best_epoch must be a whole number"),
        (changed(kernel_norm=3.0), "kernel_norm must be a list"),
        (changed(kernel_norm=[]), "kernel_norm must be a list"),
        (changed(kernel_norm=[10**400]), "kernel_norm has an entry that must be"),
        (changed(kernel_norm=[3.0, None]), "kernel_norm has an entry that must be"),
        (changed(curve={"radius": [1.0]}), "curve must have radius, ratio, deviation"),
        (
            changed(curve={"radius": [1.0], "ratio": [1.0, 2.0], "deviation": [0.0]}),
            "curve must have as many",
        ),
        (
            changed(curve={"radius": [1.0], "ratio": [-1.0], "deviation": [0.0]}),
            "curve has ratio, which has an entry",
        ),
        (changed(spectrum=[1.0]), "spectrum must have"),
        (changed(directions={}), "directions must be a list"),
        (changed(directions=[{"example": "AA"}]), "directions must hold examples"),
        (changed(test_mistakes=""), "test_mistakes must be 2 bytes, and is 0"),
        (changed(test_mistakes=MISTAKES[:-4]), "test_mistakes must be 2 bytes"),
        (changed(test_mistakes="no base64!"), "test_mistakes must be base64"),
        (changed(test_mistakes=7), "test_mistakes must be base64"),
        (changed(test_mistakes="gEE="), "test_mistakes must end after 10 bits"),
        (changed(test_error=10.0), "test_error must be the share of test_mistakes, 20"),
        (changed(test_error=None), "test_error must be the share"),
        (changed(test_examples=0), "test_examples must be a whole number"),
        (changed(test_examples=None), "test_mistakes needs test_examples"),
    ],
)
def test_results_that_no_run_has(results, message, path):
    """Numbers of the wrong kind, out of range, of another length, at odds with each other."""
    content = json.loads(path.read_text()) | {"results": results}
    path.write_text(json.dumps(content))
    refused(path, message)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('"valid_error": 1.5', '"valid_error": NaN', "NaN is no number"),
        ('"valid_error": 1.5', '"valid_error": -Infinity', "-Infinity is no number"),
        ('"valid_error": 1.5', '"valid_error": 1e999', "valid_error must be a finite number"),
        ('"units": [\n   30\n  ]', '"units": 30', "damaged"),
        ('"units": [\n   30\n  ]', '"units": "30"', "damaged"),
        ('"seed": 0', '"seed": "0"', "damaged"),
        ('"model": "cae"', '"model": ["cae"]', "damaged"),
        ('"total": 1.0', '"total": "1"', "its seconds have no total"),
        ('"total": 1.0', '"total": true', "its seconds have no total"),
        ('"seconds": {', '"machine": 3, "seconds": {', "its machine has no parts"),
        ('"seconds": {', '"seconds": 3, "others": {', "its seconds have no total"),
    ],
)
def test_text_that_no_run_wrote(old, new, message, path):
    """No numbers, and settings of another kind."""
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))
    refused(path, re.escape(message))


@pytest.mark.parametrize("content", [b"", b"[]", b"null", b"\xff\xfe", b"[" * 100_000, b"{}x"])
def test_no_record_at_all(content, path):
    """Empty, another form, no text, nested without end."""
    path.write_bytes(content)
    refused(path, "is damaged")


@pytest.mark.parametrize("kind", ["directory", "fifo", "loop", "dangling"])
def test_no_file_at_all(kind, path):
    """Nothing that would be waited for, followed in a circle, or taken for a record."""
    path.unlink()
    if kind == "directory":
        path.mkdir()
    elif kind == "fifo":
        os.mkfifo(path)
    else:
        path.symlink_to(path if kind == "loop" else path.with_name("nowhere.json"))
    refused(path)


def test_the_command_line_says_it_in_one_sentence(path, capsys):
    """Whatever reads the store."""
    path.write_text(path.read_text().replace('"valid_error": 1.5', '"valid_error": 150'))
    for arguments in (["records"], ["records", "--format", "csv"], ["verify"]):
        assert main(arguments) == 2
        error = capsys.readouterr().err
        assert error.startswith(f"error: record {path} is damaged: valid_error")
        assert error.count("\n") == 1


def test_a_record_that_is_mended_counts_again(path):
    """What was read before is not kept against the file."""
    whole = path.read_text()
    path.write_text(whole.replace('"saturation": 12.0', '"saturation": 120'))
    refused(path, "saturation")
    path.write_text(whole)
    assert records.missing([SETTINGS], "test") == []
