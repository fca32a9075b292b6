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


def test_changed_verdicts_are_marked(verdicts):
    """Both verdicts in every row, an arrow where they differ, the rules below them."""
    tables = re.findall(r"<table.*?</table>", amendment_table(verdicts).data, re.DOTALL)
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


@pytest.mark.parametrize(
    ("text", "words"), [(None, "is missing"), ("{", "is damaged")], ids=["none", "damaged"]
)
def test_reasons_that_cannot_be_read(verdicts, tmp_path, text, words):
    """One sentence, that names the file."""
    if text is not None:
        (tmp_path / "amendment.json").write_text(text)
    with pytest.raises(InputError, match=rf"amendment\.json {words}"):
        amendment_table(verdicts, tmp_path)


def test_the_old_verdicts_must_be_there(verdicts, tmp_path):
    """The reasons name the file that holds them."""
    (tmp_path / "amendment.json").write_text(json.dumps({"before": "old.json"}))
    with pytest.raises(InputError, match=r"old\.json is missing"):
        amendment_table(verdicts, tmp_path)
