"""A record is stale when the code behind its numbers has changed, and for no other reason."""

import ast
import json
import subprocess
import sys

import pytest

from replication.engine.components import Components
from replication.engine.declare import advice, main
from replication.engine.fingerprint import PACKAGE, TODAY, Code, code_of, stale_components
from replication.engine.records import Record
from replication.engine.settings import Settings
from replication.errors import InputError
from replication.kinds import KINDS

MODELS = "from replication.models"
PENALTY = '''"""About the penalty."""

import keras
from keras import ops


def penalty(x: keras.KerasTensor, power: int = 2) -> float:
    """Say what it is."""
    total: float = ops.sum(x)  # a comment
    return total * 3 + power


SCALE = 2.0
"""What multiplies it."""
'''
FILES = {
    "models/penalty.py": PENALTY,
    "models/base.py": "class Base:\n    units: int\n    tied: bool = True\n",
    "models/stack.py": "class Stack:\n    x = 1\n",
    "measures/__init__.py": "",
    "measures/encoding.py": "def encode(x):\n    return x + 1\n",
    "measures/norm.py": f"{MODELS}.penalty import penalty\nMEASURES = (penalty,)\n",
    "measures/robustness.py": "from replication.datasets.rotation import rotate\nNOISE = 1\n",
    "datasets/rotation.py": "TURN = 1\n",
    "measures/tangents.py": "COUNT = 3\n",
    "measures/unused.py": "def noise(x):\n    return x + 5\n",
    "engine/train.py": (
        f"{MODELS} import FaultyContractiveAutoencoder, Stack\n"
        "from replication.measures.tangents import COUNT\n\n\n"
        "def train(fault):\n    return FaultyContractiveAutoencoder if fault else Stack\n"
    ),
    "engine/batches.py": "def batches(x):\n    return x[::-1]\n",
    "engine/svm.py": "C = 1.0\n",
    "engine/results.py": "DIGITS = 7\n",
    **{
        f"engine/execute/batched/{name}.py": f"{name.upper()} = 1\n"
        for name in ("template", "population", "pretraining", "finetuning", "stopping")
    },
    "engine/execute/batched/progress.py": "SHOWN = 1\n",
}
IMPORTS = {
    "ContractiveAutoencoder": f"{MODELS}.penalty import penalty",
    "FaultyContractiveAutoencoder": (
        f"{MODELS}.contractiveautoencoder import ContractiveAutoencoder"
    ),
}
RAE, RCAE, RFAULT, RSVM = (
    Settings(dataset="digits", **values)
    for values in (
        {"model": "ae"},
        {"model": "cae"},
        {"model": "cae", "fault": "summed-code"},
        {"model": "svm"},
    )
)


class Checkout:
    """A package of a few lines with all that is behind the numbers, and its declared revisions."""

    def __init__(self, folder):
        self.package = folder / "replication"
        self.file = folder / "code.json"
        classes = {kind.class_name for kind in KINDS.values() if kind.is_net}
        exports = f"{MODELS}.stack import Stack\n"
        for name in [*classes, "FaultyContractiveAutoencoder"]:
            exports += f"{MODELS}.{name.lower()} import {name}\n"
            body = f"class {name}(Base):\n    def loss(self):\n        return len({name!r})\n"
            imported = f"{MODELS}.base import Base\n{IMPORTS.get(name, '')}\n"
            self.write(f"models/{name.lower()}.py", imported + body)
        for name, text in {**FILES, "models/__init__.py": exports}.items():
            self.write(name, text)
        self.file.write_text("{}")
        self.code().declare(self.code().digests, "the first", same=False)

    def write(self, name, text):
        """Put a text in a file of the package."""
        path = self.package / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def replace(self, name, old, new):
        """Put another text in the place of one that is in a file."""
        text = (self.package / name).read_text()
        assert old in text
        self.write(name, text.replace(old, new))

    def code(self):
        """The code as it is now."""
        return Code(self.package, self.file)

    def changed(self, before):
        """The components whose digest is not what it was."""
        return {name for name, digest in self.code().digests.items() if digest != before[name]}

    def stale(self, settings, kept=None):
        """The stale components of a made-up record."""
        provenance = {} if kept is None else {"code": kept}
        return stale_components(Record("made-up", settings, {}, provenance), self.code())


@pytest.fixture
def checkout(tmp_path):
    """A small checkout in which all code is declared."""
    return Checkout(tmp_path)


