"""The table of what was tried to lose records and to confuse the programs."""

import json
from pathlib import Path


def tries_table(record: Path) -> str:
    """Write what `make chaos` recorded as Markdown.

    Args:
        record: Its file, data/chaos.json.
    """
    content = json.loads(record.read_text(encoding="utf-8"))
    first = next(iter(content["tries"].values()))
    lines = [f"| tried | {' | '.join(first)} |", "|---|" + "---|" * len(first)]
    lines += [
        f"| {name} | {' | '.join(str(count) for count in counts.values())} |"
        for name, counts in content["tries"].items()
    ]
    made = content["provenance"]
    commit = made["commit"][:9] + (" and uncommitted changes" if made["dirty"] else "")
    lines += [
        "",
        f"Tried on {made['date'][:10]} at {commit}, in {made['seconds'] / 60:.0f} minutes.",
    ]
    return "\n".join(lines) + "\n"
