"""Whether the claims on Table 1 and Figures 1 and 2 travel to another data set."""

from collections.abc import Sequence

import pandas as pd
from IPython.display import HTML, Markdown

from replication import paper
from replication.presentation.judgement import outcome_text
from replication.presentation.tables import wide
from replication.studies.table1.plan import DATASETS
from replication.verdicts.outcome import Outcome, combine
from replication.verdicts.verdict import Verdict, place_label

_DECIDED = {Outcome.REPRODUCED, Outcome.PARTLY, Outcome.NOT_REPRODUCED}


def travel_table(published: Sequence[Verdict], elsewhere: Sequence[Verdict], dataset: str) -> HTML:
    """Show what each claim's comparisons say on each data set, side by side.

    Args:
        published: What `judge` returned.
        elsewhere: What `judge_elsewhere` returned.
        dataset: The data set of the latter.
    """
    titles = {claim.number: claim.title for claim in paper.claims()}
    return wide(
        pd.DataFrame(
            {
                "Claim": str(verdict.claim),
                "about": titles[verdict.claim],
                **{
                    place_label(name): outcome_text(_on(published, verdict.claim, name))
                    for name in DATASETS
                },
                place_label(dataset): outcome_text(verdict.outcome),
            }
            for verdict in elsewhere
        )
    )


def travel_lines(
    published: Sequence[Verdict], elsewhere: Sequence[Verdict], source: str
) -> Markdown:
    """Sort the claims by whether their outcome on the other data set is that of the source.

    Args:
        published: What `judge` returned.
        elsewhere: What `judge_elsewhere` returned.
        source: The data set to compare with.
    """
    alike, different, open_ = [], [], []
    for verdict in elsewhere:
        here, there = _on(published, verdict.claim, source), verdict.outcome
        if not {here, there} <= _DECIDED:
            open_.append(str(verdict.claim))
        elif here is there:
            alike.append(f"{verdict.claim} ({there})")
        else:
            different.append(f"{verdict.claim} ({here}, there {there})")
    lines = [
        f"**{title}** {', '.join(claims) or 'none'}."
        for title, claims in (
            (f"The same outcome as on {place_label(source)}:", alike),
            ("Another outcome:", different),
            ("Not decided on both:", open_),
        )
    ]
    return Markdown("\n".join(f"- {line}" for line in lines))


def _on(verdicts: Sequence[Verdict], claim: int, dataset: str) -> Outcome:
    """What the comparisons on one data set make of a claim."""
    verdict = next(v for v in verdicts if v.claim == claim)
    return combine([part.outcome for part in verdict.parts if part.dataset == dataset])
