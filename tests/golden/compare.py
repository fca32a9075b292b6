"""Prove that a refactoring did not change what is published.

`python tests/golden/compare.py BASE` executes the pages of the commit BASE in a temporary clone,
and compares what they show with the pages of this checkout; also the records and verdicts that the
command line prints, and the results in the README. `allowed.toml` lists the differences that are
meant. The exit status is 0 if there are no others, 1 if there are, 2 if nothing could be compared.
"""

import argparse
import json
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from itertools import groupby
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.golden.allowed import Allowed, Result, read_allowed
from tests.golden.checkouts import (
    execute_pages,
    older_than_code,
    output_of,
    pages_of,
    temporary_clone,
)
from tests.golden.differences import (
    CompareError,
    Difference,
    content_differences,
    page_differences,
    read_page,
    read_picture,
    value_differences,
)

ROOT = Path(__file__).resolve().parents[2]
ALLOWED = Path(__file__).with_name("allowed.toml")
RESULTS = re.compile(r"<!-- results:.*?<!-- end -->", re.DOTALL)
SHOWN = 300  # characters of a text in the report
LISTED = 20  # differences of one page in the report


def main(arguments: list[str] | None = None) -> int:
    """Compare, and report.

    Args:
        arguments: The command line; None takes the process's own.

    Returns:
        The exit status.
    """
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0], allow_abbrev=False)
    older = parser.add_mutually_exclusive_group(required=True)
    older.add_argument("base", nargs="?", help="the commit to compare with")
    older.add_argument("--before", type=Path, metavar="FOLDER", help="a checkout of it instead")
    parser.add_argument("--after", type=Path, metavar="FOLDER", help="the newer checkout")
    parser.add_argument("--allowed", type=Path, metavar="FILE", default=ALLOWED)
    options = parser.parse_args(arguments)
    after = (options.after or ROOT).resolve()
    try:
        allowed = read_allowed(options.allowed)
        with _older(options, after) as before:
            # The pages of a checkout that is being worked on may be older than the work.
            execute_pages(after, reuse=options.after is not None)
            execute_pages(before, reuse=True)
            result = Result()
            for comparison in (compare_pages, compare_commands, compare_readme):
                result.merge(comparison(before, after, allowed))
            notes = _notes_of_old_pages(before, after)
    except CompareError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    print("\n".join([*notes, *report(result, allowed)]))
    return 1 if result.failures else 0


def compare_pages(before: Path, after: Path, allowed: Sequence[Allowed]) -> Result:
    """Compare the text cells and the outputs of all executed pages.

    Args:
        before: The older checkout.
        after: The newer checkout.
        allowed: The differences that are meant.

    Raises:
        CompareError: A checkout has no pages, or one of them cannot be read.
    """
    result = Result()
    old_pages, new_pages = pages_of(before), pages_of(after)
    for folder, pages in ((before, old_pages), (after, new_pages)):
        if not pages:
            raise CompareError(f"{folder} has no executed pages")
    for name in sorted(old_pages | new_pages):
        if name not in new_pages:
            result.add(name, "page", [Difference(name, "page is missing", name, "")], allowed)
            continue
        if name not in old_pages:
            result.add(name, "page", [Difference(name, "page is new", "", name)], allowed)
            continue
        old, new = read_page(old_pages[name]), read_page(new_pages[name])
        outputs = sum(item.place.startswith("output") for item in old)
        compared = f"{outputs} outputs and {len(old) - outputs} text cells"
        result.add(name, compared, page_differences(name, old, new), allowed)
    return result


