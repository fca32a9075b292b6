"""A record is stale when the code behind it has changed, and for no other reason."""

import subprocess

import pytest

from replication.experiments import staleness

BEFORE = '"""About."""\n\n\ndef f(x):\n    """Say."""\n    return x + 1  # why\n'


@pytest.fixture
def commit(tmp_path, monkeypatch):
    """A repository of one commit with one file behind the runs and one that is not."""
    monkeypatch.setattr(staleness, "ROOT", tmp_path)
    staleness.changed_since.cache_clear()
    for name in ("replication/models/net.py", "replication/presentation/show.py"):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_text(BEFORE)

    def git(*arguments):
        command = ["git", "-C", str(tmp_path), "-c", "user.name=a", "-c", "user.email=b@c"]
        done = subprocess.run([*command, *arguments], capture_output=True, text=True, check=True)
        return done.stdout.strip()

    git("init")
    git("add", ".")
    git("commit", "-m", "one")
    yield git("rev-parse", "HEAD")
    staleness.changed_since.cache_clear()


def test_nothing_has_changed(commit):
    """The files are as they were."""
    assert staleness.changed_since(commit) == ()


def test_words_do_not_count(commit, tmp_path):
    """Another docstring, comment or line break leaves a record fresh; so does another room."""
    words = BEFORE.replace("About", "Of").replace("Say", "Tell").replace("  # why", "")
    (tmp_path / "replication/models/net.py").write_text(words)
    (tmp_path / "replication/presentation/show.py").write_text("x = 1\n")
    (tmp_path / "replication/models/new.py").write_text("x = 1\n")
    assert staleness.changed_since(commit) == ()


@pytest.mark.parametrize("text", [BEFORE.replace("x + 1", "x + 2"), None])
def test_code_counts(commit, tmp_path, text):
    """Another number, or no file any more."""
    path = tmp_path / "replication/models/net.py"
    path.write_text(text) if text else path.unlink()
    assert staleness.changed_since(commit) == ("replication/models/net.py",)


def test_a_file_that_was_moved_counts(commit, tmp_path):
    """Under its old name there is no code any more."""
    path = tmp_path / "replication/models/net.py"
    path.rename(path.with_name("other.py"))
    assert staleness.changed_since(commit) == ("replication/models/net.py",)


def test_an_unknown_commit_cannot_be_told(commit):
    """As in a shallow clone, or without git."""
    assert staleness.changed_since("0" * 40) is None