def test_code_of_names_what_a_run_uses(checkout):
    """A net its model, or the faulty one; a support vector machine itself alone."""
    code = checkout.code()
    assert list(code_of(RAE, code)) == ["training", "model:ae", "measures"]
    assert list(code_of(RFAULT, code)) == ["training", "model:fault", "measures"]
    assert code_of(RSVM, code) == {"svm": code.digests["svm"]}
    assert list(code_of(RAE, code, batched=True)) == ["training", "batched", "model:ae", "measures"]
    tried = Settings(dataset="digits", model="ae", measure_robustness=True)
    assert list(code_of(tried, code)) == ["training", "model:ae", "measures", "robustness"]
    assert set(code.digests) == {
        "training",
        "robustness",
        "batched",
        "measures",
        "svm",
        "model:fault",
        *(f"model:{kind.key}" for kind in KINDS.values() if kind.is_net),
    }


def test_a_moved_file_leaves_the_digests(checkout):
    """Another name for a module, and an import by module rather than by name."""
    before = checkout.code().digests
    (checkout.package / "models/penalty.py").rename(checkout.package / "models/norms.py")
    checkout.replace(
        "measures/norm.py", f"{MODELS}.penalty import penalty", f"{MODELS} import norms"
    )
    checkout.replace("measures/norm.py", "(penalty,)", "(norms.penalty,)")
    checkout.replace(
        "models/contractiveautoencoder.py",
        f"{MODELS}.penalty import penalty",
        "import replication.models.norms",
    )
    assert checkout.changed(before) == set()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("About the", "Of the"),
        ('    """Say what it is."""\n', ""),
        ('"""What multiplies it."""\n', ""),
        ("  # a comment", ""),
        ("x: keras.KerasTensor, power: int = 2", "x, power=2"),
        (" -> float", ""),
        ("total: float = ops", "total = ops"),
        ("    total:", "    other: int\n    total:"),
        ("ops.sum(x)", "ops.sum(\n        x,\n    )"),
        ("ops.sum(x)", "keras.ops.sum(x)"),
        ("from keras import ops", "from keras import ops as ops\nimport math"),
        ("def penalty", '__all__ = ["penalty"]\n\n\ndef penalty'),
        ("SCALE = 2.0", "if TYPE_CHECKING:\n    import math\nSCALE = 2.0"),
    ],
)
def test_words_do_not_count(checkout, old, new):
    """Neither docstrings, comments, annotations and layout, nor how something is imported."""
    before = checkout.code().digests
    checkout.replace("models/penalty.py", old, new)
    assert checkout.changed(before) == set()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("* 3", "* 4"),
        ("power: int = 2", "power: int = 3"),
        ("ops.sum(x)", "ops.max(x)"),
        ("from keras import ops", "from numpy import ma as ops"),
        ("SCALE = 2.0", "SCALE = 2.5"),
        ("SCALE = 2.0", "SCALE = 2.0\nkeras.config.set_floatx('float64')"),
    ],
)
def test_a_changed_penalty_counts(checkout, old, new):
    """For whatever uses it, and for nothing else."""
    before = checkout.code().digests
    checkout.replace("models/penalty.py", old, new)
    assert checkout.changed(before) == {"model:cae", "model:fault", "measures"}
    assert checkout.stale(RCAE) == ("model:cae", "measures")
    assert checkout.stale(RFAULT) == ("model:fault", "measures")
    assert checkout.stale(RAE) == ("measures",)
    assert checkout.stale(RSVM) == ()


@pytest.mark.parametrize(
    ("name", "old", "new", "changed"),
    [
        (
            "models/base.py",
            "units: int",
            "layers: int",
            {f"model:{k}" for k in KINDS} - {"model:svm"},
        ),
        ("models/stack.py", "x = 1", "x = 2", {"training"}),
        ("models/autoencoder.py", "len(", "2 * len(", {"model:ae"}),
        ("engine/batches.py", "-1", "-2", {"training"}),
        ("engine/svm.py", "1.0", "2.0", {"svm"}),
        ("engine/execute/batched/stopping.py", "1", "2", {"batched"}),
        ("engine/execute/batched/progress.py", "1", "2", set()),
        ("engine/results.py", "7", "8", set()),
        ("measures/unused.py", "5", "6", set()),
        ("measures/tangents.py", "3", "4", {"training"}),
        ("measures/robustness.py", "1", "2", {"robustness"}),
        ("datasets/rotation.py", "1", "2", {"robustness"}),
        ("measures/unused.py", "def", "MEASURES = ()\n\n\ndef", {"measures"}),
    ],
)
def test_a_change_counts_where_it_is_used(checkout, name, old, new, changed):
    """A component is its roots and what they import."""
    before = checkout.code().digests
    checkout.replace(name, old, new)
    assert checkout.changed(before) - {"model:fault"} == changed


