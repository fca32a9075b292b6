"""What the contraction curves come to, in sentences that the runs choose."""

from collections.abc import Sequence

from IPython.display import HTML, Markdown

from replication.engine.records import Record
from replication.presentation.curves import mean_curve
from replication.presentation.findings import finding, tally, together
from replication.presentation.labels import DATASETS, ORDER, label
from replication.presentation.nothing import nothing
from replication.presentation.tabs import by_dataset
from replication.verdicts.bounds import FLAT
from replication.verdicts.curve import rise
from replication.verdicts.verdict import Verdict

_PLACE = 14  # the claim on where the bump lies


def contraction_answer(records: Sequence[Record], verdicts: Sequence[Verdict]) -> HTML | Markdown:
    """Say where the curve of the CAE rises, and how far out its bump lies.

    Args:
        records: Final runs on any data sets.
        verdicts: Those on the claims about the curves.
    """
    return finding(_bump(records), _place(verdicts)) if records else nothing()


def contraction_meaning(records: Sequence[Record]) -> Markdown:
    """Say which other models contract most at the data, and which is lowest there.

    Args:
        records: Final runs on any data sets.
    """
    if not records:
        return nothing()
    return Markdown("\n".join(f"- {line}" for line in (*_others(records), *_lowest(records))))


def contraction_short(records: Sequence[Record], verdicts: Sequence[Verdict]) -> Markdown:
    """Sum the page up.

    Args:
        records: Final runs on any data sets.
        verdicts: Those on the claims about the curves.
    """
    if not records:
        return nothing()
    sentences = (tally(verdicts), _bump(records), _place(verdicts))
    return Markdown(" ".join(filter(None, sentences)))


def _rising(records: Sequence[Record]) -> dict[str, dict[str, float]]:
    """Model -> the data sets on which its curve rises before it falls -> by which share."""
    found: dict[str, dict[str, float]] = {}
    for name, runs in by_dataset(records).items():
        for model in ORDER:
            curves = [r.results["curve"] for r in runs if r.settings.model == model]
            if curves and (share := rise(mean_curve(curves))) > FLAT:
                found.setdefault(model, {})[DATASETS[name]] = share
    return found


def _bump(records: Sequence[Record]) -> str:
    every = [DATASETS[name] for name in by_dataset(records)]
    rising = list(_rising(records).get("cae", {}))
    if not rising:
        return f"The curve of the CAE falls from the start on {together(every)}."
    text = (
        f"The CAE contracts more at the data than a little farther away on {together(rising)}: its "
        "curve rises first."
    )
    others = [name for name in every if name not in rising]
    return f"{text} On {together(others)} it falls from the start." if others else text


def _place(verdicts: Sequence[Verdict]) -> str:
    parts = [part for v in verdicts if v.claim == _PLACE for part in v.parts]
    if not parts:
        return ""
    places = [f"{part.estimate.value:.2f} times as far on {part.where}" for part in parts]
    return (
        "The paper says that the bump lies at the farthest other example; ours lies "
        f"{together(places)}."
    )


def _others(records: Sequence[Record]) -> list[str]:
    rising = _rising(records)
    shown = {record.settings.model for record in records} - {"cae"}
    falling = [label(model) for model in ORDER if model in shown and model not in rising]
    lines = []
    if falling:
        lines.append(
            f"**{together(falling)}** {'falls' if len(falling) == 1 else 'fall'} from the start: "
            "the farther a point lies from the data, the more it is contracted. Saturation does "
            "this, not closeness to the data."
        )
    lines += [
        f"**{label(model)}** rises as well, by "
        + together([f"{100 * share:.0f} % on {name}" for name, share in where.items()])
        + "."
        for model, where in rising.items()
        if model != "cae"
    ]
    return lines


def _lowest(records: Sequence[Record]) -> list[str]:
    lines = []
    for name, runs in by_dataset(records).items():
        first = {
            model: mean_curve(curves)["ratio"][0]
            for model in ORDER
            if (curves := [r.results["curve"] for r in runs if r.settings.model == model])
        }
        lowest = min(first, key=lambda model: first[model])
        line = (
            f"**Next to the data on {DATASETS[name]}** {label(lowest)} contracts most (ratio "
            f"{first[lowest]:.3f})"
        )
        if lowest != "cae" and "cae" in first:
            line += f", the CAE comes to {first['cae']:.3f}"
        lines.append(f"{line}.")
    return lines
