"""What search results show of a page: its own description, of a length that they have room for."""

from pathlib import Path

import nbformat
import pytest
import yaml

ROOT = Path(__file__).resolve().parents[1]


def _front_matter(page):
    """The settings at the top of a page that is Markdown; in a notebook they are metadata."""
    if page.suffix == ".ipynb":
        return nbformat.read(page, as_version=4).metadata
    return yaml.safe_load(page.read_text("utf-8").partition("---\n")[2].partition("---\n")[0]) or {}


def _descriptions():
    pages = [*(ROOT / "book").glob("*.md"), *(ROOT / "notebooks").glob("*.ipynb")]
    found = {
        page.stem: _front_matter(page).get("myst", {}).get("html_meta", {}).get("description")
        for page in sorted(pages)
    }
    return {name: text for name, text in found.items() if text is not None}


@pytest.mark.parametrize(("name", "text"), _descriptions().items(), ids=_descriptions())
def test_a_description_fits_and_is_of_one_page_alone(name, text):
    """About two lines; a shorter one says nothing, of a longer one the end is cut off."""
    assert 50 <= len(text) <= 200
    assert [other for other, same in _descriptions().items() if same == text] == [name]


def test_every_page_has_one():
    """They are what readers search for."""
    pages = [*(ROOT / "book").glob("*.md"), *(ROOT / "notebooks").glob("*.ipynb")]
    assert {page.stem for page in pages} - {"references"} <= set(_descriptions())
