"""Corrected numbers: what stood on the page is kept, and what stands there now is true."""

import html
import json
import re

import pytest
from IPython.display import HTML

from replication.engine.measurements import Measurements
from replication.errors import InputError
from replication.presentation.curves import peak_table
from replication.presentation.labels import DATASETS
from replication.studies.collect import collect_finals
from replication.studies.table1 import plan as table1
from replication.summary.corrections import corrections
from tests.shown import rows


def test_every_number_stands_beside_the_one_before():
    """One table a correction, with its reason."""
    page = corrections().data
    tables = re.findall(r"<table.*?</table>", page, re.DOTALL)
    entries = Measurements("corrections").read().values()
    for table, entry in zip(tables, entries, strict=True):
        shown = rows(HTML(html.unescape(table)))
        assert [list(row.values()) for row in shown] == [list(n.values()) for n in entry["numbers"]]
        assert html.unescape(page).count(entry["why"]) == 1


def test_the_bump_of_today_is_the_one_on_its_page():
    """A number that changes again needs a correction of its own."""
    for number in Measurements("corrections").read()["bump"]["numbers"]:
        model, where = number["of"].split(" on ")
        dataset = next(name for name, title in DATASETS.items() if title == where)
        records, _ = collect_finals(table1.STUDY, (dataset,), "published", None)
        [row] = [row for row in rows(peak_table(records, dataset)) if row["Model"] == model]
        assert row["at r ="] == number["now"]


def test_none_and_damaged(tmp_path):
    """A sentence for either."""
    assert "No corrections yet" in corrections(tmp_path).data
    (tmp_path / "corrections.json").write_text(json.dumps({"bump": {"page": "contraction"}}))
    with pytest.raises(InputError, match=r"corrections\.json is damaged"):
        corrections(tmp_path)
