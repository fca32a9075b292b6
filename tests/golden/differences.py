"""What differs between two executed books, piece by piece: cells, sentences, lines, figures."""

import base64
import hashlib
import json
import re
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from io import BytesIO
from itertools import groupby, zip_longest
from pathlib import Path
from typing import Any, TypeVar

import nbformat
import numpy as np
from matplotlib.image import imread

T = TypeVar("T")
CELL = re.compile(r"(<t[dh]\b[^>]*>)(.*?)(?=</t[dh]>)", re.DOTALL)
# A row has the space in front of it, so that nothing but the row differs when it is left out.
ROW_ENDS = re.compile(r"(?<=</tr>)|(?<!\s)(?=\s*<tr\b)")
DOWNLOAD = re.compile(r"data:text/csv;base64,([A-Za-z0-9+/=]+)")
# A bar of tqdm, up to its times in brackets.
PROGRESS = re.compile(r"\r?[^\r\n]*?\d+(?:%\|[^\r\n]*?|\w+ )\[\d+:\d\d[^\]\r\n]*\]")


class CompareError(Exception):
    """The books cannot be compared; the message says why."""


@dataclass(frozen=True)
class Difference:
    """Two texts that should be the same; one is empty where the other has no counterpart.

    Attributes:
        where: The page, or "records", "verdicts" or "readme".
        place: Where in it.
        before: The older text.
        after: The newer text.
    """

    where: str
    place: str
    before: str
    after: str


@dataclass(frozen=True)
class Picture:
    """A picture, which is another one when any of its pixels is."""

    name: str
    pixels: np.ndarray = field(compare=False, repr=False)


@dataclass(frozen=True)
class Item:
    """A text cell or an output of a page.

    Attributes:
        place: What it is called in a report.
        contents: Its representations, each with the name of its kind.
    """

    place: str
    contents: tuple[tuple[str, str | Picture], ...]


def read_picture(data: bytes) -> Picture:
    """Decode a PNG file; it is named by its size and by a checksum of its pixels.

    Args:
        data: The file.

    Raises:
        CompareError: This is no PNG file.
    """
    try:
        pixels = imread(BytesIO(data), format="png")
    except (OSError, SyntaxError, ValueError):
        raise CompareError("a picture is no PNG file that can be read") from None
    checksum = hashlib.sha256(repr(pixels.shape).encode() + pixels.tobytes()).hexdigest()[:16]
    return Picture(f"picture {pixels.shape[1]}x{pixels.shape[0]} {checksum}", pixels)


def read_page(path: Path) -> list[Item]:
    """Read what a page shows: its text cells and outputs, in order.

    Args:
        path: The executed notebook.

    Raises:
        CompareError: It cannot be read; names the page.
    """
    try:
        cells = nbformat.read(path, as_version=4).cells
        shown: list[tuple[str, tuple]] = []
        for cell in cells:
            if cell.cell_type == "markdown":
                shown.append(("text cell", (("text/markdown", cell.source),)))
            shown += [("output", contents) for contents in _outputs(cell.get("outputs", []))]
    except (CompareError, OSError, ValueError, KeyError, AttributeError) as error:
        reason = str(error).strip().partition("\n")[0]
        raise CompareError(f"the page {path.name} cannot be read: {reason}") from None
    counts = {"text cell": 0, "output": 0}
    items = []
    for kind, contents in shown:
        counts[kind] += 1
        items.append(Item(f"{kind} {counts[kind]}", contents))
    return items


def page_differences(page: str, before: list[Item], after: list[Item]) -> Iterator[Difference]:
    """Compare what two executions of a page show.

    Args:
        page: Its name.
        before: The older items.
        after: The newer items.
    """
    for _, old, new in pairs(before, after, lambda item: item.contents):
        if new is None:
            yield Difference(page, f"{old.place} is missing", _whole(old), "")
            continue
        if old is None:
            yield Difference(page, f"{new.place} is new", "", _whole(new))
            continue
        olds, news = dict(old.contents), dict(new.contents)
        for kind in olds | news:
            for part, *texts in content_differences(kind, olds.get(kind, ""), news.get(kind, "")):
                yield Difference(page, f"{old.place}, {part}", *texts)


def content_differences(
    kind: str, before: str | Picture, after: str | Picture
) -> Iterator[tuple[str, str, str]]:
    """Compare two contents of one kind.

    Args:
        kind: Their MIME type, or the name of a stream.
        before: The older content, empty where there is none.
        after: The newer content, empty where there is none.

    Yields:
        The place of each difference, with the older and the newer text.
    """
    if before == after:
        return
    if isinstance(before, Picture) and isinstance(after, Picture):
        yield f"{kind}: {_distance(before.pixels, after.pixels)}", before.name, after.name
    elif isinstance(before, Picture) or isinstance(after, Picture) or not (before and after):
        yield kind, _text(before), _text(after)
    elif kind == "text/html" and "<table" in before:
        yield from _table_differences(before, after)
    else:
        is_prose = kind == "text/markdown"
        splits = r"(?<=[.!?]\s)|(?<=\n)" if is_prose else r"(?<=\n)"
        for number, old, new in pairs(re.split(splits, before), re.split(splits, after)):
            place = f"{kind}, {'sentence' if is_prose else 'line'} {number + 1}"
            yield place, *_tidy(old or "", new or "")


