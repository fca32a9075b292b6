"""The amendment of the rules: what each verdict was, what it is, and why."""

import html
import json
from collections.abc import Mapping, Sequence
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


def amendment_table(verdicts: Sequence[Verdict], folder: Path = FOLDER) -> HTML:
    """Show for each claim the old verdict and rules, the new ones, and the reason.

    The reason that all have in common stands first; verdicts that stayed are folded.

    Args:
        verdicts: What `judge` returns today.
        folder: Folder of the reasons and of the verdicts as they were.

    Raises:
        InputError: A file is missing or damaged.
    """
    amendment = _read(folder / _REASONS)
    before = {entry["claim"]: entry for entry in _read(folder / amendment["before"])}
    titles = {claim.number: claim.title for claim in paper.claims()}
    rules = {rule.claim: rule for rule in CLAIMS}
    since = f"since {amendment['date']}"
    rows = []
    for verdict in verdicts:
        old = before[verdict.claim]
        was = Outcome(old["outcome"])
        mark = "" if was is verdict.outcome else " ←"
        rows.append(
            {
                "claim": explained(
                    f"{verdict.claim}. {html.escape(titles[verdict.claim])}",
                    amendment["claims"].get(str(verdict.claim), ""),
                ),
                "before": explained(
                    f"{outcome_text(was)}<div>{_agreed(old)}</div>",
                    _rules(part["rule"] for part in old["parts"]),
                ),
                since: explained(
                    f"{outcome_text(verdict.outcome)}{mark}<div>{agreement_text(verdict)}</div>",
                    _rules(part.rule.text for part in verdict.parts),
                    rules[verdict.claim].combination.text,
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


def _agreed(old: Mapping[str, Any]) -> str:
    outcomes = [part["outcome"] for part in old["parts"]]
    return f"{outcomes.count(Outcome.REPRODUCED)} of {len(outcomes)} agreed"


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
