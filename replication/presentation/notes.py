"""What stands under every table and figure: where it comes from and what it cost."""

import html
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from IPython.display import Markdown

from replication.engine.costs import total_seconds
from replication.engine.fingerprint import stale_components
from replication.engine.records import Record
from replication.engine.verification.kept import trained_again
from replication.presentation.labels import DATASETS
from replication.presentation.links import record_links
from replication.presentation.nothing import nothing

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
    sets: dict[str, dict[str, None]] = {}  # origin -> data sets
    for r in records:
        sets.setdefault(r.provenance["data_origin"], {})[DATASETS[r.settings.dataset]] = None
    data = "; ".join(
        f"{', '.join(names)} ({_plain(origin)} data)" for origin, names in sets.items()
    )
    text = _SCALES[scale].format(data=data)
    if len(records) < wanted:
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
        return nothing()
    provenance = [record.provenance for record in records]
    backends = [
        f"{p['backend']} "
        + (p["versions"].get(p["backend"]) or p["versions"][f"{p['backend']}-cpu"])
        for p in provenance
    ]
    parts = [
        f"{len(records)} records of `{', '.join(sorted({r.experiment for r in records}))}`",
        f"seeds {_each(str(r.settings.seed) for r in records)}",
        f"commit {_each(p['commit'][:9] for p in provenance)}",
        f"Keras {_each(p['versions']['keras'] for p in provenance)} on {_each(backends)}",
    ]
    if times:
        seconds = total_seconds(records)
        parts += [
            _each(_machine(p["machine"]) for p in provenance),
            _each(p["date"][:10] for p in provenance),
            f"cost {seconds / 60:.0f} minutes, {seconds / 60 / len(records):.1f} a run",
            _age(records),
            *_checked(records),
        ]
    links = f"\n\n{record_links(records)}" if times else ""
    return Markdown(f"*Provenance: {'; '.join(parts)}.*{links}")


def measured_note(
    entries: Sequence[Mapping[str, Any]],
    lead: Sequence[str] = (),
    times: bool = True,
    package: str = "keras",
    cost: str = "{minutes:.0f} minutes",
) -> Markdown:
    """Say where measurements that are no runs come from, and what they cost together.

    Args:
        entries: Measurements with their provenance.
        lead: What is said first, such as the file and what was measured.
        times: Name machine, date and cost; not where they were made in this very page.
        package: The package that did the work, as provenance names it.
        cost: A format that writes the cost, in `minutes` or in `seconds`.
    """
    if not entries:
        return nothing("measurements")
    sources = [entry["provenance"] for entry in entries]
    parts = [
        *lead,
        f"commit {_each(s['commit'][:9] for s in sources)}",
        f"{package.replace('keras', 'Keras')} {_each(s['versions'][package] for s in sources)}",
    ]
    if times:
        seconds = sum(s["seconds"] for s in sources)
        parts += [
            _each(s["machine"]["processor"] for s in sources),
            _each(s["date"][:10] for s in sources),
            f"cost {cost.format(minutes=seconds / 60, seconds=seconds)}",
        ]
    return Markdown(f"*Provenance: {'; '.join(parts)}.*")


def _each(values: Iterable[str]) -> str:
    return ", ".join(_plain(value) for value in sorted(set(values)))


def _plain(text: str) -> str:
    """Write what stands in a record so that it is shown as it is: neither HTML nor Markdown."""
    return re.sub(r"([\\`*_\[\]|])", r"\\\1", html.escape(text, quote=False))


def _machine(machine: dict) -> str:
    cores = f"{machine['threads']} core"
    if "accelerator" in machine:
        cores += f" and {machine['accelerator']}"
    return f"{machine['processor']} ({cores})"


def _checked(records: Sequence[Record]) -> list[str]:
    """Say how many of the runs were trained again, when, and whether they agreed."""
    known = trained_again()
    found = [known[record.id] for record in records if record.id in known]
    if not found:
        return []
    agree = sum(agrees for _, agrees in found)
    when = max(date for date, _ in found)
    return [f"{len(found)} of them trained again, last on {when}: {agree} agreed"]


def _age(records: Sequence[Record]) -> str:
    changed = sorted({name for record in records for name in stale_components(record)})
    if changed:
        return (
            f"**stale**: the code behind some of them has changed since in {', '.join(changed)} "
            "(`make verify` trains some again and compares)"
        )
    return "the code behind them is the same today"
