"""Getting original files: damage, absence, download."""

import dataclasses
import functools
import hashlib
import http.server
import os
import pathlib
import threading
import time

import pooch
import pytest

from replication.datasets import available, cifar, download, photographs
from replication.datasets.files import File, cached, original
from replication.errors import InputError

CONTENT = b"the original bytes"
NAME = "mnist/train-images-idx3-ubyte.gz"
CHECKSUM = hashlib.sha256(CONTENT).hexdigest()
NOWHERE = "http://127.0.0.1:9/none"
FILE = File(NAME, CHECKSUM, (NOWHERE,))


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A data folder that REPLICATION_DATA names."""
    monkeypatch.setenv("REPLICATION_DATA", str(tmp_path))
    (tmp_path / "mnist").mkdir()
    return tmp_path


@pytest.fixture
def cache(tmp_path):
    """A folder for downloads, not there yet."""
    return tmp_path / "cache"


@pytest.fixture
def server(tmp_path, monkeypatch):
    """A web server on loopback that serves the small file; REPLICATION_DATA is not set."""
    served = tmp_path / "served"
    served.mkdir()
    (served / "file").write_bytes(CONTENT)

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *arguments):
            pass

        def do_GET(self):
            if not self.path.startswith("/broken"):
                return super().do_GET()
            self.send_response(200)
            self.send_header("Content-Length", "1000")
            self.end_headers()
            self.wfile.write(b"a part of it")
            self.close_connection = True

    httpd = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(Quiet, directory=str(served))
    )
    threading.Thread(target=httpd.serve_forever, daemon=True).start()
    monkeypatch.delenv("REPLICATION_DATA", raising=False)
    pooch.get_logger().setLevel("ERROR")
    yield f"http://127.0.0.1:{httpd.server_port}"
    httpd.shutdown()
    httpd.server_close()


def test_intact_file_is_found(folder):
    """A file with the right checksum is returned as it is."""
    (folder / NAME).write_bytes(CONTENT)
    found = original([FILE])
    assert (found.path, found.content) == (folder / NAME, CONTENT)
    (folder / NAME).write_bytes(b"replaced after it was checked")
    assert found.file.read() == CONTENT


def test_first_of_several_forms_is_taken(folder):
    """A form that is absent is passed over; a SHA-1 serves, too."""
    absent = File("mnist/absent", CHECKSUM)
    (folder / NAME).write_bytes(CONTENT)
    checksum = f"sha1:{hashlib.sha1(CONTENT).hexdigest()}"
    assert original([absent, File(NAME, checksum), FILE]).path == folder / NAME


@pytest.mark.parametrize("content", [CONTENT[:-1], CONTENT.replace(b"o", b"0"), b""])
def test_damaged_file_is_refused(folder, content):
    """A truncated or altered file gives one sentence with both checksums."""
    (folder / NAME).write_bytes(content)
    with pytest.raises(InputError, match=r"damaged or altered: expected SHA-256 .* Received: "):
        original([FILE])


def test_a_pipe_is_not_waited_for(folder):
    """Nor is anything else that is no file."""
    os.mkfifo(folder / NAME)
    with pytest.raises(InputError, match=f"{NAME} is no file"):
        original([FILE])


def test_missing_file_says_what_to_do(folder):
    """The message names the file, the folder and the remedy; nothing is downloaded."""
    with pytest.raises(InputError, match=rf"has no file {NAME}; copy it there, or unset"):
        original([FILE])


def test_missing_folder_is_named(tmp_path, monkeypatch):
    """A folder that does not exist is named, and makes nothing available."""
    monkeypatch.setenv("REPLICATION_DATA", str(tmp_path / "typo"))
    with pytest.raises(InputError, match=r"must name an existing folder\. Received: .*typo$"):
        original([FILE])
    assert not cached([FILE])


def test_unreadable_file_is_bad_input(folder, monkeypatch):
    """A file that may not be read is named with the reason, without a traceback."""
    (folder / NAME).write_bytes(CONTENT)

    def refuse(path):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(pathlib.Path, "read_bytes", refuse)
    with pytest.raises(InputError, match=rf"{NAME} cannot be read: Permission denied$"):
        original([FILE])


def test_download_once(server, cache):
    """The file is downloaded, checked, and not asked for again."""
    path = original([File(NAME, CHECKSUM, (f"{server}/missing", f"{server}/file"))], cache).path
    assert path == cache / NAME
    assert path.read_bytes() == CONTENT
    assert original([FILE], cache).path == path


def test_wrong_download_leaves_nothing(server, cache):
    """A download with another checksum is refused and does not stay."""
    with pytest.raises(InputError, match="cannot be downloaded"):
        original([File(NAME, "0" * 64, (f"{server}/file",))], cache)
    assert not [p for p in cache.rglob("*") if p.is_file()]


def test_failed_download_is_one_readable_sentence(server, cache):
    """The message names file, folder and variable, and gives one short reason per address."""
    file = File(NAME, "0" * 64, (NOWHERE, f"{server}/missing", f"{server}/file"))
    with pytest.raises(InputError) as caught:
        original([file], cache)
    assert str(caught.value) == (
        f"{NAME} is not in {cache} and cannot be downloaded ("
        f"{NOWHERE}: cannot be reached; {server}/missing: HTTP 404; {server}/file: wrong checksum"
        f"); connect to a network, or set REPLICATION_DATA to a folder that holds {NAME}"
    )


def test_a_download_that_breaks_is_tried_elsewhere(server, cache):
    """What ends too soon counts as any other address that cannot be had."""
    addresses = (f"{server}/broken", f"{server}/file")
    assert original([File(NAME, CHECKSUM, addresses)], cache).path.read_bytes() == CONTENT
    with pytest.raises(InputError, match="/broken: .*cannot be|/broken: the connection"):
        original([File("other", CHECKSUM, (f"{server}/broken",))], cache)


def test_a_server_that_drips_meets_a_deadline(cache, monkeypatch):
    """Each byte comes in time, and the file would take for ever."""
    monkeypatch.delenv("REPLICATION_DATA", raising=False)
    monkeypatch.setattr(download, "_DEADLINE", 0.3)

    class Dripping(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("content-length", "1000000")
            self.end_headers()
            try:
                while True:
                    self.wfile.write(b"x")
                    time.sleep(0.02)
            except OSError:  # nobody listens any more
                return

        def log_message(self, *arguments):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Dripping) as httpd:
        threading.Thread(target=httpd.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{httpd.server_port}/file"
        with pytest.raises(InputError, match=r"file: only \d+ bytes in 0.005 minutes\); connect"):
            original([File(NAME, CHECKSUM, (address,))], cache)
        httpd.shutdown()
    assert not [p for p in cache.rglob("*") if p.is_file()]


def test_each_photograph_has_a_checksum(server, cache):
    """A page that a login answers with is named and does not stay."""
    [first, *_] = photographs.FILES
    assert len({file.checksum for file in photographs.FILES}) == 24
    with pytest.raises(InputError, match=r"kodim01.png is not in .*file: wrong checksum"):
        original([dataclasses.replace(first, addresses=(f"{server}/file",))], cache)
    assert not [p for p in cache.rglob("*") if p.is_file()]


def test_unwritable_cache_is_bad_input(server, cache):
    """Where the cache folder cannot be made, the message says so."""
    cache.write_bytes(b"a file where the folder should be")
    with pytest.raises(InputError, match=r"cannot be downloaded .*(exists|Not a directory)"):
        original([FILE], cache)


def test_damaged_cache_is_named_without_network(server, cache):
    """A damaged file in the cache is named with both checksums when it cannot be replaced."""
    path = cache / NAME
    path.parent.mkdir(parents=True)
    path.write_bytes(b"damaged")
    received = hashlib.sha256(b"damaged").hexdigest()
    with pytest.raises(InputError) as caught:
        original([FILE], cache)
    assert (
        f"{path} is damaged (expected SHA-256 {CHECKSUM}, received {received}) and "
        "cannot be downloaded (" in str(caught.value)
    )


def test_damaged_cache_is_downloaded_again(server, cache):
    """With a network a damaged file in the cache is replaced."""
    path = cache / NAME
    path.parent.mkdir(parents=True)
    path.write_bytes(b"damaged")
    assert original([File(NAME, CHECKSUM, (f"{server}/file",))], cache).path == path
    assert path.read_bytes() == CONTENT


def test_cache_counts_only_what_load_would_use(cache, monkeypatch):
    """Without REPLICATION_DATA a file that has no address does not make a set available."""
    monkeypatch.delenv("REPLICATION_DATA", raising=False)
    (source,) = cifar.SOURCES
    (cache / "cifar10-bw").mkdir(parents=True)
    (cache / "cifar10-bw" / "cifar10-bw.npz").write_bytes(b"")
    assert not source.available(cache)
    (cache / "cifar10-bw" / "cifar-10-python.tar.gz").write_bytes(b"")
    assert source.available(cache)


def test_embedded_sets_are_always_available(folder):
    """The proof scale's data needs neither files nor network; MNIST does."""
    assert available("digits")
    assert available("generated-rectangles")
    assert not available("mnist")
