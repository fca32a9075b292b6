"""The words and tables of the page: an answer for each question."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pandas as pd
from IPython.display import HTML, Markdown

from replication.presentation.findings import finding, together
from replication.presentation.labels import DATASETS
from replication.presentation.nothing import nothing
from replication.presentation.tables import explained, wide
from replication.studies.selection import Choice
from replication.studies.today.answers import ADVICE, Answer
from replication.studies.today.names import name_of
from replication.studies.today.plan import EXAMPLES, FEW, SEARCH, STUDY
from replication.verdicts.estimate import Estimate

_CHANGED = {
    "noise": "pictures with noise of {:g}",
    "rotation": "pictures turned by {:g}°",
    "attack": "pictures attacked by {:g}",
}
_ON_ONE = " on at least one data set"


def answers_table(
    found: Sequence[Answer], which: Callable[[Answer], bool] = lambda _: True
) -> HTML | Markdown:
    """Show what contractive pre-training gains, question by question.

    Args:
        found: What `answers` returned.
        which: Says which of them to show.
    """
    shown = [answer for answer in found if which(answer) and answer.gains]
    if not shown:
        return nothing("comparisons")
    datasets = _datasets(shown)
    rows = []
    for answer in shown:
        line = answer.line
        cells = {f"{DATASETS[n]}: gain, points": _cell(answer, n) for n in datasets}
        asked = {"net": line.net, "where": where(answer), "against": line.rival}
        rows.append({**asked, **cells, "advice": answer.advice})
    # A number with its interval is no sentence, however long its text is.
    return wide(pd.DataFrame(rows), sentences=False)


def advice_table(found: Sequence[Answer]) -> HTML | Markdown:
    """Show the advice for each net and rival, a column for each case, with what it rests on.

    Below the advice stands the gain on each data set, in points, and whether it is certain.

    Args:
        found: What `answers` returned.
    """
    known = [answer for answer in found if answer.gains]
    if not known:
        return nothing("comparisons")
    cases = list(dict.fromkeys(map(where, known)))
    cells = {(a.line.net, a.line.rival, where(a)): _advice_cell(a) for a in known}
    asked = list(dict.fromkeys((a.line.net, a.line.rival) for a in known))
    rows = [
        {"net": net, "against": rival}
        | {case: cells.get((net, rival, case), "not asked") for case in cases}
        for net, rival in asked
    ]
    return wide(pd.DataFrame(rows), sentences=False)


def lead(found: Sequence[Answer]) -> str:
    """Say in a sentence how many comparisons say use it, and don't; empty without any.

    Args:
        found: What `answers` returned.
    """
    known = [answer for answer in found if answer.gains]
    if not known:
        return ""
    names = _datasets(known)
    count = {advice: sum(a.advice == advice for a in known) for advice in ADVICE}
    parts = [
        f"{count[advice] or 'none'} {'says' if count[advice] == 1 else 'say'} {advice}"
        for advice in ADVICE[:3]
    ]
    if len(names) == 1:
        del parts[1]
    on = together([DATASETS[name] for name in names])
    return f"On {on}, of {len(known)} comparisons {together(parts)}."


def in_short(found: Sequence[Answer]) -> HTML | Markdown:
    """Say in how many questions contractive pre-training is worth it, and where.

    Args:
        found: What `answers` returned.
    """
    known = [answer for answer in found if answer.gains]
    if not known:
        return nothing("comparisons")
    names = _datasets(known)
    against = [a for a in known if a.advice == ADVICE[2]]
    worse = sum(a.is_worse for a in against)
    more = (
        f"Of those that say don't, in {worse or 'none'} the contractive net certainly makes more "
        f"mistakes{_ON_ONE if len(names) > 1 else ''}; in {len(against) - worse or 'none'} nothing "
        "is certain."
    )
    each = ""
    if len(names) > 1:
        fewer = [
            f"{sum(a.signs.get(name) == 1 for a in known)} on {DATASETS[name]}" for name in names
        ]
        each = f"Data set by data set, it certainly makes fewer mistakes in {together(fewer)}."
    return finding(lead(found), more, each, _labels_sentence(known, names))


def units_answer(found: Sequence[Answer]) -> HTML | Markdown:
    """Say where and with which units contractive pre-training helps, with all labels and few.

    Args:
        found: What `answers` returned.
    """
    against = [a for a in found if a.gains and a.line.rival == "no pre-training"
               and a.line.change is None and a.line.net != "convolutions"]  # fmt: skip
    if not against:
        return nothing("comparisons")
    sentences = []
    for few in (False, True):
        some = [a for a in against if a.line.few == few]
        if some:
            fewer, more = (
                together(
                    [
                        _kinds([a for a in some if a.signs.get(name) == sign], DATASETS[name])
                        for name in _datasets(some)
                    ]
                )
                for sign in (1, -1)
            )
            sentences.append(
                f"With {FEW if few else EXAMPLES:,} labels, the contractive net certainly makes "
                f"fewer mistakes than one without pre-training for, of {len(some)} kinds of units, "
                f"{fewer}; more for {more}."
            )
    return finding(*sentences)


def chosen_table(dataset: str) -> HTML | Markdown:
    """Show what the search chose for each competitor on a data set.

    Args:
        dataset: The data set.
    """
    chosen = STUDY.chosen(dataset)
    if not chosen:
        return nothing("settings chosen")
    rows = []
    for key in STUDY.arms:
        if key in chosen:
            s = chosen[key].settings
            pretrained = s.pretrain_epochs > 0
            rows.append(
                {
                    "net": name_of(key),
                    "rate of pre-training": f"{s.pretrain_learning_rate:g}" if pretrained else "–",
                    "its regulariser": s.strength.replace("contraction", "λ") or "–",
                    "rate of fine-tuning": f"{s.finetune_learning_rate:g}",
                    "dropout": f"{s.finetune_dropout:g}" if s.finetune_dropout else "–",
                    "weight of the Jacobian": f"{s.finetune_jacobian or '–'}",
                    "trials": str(len(chosen[key].candidates)),
                    "validation error, %": f"{chosen[key].valid_error:.2f}",
                }
            )
    return wide(pd.DataFrame(rows), one_line=24)


def unsettled_line(dataset: str, chosen: Mapping[str, Choice]) -> Markdown:
    """Say for how many competitors the last round of the search still found something better.

    Args:
        dataset: The data set.
        chosen: Competitor -> what was chosen there.
    """
    if not chosen:
        return nothing("settings chosen")
    last = len(SEARCH.rounds) - 1
    moved = sum(
        choice.settings in SEARCH.trials(last, dataset, key) for key, choice in chosen.items()
    )
    if not moved:
        return Markdown(
            f"In none of {len(chosen)} searches did the last round find a better setting."
        )
    return Markdown(
        f"In {moved} of {len(chosen)} searches it was the last round that found the best setting. "
        "There a longer search may find one that is better still."
    )


def where(answer: Answer) -> str:
    """Say with how many labels, or on which pictures.

    Args:
        answer: The answer.
    """
    if answer.line.change is not None:
        kind, size = answer.line.change
        return _CHANGED[kind].format(size)
    return f"{FEW if answer.line.few else EXAMPLES:,} labels"


def _labels_sentence(known: Sequence[Answer], names: Sequence[str]) -> str:
    """How large the mean gain over no pre-training is, with few labels beside that with all."""
    parts = []
    for name in names:
        gains: dict[bool, list[float]] = {False: [], True: []}
        for answer in known:
            if answer.line.rival == "no pre-training" and answer.line.change is None:
                gains[answer.line.few] += [g.value for n, g in answer.gains.items() if n == name]
        if all(gains.values()):
            few, full = (float(np.mean(gains[key])) for key in (True, False))
            parts.append(f"{few:+.2f} and {full:+.2f} on {DATASETS[name]}")
    if not parts:
        return ""
    return (
        f"The mean gain over no pre-training, in points, with {FEW} labels and with {EXAMPLES:,}: "
        f"{'; '.join(parts)}."
    )


def _advice_cell(answer: Answer) -> str:
    """The advice, which is bold where something is gained, and the gain on each data set."""
    lines = [
        f"{DATASETS[name]} {gain.value:+.2f}{', certain' if answer.signs[name] else ''}"
        for name, gain in answer.gains.items()
    ]
    gained = answer.advice in ADVICE[:2]
    return explained(f"<b>{answer.advice}</b>" if gained else answer.advice, *lines)


def _datasets(known: Sequence[Answer]) -> list[str]:
    """The data sets that some have a gain on."""
    return [name for name in DATASETS if any(name in answer.gains for answer in known)]


def _kinds(some: Sequence[Answer], dataset: str) -> str:
    """How many kinds of units, and which, on a data set."""
    if not some:
        return f"none on {dataset}"
    names = together([answer.line.net.removesuffix(" units") for answer in some])
    return f"{len(some)} on {dataset} ({names})"


def _cell(answer: Answer, dataset: str) -> str:
    gain, paired = answer.gains.get(dataset), answer.by_drawing.get(dataset)
    if gain is None:
        return "–"
    below = "" if paired is None else f"by drawing {_interval(paired)}"
    return explained(f"{gain.value:+.2f}", _interval(gain), below)


def _interval(gain: Estimate) -> str:
    return f"{gain.low:+.2f} to {gain.high:+.2f}"
