# Long because components, their digests and the declared revisions only make sense together.
"""Whether the code behind a record's numbers is still today's.

A *component* is a group of definitions that decides numbers: the training, each model, the
measures, the support vector machine. Its *digest* is a hash of what its definitions compute.
Where they stand, how they are laid out, documented and annotated, and how names are imported
leave it. `data/code.json` declares which digests of a component give the same numbers.

Data is no component: a record holds the checksum of its own.
"""

import ast
import dataclasses
import functools
import hashlib
import json
import re
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from replication.engine.syntax import counts, imports_of, targets_of, text_of
from replication.errors import InputError
from replication.kinds import KINDS
from replication.places import DATA, PACKAGE
from replication.whole import write_whole

if TYPE_CHECKING:
    from replication.engine.records import Record
    from replication.engine.settings import Settings

FILE = DATA / "code.json"

_MODELS, _MEASURES = "replication.models", "replication.measures"
_TRAINING = ("replication.engine.train", "replication.engine.batches")
_SVM = ("replication.engine.svm",)
# What trains many runs at once, where the numbers are concerned; the rest of its room plans,
# keeps and shows. It stands beside the training, whose functions it calls.
_BATCHED = tuple(
    f"replication.engine.execute.batched.{name}"
    for name in ("template", "population", "pretraining", "finetuning", "stopping")
)
# A run with a fault trains this class in the place of its model's.
_FAULT, _FAULTY_CLASS = "model:fault", "FaultyContractiveAutoencoder"


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
        return {name: self._digest(modules) for name, modules in self.components.items()}

    @functools.cached_property
    def components(self) -> Mapping[str, frozenset[str]]:
        """Component -> the modules that it is made of, as dotted names.

        Raises:
            InputError: A module is missing or no Python, or a model's class is not exported.
        """
        classes = {f"model:{kind.key}": kind.class_name for kind in KINDS.values()}
        classes[_FAULT] = _FAULTY_CLASS
        nets = {name: self._module_of(cls) for name, cls in classes.items() if cls}
        measures = [name for name, source in self._sources.items() if source.registers]
        return {
            # What is imported to choose among the models is no part of the training.
            "training": self._closure(_TRAINING, (_MODELS,), without=nets.values()),
            "batched": self._closure(_BATCHED, ()),
            **{name: self._closure([module], (_MODELS,)) for name, module in nets.items()},
            "measures": self._closure(measures, (_MEASURES, _MODELS)),
            "svm": self._closure(_SVM, ()),
        }

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

    @functools.cached_property
    def _sources(self) -> Mapping[str, "_Source"]:
        """Module -> what it holds: the models, the measures, and what is named in the engine."""
        names = {*_TRAINING, *_BATCHED, *_SVM, _MODELS, _MEASURES}
        for room in (_MODELS, _MEASURES):
            for path in self._path(room).parent.rglob("*.py"):
                place = path.parent if path.name == "__init__.py" else path.with_suffix("")
                names.add(".".join(("replication", *place.relative_to(self.package).parts)))
        return {name: self._source(name) for name in sorted(names)}

    def _source(self, module: str) -> "_Source":
        path = self._path(module)
        try:
            tree = ast.parse(path.read_text(encoding="utf-8"))
        except OSError as error:
            raise InputError(f"{path} cannot be read: {error.strerror}") from None
        except (SyntaxError, ValueError) as error:
            raise InputError(f"{path} is no Python: {error}") from None
        is_package = path.name == "__init__.py"
        imports = list(imports_of(tree, module if is_package else module.rpartition(".")[0]))
        names = dict(imports)

        def resolve(name: str) -> str:
            """What a dotted name stands for, wherever in the package that is defined."""
            first, dot, rest = name.partition(".")
            full = f"{names.get(first, first)}{dot}{rest}"
            return self._split(full)[1] if full.startswith("replication.") else full

        exports = {local: self._split(full)[0] for local, full in imports} if is_package else {}
        definitions = {text_of(statement, resolve) for statement in tree.body if counts(statement)}
        # A package's own imports are what it exports; whoever wants one names it.
        followed = frozenset() if is_package else frozenset(full for _, full in imports)
        registers = any("MEASURES" in targets_of(statement) for statement in tree.body)
        return _Source(frozenset(definitions), followed, exports, registers)

    def _path(self, module: str) -> Path:
        path = self.package.joinpath(*module.split(".")[1:])
        return path / "__init__.py" if path.is_dir() else path.with_name(f"{path.name}.py")

    def _split(self, name: str) -> tuple[str, str]:
        """Split a dotted name of the package into the module that holds it and the rest."""
        parts = name.split(".")
        count = len(parts)
        while count > 1 and not self._path(".".join(parts[:count])).exists():
            count -= 1
        return ".".join(parts[:count]), ".".join(parts[count:])

    def _module_of(self, class_name: str) -> str:
        exports = self._sources[_MODELS].exports
        if class_name not in exports:
            raise InputError(f"{self._path(_MODELS)} must export {class_name}, and does not")
        return exports[class_name]

    def _closure(
        self, roots: Iterable[str], rooms: Collection[str], without: Collection[str] = ()
    ) -> frozenset[str]:
        """The roots and whatever they import from some rooms, except from some modules."""
        found: set[str] = set()
        waiting = list(roots)
        while waiting:
            module = waiting.pop()
            found.add(module)
            for full in self._sources[module].imports:
                imported, rest = self._split(full)
                if imported in self._sources:
                    imported = self._sources[imported].exports.get(rest, imported)
                inside = any(f"{imported}.".startswith(f"{room}.") for room in rooms)
                if inside and imported not in {*found, *without}:
                    waiting.append(imported)
        return frozenset(found)

    def _digest(self, modules: Iterable[str]) -> str:
        definitions = {text for name in modules for text in self._sources[name].definitions}
        return hashlib.sha256("\n".join(sorted(definitions)).encode()).hexdigest()[:16]


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
    model = f"model:{settings.model}" if settings.fault is None else _FAULT
    names = ("training", *(["batched"] if batched else []), model, "measures")
    return {name: code.digests[name] for name in names}


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


@dataclasses.dataclass(frozen=True)
class _Source:
    """What a module holds.

    Attributes:
        definitions: What its top-level statements compute, as text.
        imports: Dotted names of what it imports.
        exports: Name -> module that it is imported from, of a package.
        registers: Whether it names measures that records hold.
    """

    definitions: frozenset[str]
    imports: frozenset[str]
    exports: Mapping[str, str]
    registers: bool


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
