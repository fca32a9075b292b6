"""The comparison of two books finds what differs, and lets pass what is listed."""

import base64
import json
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat import v4

from tests.golden.allowed import read_allowed
from tests.golden.compare import ALLOWED, compare_pages, main
from tests.golden.differences import CompareError, value_differences
from tests.golden.made_up import BUILD, TABLE, page, png, put, put_checkout, shown

SCRIPT = Path(__file__).with_name("compare.py")


@pytest.fixture
def books(tmp_path):
    """Two checkouts with the same content."""
    before, after = tmp_path / "before", tmp_path / "after"
    put_checkout(before)
    shutil.copytree(before, after)
    return before, after


@pytest.fixture
def allow(tmp_path):
    """Write a list of allowed differences, and give its path."""

    def write(**entry):
        lines = [f"{key} = {json.dumps(text)}" for key, text in entry.items()]
        path = tmp_path / "allowed.toml"
        path.write_text("\n".join(["[[allowed]]", *lines]) if entry else "")
        return path

    return write


def compare(books, allowed):
    """Run the script on two checkouts; returns its exit status."""
    before, after = map(str, books)
    return main(["--before", before, "--after", after, "--allowed", str(allowed)])


def found(books):
    """The differences between the pages: place, older and newer text."""
    failures = compare_pages(*books, []).failures
    return [(found.place, found.before, found.after) for found in failures]


def test_equal_books_have_no_differences(books, allow, capsys):
    """Everything is named with how much of it was compared."""
    assert compare(books, allow()) == 0
    assert capsys.readouterr().out.splitlines() == [
        "table1: 3 outputs and 1 text cells equal",
        "command records: 3 lines equal",
        "command verdicts: 4 values equal",
        "readme: results and picture equal",
        "",
        "differences: 0 not allowed, 0 allowed",
    ]


def test_a_cell_of_a_table_is_named(books):
    """The row and the column are told, by number and by what stands there."""
    put(books[1], table=TABLE.replace("1.53", "1.54"))
    assert found(books) == [('output 1, table row 3 ("AE"), column 2 ("Error %")', "1.53", "1.54")]


def test_a_row_that_is_gone_is_one_difference(books):
    """The rows below it still have their counterparts."""
    row = "<tr><td>CAE</td><td>1.56</td></tr>"
    assert row in TABLE
    put(books[1], table=TABLE.replace(f"\n  {row}", ""))
    assert found(books) == [("output 1, table row 2", row, "")]


def test_another_build_of_a_row_is_found(books):
    """What stands around the cells is published, too."""
    put(books[1], table=TABLE.replace("<td>AE", '<td class="x">AE'))
    ((place, _, after),) = found(books)
    assert place == "output 1, table row 3"
    assert 'class="x"' in after


def test_a_pixel_is_found(books):
    """A figure is compared by its pixels, and the largest difference is told."""
    put(books[1], picture=png(3))
    ((place, before, after),) = found(books)
    assert place == "output 2, image/png: largest pixel difference 3 of 255, in 1 of 24 pixels"
    assert before != after


def test_other_bytes_of_the_same_pixels_are_equal(books):
    """The name of a program in the file is not on the page."""
    file = png()
    # A text chunk in front of the last twelve bytes, which end the file.
    chunk = bytes.fromhex("0000000374455874780079b829e7df")
    put(books[1], picture=file[:-12] + chunk + file[-12:])
    assert found(books) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("All is well. It is 1.6 high.", ("It is 1.5 high.", "It is 1.6 high.")),
        ("All is well.\nIt is 1.5 high.", ("All is well. ", "All is well.\n")),
    ],
)
def test_a_sentence_is_found(books, text, expected):
    """Only the sentence that differs is reported; space counts, too."""
    put(books[1], text=text)
    ((place, *texts),) = found(books)
    assert place.startswith("output 3, text/markdown, sentence ")
    assert tuple(texts) == expected


def test_a_text_cell_is_compared(books):
    """The text between the outputs is published, too."""
    changed = page()
    changed.cells[0].source = "# Another"
    nbformat.write(changed, books[1] / "book" / "_pages" / "table1.ipynb")
    expected = ("text cell 1, text/markdown, sentence 1", "# Title", "# Another")
    assert found(books) == [expected]


def test_an_output_on_one_side_is_found(books):
    """It is new or missing; the others still have their counterparts."""
    put(books[1], more=[shown(text__plain="42")])
    assert found(books) == [("output 4 is new", "", "42")]
    assert found(books[::-1]) == [("output 4 is missing", "42", "")]


def test_a_page_on_one_side_is_found(books):
    """A page must neither vanish nor appear."""
    put(books[1], "table2")
    assert found(books) == [("page is new", "", "table2")]
    assert found(books[::-1]) == [("page is missing", "table2", "")]


def test_the_pieces_of_a_stream_and_its_progress_bars_do_not_count(books):
    """Both depend on the time that things took; a message next to a bar counts."""

    def stream(text, name="stdout"):
        return v4.new_output("stream", name=name, text=text)

    def write(checkout, *outputs):
        notebook = v4.new_notebook(cells=[v4.new_code_cell(outputs=list(outputs))])
        nbformat.write(notebook, checkout / "book" / "_pages" / "table1.ipynb")

    bar = stream("\rnets:  50%|█  | 1/2 [00:03<00:04,  3.82s/net]", "stderr")
    write(books[0], stream("one\n"), bar, stream("two\n"))
    write(books[1], stream("one\ntwo\n"))
    assert found(books) == []
    write(books[1], stream("one\ntwo\n"), bar, stream("look out\n", "stderr"))
    assert found(books) == [("output 2 is new", "", "look out")]


