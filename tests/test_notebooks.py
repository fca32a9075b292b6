"""The source notebooks are clean, have parameters, and stand in the book."""

import ast
from pathlib import Path

import nbformat
import pytest
import yaml

from book.build import page_of

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem)
def code_cells(request):
    """The code cells of one notebook."""
    notebook = nbformat.read(request.param, as_version=4)
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def test_no_outputs_are_stored(code_cells):
    """Results come from an execution, never from the repository."""
    assert [cell.source for cell in code_cells if cell.outputs or cell.execution_count] == []


def test_one_cell_of_literal_parameters(code_cells):
    """Papermill can replace what the parameters cell says, and nothing in it needs running."""
    tagged = [cell for cell in code_cells if "parameters" in cell.metadata.get("tags", [])]
    assert len(tagged) == 1
    for node in ast.parse(tagged[0].source).body:
        assert isinstance(node, ast.Assign)
        ast.literal_eval(node.value)


def test_the_parameters_are_checked_next(code_cells):
    """The cell after the parameters refuses wrong ones before anything is computed."""
    tags = [cell.metadata.get("tags", []) for cell in code_cells]
    parameters = next(index for index, tag in enumerate(tags) if "parameters" in tag)
    guard = "".join(code_cells[parameters + 1].source.split())
    assert "check_parameters(globals()," in guard


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_notebook_is_a_page_of_the_book(notebook):
    """Sphinx says nothing of a notebook that the table of contents leaves out."""
    contents = yaml.safe_load((ROOT / "book" / "_toc.yml").read_text())
    assert f"'_pages/{page_of(notebook).path.stem}'" in str(contents)
