"""What README.md tells a reader to do works."""

import re
import subprocess
from pathlib import Path

import pytest

from replication.cli import main
from replication.errors import InputError
from replication.experiments.collect import collect_published
from replication.presentation import front
from replication.verdicts.claims import judge

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text()


def test_the_python_example_runs():
    """The example gives one row of 100 features per test image."""
    (example,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    names = {}
    exec(example, names)
    assert names["features"].shape == (len(names["digits"].test.y), 100)


def test_every_make_target_exists():
    """A command that the README names is one that make lists."""
    listed = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True)
    targets = {line.split()[0] for line in listed.stdout.splitlines()}
    assert set(re.findall(r"\bmake ([a-z]+)", README)) <= targets
    assert {"book", "test"} <= targets


def test_the_results_are_those_of_the_records():
    """Nobody typed a number: `python -m replication readme` wrote them all."""
    records = collect_published()
    assert front.results_block(records, judge(records)) in README
    assert front.PICTURE.stat().st_size < 200_000


def test_results_are_replaced_and_nothing_else(tmp_path, monkeypatch, capsys):
    """The text around them stays; without its place the file stays as it is."""
    monkeypatch.setattr(front, "README", tmp_path / "README.md")
    monkeypatch.setattr(front, "PICTURE", tmp_path / "picture.png")
    front.README.write_text(f"before\n{front._START}old\n{front._END}after\n")
    assert main(["readme"]) == 0
    text = front.README.read_text()
    assert text.startswith("before\n")
    assert text.endswith("after\n")
    assert "| CAE | 1.14 |" in text
    assert "old" not in text
    assert front.PICTURE.read_bytes().startswith(b"\x89PNG")
    capsys.readouterr()
    front.README.write_text("no place")
    assert main(["readme"]) == 2
    assert "must hold each of" in capsys.readouterr().err
    assert front.README.read_text() == "no place"
    with pytest.raises(InputError, match="must hold each of"):
        front.write([], [])
