"""The code that decides numbers, in components.

A *component* is a group of definitions that decides numbers: the training, each model, the
measures, the changes that test its robustness, the support vector machine. Its *digest* is a hash
of what its definitions compute. Where they stand, how they are laid out, documented and annotated,
and how names are imported leave it.
"""

import ast
import dataclasses
import functools
import hashlib
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

from replication.engine.syntax import counts, imports_of, targets_of, text_of
from replication.errors import InputError
from replication.kinds import KINDS

_MODELS, _MEASURES = "replication.models", "replication.measures"
_TRAINING = ("replication.engine.train", "replication.engine.batches")
_SVM = ("replication.engine.svm",)
_ROBUSTNESS = ("replication.measures.robustness", "replication.datasets.rotation")
# What trains many runs at once, where the numbers are concerned; the rest of its room plans,
# keeps and shows. It stands beside the training, whose functions it calls.
_BATCHED = tuple(
    f"replication.engine.execute.batched.{name}"
    for name in ("template", "population", "pretraining", "finetuning", "stopping")
)
# A run with a fault trains this class in the place of its model's.
FAULT, _FAULTY_CLASS = "model:fault", "FaultyContractiveAutoencoder"
# Only runs that try the classifier on changed pictures have it.
ROBUSTNESS = "robustness"


@dataclasses.dataclass(frozen=True)
class Components:
    """The components of a checkout; each module is read once, when it is asked for.

    Attributes:
        package: Folder of the package `replication`.
    """

    package: Path

    @functools.cached_property
    def digests(self) -> Mapping[str, str]:
        """Component -> its digest today, 16 hexadecimal digits.

        Raises:
            InputError: A module is missing or no Python, or a model's class is not exported.
        """
        return {name: self._digest(modules) for name, modules in self.modules.items()}

    @functools.cached_property
    def modules(self) -> Mapping[str, frozenset[str]]:
        """Component -> the modules that it is made of, as dotted names.

        Raises:
            InputError: A module is missing or no Python, or a model's class is not exported.
        """
        classes = {f"model:{kind.key}": kind.class_name for kind in KINDS.values()}
        classes[FAULT] = _FAULTY_CLASS
        nets = {name: self._module_of(cls) for name, cls in classes.items() if cls}
        measures = [name for name, source in self._sources.items() if source.registers]
        return {
            # What is imported to choose among the models is no part of the training.
            # The tangents that some of it needs are found where others are measured.
            "training": self._closure(_TRAINING, (_MODELS, _MEASURES), without=nets.values()),
            "batched": self._closure(_BATCHED, ()),
            **{name: self._closure([module], (_MODELS,)) for name, module in nets.items()},
            "measures": self._closure(measures, (_MEASURES, _MODELS)),
            ROBUSTNESS: self._closure(_ROBUSTNESS, (_MEASURES, _MODELS)),
            "svm": self._closure(_SVM, ()),
        }

    @functools.cached_property
    def _sources(self) -> Mapping[str, "_Source"]:
        """Module -> what it holds: the models, the measures, and what is named in the engine."""
        names = {*_TRAINING, *_BATCHED, *_SVM, *_ROBUSTNESS, _MODELS, _MEASURES}
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