def compare_commands(before: Path, after: Path, allowed: Sequence[Allowed]) -> Result:
    """Compare the records and the verdicts that the command line prints.

    Args:
        before: The older checkout.
        after: The newer checkout.
        allowed: The differences that are meant.

    Raises:
        CompareError: A command failed, or printed no JSON.
    """
    result = Result()
    command = ("-m", "replication", "records", "--format", "csv")
    old, new = (output_of(folder, *command) for folder in (before, after))
    found = content_differences("csv", old, new)
    differences = [Difference("records", *texts) for texts in found]
    result.add("command records", f"{len(old.splitlines())} lines", differences, allowed)
    command = ("-m", "replication", "verdicts", "--format", "json")
    try:
        values = [json.loads(output_of(folder, *command)) for folder in (before, after)]
    except ValueError as error:
        raise CompareError(f"the command verdicts printed no JSON: {error}") from None
    differences = [Difference("verdicts", *texts) for texts in value_differences(*values)]
    result.add("command verdicts", f"{_size(values[0])} values", differences, allowed)
    return result


def compare_readme(before: Path, after: Path, allowed: Sequence[Allowed]) -> Result:
    """Compare the block of results in the README, and the picture above it.

    Args:
        before: The older checkout.
        after: The newer checkout.
        allowed: The differences that are meant.

    Raises:
        CompareError: A checkout has no README, no results in it, or no picture.
    """
    contents: dict[str, list] = {"text/markdown": [], "image/png": []}
    for folder in (before, after):
        try:
            readme = (folder / "README.md").read_text(encoding="utf-8")
            picture = read_picture((folder / "book" / "static" / "contraction.png").read_bytes())
        except OSError as error:
            raise CompareError(f"{error.filename} cannot be read: {error.strerror}") from None
        if not (block := RESULTS.search(readme)):
            raise CompareError(f"{folder / 'README.md'} has no block of results")
        contents["text/markdown"].append(block[0])
        contents["image/png"].append(picture)
    differences = [
        Difference("readme", *texts)
        for kind, sides in contents.items()
        for texts in content_differences(kind, *sides)
    ]
    result = Result()
    result.add("readme", "results and picture", differences, allowed)
    return result


def report(result: Result, allowed: Sequence[Allowed]) -> Iterator[str]:
    """Write the report.

    Args:
        result: What was found.
        allowed: The differences that are meant.

    Yields:
        Its lines.
    """
    yield from result.lines
    for where, group in groupby(result.failures, lambda difference: difference.where):
        differences = list(group)
        for difference in differences[:LISTED]:
            before, after = _excerpts(difference.before, difference.after)
            yield from ("", f"{where}: {difference.place}", f"  - {before}", f"  + {after}")
        if len(differences) > LISTED:
            yield from ("", f"{where}: and {len(differences) - LISTED} more")
    yield ""
    for entry in allowed:
        if count := result.counts[entry]:
            yield f"allowed: {count} x {entry.where}: {entry.why}"
        else:
            yield f"stale entry, which matched nothing: {entry.where}: {entry.why}"
    meant = result.counts.total()
    yield f"differences: {len(result.failures)} not allowed, {meant} allowed"


def _older(options: argparse.Namespace, after: Path) -> AbstractContextManager[Path]:
    if options.before is not None:
        return nullcontext(options.before.resolve())
    return temporary_clone(after, options.base)


def _notes_of_old_pages(*folders: Path) -> list[str]:
    return [
        f"note: the code or data of {folder} is newer than its pages {', '.join(names)}"
        for folder in folders
        if (names := older_than_code(folder))
    ]


def _size(value: Any) -> int:
    """How many texts, numbers and the like a value holds."""
    if isinstance(value, dict):
        value = list(value.values())
    return sum(map(_size, value)) if isinstance(value, list) else 1


def _excerpts(*texts: str) -> list[str]:
    """Short pieces of two texts, from a little before the first character that differs."""
    is_short = max(map(len, texts)) <= SHOWN
    common = next(
        (n for n, (a, b) in enumerate(zip(*texts, strict=False)) if a != b), min(map(len, texts))
    )
    start = 0 if is_short else max(0, common - SHOWN // 5)
    excerpts = []
    for text in texts:
        piece = text[start : start + SHOWN].replace("\n", "\\n").replace("\r", "\\r")
        head, tail = "…" * bool(start), "…" * (len(text) > start + SHOWN)
        excerpts.append(f"{head}{piece}{tail}" if text else "(nothing)")
    return excerpts


if __name__ == "__main__":
    sys.exit(main())
