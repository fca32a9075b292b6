"""The first page: the answer follows from the verdicts."""

import re

import pytest
from IPython.display import HTML, Markdown

from replication import paper
from replication.studies.finding import Finding
from replication.summary.front import answer, beyond, front_curves, reasons, side_by_side, strip
from replication.summary.judge import evidence_of, judge
from replication.verdicts.evidence import Evidence
from replication.verdicts.outcome import Outcome
from tests.made_up import agreeing, two_seeds


@pytest.fixture(scope="module")
def verdicts():
    """Those on runs that agree with the paper, of MNIST alone."""
    return judge(evidence_of(agreeing()))


def lines_of(shown):
    """The lines of the answer, by the style of their outcome."""
    found = re.findall(r'<li class="outcome-([a-z-]+)">(.*?)</li>', shown.data)
    assert len(found) == len(dict(found))
    return dict(found)


def test_a_line_for_each_kind_of_verdict(verdicts):
    """It counts its claims and comparisons; a few claims are named, of many the extremes."""
    lines = lines_of(answer(verdicts))
    assert set(lines) == {v.outcome.replace(" ", "-") for v in verdicts}
    for outcome in Outcome:
        found = [v for v in verdicts if v.outcome is outcome]
        if not found:
            continue
        line = lines[outcome.replace(" ", "-")]
        assert f"{len(found)} of {len(paper.claims())} claims" in line
        named = re.findall(r'href="#claim-(\d+)"', line)
        if len(found) <= 6:
            assert named == [str(v.claim) for v in found]
        else:
            shares = {str(v.claim): v.agreeing / max(1, len(v.counted)) for v in found}
            ends = {max(shares.values()), min(shares.values())}
            assert {*named} == {claim for claim, share in shares.items() if share in ends}


def test_a_cell_for_each_claim(verdicts):
    """It can be opened without scripts, and says more than a colour to whoever cannot see."""
    cells = re.findall(r"<details .*?</details>", strip(verdicts).data, re.DOTALL)
    assert len(cells) == len(paper.claims())
    for cell, verdict, claim in zip(cells, verdicts, paper.claims(), strict=True):
        assert f'id="claim-{claim.number}"' in cell
        assert f"{claim.title}: {verdict.outcome}</span>" in cell.replace("&#x27;", "'")
        assert claim.text.split("'")[0] in cell


def test_without_evidence():
    """All claims wait, and nothing is counted."""
    (line,) = lines_of(answer(judge(Evidence()))).values()
    assert "comparisons" not in line
    assert "not measured yet" in line


def test_a_curve_for_each_model():
    """Each once, with its name; none without runs."""
    (axes,) = front_curves(two_seeds()).axes
    assert [line.get_label() for line in axes.get_lines()][:1] == ["CAE"]
    assert len(axes.get_lines()) == 7
    assert isinstance(front_curves([]), Markdown)


def test_findings_are_linked_and_pictures_stand_together():
    """What has no headline yet has no link."""
    found = [
        Finding(name="length", headline="It was < too short.", figure=Markdown("")),
        Finding(name="tuning", figure=Markdown("")),
    ]
    shown = reasons(found).data
    assert '<a href="why.html#length">It was &lt; too short.</a>' in shown
    assert "tuning" not in shown
    assert isinstance(reasons(found[1:]), Markdown)
    assert side_by_side(HTML("<b>1</b>"), Markdown("*2*")).data.count("<em>2</em>") == 1


def test_what_lies_beyond_the_paper():
    """A line with a link for each page that has found something."""
    shown = beyond({"higher": ("Higher order.", "It is < that."), "sampling": ("Samples.", "")})
    said = '<ul><li><a href="higher.html">Higher order.</a> It is &lt; that.</li></ul>'
    assert shown.data == said
    assert "No findings yet" in beyond({"sampling": ("Samples.", "")}).data
