"""The command line as a user meets it, whatever the verb."""

import errno
import os
import re
import subprocess
import sys

import pytest

from replication.cli import main


@pytest.mark.parametrize(
    "arguments",
    [
        "run --dataset imagenet --model cae",
        "run --dataset digits --model vae",
        "run --dataset digits",
        "run --dataset digits --model cae --contraction -1",
        "run --dataset digits --model cae --contraction nan",
        "run --dataset digits --model dae-b --noise-level 1.5",
        "run --dataset digits --model cae --noise-level 0.5",
        "run --dataset digits --model cae --units 0",
        "run --dataset digits --model cae --units many",
        "run --dataset digits --model cae --train-examples 99999",
        "run --dataset digits --model ae --pretrain-learning-rate 1e38 --units 20",
        "run --dataset digits --model cae --experiment ../up",
        "run --dataset digits --model cae --backend theano",
        "run --dataset digits --model cae --lamda 3",
        "run --dataset digits --model cae --backend JAX",
        "run --dataset digits --model cae --seed 4294967296",
        "run --dataset digits --model cae --seed 4294967 --units 9 9",
        "run --dataset digits --model cae --units 1000000000000",
        "run --dataset digits --model cae --units 99999999999999999999999999 9",
        f"run --dataset digits --model cae --pretrain-epochs {'9' * 40}",
        f"run --dataset digits --model rbm --gibbs-steps {'9' * 40}",
        "run --dataset digits --model cae --contraction 1e39",
        "run --dataset digits --model svm --train-examples 1",
        f"run --dataset digits --model cae --experiment {'x' * 300}",
        "sweep table1 --dry-run --seeds 1000000000",
        "sweep table1 --dry-run --seeds 0",
        "sweep table1 --dry-run --dataset digits",
        "records --experiment ../up",
        "records --experiment unheard-of",
        f"records --experiment {'x' * 300}",
        "verify --experiment ../up",
        "verify --experiment unheard-of",
        "data imagenet",
        "filters svm",
        "arguments digits generated-rectangles --write",
        "verdicts 99",
        "dance",
        "",
    ],
)
def test_bad_input_is_one_sentence_and_status_2(arguments, store, capsys):
    """Bad input prints one line that starts with 'error:', exits with 2 and leaves no record."""
    try:
        status = main(arguments.split())
    except SystemExit as stopped:  # argparse's own way to stop
        status = stopped.code
    captured = capsys.readouterr()
    assert status == 2
    message = [line for line in captured.err.splitlines() if line.startswith("error: ")]
    assert len(message) == 1
    assert "Traceback" not in captured.err
    assert not list(store.rglob("*.json"))


def test_missing_data_is_one_sentence(store, tmp_path, monkeypatch, capsys):
    """Without the original files the command says which file is missing, and where."""
    monkeypatch.setenv("REPLICATION_DATA", str(tmp_path))
    assert main(["run", "--dataset", "mnist", "--model", "cae"]) == 2
    assert "train-images-idx3-ubyte.gz" in capsys.readouterr().err
    assert not list(store.rglob("*.json"))


def test_closed_pipe():
    """A reader that goes away early, as `head` does, is no error."""
    process = subprocess.Popen(
        [sys.executable, "-m", "replication", "records", "--format", "csv"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout.readline().startswith("experiment,")
    process.stdout.close()
    assert process.stderr.read() == ""
    assert process.wait() == 0
    process.stderr.close()


@pytest.mark.parametrize(
    ("raised", "words"),
    [
        (PermissionError(errno.EACCES, "Permission denied", "a-folder"), "a-folder: Permission"),
        (OSError(errno.ENAMETOOLONG, "File name too long"), "File name too long"),
    ],
)
def test_what_the_system_refuses_is_one_sentence(raised, words, monkeypatch, capsys):
    """A folder that may not be read, a name that is too long, wherever it is met."""

    def refused(name):
        raise raised

    monkeypatch.setattr("replication.cli.data.load", refused)
    assert main(["data", "digits"]) == 2
    error = capsys.readouterr().err
    assert error.startswith(f"error: {words}")
    assert error.count("\n") == 1


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no device that is always full")
def test_bytes_that_are_no_text_and_a_full_disk():
    """Both are said in a sentence."""
    for arguments, place, words in (
        ([b"data", b"\xff"], os.devnull, r"error: .*\\udcff"),
        (["records", "--format", "csv"], "/dev/full", "error: No space left"),
    ):
        with open(place, "w") as out:
            done = subprocess.run(
                [sys.executable, "-m", "replication", *arguments],
                stdout=out, stderr=subprocess.PIPE, text=True,
            )  # fmt: skip
        assert done.returncode == 2
        assert re.match(words, done.stderr), done.stderr
        assert done.stderr.count("\n") == 1


def test_interruption_is_one_sentence(monkeypatch, capsys):
    """Ctrl-C ends a command with one sentence, and the status that shells give it."""

    def interrupted(name):
        raise KeyboardInterrupt

    monkeypatch.setattr("replication.cli.data.load", interrupted)
    assert main(["data", "digits"]) == 130
    assert capsys.readouterr().err == "interrupted; nothing unfinished was recorded\n"


@pytest.mark.parametrize("verb", ["records", "verdicts", "sweep table2 --dry-run"])
def test_what_only_reads_is_quick_to_start(verb):
    """Reading needs none of the libraries that train, draw, or take a second to import."""
    code = f"""
import sys
from replication.cli import main
main({verb.split()!r})
heavy = {{"keras", "tensorflow", "jax", "sklearn", "scipy.stats", "matplotlib", "seaborn", "dask"}}
sys.exit(", ".join(sorted(heavy & set(sys.modules))))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stderr.strip() == ""


@pytest.mark.parametrize("verb", ["records", "verdicts", "sweep table2 --dry-run"])
def test_everything_is_utf_8_whatever_the_locale(verb):
    """What is read and what is said, of a process of its own."""
    ascii_only = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    done = subprocess.run(
        [sys.executable, "-m", "replication", *verb.split()],
        capture_output=True,
        env=os.environ | {"PYTHONPATH": "."} | ascii_only,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.decode("utf-8")
