"""The rules of the verdicts, as the pages show them."""

import pandas as pd
from IPython.display import HTML

from replication import paper
from replication.presentation.tables import wide
from replication.studies.catalogue import CLAIMS


def rules_table() -> HTML:
    """Show for each claim what is compared, and how many seeds of a model a verdict needs.

    Claims whose rule is still to come say so.
    """
    known = {rule.claim: rule for rule in CLAIMS}
    return wide(
        pd.DataFrame(
            {
                "Claim": str(claim.number),
                "the paper says": claim.text,
                "we compare": known[claim.number].compares
                if claim.number in known
                else "<em>a later experiment's</em>",
                "seeds, at least": str(known[claim.number].minimum_seeds)
                if claim.number in known
                else "–",
            }
            for claim in paper.claims()
        )
    )
