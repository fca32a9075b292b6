"""What is written is there whole, or the old file still is."""

import errno
import multiprocessing
import os
import time

import pytest

from replication.engine.measurements import Measurements
from replication.errors import InputError
from replication.whole import write_whole


def test_a_full_disk_leaves_the_old_file(tmp_path, monkeypatch):
    """One sentence, and nothing beside it."""
    path = tmp_path / "some" / "file.json"
    write_whole(path, "old ö\n")

    def full(handle):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(InputError, match="file.json cannot be written: No space left on device"):
        write_whole(path, "new\n")
    assert path.read_bytes() == "old ö\n".encode()
    assert list(path.parent.iterdir()) == [path]


def test_a_folder_in_the_way(tmp_path):
    """What cannot be replaced is said."""
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="cannot be written"):
        write_whole(tmp_path / "file" / "below.json", "x")
    with pytest.raises(InputError, match="cannot be written: Is a directory"):
        write_whole(tmp_path, "x")


def test_what_killed_processes_left_goes(tmp_path):
    """When it is an hour old: somebody may still be writing what is younger."""
    old, young = tmp_path / ".a.unfinished", tmp_path / ".b.unfinished"
    for path in (old, young):
        path.write_text("half")
    os.utime(old, (time.time() - 7200,) * 2)
    write_whole(tmp_path / "file", b"whole")
    assert sorted(path.name for path in tmp_path.iterdir()) == [".b.unfinished", "file"]


def _write_often(path, letter):
    for _ in range(50):
        write_whole(path, letter * 100_000)


def test_two_writers_at_once(tmp_path):
    """The file is always that of one of them."""
    path = tmp_path / "file"
    path.write_text("a" * 100_000)
    writers = [
        multiprocessing.get_context("spawn").Process(target=_write_often, args=(path, c))
        for c in "ab"
    ]
    for writer in writers:
        writer.start()
    while any(writer.is_alive() for writer in writers):
        text = path.read_text()
        assert len(text) == 100_000
        assert len(set(text)) == 1
    assert [writer.exitcode for writer in writers] == [0, 0]
    assert [p.name for p in tmp_path.iterdir()] == ["file"]


def _add(folder, letter):
    for number in range(20):
        Measurements("some", folder=folder).write(f"{letter}{number}", {})


def test_two_that_add_at_once(tmp_path):
    """What each adds to a file is there in the end."""
    writers = [
        multiprocessing.get_context("spawn").Process(target=_add, args=(tmp_path, c)) for c in "ab"
    ]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert len(Measurements("some", folder=tmp_path).read()) == 40
