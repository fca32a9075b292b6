"""The rules of the verdicts, as the pages show them."""

import pandas as pd
from IPython.display import HTML

from replication import paper
from replication.presentation.tables import wide
from replication.studies.catalogue import CLAIMS


def rules_table() -> HTML:
    """Show for each claim what is compared; claims whose rule is still to come say so."""
    known = {rule.claim: rule.compares for rule in CLAIMS}
    return wide(
        pd.DataFrame(
            {
                "Claim": str(claim.number),
                "the paper says": claim.text,
                "we compare": known.get(claim.number, "<em>a later experiment's</em>"),
            }
            for claim in paper.claims()
        )
    )
