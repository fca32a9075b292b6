"""The page on how to re-run names commands that exist, and what they take."""

import re
from pathlib import Path

import pytest

from book.run_costs import duration, run_costs
from replication.cli.command_line import parser

ROOT = Path(__file__).resolve().parents[1]
PAGE = (ROOT / "book" / "rerun.md").read_text("utf-8")


def _commands(text):
    """The words after `python -m replication` in each command, which may have several lines."""
    joined = text.replace("\\\n", " ")
    return [m.split() for m in re.findall(r"python -m replication ([^#`\n]+)", joined)]


@pytest.mark.parametrize(
    "words", _commands(PAGE) + _commands(run_costs()), ids=lambda words: " ".join(words)[:60]
)
def test_every_command_is_understood(words):
    """The verb, its options and their values; nothing is done."""
    if words == ["run", "--help"]:
        return
    assert parser().parse_args(words)


def test_every_setting_that_is_named_exists(capsys):
    """An option that is gone would be looked for in vain."""
    with pytest.raises(SystemExit):
        parser().parse_args(["run", "--help"])
    known = capsys.readouterr().out
    section = PAGE.partition("## Learning rate")[2].partition("\n## ")[0]
    named = set(re.findall(r"`(--[a-z-]+)", section))
    assert len(named) > 5
    assert [flag for flag in named if flag not in known] == []


def test_times_come_from_records(store):
    """The shortest run to the longest, and a unit that fits; without records nothing is claimed."""
    assert "unknown" in run_costs()
    assert "mine`:" not in run_costs()


@pytest.mark.parametrize(
    ("seconds", "said"), [(12, "12 seconds"), (300, "5 minutes"), (7200, "2 hours")]
)
def test_a_time_has_a_fitting_unit(seconds, said):
    """Nobody reads 7200 seconds."""
    assert duration(seconds) == said
