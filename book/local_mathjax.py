"""Sphinx extension: serve MathJax from an installed package, pinned and hashed like all others."""

import importlib.util
import shutil
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

# What sphinx.ext.mathjax needs of the package's 40 MB: TeX input and its extensions, CHTML output.
_FILES = ("tex-chtml.js", "input/tex/extensions", "output/chtml/fonts")


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the extension (Sphinx calls this).

    The package is a Sphinx extension too, but it would copy all of its files into the book.
    """
    app.connect("builder-inited", _copy)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _copy(app: Sphinx) -> None:
    package = importlib.util.find_spec("sphinx-mathjax-offline")
    if package is None or package.origin is None:
        raise ExtensionError("the package sphinx-mathjax-offline is not installed")
    source = Path(package.origin).parent / "static" / "mathjax"
    target = Path(app.outdir) / "_static" / "mathjax"
    for name in _FILES:
        if (source / name).is_dir():
            shutil.copytree(source / name, target / name, dirs_exist_ok=True)
        else:
            target.mkdir(parents=True, exist_ok=True)
            shutil.copy(source / name, target / name)
