"""Sphinx extension: the code behind the figures and the records behind the numbers, one click away.

Pages link to these copies, which are there whether or not the repository has a public address.
"""

import shutil
from pathlib import Path

from sphinx.application import Sphinx

from replication.presentation.links import EXPERIMENTS

ROOT = Path(__file__).resolve().parents[1]


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the extension (Sphinx calls this)."""
    app.connect("builder-inited", _copy)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _copy(app: Sphinx) -> None:
    static = Path(app.outdir) / "_static"
    for path in (ROOT / "replication").rglob("*.py"):
        # As text a browser shows it instead of saving it.
        copy = static / "code" / f"{path.relative_to(ROOT)}.txt"
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copy)
    for experiment in EXPERIMENTS:
        for path in sorted((ROOT / "data" / "records" / experiment).glob("*.json")):
            copy = static / "records" / experiment / path.name
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy)
