"""The amendments of the rules: what each verdict was, what it is, and why."""

import dataclasses
import html
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd
from IPython.display import HTML

from replication import paper
from replication.engine.measurements import FOLDER
from replication.errors import InputError
from replication.presentation.fold import folded
from replication.presentation.judgement import outcome_text
from replication.presentation.tables import explained, wide
from replication.presentation.tabs import as_html
from replication.studies.catalogue import CLAIMS
from replication.verdicts.outcome import Outcome
from replication.verdicts.report import agreement_text
from replication.verdicts.verdict import Verdict

_REASONS = "amendment.json"


@dataclasses.dataclass(frozen=True)
class _Judged:
    """A verdict of some day: its outcome, how many comparisons agreed, and by which rules."""

    outcome: Outcome
    agreed: str
    rules: str


def amendment_table(verdicts: Sequence[Verdict], number: int, folder: Path = FOLDER) -> HTML:
    """Show for each claim the verdict and rules before an amendment, those after, and the reason.

    The reason that all have in common stands first; verdicts that stayed are folded.

    Args:
        verdicts: What `judge` returns today.
        number: Which amendment, counted from 1 on.
        folder: Folder of the reasons and of the verdicts as they were.

    Raises:
        InputError: A file is missing or damaged, or there is no such amendment.
    """
    amendments = _read(folder / _REASONS)["amendments"]
    if not 1 <= number <= len(amendments):
        raise InputError(f"there are amendments 1 to {len(amendments)}. Received: {number}")
    amendment = amendments[number - 1]
    before = _as_they_were(folder / amendment["before"])
    # What came after it is what was there before the next one.
    after = (
        {verdict.claim: _of_today(verdict) for verdict in verdicts}
        if number == len(amendments)
        else _as_they_were(folder / amendments[number]["before"])
    )
    titles = {claim.number: claim.title for claim in paper.claims()}
    combinations = {rule.claim: rule.combination.text for rule in CLAIMS}
    since = f"since {amendment['date']}"
    rows = []
    for claim in after:
        old, new = before[claim], after[claim]
        mark = "" if old.outcome is new.outcome else " ←"
        rows.append(
            {
                "claim": explained(
                    f"{claim}. {html.escape(titles[claim])}",
                    amendment["claims"].get(str(claim), ""),
                ),
                "before": explained(
                    f"{outcome_text(old.outcome)}<div>{old.agreed}</div>", old.rules
                ),
                since: explained(
                    f"{outcome_text(new.outcome)}{mark}<div>{new.agreed}</div>",
                    new.rules,
                    combinations[claim],
                ),
            }
        )
    changed, same = (
        wide(pd.DataFrame([row for row in rows if ("←" in row[since]) is moved]), False).data
        for moved in (True, False)
    )
    return HTML(
        f"<p>{html.escape(amendment['all'])}</p>{changed}"
        f"{as_html(folded('Verdicts that stayed', HTML(same)))}"
    )


def _of_today(verdict: Verdict) -> _Judged:
    rules = _rules(part.rule.text for part in verdict.parts)
    return _Judged(verdict.outcome, agreement_text(verdict), rules)


def _as_they_were(path: Path) -> dict[int, _Judged]:
    """Claim -> what a file says of it."""
    found = {}
    for entry in _read(path):
        outcomes = [part["outcome"] for part in entry["parts"]]
        # The first verdicts counted all of their comparisons.
        agreeing = entry.get("agreeing", outcomes.count(Outcome.REPRODUCED))
        agreed = f"{agreeing} of {entry.get('counted', len(outcomes))} agreed"
        rules = _rules(part["rule"] for part in entry["parts"])
        found[entry["claim"]] = _Judged(Outcome(entry["outcome"]), agreed, rules)
    return found


def _rules(texts: Any) -> str:
    """The different rules of a claim's comparisons, each once."""
    return "; ".join(dict.fromkeys(texts)) + "."


def _read(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise InputError(f"{path} is missing: it says what the verdicts were") from None
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"{path} is damaged: {error}") from None
