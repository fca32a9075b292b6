"""Tiny checkouts of the book, with pages that nothing has to execute."""

import base64
from io import BytesIO

import nbformat
import numpy as np
from matplotlib.image import imsave
from nbformat import v4

TABLE = """<table>
  <thead>
  <tr><th>Model</th><th>Error %</th></tr>
  </thead>
  <tr><td>CAE</td><td>1.56</td></tr>
  <tr><td>AE</td><td>1.53</td></tr>
</table>"""
# Prints what lies in the checkout that it was imported from.
COMMAND = """
import sys
from pathlib import Path
name = {"records": "records.csv", "verdicts": "verdicts.json"}[sys.argv[1]]
print((Path(__file__).parents[1] / name).read_text(), end="")
"""
# Makes the page that the other pages of these tests are variants of.
BUILD = """
import shutil
shutil.copytree("source", "book/_pages", dirs_exist_ok=True)
"""


def png(change=0):
    """A small picture; its first pixel may be another."""
    pixels = np.full((4, 6, 3), 100, dtype=np.uint8)
    pixels[0, 0, 0] += change
    file = BytesIO()
    imsave(file, pixels, format="png")
    return file.getvalue()


def shown(**contents):
    """An output; "__" stands for the slash in the names of its kinds."""
    data = {kind.replace("__", "/"): content for kind, content in contents.items()}
    return v4.new_output("display_data", data)


def page(table=TABLE, picture=None, text="All is well. It is 1.5 high.", more=()):
    """A page with a text cell, a table, a figure and a sentence."""
    outputs = [
        shown(text__html=table, text__plain="<HTML object>"),
        shown(image__png=base64.b64encode(picture or png()).decode()),
        shown(text__markdown=text),
        *more,
    ]
    cells = [v4.new_markdown_cell("# Title"), *(v4.new_code_cell(outputs=[o]) for o in outputs)]
    return v4.new_notebook(cells=cells)


def put(checkout, name="table1", **changes):
    """Write a page of a checkout."""
    nbformat.write(page(**changes), checkout / "book" / "_pages" / f"{name}.ipynb")


def put_checkout(folder):
    """Write a checkout with one page."""
    for name in ("book/_pages", "book/static", "replication"):
        (folder / name).mkdir(parents=True)
    (folder / "book" / "static" / "contraction.png").write_bytes(png())
    (folder / "README.md").write_text("# A\n<!-- results: x -->\n| CAE | 1.56 |\n<!-- end -->\nB")
    (folder / "replication" / "__init__.py").touch()
    (folder / "replication" / "__main__.py").write_text(COMMAND)
    (folder / "records.csv").write_text("id,error\na,1.56\nb,1.53\n")
    (folder / "verdicts.json").write_text('[{"claim": 1, "value": 0.5, "seeds": [1, 2]}]')
    put(folder)
