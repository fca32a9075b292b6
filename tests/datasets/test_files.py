"""Getting original files: damage, absence, download."""

import functools
import hashlib
import http.server
import pathlib
import threading

import pooch
import pytest

from replication.datasets import available, files, load
from replication.errors import InputError

CONTENT = b"the original bytes"
NAME = "mnist/train-images-idx3-ubyte.gz"


@pytest.fixture
def registry(monkeypatch):
    """One small file in place of the real registry."""
    checksum = hashlib.sha256(CONTENT).hexdigest()
    monkeypatch.setattr(files, "REGISTRY", {NAME: (checksum, ("http://127.0.0.1:9/none",))})
    return files.REGISTRY


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A data folder that REPLICATION_DATA names."""
    monkeypatch.setenv("REPLICATION_DATA", str(tmp_path))
    (tmp_path / "mnist").mkdir()
    return tmp_path


@pytest.fixture
def server(tmp_path, monkeypatch):
    """A web server on loopback that serves the small file, and an empty download cache."""
    served = tmp_path / "served"
    served.mkdir()
    (served / "file").write_bytes(CONTENT)

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *arguments):
            pass

    httpd = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(Quiet, directory=str(served))
    )
    threading.Thread(target=httpd.serve_forever, daemon=True).start()
    monkeypatch.delenv("REPLICATION_DATA", raising=False)
    monkeypatch.setattr(files, "_cache_folder", lambda: tmp_path / "cache")
    pooch.get_logger().setLevel("ERROR")
    yield f"http://127.0.0.1:{httpd.server_port}"
    httpd.shutdown()
    httpd.server_close()


def test_intact_file_is_found(registry, folder):
    """A file with the right checksum is returned as it is."""
    (folder / NAME).write_bytes(CONTENT)
    assert files.original([NAME]) == folder / NAME


@pytest.mark.parametrize("content", [CONTENT[:-1], CONTENT.replace(b"o", b"0"), b""])
def test_damaged_file_is_refused(registry, folder, content):
    """A truncated or altered file gives one sentence with both checksums."""
    (folder / NAME).write_bytes(content)
    with pytest.raises(InputError, match=r"damaged or altered: expected SHA-256 .* Received: "):
        files.original([NAME])


def test_missing_file_says_what_to_do(registry, folder):
    """A missing file names itself, the folder and the way out; nothing is downloaded."""
    with pytest.raises(InputError, match=rf"has no file {NAME}; copy it there, or unset"):
        files.original([NAME])


def test_missing_folder_is_named(registry, tmp_path, monkeypatch):
    """A folder that does not exist is said plainly, and makes nothing available."""
    monkeypatch.setenv("REPLICATION_DATA", str(tmp_path / "typo"))
    with pytest.raises(InputError, match=r"must name an existing folder\. Received: .*typo$"):
        files.original([NAME])
    assert not files.cached([NAME])


def test_unreadable_file_is_bad_input(registry, folder, monkeypatch):
    """A file that may not be read is named with the reason, without a traceback."""

    def refuse(path, *arguments):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(pathlib.Path, "open", refuse)
    with pytest.raises(InputError, match=rf"{NAME} cannot be read: Permission denied$"):
        files.original([NAME])


def test_download_once(registry, server):
    """The file is downloaded, checked, and not asked for again."""
    registry[NAME] = (registry[NAME][0], (f"{server}/missing", f"{server}/file"))
    path = files.original([NAME])
    assert path.read_bytes() == CONTENT
    registry[NAME] = (registry[NAME][0], ("http://127.0.0.1:9/none",))
    assert files.original([NAME]) == path


def test_wrong_download_leaves_nothing(registry, server):
    """A download with another checksum is refused and does not stay."""
    registry[NAME] = ("0" * 64, (f"{server}/file",))
    with pytest.raises(InputError, match="cannot be downloaded"):
        files.original([NAME])
    assert not [p for p in files._cache_folder().rglob("*") if p.is_file()]


def test_failed_download_is_one_readable_sentence(registry, server):
    """The message names file, folder and variable, and gives one short reason per address."""
    nowhere = registry[NAME][1][0]
    registry[NAME] = ("0" * 64, (nowhere, f"{server}/missing", f"{server}/file"))
    with pytest.raises(InputError) as caught:
        files.original([NAME])
    assert str(caught.value) == (
        f"{NAME} is not in {files._cache_folder()} and cannot be downloaded ("
        f"{nowhere}: cannot be reached; {server}/missing: HTTP 404; {server}/file: wrong checksum"
        f"); connect to a network, or set REPLICATION_DATA to a folder that holds {NAME}"
    )


def test_unwritable_cache_is_bad_input(registry, server, tmp_path):
    """Where the cache folder cannot be made, the message says so."""
    (tmp_path / "cache").write_bytes(b"a file where the folder should be")
    with pytest.raises(InputError, match=r"cannot be downloaded .*(exists|Not a directory)"):
        files.original([NAME])


def test_damaged_cache_is_named_without_network(registry, server):
    """A damaged file in the cache is named with both checksums when it cannot be replaced."""
    path = files._cache_folder() / NAME
    path.parent.mkdir(parents=True)
    path.write_bytes(b"damaged")
    received = hashlib.sha256(b"damaged").hexdigest()
    with pytest.raises(InputError) as caught:
        files.original([NAME])
    assert (
        f"{path} is damaged (expected SHA-256 {registry[NAME][0]}, received {received}) and "
        "cannot be downloaded (" in str(caught.value)
    )


def test_damaged_cache_is_downloaded_again(registry, server):
    """With a network a damaged file in the cache is replaced."""
    path = files._cache_folder() / NAME
    path.parent.mkdir(parents=True)
    path.write_bytes(b"damaged")
    registry[NAME] = (registry[NAME][0], (f"{server}/file",))
    assert files.original([NAME]) == path
    assert path.read_bytes() == CONTENT


def test_cache_counts_only_what_load_would_use(tmp_path, monkeypatch):
    """Without REPLICATION_DATA a file that has no address does not make a set available."""
    monkeypatch.delenv("REPLICATION_DATA", raising=False)
    monkeypatch.setattr(files, "_cache_folder", lambda: tmp_path)
    (tmp_path / "cifar10-bw").mkdir()
    (tmp_path / "cifar10-bw" / "cifar10-bw.npz").write_bytes(b"")
    assert not available("cifar-bw")
    (tmp_path / "cifar10-bw" / "cifar-10-python.tar.gz").write_bytes(b"")
    assert available("cifar-bw")


def test_embedded_sets_are_always_available(folder):
    """The proof scale's data needs neither files nor network; MNIST does."""
    assert available("digits")
    assert available("generated-rectangles")
    assert not available("mnist")


def test_unknown_name():
    """An unknown data set is refused with the list of the known ones."""
    with pytest.raises(InputError, match="one of mnist, fashion-mnist.*'minst'"):
        load("minst")
