"""Table 1 with ours beside the paper's, and what is said of it."""

import dataclasses
import re

import numpy as np
import pytest

from replication import paper
from replication.kinds import KINDS
from replication.presentation.comparison import compare, error_drawing, table1_html
from replication.presentation.findings import finding, table1_findings, tally, together
from replication.presentation.labels import ORDER
from replication.presentation.nothing import nothing
from replication.summary.judge import evidence_of, judge
from replication.verdicts.verdict import Verdict
from tests.made_up import agreeing, on_mnist, two_seeds
from tests.shown import by


def compared(records):
    """The comparison with the paper's rows on MNIST, by model."""
    return compare(records, "mnist").set_index("model")


def test_comparison_by_hand():
    """Means, spreads and the test set's interval are those computed by hand."""
    table = compared(two_seeds())
    cae = table.loc["cae"]
    assert cae["seeds"] == 2
    assert cae["test_error"] == pytest.approx(1.05)
    assert cae["test_error_deviation"] == pytest.approx(0.1 / np.sqrt(2))
    assert cae["half_width"] == pytest.approx(100 * 1.96 * np.sqrt(0.0105 * 0.9895 / 10_000))
    printed = paper.table1().set_index(["dataset", "model"]).loc[("mnist", "cae")]
    assert cae["paper_test_error"] == printed["test_error"]
    assert cae["paper_saturation"] == printed["saturation"]
    assert np.isnan(table.loc["sae", "paper_test_error"])


def test_rows_follow_the_paper():
    """Rows stand in the paper's order, whatever the order of the records."""
    models = list(compare(two_seeds()[::-1], "mnist")["model"])
    assert models[: len(paper.MODEL_ORDER)] == list(paper.MODEL_ORDER)
    later = {key for key, kind in KINDS.items() if kind.came_later or not kind.is_net}
    assert set(models) == set(KINDS) - later


def test_a_younger_model_is_a_row_where_it_has_runs():
    """Below the others, with no number of the paper."""
    records = two_seeds()
    records += [
        dataclasses.replace(
            record,
            settings=dataclasses.replace(
                record.settings, model="cae-h", curvature=0.1, draws=2, noise_level=0.3
            ),
        )
        for record in records
        if record.settings.model == "cae"
    ]
    shown = by("Model", table1_html(compare(records, "mnist")))
    assert list(shown) == [*(KINDS[model].label for model in ORDER), "CAE+H"]
    assert shown["CAE+H"]["Error %, paper"] == "–"
    assert shown["CAE+H"]["Error %, ours"] == shown["CAE"]["Error %, ours"]


def test_missing_runs_are_dashes():
    """A model without runs stays in the table, without numbers of ours."""
    shown = by("Model", table1_html(compare([on_mnist("cae", 0)], "mnist")))
    assert list(shown) == [KINDS[model].label for model in ORDER]
    assert shown["CAE"]["Error %, paper"] == "1.14"
    assert shown["CAE"]["Error %, ours"] == "1.00"  # one seed has no spread
    assert shown["AE"]["Error %, paper"] == "1.78"
    assert {shown["AE"][f"{what}, ours"] for what in ("Error %", "Jacobian", "SAT %")} == {"–"}
    assert (shown["CAE"]["Seeds"], shown["AE"]["Seeds"]) == ("1", "0")
    alike = by("Model", table1_html(compare(two_seeds(), "mnist")))
    assert "Seeds" not in alike["CAE"]


def test_the_papers_columns_can_be_left_out():
    """At proof scale the data is another."""
    [cae, *_] = by("Model", table1_html(compare(two_seeds(), "mnist"), False)).values()
    assert cae["Error %, ours"] == "1.05 ± 0.07"
    assert not [head for head in cae if "paper" in head]


def findings(records):
    """What is said of these records: on the error, the Jacobian, the saturation, the paper."""
    lines = table1_findings(records, compare(records, "mnist")).data.splitlines()
    return dict(line.removeprefix("- **").split(".** ", 1) for line in lines)


def test_findings_follow_the_numbers():
    """The sentences are chosen by the records: better, worse, and by what measure."""
    said = findings(two_seeds())
    assert "1.05 % mistakes" in said["Error"]
    assert "fewer than RBM-binary, DAE-b, AE+wd, AE;" in said["Error"]
    assert "undecided against DAE-g" in said["Error"]
    assert "more than SAE" in said["Error"]
    assert "the CAE's" in said["Jacobian"]
    assert "the CAE's" in said["Saturation"]


def test_findings_of_the_opposite():
    """Another model has the smallest Jacobian; one seed allows no ranking; equal ones are open."""
    turned = [on_mnist(model, 0, jacobian=-1e-4) for model in ORDER]
    said = findings(turned)
    assert "SAE's, not the CAE's" in said["Jacobian"]
    assert "no ranking can be given" in said["Error"]
    cae = [on_mnist("cae", seed) for seed in range(2)]
    alike = [
        dataclasses.replace(on_mnist("ae", seed), results=run.results)
        for seed, run in enumerate(cae)
    ]
    said = findings([*cae, *alike])
    assert "undecided against AE" in said["Error"]
    assert "fewer than" not in said["Error"]
    for few in (cae, []):
        assert table1_findings(few, compare(few, "mnist")).data == nothing("comparisons").data


def test_the_caption_counts_what_is_drawn():
    """How far the errors lie apart; the paper's only where they are shown."""
    comparison = compare(two_seeds(), "mnist")
    ours = comparison.set_index("model")["test_error"]
    printed = ours.drop("sae")
    shown, alone = (error_drawing(comparison, "mnist", paper).data for paper in (True, False))
    assert f"our errors span {printed.max() - printed.min():.2f} points, its own 0.64;" in shown
    assert f"The errors span {ours.max() - ours.min():.2f} points." in alone
    assert "paper" not in re.sub("<svg.*?</svg>", "", alone, flags=re.DOTALL)
    assert error_drawing(compare([], "mnist"), "mnist").data == nothing().data


def test_what_a_page_has_found_is_text():
    """Empty sentences are left out, and nothing in it is markup."""
    assert finding("1 < 2.", "", "So.").data == '<p class="finding">1 &lt; 2. So.</p>'
    assert together(["AE"]) == "AE"
    assert together(["AE", "CAE", "SAE"]) == "AE, CAE and SAE"


def test_verdicts_are_counted_in_a_sentence():
    """In the singular where there is one."""
    part, failed, other = Verdict(1, ()), Verdict(2, ()), Verdict(3, ())
    assert tally([part]) == "The claim on this page is without records."
    assert tally([part, failed]) == "Both claims on this page are without records."
    assert tally([part, failed, other]) == "All 3 claims on this page are without records."
    verdicts = judge(evidence_of(agreeing()), claims=(1, 2, 16))
    assert tally(verdicts) == (
        "Of the 3 claims on this page 2 are reproduced and 1 is without records."
    )
    assert tally([]) == ""
