"""Verdicts as text and as plain values."""

import json
import math

from replication import paper
from replication.verdicts.estimate import Estimate, exactly
from replication.verdicts.report import as_json, as_line, as_text, interval_text
from replication.verdicts.verdict import Verdict

from .made_up_rules import make_part

[CLAIM] = [claim for claim in paper.claims() if claim.number == 1]
PARTS = (
    make_part(unit="points", paper=exactly(0.64), note="noted", records=("abc", "def")),
    make_part(-2.0, dataset="cifar-bw"),
    make_part(-3.0, dataset="cifar-bw"),
)
VERDICT = Verdict(1, PARTS, ("rot",))


def test_an_interval_stands_behind_its_value():
    """With the unit between them; one seed has no interval."""
    assert interval_text(Estimate(2.0, 1.0, 3.0), "points") == "2 points (1 to 3)"
    assert interval_text(Estimate(2.0, 1.0, 3.0)) == "2 (1 to 3)"
    assert interval_text(Estimate(2.0, math.nan, math.nan)) == "2 (no interval)"


def test_a_line_counts_the_outcomes():
    """Number, outcome, title, how many agree, and whether there is more to come."""
    line = as_line(VERDICT, CLAIM)
    assert line.startswith(" 1  partly ")
    assert CLAIM.title in line
    assert line.endswith("(1 of 3 agree; so far)")
    assert as_line(Verdict(1, PARTS[:1]), CLAIM).endswith("(1 of 1 agree)")
    assert as_line(Verdict(1, ()), CLAIM).endswith("(nothing to compare)")


def test_the_text_has_all_about_a_comparison():
    """Place, statement, estimate, the paper's value, rule, note, records; what is missing, too."""
    text = as_text(VERDICT, CLAIM)
    assert text.startswith("Claim 1: partly (1 of 3 agree; so far)")
    assert " ".join(CLAIM.text.split()) in " ".join(text.split())
    assert "MNIST: a minus b: 2 points (1 to 3), the paper's 0.64: reproduced" in text
    assert f"rule: {PARTS[0].rule.text}" in text
    assert "records: abc def" in text
    assert "noted" in text
    assert "marks: direction certain; larger than printed" in text
    assert text.endswith("no records of: rot")


def test_json_has_the_same():
    """Plain values that survive JSON; an interval that does not exist is null."""
    alone = make_part(half=math.nan)
    [found, open_] = json.loads(json.dumps(as_json([VERDICT, Verdict(2, (alone,))])))
    assert {key: found[key] for key in ("claim", "outcome", "is_final", "missing")} == {
        "claim": 1,
        "outcome": "partly",
        "is_final": False,
        "missing": ["rot"],
    }
    first = found["parts"][0]
    estimate = {name: first["estimate"][name] for name in ("value", "low", "high")}
    assert estimate == {"value": 2.0, "low": 1.0, "high": 3.0}
    assert first["paper"] == 0.64
    assert first["rule"] == PARTS[0].rule.text
    assert first["records"] == ["abc", "def"]
    assert [part["outcome"] for part in found["parts"]] == [str(p.outcome) for p in PARTS]
    assert open_["parts"][0]["estimate"]["low"] is None
    assert open_["parts"][0]["outcome"] == "cannot tell"
