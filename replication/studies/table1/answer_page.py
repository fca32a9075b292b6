"""What Table 1 comes to, in sentences that the runs choose."""

from collections.abc import Sequence

from IPython.display import HTML, Markdown

from replication import paper
from replication.engine.records import Record
from replication.presentation.findings import Standing, finding, tally, together
from replication.presentation.labels import DATASETS, label
from replication.presentation.nothing import nothing
from replication.presentation.tabs import by_dataset
from replication.verdicts.outcome import Outcome
from replication.verdicts.runs import Runs
from replication.verdicts.verdict import Verdict

_PLAIN = ("ae", "ae-wd")  # what the penalty is to improve on
_EFFECT, _CORRELATION, _JACOBIAN = 1, 3, 4  # claims


def table1_answer(records: Sequence[Record]) -> HTML | Markdown:
    """Say whether the penalty lowers the test error, and which models are ahead of the CAE.

    Args:
        records: Final runs on any data sets.
    """
    return finding(_effect(records), _rivals(records)) if records else nothing()


def table1_meaning(records: Sequence[Record], verdicts: Sequence[Verdict]) -> Markdown:
    """Say where the paper's gap went, and whether contraction foretells the error.

    Args:
        records: Final runs on any data sets.
        verdicts: Those on the claims of the table.
    """
    gaps = [_gap(runs, name) for name, runs in by_dataset(records).items()]
    lines = [*filter(None, gaps), *_correlations(verdicts), _contraction(verdicts)]
    if not any(lines):
        return nothing("comparisons")
    return Markdown("\n".join(f"- {line}" for line in lines if line))


def table1_short(records: Sequence[Record], verdicts: Sequence[Verdict]) -> Markdown:
    """Sum the page up.

    Args:
        records: Final runs on any data sets.
        verdicts: Those on the claims of the table.
    """
    if not records:
        return nothing()
    sentences = (tally(verdicts), _effect(records), _rivals(records), _contraction(verdicts))
    return Markdown(" ".join(sentence for sentence in sentences if sentence))


def _effect(records: Sequence[Record]) -> str:
    """Whether the CAE makes fewer mistakes than the models without its penalty."""
    found: dict[str, list[str]] = {}
    plain = {label(model) for model in _PLAIN}
    for name, runs in by_dataset(records).items():
        standing = Standing.of(runs)
        if plain <= set(standing.worse):
            effect = "lowers the test error on {}"
        elif plain & set(standing.better):
            effect = "raises the test error on {}"
        elif plain & set(standing.worse):
            ahead = together([other for other in standing.worse if other in plain])
            effect = f"lowers the test error on {{}} against {ahead} only"
        elif plain <= set(standing.undecided):
            effect = "makes no measurable difference on {}"
        else:
            continue
        found.setdefault(effect, []).append(DATASETS[name])
    if not found:
        return "With one seed of each model no ranking can be given."
    effects = [effect.format(together(names)) for effect, names in sorted(found.items())]
    return f"Penalising the Jacobian {together(effects)}."


def _rivals(records: Sequence[Record]) -> str:
    """Which models make fewer mistakes than the CAE, and where."""
    ahead: dict[tuple[str, ...], list[str]] = {}
    ranked = False
    for name, runs in by_dataset(records).items():
        standing = Standing.of(runs)
        ranked |= bool(standing.worse or standing.undecided)
        if standing.better:
            ahead.setdefault(standing.better, []).append(DATASETS[name])
    if ahead:
        return " ".join(
            f"{together(who)} {'makes' if len(who) == 1 else 'make'} fewer mistakes than the CAE "
            f"on {together(where)}."
            for who, where in ahead.items()
        )
    return "No model makes measurably fewer mistakes than the CAE." if ranked else ""


def _gap(records: Sequence[Record], dataset: str) -> str:
    """The gap between AE and CAE, the paper's and ours, and from which side it changed."""
    printed = paper.table1().set_index(["dataset", "model"])["test_error"]
    evidence = Runs.gather(records, dataset)
    if (dataset, "cae") not in printed or not {"ae", "cae"} <= set(evidence.runs):
        return ""
    theirs = {model: float(printed[dataset, model]) for model in ("ae", "cae")}
    ours = {model: evidence.mean_error(model) for model in ("ae", "cae")}
    sides = [
        f"our {label(model)} makes {'fewer' if ours[model] < theirs[model] else 'more'} mistakes "
        f"than the paper's ({ours[model]:.2f} instead of {theirs[model]:.2f} %)"
        for model in ("ae", "cae")
    ]
    gaps = [values["ae"] - values["cae"] for values in (theirs, ours)]
    printed_gap, our_gap = (
        f"{abs(gap):.2f} points {'more' if gap > 0 else 'fewer'}" for gap in gaps
    )
    return (
        f"**{DATASETS[dataset]}.** The paper's AE makes {printed_gap} mistakes than its CAE, ours "
        f"{our_gap}: {together(sides)}."
    )


def _correlations(verdicts: Sequence[Verdict]) -> list[str]:
    """Whether a small Jacobian goes with a small error."""
    words = {
        Outcome.REPRODUCED: "**A small Jacobian goes with a small error** on {}",
        Outcome.NOT_REPRODUCED: "**A small Jacobian does not go with a small error** on {}",
    }
    return [
        words.get(
            part.outcome, "**Whether a small Jacobian goes with a small error** is open on {}"
        ).format(part.where)
        + ": the rank correlation over the models of the paper's table is "
        + f"{part.estimate.value:.2f}"
        + ("." if part.paper is None else f" (the paper's: {part.paper.value:.2f}).")
        for verdict in verdicts
        if verdict.claim == _CORRELATION
        for part in verdict.counted
    ]


def _contraction(verdicts: Sequence[Verdict]) -> str:
    """Whether the penalty contracts, and what follows, by the comparisons of Jacobians."""
    found = {verdict.claim: verdict for verdict in verdicts if verdict.counted}
    if _JACOBIAN not in found:
        return ""
    agreeing, counted = found[_JACOBIAN].agreeing, len(found[_JACOBIAN].counted)
    text = (
        f"Of the {counted} other encoders in the paper's table, {agreeing} have a larger Jacobian "
        "than the CAE's"
    )
    if _EFFECT not in found or found[_EFFECT].outcome is Outcome.CANNOT_TELL:
        return f"{text}."
    gains = found[_EFFECT].outcome
    if 2 * agreeing <= counted:
        return f"{text}: the penalty does not contract as the paper says."
    if gains is Outcome.REPRODUCED:
        return f"{text}: the penalty contracts, and the classifier gains from it."
    if gains is Outcome.PARTLY:
        return f"{text}: the penalty contracts, but not every classifier gains from it."
    return f"{text}: the penalty contracts, but the classifier gains nothing from it."
