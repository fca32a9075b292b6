"""What stands under every table and figure: where it comes from and what it cost."""

from collections.abc import Sequence
from pathlib import Path

from IPython.display import Markdown

from replication.experiments.costs import total_seconds
from replication.experiments.protocol import FIRST
from replication.experiments.records import Record
from replication.experiments.staleness import changed_since
from replication.presentation.labels import DATASETS

_SCALES = {
    "proof": "**Proof scale.** Trained just now on {data}, small and quick: the "
    "same code, not the paper's numbers.",
    "published": "**Published scale.** Read from the records in the repository: {data}.",
    "full": "**Full scale.** Read from records, what had none was trained just now: {data}.",
}


def scale_note(records: Sequence[Record], scale: str, wanted: int) -> Markdown:
    """Say which scale a page shows, on which data, and whether runs are missing.

    Args:
        records: The runs that the page shows.
        scale: The page's scale.
        wanted: Number of runs that the page should show.
    """
    if not records:
        return Markdown(
            "**Nothing to show yet.** There are no records of these runs; run the notebook with "
            "these parameters and `-p scale full` to train them, or `-p scale proof` for a quick "
            "look."
        )
    sets = dict.fromkeys(
        f"{DATASETS[r.settings.dataset]} ({r.provenance['data_origin']} data)" for r in records
    )
    text = _SCALES[scale].format(data=", ".join(sets))
    if records[0].experiment == FIRST:
        text += (
            " **A first look:** one setting of each model, without a search. The search by the "
            "protocol is not finished; its final runs will take this place."
        )
    elif len(records) < wanted:
        text += f" {len(records)} of {wanted} runs have been done so far."
    return Markdown(text)


def provenance_note(records: Sequence[Record], times: bool = True) -> Markdown:
    """Name the records' experiment, commits, versions, machine, seeds, date, cost and staleness.

    Args:
        records: The runs behind a table or figure.
        times: Say what the runs cost and whether their code has changed since; not where they
            were trained in this very page, which would then read otherwise each time.
    """
    if not records:
        return Markdown("*No records.*")
    provenance = [record.provenance for record in records]

    def all_of(values: Sequence[str]) -> str:
        return ", ".join(sorted(set(values)))

    backends = [
        f"{p['backend']} "
        + (p["versions"].get(p["backend"]) or p["versions"][f"{p['backend']}-cpu"])
        for p in provenance
    ]
    parts = [
        f"{len(records)} records of `{all_of([r.experiment for r in records])}`",
        f"seeds {all_of([str(r.settings.seed) for r in records])}",
        f"commit {all_of([p['commit'][:9] for p in provenance])}",
        f"Keras {all_of([p['versions']['keras'] for p in provenance])} on {all_of(backends)}",
    ]
    if times:
        machines = [_machine(p["machine"]) for p in provenance]
        seconds = total_seconds(records)
        parts += [
            all_of(machines),
            f"{all_of([p['date'][:10] for p in provenance])}",
            f"cost {seconds / 60:.0f} minutes, {seconds / 60 / len(records):.1f} a run",
            _age({p["commit"] for p in provenance}),
        ]
    return Markdown(f"*Provenance: {'; '.join(parts)}.*")


def _machine(machine: dict) -> str:
    cores = f"{machine['threads']} core"
    if "accelerator" in machine:
        cores += f" and {machine['accelerator']}"
    return f"{machine['processor']} ({cores})"


def _age(commits: set[str]) -> str:
    changed = [changed_since(commit) for commit in sorted(commits)]
    files = sorted({Path(name).name for names in changed for name in names or ()})
    if files:
        return (
            f"**stale**: the code behind them has changed since in {', '.join(files)} "
            "(`make verify` trains some again and compares)"
        )
    if None in changed:
        return "whether the code behind them has changed since cannot be told here"
    return "the code behind them is the same today"