def test_all_that_a_run_imports_to_compute_belongs_to_a_component():
    """What trains and what measures: else nobody would notice that it had changed."""
    known = set().union(*Components(PACKAGE).modules.values())
    imported = set()
    for name in ("run", "train", "batches", "measure"):
        tree = ast.parse((PACKAGE / f"engine/{name}.py").read_text())
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module:
                imported.add(node.module)
    computing = {m for m in imported if m.startswith(("replication.models.", "replication.meas"))}
    assert len(computing) > 5
    assert computing - known == {"replication.measures.registry"}  # which only lists measures


def test_an_import_within_a_function_counts(checkout):
    """As those of a backend's library are written."""
    checkout.replace("engine/train.py", "    return", f"    {MODELS}.base import Base\n    return")
    before = checkout.code().digests
    checkout.replace("models/base.py", "True", "False")
    assert "training" in checkout.changed(before)


def test_a_declared_equivalence_keeps_records_fresh(checkout):
    """Old records, and those that hold the digest of then."""
    then = code_of(RCAE, checkout.code())
    checkout.replace("models/penalty.py", "total * 3", "3 * total")
    assert checkout.stale(RCAE, then) == checkout.stale(RCAE) == ("model:cae", "measures")
    checkout.code().declare(["model:cae", "measures"], "factors swapped", same=True)
    assert checkout.stale(RCAE, then) == checkout.stale(RCAE) == ()
    (revision,) = checkout.code().revisions["model:cae"]
    assert len(revision.digests) == 2
    assert revision.why == "the first; factors swapped"


def test_a_raised_revision_makes_old_records_stale(checkout):
    """New ones are fresh, also after a further change that is none of numbers."""
    then = code_of(RCAE, checkout.code())
    checkout.replace("models/penalty.py", "* 3", "* 4")
    now = code_of(RCAE, checkout.code())
    checkout.code().declare(["model:cae", "measures"], "a factor of 4", same=False)
    assert checkout.stale(RCAE) == checkout.stale(RCAE, then) == ("model:cae", "measures")
    assert checkout.stale(RCAE, now) == ()
    checkout.replace("models/penalty.py", "total * 4", "4 * total")
    checkout.code().declare(["model:cae", "measures"], "factors swapped", same=True)
    assert checkout.stale(RCAE, now) == ()
    assert checkout.stale(RCAE, then) == ("model:cae", "measures")


def test_code_that_is_back_makes_old_records_fresh_again(checkout):
    """Revisions that share a digest give the same numbers, all of theirs."""
    for factor in (4, 3):
        checkout.replace("models/penalty.py", f"* {7 - factor}", f"* {factor}")
        checkout.code().declare(["model:cae", "measures"], f"a factor of {factor}", same=False)
    assert checkout.stale(RCAE) == ()
    checkout.replace("models/penalty.py", "total * 3", "3 * total")
    checkout.code().declare(["model:cae", "measures"], "factors swapped", same=True)
    assert checkout.stale(RCAE) == ()


def test_a_record_of_undeclared_code(checkout):
    """It is fresh as long as the code is that, and stale afterwards."""
    checkout.replace("models/penalty.py", "* 3", "* 4")
    now = code_of(RCAE, checkout.code())
    assert checkout.stale(RCAE, now) == ()
    checkout.replace("models/penalty.py", "* 4", "* 5")
    assert checkout.stale(RCAE, now) == ("model:cae", "measures")


