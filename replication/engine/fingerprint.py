"""Whether the code behind a record's numbers is still today's.

`data/code.json` declares which digests of a component (see `components`) give the same numbers.
Data is no component: a record holds the checksum of its own.
"""

import dataclasses
import functools
import json
import re
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from replication.engine.components import FAULT, ROBUSTNESS, Components
from replication.errors import InputError
from replication.places import DATA, PACKAGE
from replication.whole import write_whole

if TYPE_CHECKING:
    from replication.engine.records import Record
    from replication.engine.settings import Settings

FILE = DATA / "code.json"


@dataclasses.dataclass(frozen=True)
class Revision:
    """What a component was for as long as it gave the same numbers.

    Attributes:
        digests: All digests that it had, at least one.
        why: What set it apart from the revision before, and what has been moved or tidied since.
    """

    digests: tuple[str, ...]
    why: str


@dataclasses.dataclass(frozen=True)
class Code:
    """The code of a checkout and what is declared of it, each read once, when it is asked for.

    Attributes:
        package: Folder of the package `replication`.
        file: The declared revisions, JSON: component -> revisions, oldest first.
    """

    package: Path = PACKAGE
    file: Path = FILE

    @functools.cached_property
    def digests(self) -> Mapping[str, str]:
        """Component -> its digest today, 16 hexadecimal digits.

        Raises:
            InputError: A module is missing or no Python, or a model's class is not exported.
        """
        return Components(self.package).digests

    @functools.cached_property
    def revisions(self) -> Mapping[str, tuple[Revision, ...]]:
        """Component -> its declared revisions, oldest first.

        Raises:
            InputError: The file is missing or damaged.
        """
        try:
            content = json.loads(self.file.read_text(encoding="utf-8"))
        except OSError as error:
            raise InputError(f"{self.file} cannot be read: {error.strerror}") from None
        except (json.JSONDecodeError, UnicodeDecodeError) as error:
            raise InputError(f"{self.file} is damaged: {error}") from None
        if not isinstance(content, dict):
            raise InputError(f"{self.file} is damaged: it holds no table of components")
        for component, revisions in content.items():
            if not isinstance(revisions, list) or not revisions or not all(map(_sound, revisions)):
                raise InputError(
                    f"{self.file} is damaged: {component} must have revisions, each with a reason "
                    "under 'why' and 16 hexadecimal digits for each of its 'digests'"
                )
        return {
            component: tuple(Revision(tuple(r["digests"]), r["why"]) for r in revisions)
            for component, revisions in content.items()
        }

    @property
    def undeclared(self) -> tuple[str, ...]:
        """The components whose digest of today is not in their newest revision."""
        return tuple(name for name in self.digests if not self._is_declared(name))

    def declare(self, components: Collection[str], why: str, same: bool) -> "Code":
        """Declare what the digests of today stand for, and write it down, all or nothing.

        Args:
            components: Which components.
            why: What was changed, and why it can or cannot change a number.
            same: They give the numbers of the newest revision; otherwise a revision is appended.

        Returns:
            The code with what is declared now.

        Raises:
            InputError: There is no such component, it is declared already, it has no revision to
                be the same as, there is no reason, or the file is missing or damaged. The file
                stays as it was.
        """
        self._check_declarable(components, why, same)
        content = dict(self.revisions)
        for component in dict.fromkeys(components):
            digest, declared = self.digests[component], content.get(component, ())
            if same:
                last = declared[-1]
                last = Revision((*last.digests, digest), f"{last.why}; {why.strip()}")
                content[component] = (*declared[:-1], last)
            else:
                content[component] = (*declared, Revision((digest,), why.strip()))
        plain = {name: [dataclasses.asdict(r) for r in content[name]] for name in sorted(content)}
        write_whole(self.file, json.dumps(plain, indent=1) + "\n")
        return Code(self.package, self.file)

    def _check_declarable(self, components: Collection[str], why: str, same: bool) -> None:
        for component in components:
            if component not in self.digests:
                known = ", ".join(self.digests)
                raise InputError(
                    f"a component must be one of {known}. Received: component={component!r}"
                )
            if self._is_declared(component):
                raise InputError(f"the code of {component} today is declared already")
            if same and component not in self.revisions:
                raise InputError(f"{component} has no revision to be the same as; raise one")
        if not why.strip():
            raise InputError(f"a reason must be given under --why. Received: why={why!r}")

    def _is_declared(self, component: str) -> bool:
        newest = self.revisions.get(component, ())[-1:]
        return any(self.digests[component] in revision.digests for revision in newest)


TODAY = Code()
"""The code of this checkout."""


def code_of(settings: "Settings", code: Code = TODAY, batched: bool = False) -> dict[str, str]:
    """Return the digest today of each component that decides the numbers of a run.

    Args:
        settings: The run.
        batched: Whether it is trained with others at once.
        code: The code; another than this checkout's in tests.

    Returns:
        Component -> digest, as a record keeps them under "code" of its provenance.

    Raises:
        InputError: A module is missing or no Python.
    """
    if not settings.kind.is_net:
        return {"svm": code.digests["svm"]}
    model = f"model:{settings.model}" if settings.fault is None else FAULT
    used = {
        "training": True,
        "batched": batched,
        model: True,
        "measures": True,
        ROBUSTNESS: settings.measure_robustness,
    }
    return {name: code.digests[name] for name, is_used in used.items() if is_used}


def stale_components(record: "Record", code: Code = TODAY) -> tuple[str, ...]:
    """List the components that gave other numbers when a run was recorded than they give today.

    A record that names no digest of a component is from before digests were kept: the component's
    first revision made it.

    Args:
        record: The run.
        code: The code; another than this checkout's in tests.

    Returns:
        Names of components; none for a record that is fresh.

    Raises:
        InputError: A module is missing or no Python, or the declared revisions are damaged.
    """
    kept = record.provenance.get("code", {})
    stale = []
    batched = "population" in record.provenance
    for component, today in code_of(record.settings, code, batched).items():
        revisions = code.revisions.get(component, ())
        if component in kept:
            then = {kept[component]}
        else:
            then = {digest for revision in revisions[:1] for digest in revision.digests}
        if today not in _same_numbers(then, revisions):
            stale.append(component)
    return tuple(stale)


def _sound(revision: Any) -> bool:
    """Whether a revision in the file is whole."""
    if not isinstance(revision, dict) or set(revision) != {"digests", "why"}:
        return False
    digests, why = revision["digests"], revision["why"]
    return (
        isinstance(why, str)
        and bool(why.strip())
        and isinstance(digests, list)
        and bool(digests)
        and all(isinstance(d, str) and re.fullmatch("[0-9a-f]{16}", d) for d in digests)
    )


def _same_numbers(digests: set[str], revisions: Iterable[Revision]) -> set[str]:
    """The digests that give the numbers of some: revisions that share a digest are the same."""
    shared = [set(r.digests) for r in revisions if digests & set(r.digests)]
    joined = digests.union(*shared)
    return joined if joined == digests else _same_numbers(joined, revisions)