def value_differences(before: Any, after: Any) -> Iterator[tuple[str, str, str]]:
    """Compare two values from JSON; a number has to be exactly the same.

    Args:
        before: The older value.
        after: The newer value.

    Yields:
        The path to each value that differs, with its older and newer text.
    """
    yield from _value_differences("", (before,), (after,))


def pairs(
    before: Sequence[T], after: Sequence[T], key: Callable[[T], Hashable] = lambda item: item
) -> Iterator[tuple[int, T | None, T | None]]:
    """Find what differs in two sequences.

    Args:
        before: The older items; none of them is None.
        after: The newer items.
        key: What makes two items equal.

    Yields:
        The number of an older item (or of a newer one without counterpart), and the two items;
        None on the side that has none.
    """
    keys = [key(item) for item in before], [key(item) for item in after]
    for tag, start, end, first, last in SequenceMatcher(None, *keys, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        both = zip_longest(before[start:end], after[first:last])
        for offset, (old, new) in enumerate(both):
            yield (first if old is None else start) + offset, old, new


def _outputs(outputs: Sequence[nbformat.NotebookNode]) -> Iterator[tuple]:
    """The contents of a cell's outputs; how a stream is cut into pieces depends on its timing."""
    for is_stream, group in groupby(outputs, lambda output: output.output_type == "stream"):
        if is_stream:
            pieces = list(group)
            for name in ("stdout", "stderr"):
                text = "".join(piece.text for piece in pieces if piece.name == name)
                if name == "stderr":
                    text = PROGRESS.sub("", text).strip("\n")
                if text:
                    yield ((name, text),)
            continue
        for output in group:
            if output.output_type == "error":
                yield (("error", f"{output.ename}: {output.evalue}"),)
            else:
                yield tuple(
                    (kind, _content(kind, output.data[kind])) for kind in sorted(output.data)
                )


def _content(kind: str, data: Any) -> str | Picture:
    if kind == "image/png":
        return read_picture(base64.b64decode(data))
    text = data if isinstance(data, str) else json.dumps(data, sort_keys=True)
    # The lines of a file that is offered for download, so that the one that differs is reported.
    return DOWNLOAD.sub(lambda code: f"data:text/csv,\n{base64.b64decode(code[1]).decode()}", text)


def _table_differences(before: str, after: str) -> Iterator[tuple[str, str, str]]:
    """Compare HTML row by row, and rows of the same build cell by cell."""
    olds, news = (re.split(ROW_ENDS, text) for text in (before, after))
    for number, old, new in pairs(olds, news):
        side = news if old is None else olds
        row = sum("<tr" in piece for piece in side[: number + 1])
        place = f"table row {row}" if "<tr" in side[number] else f"table after row {row}"
        if not (old and new) or CELL.sub(r"\1", old) != CELL.sub(r"\1", new):
            yield place, *_tidy(old or "", new or "")
            continue
        above = [piece for piece in olds[:number] if "<td" not in piece and _cells(piece)]
        names = _cells(above[-1]) if above else []
        old_cells, new_cells = _cells(old), _cells(new)
        for column, texts in enumerate(zip(old_cells, new_cells, strict=True)):
            if texts[0] != texts[1]:
                name = f' ("{_plain(names[column])}")' if len(names) == len(old_cells) else ""
                yield f'{place} ("{_plain(old_cells[0])}"), column {column + 1}{name}', *texts


def _cells(row: str) -> list[str]:
    return [content for _, content in CELL.findall(row)]


def _plain(cell: str) -> str:
    return re.sub(r"<[^>]*>", "", cell).strip()


def _value_differences(place: str, before: tuple, after: tuple) -> Iterator[tuple[str, str, str]]:
    """Compare two values, each in a tuple that is empty where there is none."""
    values = (*before, *after)
    if len(values) == 2 and all(isinstance(value, dict) for value in values):
        old, new = values
        for key in old | new:
            sides = [(side[key],) if key in side else () for side in values]
            yield from _value_differences(f"{place}.{key}".lstrip("."), *sides)
    elif len(values) == 2 and all(isinstance(value, list) for value in values):
        olds, news = ([(value,) for value in side] for side in values)
        for number, old, new in pairs(olds, news, json.dumps):
            yield from _value_differences(f"{place}[{number}]", old or (), new or ())
    # Not `==`, by which 1 is 1.0 and NaN is not NaN.
    elif json.dumps(before) != json.dumps(after):
        yield place, "".join(map(_json_text, before)), "".join(map(_json_text, after))


def _json_text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _distance(before: np.ndarray, after: np.ndarray) -> str:
    if before.shape != after.shape:
        return "another size"
    apart = np.abs(before.astype(float) - after).reshape(*before.shape[:2], -1).max(axis=-1)
    largest = f"largest pixel difference {255 * apart.max():.4g} of 255"
    return f"{largest}, in {np.count_nonzero(apart)} of {apart.size} pixels"


def _tidy(before: str, after: str) -> tuple[str, str]:
    """The texts without space around them, if they differ without it."""
    stripped = before.strip(), after.strip()
    return stripped if stripped[0] != stripped[1] else (before, after)


def _text(content: str | Picture) -> str:
    return content.name if isinstance(content, Picture) else content


def _whole(item: Item) -> str:
    return "\n".join(_text(content) for _, content in item.contents)
