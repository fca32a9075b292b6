"""The page that puts the findings together."""

from collections.abc import Sequence

from IPython.display import Markdown

from replication.engine.costs import total_seconds
from replication.engine.records import Record
from replication.presentation.nothing import nothing
from replication.studies.finding import Finding


def in_short(*findings: Finding) -> Markdown:
    """List the headlines of the findings that there are.

    Args:
        *findings: In the order of the page.
    """
    lines = [f"- {finding.headline}" for finding in findings if finding.headline]
    return Markdown("\n".join(lines)) if lines else nothing()


def cost_note(groups: Sequence[Sequence[Record]]) -> Markdown:
    """Say which experiments the page reads, how many runs they are, and what these cost.

    Args:
        groups: The runs, in groups that may hold several experiments.
    """
    lines = []
    for records in groups:
        names = sorted({r.experiment for r in records})
        if names:
            hours = total_seconds(records) / 3600
            lines.append(
                f"- {', '.join(f'`data/records/{n}`' for n in names)}: {len(records)} runs, "
                f"{hours:.1f} core hours"
            )
    return Markdown("\n".join(lines)) if lines else nothing()
