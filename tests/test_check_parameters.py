"""Wrong parameters stop a notebook at once: names, values, and through papermill itself."""

import re

import nbformat
import papermill
import pytest

from replication.errors import InputError
from replication.notebooks import check_parameters

RULES = {
    "scale": ("proof", "published"),
    "seeds": range(1, 11),
    "rate": float,
    "test": bool,
    "sets": ["rot", "basic"],
    "count": (None, *range(1, 101)),
    "lambdas": list[float],
}
GOOD = {"scale": "proof", "seeds": 3, "rate": 0.5, "test": True, "sets": ["rot"], "count": None}
GOOD |= {"lambdas": [0, 0.5]}


def test_good_parameters_pass():
    """What IPython and the imports define is no parameter."""
    namespace = GOOD | {"In": [""], "Out": {}, "_dh": ["x"], "nbformat": nbformat, "f": print}
    check_parameters(namespace, **RULES)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"scales": "proof"}, "unknown parameter 'scales'; this notebook has: scale, seeds"),
        ({"scale": "huge"}, "'scale' has to be one of 'proof', 'published', not 'huge'"),
        ({"seeds": 0}, "'seeds' has to be a whole number from 1 to 10, not 0"),
        ({"seeds": 3.0}, "'seeds' has to be a whole number from 1 to 10, not 3.0"),
        ({"seeds": True}, "not True"),
        ({"rate": "fast"}, "'rate' has to be of type float, not 'fast'"),
        ({"rate": True}, "not True"),
        ({"test": 1}, "'test' has to be of type bool, not 1"),
        ({"_private": 1}, "unknown parameter '_private'"),
        ({"sets": []}, "'sets' has to be a list of some of 'rot', 'basic', each once, not"),
        ({"sets": "rot"}, "'sets' has to be a list of some"),
        ({"sets": ["rot", "rot"]}, "each once"),
        ({"sets": ["rot", "rat"]}, "'sets' has to be a list of some"),
        ({"count": 0}, "one of None, 1, 2, 3, 4, 5, ..., 100 (101 values), not 0"),
        ({"scale": "x" * 300}, "not 'xxx"),
        ({"lambdas": []}, "'lambdas' has to be a list of at least one float, not []"),
        ({"lambdas": [1.0, "2"]}, "a list of at least one float, not [1.0, '2']"),
        ({"lambdas": 3.0}, "a list of at least one float, not 3.0"),
    ],
)
def test_a_wrong_name_or_value_is_named(change, sentence):
    """The message says what was wrong, what was expected and what was received."""
    with pytest.raises(InputError, match=re.escape(sentence)) as raised:
        check_parameters(GOOD | change, **RULES)
    assert len(str(raised.value)) < 300


def test_a_name_that_an_import_replaces_is_no_parameter():
    """The guard's own imports hide it, but the text of the cell is still there."""
    cells = ["", "scale = 'proof'", "re = 3\nseeds = 4", "import re"]
    with pytest.raises(InputError, match="unknown parameter 're'"):
        check_parameters(GOOD | {"In": cells, "re": re}, **RULES)


@pytest.mark.parametrize("name", ["_1", "_", "In2", "_i", "_dh"])
def test_a_name_of_ipythons_that_a_cell_sets_is_a_parameter(name):
    """Papermill's `-p _1 3` is a typing error as any other."""
    cells = ["", "scale = 'proof'", f"{name} = 3", "guard"]
    with pytest.raises(InputError, match=f"unknown parameter '{name}'"):
        check_parameters(GOOD | {"In": cells, name: 3}, **RULES)
    check_parameters(GOOD | {"In": ["", "%time x", "seeds = 3", "x = 1"]}, **RULES)


def test_a_missing_parameter_is_named():
    """A notebook whose first cell was skipped says so."""
    with pytest.raises(InputError, match="'seeds' is missing"):
        check_parameters({"scale": "proof"}, scale=str, seeds=int)


def test_a_whole_number_is_a_number():
    """A rate of 1 needs no decimal point."""
    check_parameters({"rate": 1}, rate=float)


def test_the_cell_can_be_run_again():
    """In a live session the variables of later cells are no parameters."""
    namespace = dict(GOOD)
    check_parameters(namespace, **RULES)
    namespace["error"] = 1.2
    check_parameters(namespace, **RULES)
    namespace["scale"] = "huge"
    with pytest.raises(InputError, match="'scale'"):
        check_parameters(namespace, **RULES)


@pytest.fixture(scope="module")
def notebook(tmp_path_factory):
    """A notebook with parameters and a guard, as all of ours."""
    path = tmp_path_factory.mktemp("notebook") / "page.ipynb"
    cells = [
        nbformat.v4.new_code_cell('scale = "proof"\nseeds = 3', metadata={"tags": ["parameters"]}),
        nbformat.v4.new_code_cell(
            "from replication.notebooks import check_parameters\n"
            'check_parameters(globals(), scale=("proof", "published"), seeds=int)'
        ),
        nbformat.v4.new_code_cell("print(scale, seeds)"),
    ]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    return path


def run(notebook, **parameters):
    """Execute with papermill; return what the last cell printed."""
    output = notebook.with_name("executed.ipynb")
    done = papermill.execute_notebook(
        notebook,
        output,
        parameters=parameters,
        kernel_name="python3",
        language="python",
        progress_bar=False,
    )
    return done.cells[-1].outputs[0].text


def test_papermill_passes_good_parameters_on(notebook):
    """The injected cell comes before the guard and counts."""
    assert run(notebook, seeds=5) == "proof 5\n"


@pytest.mark.parametrize(
    ("parameters", "sentence"),
    [
        ({"seed": 5}, "unknown parameter 'seed'; this notebook has: scale, seeds"),
        ({"scale": "huge"}, "'scale' has to be one of"),
    ],
)
def test_papermill_stops_at_a_wrong_parameter(notebook, parameters, sentence):
    """Papermill alone only warns of an unknown name."""
    with pytest.raises(papermill.PapermillExecutionError, match=sentence) as caught:
        run(notebook, **parameters)
    assert caught.value.ename == "InputError"
