"""What the page says of the tries is what `make chaos` recorded, and it is clean."""

from book.tries import tries_table
from tests.chaos.__main__ import KINDS, RECORDED, main
from tests.chaos.tally import COUNTS, Tally


def test_the_record_holds_every_kind_and_no_failure():
    """At least as many tries as were promised."""
    tries = RECORDED.read()
    assert set(tries) == set(KINDS)
    assert not any(kind[count] for kind in tries.values() for count in COUNTS)
    least = {"wrong command lines": 200, "damaged records and data files": 100}
    assert all(tries[name]["tries"] >= count for name, count in least.items())
    assert tries["wrong parameters of notebooks"]["tries"] >= 50
    assert sum(kind["tries"] for name, kind in tries.items() if name.startswith("kills")) >= 100


def test_the_table():
    """A line for each kind, a column for each count."""
    header, _, *lines = tries_table(RECORDED).split("\n\n")[0].splitlines()
    assert [cell.strip() for cell in header.split("|")[2:-1]] == ["tries", *COUNTS]
    assert [line.split("|")[1].strip() for line in lines] == sorted(KINDS)


def test_a_failure_is_said(monkeypatch, capsys):
    """The counts, what it was, and status 1."""
    tally = Tally(tries=3)
    tally.add("lost", "a record")
    monkeypatch.setitem(KINDS, "kills in writes", lambda: tally)
    monkeypatch.setattr("sys.argv", ["chaos", "kills in writes"])
    assert main() == 1
    said = capsys.readouterr().out
    assert "lost: a record" in said
    assert said.splitlines()[1].split() == [
        *["kills", "in", "writes"],
        "3",
        "0",
        "1",
        "0",
        "0",
        "0",
    ]
