"""The differences that are meant: the list in `allowed.toml`, and what it lets pass."""

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.golden.differences import CompareError, Difference


@dataclass(frozen=True)
class Allowed:
    """A difference that is meant.

    Attributes:
        where: The page, or "records", "verdicts" or "readme".
        why: The reason, a sentence.
        before: What the whole older text has to match.
        after: What the whole newer text has to match.
    """

    where: str
    why: str
    before: re.Pattern
    after: re.Pattern

    def matches(self, difference: Difference) -> bool:
        """Whether this is about a difference.

        Args:
            difference: What was found.
        """
        return (
            self.where == difference.where
            and self.before.fullmatch(difference.before) is not None
            and self.after.fullmatch(difference.after) is not None
        )


@dataclass
class Result:
    """What a comparison found.

    Attributes:
        lines: One line for each thing that was compared.
        failures: The differences that no entry allows.
        counts: How many differences each entry allowed.
    """

    lines: list[str] = field(default_factory=list)
    failures: list[Difference] = field(default_factory=list)
    counts: Counter[Allowed] = field(default_factory=Counter)

    def add(
        self, name: str, compared: str, found: Iterable[Difference], allowed: Sequence[Allowed]
    ) -> None:
        """Note the differences of one thing.

        Args:
            name: What was compared.
            compared: How much of it, in words.
            found: The differences.
            allowed: Those that are meant.
        """
        differences = list(found)
        failures = []
        for difference in differences:
            entry = next((entry for entry in allowed if entry.matches(difference)), None)
            if entry is None:
                failures.append(difference)
            else:
                self.counts[entry] += 1
        self.failures += failures
        meant = len(differences) - len(failures)
        outcome = f"{compared}, differences: {len(failures)} not allowed, {meant} allowed"
        self.lines.append(f"{name}: {outcome if differences else f'{compared} equal'}")

    def merge(self, other: "Result") -> None:
        """Take over what another comparison found.

        Args:
            other: Its result.
        """
        self.lines += other.lines
        self.failures += other.failures
        self.counts += other.counts


def read_allowed(path: Path) -> list[Allowed]:
    """Read the list of differences that are meant.

    Args:
        path: The file, in TOML.

    Raises:
        CompareError: It is damaged; names the file and the entry.
    """
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise CompareError(f"{path.name} cannot be read: {error}") from None
    entries = document.pop("allowed", [])
    if document or not isinstance(entries, list):
        raise CompareError(f"{path.name} may hold nothing but entries [[allowed]]")
    return [_entry(entry, f"{path.name}, entry {n}") for n, entry in enumerate(entries, 1)]


def _entry(entry: object, name: str) -> Allowed:
    if not isinstance(entry, dict) or not all(isinstance(text, str) for text in entry.values()):
        raise CompareError(f"{name}: an entry is a table of texts")
    if unknown := sorted(entry.keys() - {"where", "before", "after", "why"}):
        raise CompareError(f"{name}: unknown key {unknown[0]!r}")
    for key in ("where", "why"):
        if not entry.get(key, "").strip():
            raise CompareError(f"{name}: {key!r} is missing")
    patterns = []
    for key in ("before", "after"):
        try:
            patterns.append(re.compile(entry.get(key, ".*"), re.DOTALL))
        except re.error as error:
            raise CompareError(f"{name}: {key!r} is no regular expression: {error}") from None
    return Allowed(entry["where"], entry["why"], *patterns)
