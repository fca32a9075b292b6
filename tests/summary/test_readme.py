"""What README.md tells a reader to do works, and its results are those of the records."""

import re
import subprocess

import pytest

from replication import paper
from replication.errors import InputError
from replication.kinds import KINDS
from replication.presentation.labels import ORDER
from replication.studies.table1.plan import STUDY
from replication.summary.judge import evidence_of, judge, published_evidence, published_records
from replication.summary.readme import END, PICTURE, README, ROOT, START, results_block, write
from replication.verdicts.evidence import Evidence
from tests.made_up import of_experiment, two_seeds

TEXT = README.read_text()


def test_the_python_example_runs():
    """The example gives one row of 100 features per test image."""
    (example,) = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)
    names = {}
    exec(example, names)
    assert names["features"].shape == (len(names["digits"].test.y), 100)


def test_every_make_target_exists():
    """A command that the README names is one that make lists."""
    listed = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True)
    targets = {line.split()[0] for line in listed.stdout.splitlines()}
    assert set(re.findall(r"\bmake ([a-z]+)", TEXT)) <= targets
    assert {"book", "test"} <= targets


def test_the_results_are_those_of_the_records():
    """Nobody typed a number: `python -m replication readme` wrote them all."""
    records = published_records()
    assert results_block(records, judge(published_evidence(records))) in TEXT
    assert PICTURE.stat().st_size < 200_000


def cells(block):
    """The table of results by its first column."""
    lines = [line.strip("|").split("|") for line in block.splitlines() if line.startswith("|")]
    return {first.strip(): [cell.strip() for cell in rest] for first, *rest in lines}


def test_the_table_holds_the_papers_errors_and_ours():
    """Final runs of Table 1 alone count; what has none is a dash, on either side."""
    records = of_experiment(two_seeds(), STUDY.experiment)
    table = cells(results_block(records, judge(evidence_of(records))))
    assert set(table) - {"model", "---"} == {KINDS[model].label for model in ORDER}
    assert table["model"] == ["MNIST, paper", "MNIST, ours", "CIFAR-bw, paper", "CIFAR-bw, ours"]
    assert table["CAE"][0] == "1.14"
    assert table["CAE"][1].startswith("1.05 (")
    assert table["CAE"][2:] == ["47.86", "–"]
    assert table["RBM-binary"][2:] == ["–", "–"]
    others = cells(results_block(two_seeds(), judge(Evidence())))
    assert others["CAE"][1] == "–"


def test_the_claims_on_the_table_are_named():
    """Those that are on Table 1, with their outcomes."""
    *_, last = results_block([], judge(Evidence())).strip().splitlines()
    named = [int(number) for number in re.findall(r"(\d+)\. ", last)]
    assert named == [claim.number for claim in paper.claims() if claim.source == "Table 1"]


@pytest.fixture
def files(tmp_path):
    """A README and a picture that are not the repository's own."""
    return tmp_path / "README.md", tmp_path / "picture.png"


def test_results_are_replaced_and_nothing_else(files):
    """The text around them stays."""
    readme, picture = files
    readme.write_text(f"before\n{START}old\n{END}after\n")
    records = of_experiment(two_seeds(), STUDY.experiment)
    verdicts = judge(evidence_of(records))
    write(records, verdicts, readme, picture)
    block = results_block(records, verdicts)
    assert readme.read_text() == f"before\n{START}\n{block}\n{END}after\n"
    assert picture.read_bytes().startswith(b"\x89PNG")


def test_without_runs_there_is_no_new_picture(files):
    """The old one stays where it is."""
    readme, picture = files
    readme.write_text(START + END)
    write([], judge(Evidence()), readme, picture)
    assert not picture.exists()


@pytest.mark.parametrize("text", ["no place", START, START + END + END])
def test_a_readme_without_its_place_stays_as_it_is(files, text):
    """It is not clear where the results belong."""
    readme, picture = files
    readme.write_text(text)
    with pytest.raises(InputError, match="must hold each of"):
        write([], [], readme, picture)
    assert readme.read_text() == text
