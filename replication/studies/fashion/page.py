"""Whether the claims on Table 1 and Figures 1 and 2 travel to another data set."""

from collections.abc import Sequence

import pandas as pd
from IPython.display import HTML, Markdown

from replication import paper
from replication.presentation.judgement import outcome_text
from replication.presentation.nothing import nothing
from replication.presentation.tables import wide
from replication.studies.table1.plan import DATASETS
from replication.verdicts.outcome import Outcome
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
                **{place_label(name): _text(published, verdict.claim, name) for name in DATASETS},
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
    alike, different, open_ = _sorted(published, elsewhere, source)
    lines = [
        f"**{title}** {', '.join(claims)}."
        for title, claims in (
            (f"The same outcome as on {place_label(source)}:", alike),
            ("Another outcome:", different),
            ("No outcome to compare:", open_),
        )
        if claims
    ]
    return Markdown("\n".join(f"- {line}" for line in lines))


def travel_in_short(
    published: Sequence[Verdict], elsewhere: Sequence[Verdict], source: str
) -> Markdown:
    """Count the claims whose outcome is the same on the other data set.

    Args:
        published, elsewhere, source: As for `travel_lines`.
    """
    alike, different, _ = _sorted(published, elsewhere, source)
    both = len(alike) + len(different)
    if not both:
        return nothing("claims that are decided on both data sets")
    return Markdown(
        f"**{len(alike)} of {both} claims come out as on {place_label(source)}.**"
        + (f" The outcome differs for {', '.join(different)}." if different else "")
    )


def _sorted(
    published: Sequence[Verdict], elsewhere: Sequence[Verdict], source: str
) -> tuple[list[str], list[str], list[str]]:
    """Claims with the same outcome on both data sets, with another one, and without one."""
    alike, different, open_ = [], [], []
    for verdict in elsewhere:
        there, here = _on(published, verdict.claim, source), verdict.outcome
        if not {here, there} <= _DECIDED:
            open_.append(str(verdict.claim))
        elif here is there:
            alike.append(f"{verdict.claim} ({here})")
        else:
            different.append(f"{verdict.claim} ({there} on {place_label(source)}, here {here})")
    return alike, different, open_


def _text(verdicts: Sequence[Verdict], claim: int, dataset: str) -> str:
    """The outcome on one data set, or that the claim does not speak of it."""
    found = _on(verdicts, claim, dataset)
    verdict = next(v for v in verdicts if v.claim == claim)
    if found is Outcome.NO_RECORDS and place_label(dataset) not in verdict.missing:
        return "– not claimed"
    return outcome_text(found)


def _on(verdicts: Sequence[Verdict], claim: int, dataset: str) -> Outcome:
    """What the comparisons on one data set that enter the verdict make of a claim."""
    verdict = next(v for v in verdicts if v.claim == claim)
    return verdict.combination.outcome(
        [part.outcome for part in verdict.counted if part.dataset == dataset]
    )
