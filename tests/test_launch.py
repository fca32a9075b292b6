"""The buttons that run a page elsewhere lead to what the repository has."""

import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
import yaml

from book import build, launch
from book.repository import public_repository
from replication.notebooks import check_parameters

ROOT = Path(__file__).resolve().parents[1]
# Found, not imported: what the package needs is not there.
FOUND = "import importlib.util; print(importlib.util.find_spec('replication').origin)"


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """A checkout without a remote, outside any workflow."""
    monkeypatch.delenv("GITHUB_REPOSITORY", raising=False)
    subprocess.run(["git", "init", "--quiet", tmp_path], check=True)
    return tmp_path


@pytest.mark.parametrize(
    ("remote", "expected"),
    [
        ("https://github.com/someone/cae.book.git", "someone/cae.book"),
        ("https://github.com/someone/cae-book/", "someone/cae-book"),
        ("git@github.com:someone/cae-book.git", "someone/cae-book"),
        ("https://example.org/someone/cae-book", None),
        ("/somewhere/on/this/machine", None),
    ],
)
def test_the_repository_is_that_of_the_remote(checkout, remote, expected):
    """Whichever way its address is written; other hosts have no such buttons."""
    subprocess.run(["git", "-C", checkout, "remote", "add", "origin", remote], check=True)
    assert public_repository(checkout) == expected


def test_without_a_remote_there_is_no_repository(checkout):
    """A copy without an address gets no button, rather than a dead one."""
    assert public_repository(checkout) is None


def test_in_a_workflow_the_repository_is_the_workflows(checkout, monkeypatch):
    """A fork's book leads to the fork."""
    monkeypatch.setenv("GITHUB_REPOSITORY", "fork/cae-book")
    assert public_repository(checkout) == "fork/cae-book"


def test_the_buttons_lead_to_files_that_exist():
    """Binder opens the notebook, Colab its copy beside the built pages."""
    group = launch.buttons("someone/cae-book", "table1.ipynb")
    binder, colab = (button["url"] for button in group["buttons"])
    repository, place = binder.removeprefix("https://mybinder.org/v2/gh/").split(
        "/HEAD?urlpath=lab/tree/"
    )
    assert repository == "someone/cae-book"
    assert (ROOT / place).exists()
    assert colab == (
        "https://colab.research.google.com/github/someone/cae-book/blob/gh-pages/"
        "_launch/table1.ipynb"
    )


def test_colab_gets_a_copy_of_every_page_at_proof_scale(tmp_path, monkeypatch):
    """Without outputs, and not the notebook itself."""
    monkeypatch.setattr(build, "HTML", tmp_path)
    source = ROOT / "notebooks" / "table1.ipynb"
    before = source.read_bytes()
    build.write_launch_copies([build.page_of(source)], "someone/cae-book")
    assert source.read_bytes() == before
    copy = nbformat.read(tmp_path / launch.COPIES / "table1.ipynb", as_version=4)
    nbformat.validate(copy)
    code = [cell for cell in copy.cells if cell.cell_type == "code"]
    assert 'scale = "proof"' in code[1].source
    assert not any(cell.outputs for cell in code)


def test_the_first_cell_of_a_copy_makes_the_package_importable(tmp_path):
    """It is run here with a checkout that has been fetched already."""
    notebook = nbformat.read(ROOT / "notebooks" / "use.ipynb", as_version=4)
    title, setup, *_ = launch.with_setup(notebook, "someone/cae-book").cells
    assert title.source.startswith("# ")
    code = setup.source.replace("/content/cae-book", str(ROOT))
    code += f"\nprint(os.getcwd())\n{FOUND}"
    # Isolated and without site: the environment's own way to the checkout is not there.
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", code], cwd=tmp_path, capture_output=True, text=True
    )
    assert done.stdout.splitlines() == [
        str(ROOT / "notebooks"),
        str(ROOT / "replication" / "__init__.py"),
    ]


def test_the_first_cell_of_a_copy_leaves_no_parameter(monkeypatch):
    """The guard of the page, which comes after it, would refuse an unknown one."""
    notebook = nbformat.read(ROOT / "notebooks" / "table1.ipynb", as_version=4)
    setup = launch.with_setup(notebook, "someone/cae-book").cells[1].source
    monkeypatch.chdir(ROOT)
    monkeypatch.setattr(sys, "path", list(sys.path))
    namespace = {"In": ["", setup, "scale = 'proof'", "check_parameters()"]}
    exec(setup.replace("/content/cae-book", str(ROOT)), namespace)
    namespace["scale"] = "proof"
    check_parameters(namespace, scale=("proof", "published"))


def test_the_copies_are_published_on_the_branch_that_colab_opens():
    """The workflow's branch is the action's default, and the page says so."""
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "book.yml").read_text())
    step = workflow["jobs"]["publish"]["steps"][-1]
    assert step["uses"].startswith("peaceiris/actions-gh-pages@")
    assert step["with"]["publish_dir"] == "book/_build/html"
    assert step["with"].get("publish_branch", "gh-pages") == launch.PUBLISHED


def test_binder_installs_the_lock(tmp_path):
    """Its folder must not be a second list of versions, and makes the checkout importable."""
    folder = ROOT / ".binder"
    assert (folder / "requirements.txt").read_text() == "-r ../requirements.lock\n"
    python = (folder / "runtime.txt").read_text().strip().removeprefix("python-")
    environment = yaml.safe_load((ROOT / "environment.yml").read_text())
    assert environment["dependencies"][0] == f"python={python}"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", tmp_path / "env"], check=True)
    path = {"PATH": f"{tmp_path / 'env' / 'bin'}:/usr/bin:/bin"}
    subprocess.run([folder / "postBuild"], cwd=ROOT, env=path, check=True)
    asked = [tmp_path / "env" / "bin" / "python", "-c", FOUND]
    done = subprocess.run(asked, cwd=tmp_path, env=path, capture_output=True, text=True)
    assert done.stdout == f"{ROOT / 'replication' / '__init__.py'}\n"
