"""Open a page's notebook at proof scale, on Binder and on Colab.

Both need the public repository: Binder builds it, and Colab, which has neither our package nor our
records, opens a copy of the notebook that fetches them. These copies lie beside the built pages,
which the repository has on the branch that publishes them.

As a Sphinx extension it adds the two buttons to every page that is a notebook.
"""

from pathlib import Path
from typing import Any

import nbformat
from sphinx.application import Sphinx

from book.repository import public_repository

ROOT = Path(__file__).resolve().parents[1]
COPIES = "_launch"  # folder of the copies for Colab, in the built book
PUBLISHED = "gh-pages"  # branch of the built book
_SETUP = """\
# Colab has neither the package nor the records of this book: fetch both (some minutes).
# If Colab asks to restart its session then, do, and run this cell once more.
import os, subprocess, sys

def fetch(checkout="/content/{name}"):
    if not os.path.exists(checkout):
        clone = ["git", "clone", "--quiet", "https://github.com/{repository}", checkout]
        subprocess.run(clone, check=True)
        install = [sys.executable, "-m", "pip", "install", "--quiet", "-r"]
        subprocess.run([*install, f"{{checkout}}/requirements.lock"], check=True)
    sys.path.insert(0, checkout)
    os.chdir(f"{{checkout}}/notebooks")

# In a function, since a name that is left here would be taken for a parameter of the page.
fetch()"""


def binder_address(repository: str, notebook: str) -> str:
    """Return the address that opens a notebook of the repository on Binder.

    Args:
        repository: "OWNER/NAME" on GitHub.
        notebook: File name of the notebook.
    """
    return f"https://mybinder.org/v2/gh/{repository}/HEAD?urlpath=lab/tree/notebooks/{notebook}"


def colab_address(repository: str, notebook: str) -> str:
    """Return the address that opens a notebook's copy on Colab.

    Args:
        repository: "OWNER/NAME" on GitHub.
        notebook: File name of the notebook.
    """
    place = f"{repository}/blob/{PUBLISHED}/{COPIES}/{notebook}"
    return f"https://colab.research.google.com/github/{place}"


def with_setup(notebook: nbformat.NotebookNode, repository: str) -> nbformat.NotebookNode:
    """Return a copy of a notebook that fetches what it imports before anything else.

    Args:
        notebook: The source notebook; its first cell is the title.
        repository: "OWNER/NAME" on GitHub.
    """
    name = repository.split("/")[1]
    setup = nbformat.v4.new_code_cell(_SETUP.format(name=name, repository=repository), id="setup")
    title, *others = notebook.cells
    return nbformat.from_dict({**notebook, "cells": [title, setup, *others]})


def buttons(repository: str, notebook: str) -> dict[str, Any]:
    """Return the group of buttons of one page, as the theme wants it.

    Args:
        repository: "OWNER/NAME" on GitHub.
        notebook: File name of the notebook, and of the page that was made from it.
    """
    links = (
        ("Binder", "svg", binder_address(repository, notebook)),
        ("Colab", "png", colab_address(repository, notebook)),
    )
    return {
        "type": "group",
        "tooltip": "Run this page at proof scale",
        "icon": "fas fa-rocket",
        "label": "launch-buttons",
        "buttons": [
            {
                "type": "link",
                "text": service,
                "tooltip": f"Run on {service}",
                "icon": f"_static/images/logo_{service.lower()}.{kind}",
                "url": address,
            }
            for service, kind, address in links
        ],
    }


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the extension (Sphinx calls this)."""
    # After the theme has begun its list of buttons.
    app.connect("html-page-context", _add_buttons, priority=502)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _add_buttons(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: object
) -> None:
    repository = public_repository(ROOT)
    page = Path(app.env.doc2path(pagename))
    if repository is None or doctree is None or page.suffix != ".ipynb":
        return
    context["header_buttons"].insert(0, buttons(repository, page.name))
