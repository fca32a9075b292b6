"""What the spectra of the Jacobian come to, in sentences that the runs choose."""

from collections.abc import Mapping, Sequence

import numpy as np
from IPython.display import HTML, Markdown

from replication.engine.records import Record
from replication.presentation.findings import finding, tally, together
from replication.presentation.labels import DATASETS, ORDER, label
from replication.presentation.nothing import nothing
from replication.presentation.tabs import by_dataset
from replication.verdicts.bounds import LARGE, SMALL
from replication.verdicts.outcome import Outcome
from replication.verdicts.spectrum import count_above
from replication.verdicts.verdict import Verdict

_DIMENSION = 17  # the claim on what the count tells


def spectrum_answer(records: Sequence[Record]) -> HTML | Markdown:
    """Say how many singular values of the CAE are large, and which models have fewer.

    Args:
        records: Final runs on any data sets.
    """
    counts = _counts(records)
    return finding(_large(counts), _fewer(counts)) if counts else nothing()


def spectrum_meaning(records: Sequence[Record], verdicts: Sequence[Verdict]) -> Markdown:
    """Say whether the count tells the dimension of the data.

    Args:
        records: Final runs on any data sets.
        verdicts: Those on the claims about the spectrum.
    """
    lines = _dimensions(verdicts)
    return Markdown("\n".join(f"- {line}" for line in lines)) if records and lines else nothing()


def spectrum_short(records: Sequence[Record], verdicts: Sequence[Verdict]) -> Markdown:
    """Sum the page up.

    Args:
        records: Final runs on any data sets.
        verdicts: Those on the claims about the spectrum.
    """
    counts = _counts(records)
    if not counts:
        return nothing()
    return Markdown(" ".join(filter(None, (tally(verdicts), _large(counts), _fewer(counts)))))


def _counts(records: Sequence[Record]) -> dict[str, dict[str, float]]:
    """Data set -> model -> how many singular values are large, on average over seeds."""
    found: dict[str, dict[str, float]] = {}
    for name, runs in by_dataset(records).items():
        for model in ORDER:
            counts = [
                count_above(r.results, LARGE)
                for r in runs
                if r.settings.model == model and r.results.get("spectrum")
            ]
            if counts:
                found.setdefault(name, {})[model] = float(np.mean(counts))
    return {name: models for name, models in found.items() if "cae" in models}


def _large(counts: Mapping[str, Mapping[str, float]]) -> str:
    parts: list[str] = []
    for name, models in counts.items():
        what = f" singular values of the CAE exceed {LARGE:g}" if not parts else ""
        beside = f" (AE: {models['ae']:.0f})" if "ae" in models else ""
        parts.append(f"on {DATASETS[name]} {models['cae']:.0f}{what}{beside}")
    return f"O{together(parts)[1:]}."


def _fewer(counts: Mapping[str, Mapping[str, float]]) -> str:
    parts: list[str] = []
    for name, models in counts.items():
        fewer = [label(model) for model in models if models[model] < models["cae"]]
        if fewer:
            what = "" if parts else f" {'has' if len(fewer) == 1 else 'have'} even fewer"
            parts.append(f"{together(fewer)}{what} on {DATASETS[name]}")
    return f"{', '.join(parts)}." if parts else "No other model has fewer of them."


def _dimensions(verdicts: Sequence[Verdict]) -> list[str]:
    parts = [part for v in verdicts if v.claim == _DIMENSION for part in v.parts]
    lines = []
    for name in dict.fromkeys(part.dataset for part in parts):
        over_dimension, over_large = (part for part in parts if part.dataset == name)
        line = (
            f"**{over_dimension.where}.** The CAE has {over_dimension.estimate.value:.1f} times as "
            f"many values above {LARGE:g} as the data have dimensions, and "
            f"{over_large.estimate.value:.1f} times as many above {SMALL:g} as above {LARGE:g}"
        )
        if over_large.outcome is not Outcome.REPRODUCED:
            line += ": the number depends on what counts as large"
        lines.append(f"{line}.")
    return lines
