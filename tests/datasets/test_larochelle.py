"""The two forms of the original rectangles."""

from pathlib import Path

import numpy as np

from replication.datasets import load


def test_both_forms_are_the_same(original_data, tmp_path, monkeypatch):
    """The published zip and the quick npz give identical parts and one checksum."""
    loaded = []
    for form in ("npz", "zip"):
        folder = tmp_path / form / "larochelle2007"
        folder.mkdir(parents=True)
        name = f"rectangles.{form}"
        (folder / name).symlink_to(Path(original_data).absolute() / "larochelle2007" / name)
        monkeypatch.setenv("REPLICATION_DATA", str(folder.parent))
        loaded.append(load("rectangles"))
    quick, published = loaded
    assert quick.checksum == published.checksum
    for part in ("train", "valid", "test"):
        ours, theirs = getattr(quick, part), getattr(published, part)
        np.testing.assert_array_equal(ours.x, theirs.x)
        np.testing.assert_array_equal(ours.y, theirs.y)
