"""The original archives of Larochelle et al. 2007, and the two forms of the rectangles."""

import dataclasses
import hashlib
import zipfile
from pathlib import Path

import numpy as np
import pytest

from replication.datasets import load
from replication.datasets.archives import ARCHIVES, load_original
from replication.datasets.files import cached
from replication.errors import InputError


def with_checksum(archive, path):
    """The same archive, with the SHA-1 of a file in place of the published one."""
    checksum = f"sha1:{hashlib.sha1(path.read_bytes()).hexdigest()}"
    return dataclasses.replace(archive, file=dataclasses.replace(archive.file, checksum=checksum))


@pytest.mark.slow
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


@pytest.mark.parametrize(
    "archive", [a for a in ARCHIVES if a.name != "rectangles"], ids=lambda archive: archive.name
)
def test_originals_by_their_sha1(archive, tmp_path, monkeypatch):
    """A tiny archive in the place of the real one: split, orientation, checksum, damage."""
    classes = 2 if archive.name.startswith(("rect", "convex")) else 10
    rows = {"train": archive.valid + 3, "test": 2}
    path = tmp_path / archive.file.name
    path.parent.mkdir()
    generator = np.random.default_rng(0)
    content = {}
    with zipfile.ZipFile(path, "w") as file:
        for part, n in rows.items():
            x = generator.integers(0, 2, (n, 784))
            y = np.arange(n) % classes
            content[part] = x
            lines = "\n".join(" ".join(map(str, [*a, b])) for a, b in zip(x, y, strict=True))
            file.writestr(f"some_{part}.amat", lines + "\n")
    monkeypatch.setenv("REPLICATION_DATA", str(tmp_path))
    with pytest.raises(InputError, match="expected SHA-1"):
        load(archive.name)
    tiny = with_checksum(archive, path)
    assert cached(tiny.files)
    data = load_original(tiny)
    assert (len(data.train.y), len(data.valid.y), len(data.test.y)) == (3, 2000, 2)
    first = content["train"][0].reshape(28, 28)
    transposed = archive.name in ("bg-rand-original", "bg-img-original")
    np.testing.assert_array_equal(data.train.x[0].reshape(28, 28), first.T if transposed else first)
    np.testing.assert_array_equal(data.valid.y, np.arange(3, 2003) % classes)
    assert (data.name, data.classes, data.origin) == (archive.name, classes, "original")
    assert data.checksum == hashlib.sha1(path.read_bytes()).hexdigest()


@pytest.mark.parametrize(
    ("members", "row", "message"),
    [
        (("a_train.amat", "b_train.amat", "test.amat"), "0 " * 785, "must hold one train file"),
        (("train.amat", "test.amat"), "0 " * 700, "must have 785 columns"),
    ],
)
def test_an_archive_with_other_files_is_refused(members, row, message, tmp_path, monkeypatch):
    """Two training files, or rows of another length."""
    convex = ARCHIVES[-1]
    path = tmp_path / convex.file.name
    path.parent.mkdir()
    with zipfile.ZipFile(path, "w") as file:
        for member in members:
            file.writestr(member, row + "\n")
    monkeypatch.setenv("REPLICATION_DATA", str(tmp_path))
    with pytest.raises(InputError, match=message):
        load_original(with_checksum(convex, path))
