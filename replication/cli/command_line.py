"""Taking a command line apart, and saying in one sentence what is wrong with it."""

import argparse
import errno
import io
import os
import sys
from typing import NoReturn

from replication.cli import (
    arguments,
    chains,
    data,
    dimensions,
    faults,
    filters,
    lambdas,
    readme,
    records,
    run,
    samples,
    speed,
    sweep,
    verdicts,
    verify,
)
from replication.errors import InputError

_VERBS = (
    run,
    records,
    verify,
    sweep,
    verdicts,
    readme,
    dimensions,
    arguments,
    chains,
    faults,
    samples,
    filters,
    lambdas,
    data,
    speed,
)


def main(arguments: list[str] | None = None) -> int:
    """Run one command.

    Args:
        arguments: The command line; None takes the process's own.

    Returns:
        The exit status: 0; 1 if `verify` found something that disagrees, or `speed` could not
        measure something; 2 after bad input, which prints one sentence on standard error; or 130
        after Ctrl-C.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # As all our files, whatever the locale; bytes that are no text are shown as such.
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    options = parser().parse_args(arguments)
    try:
        status = options.command(options)
        sys.stdout.flush()  # here, where a full disk can still be reported
    except InputError as error:
        print(f"error: {' '.join(str(error).split())}", file=sys.stderr)
        return 2
    except ModuleNotFoundError as error:
        if error.name is None or error.name.split(".")[0] == "replication":
            raise
        print(
            f"error: the package {error.name!r} is not installed; of replication's extras jax and "
            "tensorflow are to train with, sweep is for many runs, book for pages and pictures",
            file=sys.stderr,
        )
        return 2
    except KeyboardInterrupt:
        print("interrupted; nothing unfinished was recorded", file=sys.stderr)
        return 130
    except BrokenPipeError:
        _drop_output()  # the reader (head, say) has gone
        return 0
    except OSError as error:
        # A folder that may not be read, a name that is too long, a full disk.
        where = f"{error.filename}: " if error.filename else ""
        print(f"error: {where}{error.strerror or error}", file=sys.stderr)
        if error.errno == errno.ENOSPC:
            _drop_output()
        return 2
    return status or 0


def _drop_output() -> None:
    """Write what is left nowhere: Python would complain again when it flushes at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


class _Parser(argparse.ArgumentParser):
    """Prints what is wrong in one line, as every other error here."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"error: {message}\n")


def parser() -> argparse.ArgumentParser:
    """Build the parser of all verbs."""
    built = _Parser(
        prog="python -m replication",
        description="The command line: `python -m replication VERB`.",
        allow_abbrev=False,
    )
    verbs = built.add_subparsers(required=True, metavar="VERB")
    for verb in _VERBS:
        verb.add(verbs)
    return built
