"""Sphinx extension: pages load nothing that they do not need.

The theme brings all of Font Awesome in one script of 1.5 MB, and a page shows a dozen icons. It
loads the search index on every page, for a search that answers while one types; ours answers on a
page of its own.
"""

import re
from pathlib import Path

from sphinx.application import Sphinx

SCRIPT = Path("_static") / "scripts" / "fontawesome.js"
# name:[width,height,[other names],"code","path" or ["paths"]]
_ICON = re.compile(
    r'(?:"([\w-]+)"|\b([a-z]\w*)):\[\d+,\d+,\[([^\]]*)\],"[0-9a-f]*",(?:"[^"]*"|\[[^\]]*\])\],?'
)
_SEARCH = re.compile(
    r'\s*<script src="[^"]*(?:searchtools|language_data|searchindex)\.js[^"]*"></script>'
)
_NAMED = re.compile(r"\bfa-([a-z0-9-]+)")


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the extension (Sphinx calls this)."""
    app.connect("build-finished", _slim_icons)
    app.connect("build-finished", _unload_search)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def slimmed(script: str, names: set[str]) -> str:
    """Leave out the icons that are not named.

    Args:
        script: Font Awesome's script.
        names: Names of icons, without "fa-"; others may be among them.
    """

    def kept(icon: re.Match[str]) -> str:
        other = re.findall(r'"([\w-]+)"', icon[3])
        return icon[0] if names & {icon[1] or icon[2], *other} else ""

    return _ICON.sub(kept, script)


def without_search(page: str) -> str:
    """Take out the scripts of the search.

    Args:
        page: A page's HTML.
    """
    return _SEARCH.sub("", page)


def _slim_icons(app: Sphinx, error: Exception | None) -> None:
    path = Path(app.outdir) / SCRIPT
    if error is not None or app.builder.format != "html" or not path.exists():
        return
    scripts = (file for file in path.parent.glob("*.js") if file != path)
    texts = [*Path(app.outdir).rglob("*.html"), *scripts]
    names = {name for file in texts for name in _NAMED.findall(file.read_text("utf-8"))}
    path.write_text(slimmed(path.read_text("utf-8"), names), "utf-8")


def _unload_search(app: Sphinx, error: Exception | None) -> None:
    if error is not None or app.builder.format != "html":
        return
    for path in Path(app.outdir).rglob("*.html"):
        if path.name != "search.html":
            path.write_text(without_search(path.read_text("utf-8")), "utf-8")
