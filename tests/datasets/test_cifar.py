"""The original archive of CIFAR-10, played by a tiny one."""

import hashlib
import io
import pickle
import tarfile

import numpy as np
import pytest

from replication.datasets.cifar import load_cifar
from replication.datasets.files import File
from replication.errors import InputError

ARCHIVE = "cifar10-bw/cifar-10-python.tar.gz"
BATCHES = [*(f"data_batch_{k}" for k in range(1, 6)), "test_batch"]


@pytest.fixture
def batches():
    """Two random pictures a batch, in the original's layout: planes of red, green and blue."""
    generator = np.random.default_rng(0)
    return {
        name: {
            "data": generator.integers(0, 256, (2, 3 * 32 * 32), dtype=np.uint8),
            "labels": [k, 9 - k],
        }
        for k, name in enumerate(BATCHES)
    }


def install(tmp_path, monkeypatch, members):
    """Put an archive of these members into a data folder, and return it with its checksum."""
    path = tmp_path / ARCHIVE
    path.parent.mkdir()
    with tarfile.open(path, "w:gz") as archive:
        for name, content in members.items():
            member = tarfile.TarInfo(f"cifar-10-batches-py/{name}")
            if content is None:
                member.type = tarfile.DIRTYPE
                archive.addfile(member)
            else:
                member.size = len(content)
                archive.addfile(member, io.BytesIO(content))
    monkeypatch.setenv("REPLICATION_DATA", str(tmp_path))
    return File(ARCHIVE, hashlib.sha256(path.read_bytes()).hexdigest())


def luma(row):
    """Grey values of one flat picture, pixel by pixel in whole numbers."""
    red, green, blue = (row[1024 * k : 1024 * (k + 1)].tolist() for k in range(3))
    return [
        (299 * r + 587 * g + 114 * b + 500) // 1000
        for r, g, b in zip(red, green, blue, strict=True)
    ]


def checksums(batches):
    """SHA-256 of the arrays that the archive has to give."""
    sums = {}
    for part, names in (("train", BATCHES[:5]), ("test", BATCHES[5:])):
        pixels = [value for name in names for row in batches[name]["data"] for value in luma(row)]
        labels = [label for name in names for label in batches[name]["labels"]]
        sums[f"x_{part}"] = hashlib.sha256(bytes(pixels)).hexdigest()
        sums[f"y_{part}"] = hashlib.sha256(bytes(labels)).hexdigest()
    return sums


def test_archive_gives_grey_pictures_in_order(tmp_path, monkeypatch, batches):
    """The batches are read in their order, made grey and cut into the three parts."""
    file = install(tmp_path, monkeypatch, {n: pickle.dumps(b, 2) for n, b in batches.items()})
    data = load_cifar([file], train=7, checksums=checksums(batches))
    assert data.train.y.tolist() == [0, 9, 1, 8, 2, 7, 3]
    assert data.valid.y.tolist() == [6, 4, 5]
    assert data.test.y.tolist() == [5, 4]
    expected = np.array([luma(row) for row in batches["data_batch_4"]["data"]], np.float32) / 255
    np.testing.assert_array_equal(data.train.x[6], expected[0])
    np.testing.assert_array_equal(data.valid.x[0], expected[1])


def test_other_pixels_are_refused(tmp_path, monkeypatch, batches):
    """Pictures that are not those of CIFAR-10 are refused by the name of the array."""
    file = install(tmp_path, monkeypatch, {n: pickle.dumps(b, 2) for n, b in batches.items()})
    with pytest.raises(InputError, match=r"^x_train of .* is not grey CIFAR-10: expected SHA-256"):
        load_cifar([file])


def test_batch_that_is_no_file(tmp_path, monkeypatch):
    """A folder in place of a batch is refused with one sentence."""
    file = install(tmp_path, monkeypatch, {"data_batch_1": None})
    with pytest.raises(InputError, match="data_batch_1 in .* must be a regular file"):
        load_cifar([file])