def test_a_line_of_a_download_is_found(books):
    """A file in a link is compared line by line, not by its code."""
    for checkout, value in zip(books, ("1.5", "1.6"), strict=True):
        text = base64.b64encode(f"x,y\n1,{value}\n2,3\n".encode()).decode()
        put(checkout, table=f'<a href="data:text/csv;base64,{text}">y</a>')
    assert found(books) == [("output 1, text/html, line 3", "1,1.5", "1,1.6")]


def test_records_verdicts_and_readme_are_compared(books, allow, capsys):
    """What the command line prints, and what a visitor sees first."""
    after = books[1]
    (after / "records.csv").write_text("id,error\na,1.56\nb,1.54\n")
    (after / "verdicts.json").write_text('[{"claim": 1, "value": 0.5, "seeds": [1, 3]}]')
    (after / "README.md").write_text("<!-- results: x -->\n| CAE | 1.57 |\n<!-- end -->\nC")
    (after / "book" / "static" / "contraction.png").write_bytes(png(9))
    assert compare(books, allow()) == 1
    report = capsys.readouterr().out
    assert "records: csv, line 3\n  - b,1.53\n  + b,1.54\n" in report
    assert "verdicts: [0].seeds[1]\n  - 2\n  + 3\n" in report
    assert "readme: text/markdown, sentence 2\n  - | CAE | 1.56 |\n  + | CAE | 1.57 |\n" in report
    assert "readme: image/png: largest pixel difference 9 of 255, in 1 of 24 pixels\n" in report
    assert report.endswith("differences: 4 not allowed, 0 allowed\n")


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (1, 1.0, [("", "1", "1.0")]),
        (float("nan"), float("nan"), []),
        ({"a": None}, {}, [("a", "null", "")]),
        ([1, 2, 3], [1, 3], [("[1]", "2", "")]),
        ({"a": [{"b": "x"}]}, {"a": [{"b": "y"}]}, [("a[0].b", "x", "y")]),
    ],
)
def test_values_are_compared_exactly(before, after, expected):
    """Each value that differs is told with its path."""
    assert list(value_differences(before, after)) == expected


def test_an_allowed_difference_passes_and_is_listed(books, allow, capsys):
    """It counts under its entry; what the entry does not match fails all the same."""
    put(books[1], table=TABLE.replace("Error %", "Error, %"))
    entry = allow(where="table1", before="Error %", after="Error, .", why="A comma.")
    assert compare(books, entry) == 0
    report = capsys.readouterr().out
    assert "allowed: 1 x table1: A comma.\ndifferences: 0 not allowed, 1 allowed\n" in report
    put(books[1], table=TABLE.replace("Error %", "Error, %").replace("1.53", "1.54"))
    assert compare(books, entry) == 1
    assert compare(books, allow(where="table1", before="Error", why="A part only.")) == 1


def test_a_stale_entry_is_reported(books, allow, capsys):
    """An entry that matches nothing should be deleted."""
    assert compare(books, allow(where="table2", after="x", why="Was once.")) == 0
    assert "stale entry, which matched nothing: table2: Was once." in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[[allowed]", "cannot be read"),
        ("[other]", "may hold nothing but entries"),
        ('[[allowed]]\nwhere = "a"', "entry 1: 'why' is missing"),
        ('[[allowed]]\nwhy = "a"', "entry 1: 'where' is missing"),
        ('[[allowed]]\nwhere = "a"\nwhy = "b"\nbefor = "c"', "unknown key 'befor'"),
        ('[[allowed]]\nwhere = "a"\nwhy = "b"\nafter = "("', "'after' is no regular expression"),
        ('[[allowed]]\nwhere = 1\nwhy = "b"', "an entry is a table of texts"),
    ],
)
def test_a_damaged_list_is_refused_in_one_sentence(books, tmp_path, capsys, text, reason):
    """The sentence names the file; nothing is compared."""
    path = tmp_path / "allowed.toml"
    path.write_text(text)
    assert compare(books, path) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.count("\n") == 1
    assert printed.err.startswith("error: allowed.toml")
    assert reason in printed.err


def test_the_list_of_the_repository_can_be_read():
    """The list itself is sound."""
    read_allowed(ALLOWED)


def test_a_damaged_page_is_named(books):
    """Half a file is no page."""
    (books[1] / "book" / "_pages" / "table1.ipynb").write_text('{"cells": [')
    with pytest.raises(CompareError, match=r"the page table1\.ipynb cannot be read"):
        compare_pages(*books, [])


def test_a_folder_that_is_no_checkout_is_refused(books, allow, capsys):
    """Bad input has its own exit status."""
    assert compare((books[0], books[1] / "nowhere"), allow()) == 2
    assert capsys.readouterr().err.endswith("nowhere is no checkout of the book\n")


def test_a_commit_is_executed_in_a_clone(books, allow):
    """The script, called by its path, executes the pages of the commit with that commit's code."""
    after = books[1]
    (after / "book" / "build.py").write_text(BUILD)
    (after / "book" / "_pages").rename(after / "source")
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@example.org"]
    for arguments in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "Start"]):
        subprocess.run([*git, *arguments], cwd=after, check=True)
    (after / "book" / "_pages").mkdir()
    put(after, text="Another.")
    command = [sys.executable, SCRIPT, "--after", after, "--allowed", allow()]
    done = subprocess.run([*command, "HEAD"], capture_output=True, encoding="utf-8")
    assert (done.returncode, done.stderr) == (1, "")
    assert (
        "table1: output 3, text/markdown, sentence 1\n  - All is well.\n  + Another." in done.stdout
    )
    done = subprocess.run([*command, "nonsense"], capture_output=True, encoding="utf-8")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"error: {after} has no commit nonsense\n"
