"""The table of what was tried to lose records and to confuse the programs."""

from replication.engine.measurements import Measurements


def tries_table(recorded: Measurements) -> str:
    """Write what `make chaos` recorded as Markdown.

    Args:
        recorded: Its file: for each kind of tries their number, what came of them, and provenance.

    Raises:
        InputError: The file is damaged.
    """
    entries = {name: dict(entry) for name, entry in recorded.read().items()}
    made = [entry.pop("provenance") for entry in entries.values()]
    columns = next(iter(entries.values()), {})
    lines = [f"| tried | {' | '.join(columns)} |", "|---|" + "---|" * len(columns)]
    lines += [
        f"| {name} | {' | '.join(str(count) for count in counts.values())} |"
        for name, counts in entries.items()
    ]
    commits = sorted({m["commit"][:9] + (", changed" if m["dirty"] else "") for m in made})
    dates = sorted({m["date"][:10] for m in made})
    minutes = sum(m["seconds"] for m in made) / 60
    lines += ["", f"Tried on {', '.join(dates)} at {', '.join(commits)}, in {minutes:.0f} minutes."]
    return "\n".join(lines) + "\n"