def test_a_record_of_before_a_component_was_named(checkout):
    """It is the first revision's, as one that names no digest at all."""
    kept = code_of(RCAE, checkout.code())
    del kept["measures"]
    assert checkout.stale(RCAE, kept) == ()


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        '{"svm": []}',
        '{"svm": [{"digests": [], "why": "x"}]}',
        '{"svm": [{"digests": ["no digest"], "why": "x"}]}',
        '{"svm": [{"digests": ["0123456789abcdef"], "why": " "}]}',
        '{"svm": [{"digests": ["0123456789abcdef"]}]}',
    ],
)
def test_a_damaged_file_is_refused(checkout, capsys, text):
    """In one sentence, and it stays as it is."""
    checkout.file.write_text(text)
    with pytest.raises(InputError, match=r"code\.json is damaged"):
        checkout.stale(RSVM)
    assert main(["--raise", "svm", "--why", "x"], checkout.code()) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1
    assert checkout.file.read_text() == text


def test_a_missing_or_broken_file_is_refused(checkout):
    """Whether it is the declaration or one of the modules."""
    checkout.file.unlink()
    with pytest.raises(InputError, match=r"code\.json cannot be read"):
        checkout.stale(RSVM)
    checkout.write("models/base.py", "class")
    with pytest.raises(InputError, match=r"base\.py is no Python"):
        checkout.stale(RSVM)
    (checkout.package / "engine/svm.py").unlink()
    (checkout.package / "models/base.py").unlink()
    with pytest.raises(InputError, match=r"svm\.py cannot be read"):
        checkout.stale(RSVM)
    checkout.write("engine/svm.py", "")
    checkout.write("models/__init__.py", "")
    with pytest.raises(InputError, match="must export Autoencoder"):
        checkout.stale(RSVM)


def test_the_command_says_what_is_declared(checkout, capsys):
    """And declares what it is told to."""
    assert main([], checkout.code()) == 0
    checkout.replace("engine/svm.py", "1.0", "2.0")
    assert main([], checkout.code()) == 1
    out = capsys.readouterr().out
    assert f"{checkout.code().digests['svm']}  not declared" in out
    assert out.endswith(f"{advice(['svm'])}\n")
    assert main(["--raise", "svm", "--why", "another cost"], checkout.code()) == 0
    assert "declared, revision 2" in capsys.readouterr().out
    checkout.replace("engine/svm.py", "2.0", "1.0 + 1.0")
    assert main(["--same", "svm", "--why", "a sum"], checkout.code()) == 0
    first, second = json.loads(checkout.file.read_text())["svm"]
    assert (first["why"], second["why"]) == ("the first", "another cost; a sum")
    assert [path.name for path in checkout.file.parent.iterdir() if path.is_file()] == ["code.json"]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--same", "nothing", "--why", "x"], "a component must be one of training"),
        (["--same", "svm"], "a reason must be given"),
        (["--raise", "svm", "--why", " "], "a reason must be given"),
        (["--raise", "training", "svm", "--why", "x"], "training today is declared already"),
        (["--why", "x"], "--why goes with --same or --raise"),
        (["--same"], "expected at least one argument"),
        (["--same", "svm", "--raise", "svm", "--why", "x"], "not allowed with"),
        (["svm"], "unrecognized arguments: svm"),
    ],
)
def test_bad_input_is_refused(checkout, capsys, arguments, expected):
    """In one sentence, and nothing is declared."""
    checkout.replace("engine/svm.py", "1.0", "2.0")
    before = checkout.file.read_bytes()
    assert main(arguments, checkout.code()) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("error: ")
    assert expected in line
    assert checkout.file.read_bytes() == before


def test_a_new_component_has_nothing_to_be_the_same_as(checkout):
    """Its first revision has to be raised; until then its records are stale."""
    checkout.file.write_text("{}")
    assert checkout.stale(RSVM) == ("svm",)
    with pytest.raises(InputError, match="has no revision"):
        checkout.code().declare(["svm"], "x", same=True)


def test_the_code_of_today_is_declared():
    """Nobody changes the code behind the numbers without saying which it is."""
    assert not TODAY.undeclared, advice(TODAY.undeclared)
    assert set(TODAY.revisions) == set(TODAY.digests)


def test_it_is_quick_and_needs_no_accelerator_stack():
    """The digests of this checkout, in a process of their own."""
    code = (
        "import sys, time; started = time.process_time()\n"
        "from replication.engine.fingerprint import TODAY; TODAY.digests\n"
        "loaded = {'keras', 'tensorflow', 'jax', 'numpy'} & set(sys.modules)\n"
        "assert not loaded, loaded\n"
        "print(time.process_time() - started)"
    )
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=PACKAGE.parent, capture_output=True, text=True, check=True)
    assert float(done.stdout) < 0.5
