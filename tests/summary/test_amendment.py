"""The amendment: what was judged before stands beside what is judged now."""

import html
import json
import re

import pytest
from IPython.display import HTML

from replication.errors import InputError
from replication.summary.amendment import amendment_table
from replication.summary.judge import judge, published_evidence
from tests.shown import rows


@pytest.fixture(scope="module")
def verdicts():
    """Those of today, on all records."""
    return judge(published_evidence())


LAST = 2


def test_changed_verdicts_are_marked(verdicts):
    """Both verdicts in every row, an arrow where they differ, the rules below them."""
    tables = re.findall(r"<table.*?</table>", amendment_table(verdicts, LAST).data, re.DOTALL)
    changed, same = (rows(HTML(table)) for table in tables)
    assert all("←" in list(row.values())[-1] for row in changed)
    shown = {int(row["claim"].split(".")[0]): row for row in [*changed, *same]}
    assert len(shown) == len(verdicts)
    for verdict in verdicts:
        before, now = list(shown[verdict.claim].values())[1:]
        assert str(verdict.outcome) in now
        outcomes = [cell.split("<")[0].removesuffix(" ←") for cell in (before, now)]
        assert ("←" in now) is (outcomes[0] != outcomes[1])
        assert f"<small>{verdict.parts[0].rule.text}" in html.unescape(now)


def test_after_an_amendment_is_before_the_next(verdicts):
    """What the first one led to is what the second one changed."""
    first, second = (amendment_table(verdicts, number).data for number in (1, LAST))
    assert "since 27 November 2026" in first
    assert "since 28 November 2026" in second
    rows_of = [
        {row["claim"].split(".")[0]: list(row.values()) for table in re.findall(
            r"<table.*?</table>", text, re.DOTALL) for row in rows(HTML(table))}
        for text in (first, second)
    ]  # fmt: skip
    for claim, (_, _, after) in rows_of[0].items():
        assert re.search(r"\d+ of \d+", after)[0] in rows_of[1][claim][1]


def test_an_amendment_that_is_not_there(verdicts):
    """There are as many as the file has."""
    for number in (0, LAST + 1):
        with pytest.raises(InputError, match="amendments 1 to 2. Received: "):
            amendment_table(verdicts, number)


@pytest.mark.parametrize(
    ("text", "words"), [(None, "is missing"), ("{", "is damaged")], ids=["none", "damaged"]
)
def test_reasons_that_cannot_be_read(verdicts, tmp_path, text, words):
    """One sentence, that names the file."""
    if text is not None:
        (tmp_path / "amendment.json").write_text(text)
    with pytest.raises(InputError, match=rf"amendment\.json {words}"):
        amendment_table(verdicts, 1, tmp_path)


def test_the_old_verdicts_must_be_there(verdicts, tmp_path):
    """The reasons name the file that holds them."""
    (tmp_path / "amendment.json").write_text(json.dumps({"amendments": [{"before": "old.json"}]}))
    with pytest.raises(InputError, match=r"old\.json is missing"):
        amendment_table(verdicts, 1, tmp_path)
