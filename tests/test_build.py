"""Notebooks become pages as the book shows them, and a failing one stops the build."""

import re

import nbformat
import pytest

from book import build
from book.built import built_line


def write(path, *cells):
    """Write a notebook whose first cell holds the parameters."""
    made = [nbformat.v4.new_code_cell(source) for source in cells]
    made[0].metadata["tags"] = ["parameters"]
    nbformat.write(nbformat.v4.new_notebook(cells=made), path)
    return path


def test_a_page_shows_the_published_scale_where_the_notebook_declares_it(tmp_path):
    """One cell of parameters, with its comments, and the value that was used."""
    declared = '# Größe: how much to compute.\nscale = "proof"  # or full\nseeds = 3'
    page = tmp_path / "page.ipynb"
    build.execute(
        build.Page(write(tmp_path / "source.ipynb", declared, "print(scale, seeds)"), page)
    )
    cells = nbformat.read(page, as_version=4).cells
    assert [cell.source for cell in cells] == [
        declared.replace('"proof"', '"published"'),
        "print(scale, seeds)",
    ]
    assert cells[1].outputs[0].text == "published 3\n"
    assert build.files_that_name(tmp_path, tmp_path) == []


def test_files_that_name_a_folder_are_found(tmp_path):
    """Of any kind, and however deep."""
    (tmp_path / "below").mkdir()
    (tmp_path / "page.html").write_text("see /somewhere/else")
    (tmp_path / "below" / "data.bin").write_bytes(b"\xff" + bytes(tmp_path) + b"/file")
    assert build.files_that_name(tmp_path, tmp_path) == [tmp_path / "below" / "data.bin"]


def test_a_notebook_without_scales_runs_as_it_is(tmp_path):
    """No parameter is forced on a page that does not have it."""
    page = tmp_path / "page.ipynb"
    source = write(tmp_path / "source.ipynb", "seeds = 3", "print('scale' in globals())")
    build.execute(build.Page(source, page))
    cells = nbformat.read(page, as_version=4).cells
    assert cells[-1].outputs[0].text == "False\n"
    assert len(cells) == 2


def test_a_failing_notebook_is_named_and_leaves_no_page(tmp_path):
    """Neither a half-executed page nor the one of an earlier build stays behind."""
    page = tmp_path / "page.ipynb"
    page.write_text("an earlier page")
    source = write(tmp_path / "source.ipynb", "seeds = 3", "raise ValueError('no such record')")
    with pytest.raises(build.BuildError, match=r"page.ipynb: ValueError: no such record"):
        build.execute(build.Page(source, page))
    assert [path.name for path in tmp_path.iterdir()] == ["source.ipynb"]


def test_a_warning_stops_the_build(tmp_path):
    """A reader must not find a warning in a page, and the author must not miss it."""
    warn = "import warnings\nwarnings.warn('a mean of nothing', RuntimeWarning)"
    page = tmp_path / "page.ipynb"
    with pytest.raises(build.BuildError, match="RuntimeWarning: a mean of nothing"):
        build.execute(build.Page(write(tmp_path / "source.ipynb", "seeds = 3", warn), page))
    assert [path.name for path in tmp_path.iterdir()] == ["source.ipynb"]


def test_a_progress_bar_is_no_warning(tmp_path):
    """Progress on standard error is welcome."""
    bar = "from tqdm.auto import tqdm\nprint(sum(tqdm([1, 2])))"
    page = tmp_path / "page.ipynb"
    build.execute(build.Page(write(tmp_path / "source.ipynb", "seeds = 3", bar), page))
    assert nbformat.read(page, as_version=4)


def test_a_book_says_when_and_from_what_it_was_built(tmp_path, monkeypatch):
    """By continuous integration it leads to the run; without a repository the commit is unknown."""
    for name in ("SERVER_URL", "REPOSITORY", "RUN_ID"):
        monkeypatch.delenv(f"GITHUB_{name}", raising=False)
    line = built_line(tmp_path)
    assert re.fullmatch(
        r"\*Built on somebody's machine on \d{4}-\d\d-\d\d from commit `unknown`\.\*", line
    )
    monkeypatch.setenv("GITHUB_SERVER_URL", "https://github.com")
    monkeypatch.setenv("GITHUB_REPOSITORY", "owner/name")
    monkeypatch.setenv("GITHUB_RUN_ID", "17")
    assert "[continuous integration](https://github.com/owner/name/actions/runs/17)" in built_line(
        build.ROOT
    )
