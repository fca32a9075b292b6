"""What the second term of the CAE+H does to errors, with all labels and with few."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from IPython.display import HTML, Markdown

from replication import successor
from replication.engine.records import Record
from replication.presentation.findings import finding, together
from replication.presentation.nothing import nothing
from replication.presentation.tables import wide
from replication.studies.higher_order.nets import NETS, SAME, by_labels, by_net, grouped
from replication.studies.higher_order.plan import MODEL
from replication.verdicts.estimate import Estimate
from replication.verdicts.report import interval_text
from replication.verdicts.statistics import mean_interval


def error_table(runs: Sequence[Record]) -> HTML | Markdown:
    """Show settings, measures and test errors of each net.

    Args:
        runs: Final runs, or those at proof scale.
    """
    nets = by_net(runs)
    if not nets:
        return nothing()
    rows = []
    for net, of_net in nets.items():
        settings = of_net[0].settings
        rows.append(
            {
                "net": NETS[net][0],
                "λ": f"{settings.contraction:g}",
                "γ": "–" if settings.curvature is None else f"{settings.curvature:g}",
                "size of e": "–" if settings.noise_level is None else f"{settings.noise_level:g}",
                "Jacobian": f"{_mean(of_net, 'jacobian_mean_square') * 1e4:#.3g}e-4",
                "SAT %": f"{_mean(of_net, 'saturation'):.1f}",
                "test error %": _with_interval([r.results.test_error for r in of_net]),
                "seeds": str(len(of_net)),
            }
        )
    return wide(pd.DataFrame(rows))


def error_answer(runs: Sequence[Record]) -> HTML | Markdown:
    """Say whether the CAE+H makes fewer mistakes than each CAE, with all labels.

    Args:
        runs: Final runs.
    """
    sentences = _error_sentences(runs)
    return finding(*sentences) if sentences else nothing("comparisons")


def few_labels_table(runs: Sequence[Record]) -> HTML | Markdown:
    """Show the test errors of each net with few labels, and what is printed for the CAE+H.

    Args:
        runs: Final runs.
    """
    rows = []
    for count, nets in by_labels(runs).items():
        cells = {
            NETS[net][0]: _with_interval([r.results.test_error for r in of_net])
            for net, of_net in nets.items()
        }
        drawings = min(len(of_net) for of_net in nets.values())
        printed = successor.printed_error(count, MODEL)
        cells["CAE+H, printed"] = "–" if printed is None else f"{printed:.2f}"
        rows.append({"labels": f"{count:,}", **cells, "drawings": str(drawings)})
    return wide(pd.DataFrame(rows).fillna("–")) if rows else nothing("runs with few labels")


def few_labels_answer(runs: Sequence[Record]) -> HTML | Markdown:
    """Say with how many labels the CAE+H makes fewer mistakes than the CAE of Table 1.

    Args:
        runs: Final runs.
    """
    sentence = _few_sentence(runs)
    return finding(sentence) if sentence else nothing("runs with few labels")


def trials_table(trials: Sequence[Record]) -> HTML | Markdown:
    """Show what the trials of the CAE+H came to, the chosen one first.

    Args:
        trials: They have no test error.
    """
    finished = [trial for trial in trials if not trial.results.diverged]
    if not finished:
        return nothing("trials")
    rows = [
        {
            "λ": f"{trial.settings.contraction:g}",
            "γ": f"{trial.settings.curvature:g}",
            "size of e": f"{trial.settings.noise_level:g}",
            "Jacobian": f"{trial.results['jacobian_mean_square'] * 1e4:#.3g}e-4",
            "validation error %": f"{trial.results.valid_error:.2f}",
        }
        for trial in sorted(finished, key=lambda t: t.results.valid_error)
    ]
    return wide(pd.DataFrame(rows))


def choice_note(trials: Sequence[Record]) -> Markdown:
    """Say how near the second-best trial came to the one that was chosen.

    Args:
        trials: They have no test error.
    """
    ranked = sorted(
        (trial for trial in trials if not trial.results.diverged),
        key=lambda trial: trial.results.valid_error,
    )
    if len(ranked) < 2:
        return nothing("trials")
    best, next_one = (trial.results for trial in ranked[:2])
    norms = next_one["jacobian_mean_square"] / best["jacobian_mean_square"]
    size = f"{max(norms, 1 / norms):.1f} times {'larger' if norms > 1 else 'smaller'}"
    return Markdown(
        f"The chosen trial is {next_one.valid_error - best.valid_error:.2f} points better than the "
        f"next one, whose mean squared Jacobian is {size}. A trial has one seed, so a small "
        "difference may be the luck of that seed."
    )


def cost_line(runs: Sequence[Record]) -> Markdown:
    """Say how much longer the pre-training of the CAE+H takes, on the machine of the records.

    Args:
        runs: Final runs.
    """
    seconds = {
        net: np.median([run.provenance["seconds"]["pretrain"] for run in of_net])
        for net, of_net in by_net(runs).items()
    }
    other = next((net for net in (SAME, "cae") if net in seconds), None)
    if other is None or MODEL not in seconds:
        return nothing()
    draws = by_net(runs)[MODEL][0].settings.draws
    return Markdown(
        f"With {draws} draws a step, pre-training took {seconds[MODEL] / seconds[other]:.1f} times "
        "as long as that of the CAE (medians over seeds, on a machine that did other work, too)."
    )


def in_short(headline: str, runs: Sequence[Record]) -> Markdown:
    """Sum the page up.

    Args:
        headline: What the contraction curves say.
        runs: Final runs.
    """
    sentences = [headline, *_error_sentences(runs)[:1], _few_sentence(runs)]
    lines = [f"- {sentence}" for sentence in sentences if sentence]
    return Markdown("\n".join(lines)) if lines else nothing()


def _error_sentences(runs: Sequence[Record]) -> list[str]:
    group = grouped([run for of_net in by_net(runs).values() for run in of_net])
    if group is None:
        return []
    found = {
        NETS[net][0]: group.error_difference(net, MODEL)
        for net in NETS
        if net != MODEL and group.has(net, MODEL)
    }
    if not found:
        return []
    return [
        f"With all labels the CAE+H makes {_compared(found)}.",
        *(f"Its test error minus that of the {name} is {_less(d)}." for name, d in found.items()),
    ]


def _few_sentence(runs: Sequence[Record]) -> str:
    words: dict[str, list[str]] = {}
    for count, nets in by_labels(runs).items():
        group = grouped([run for of_net in nets.values() for run in of_net])
        if group is not None and group.has("cae", MODEL):
            word = _word(group.error_difference("cae", MODEL))
            words.setdefault(word, []).append(f"{count:,}")
    if not words:
        return ""
    parts = [f"{word} the CAE with {together(counts)} labels" for word, counts in words.items()]
    return f"The CAE+H makes {'; '.join(parts)}."


def _less(d: Estimate) -> str:
    """How far the CAE+H's error lies above the other's, where this is the other's less its own."""
    value, low, high = (0 - end for end in (d.value, d.high, d.low))
    return f"{value:+.2f} points ({low:+.2f} to {high:+.2f}, interval over {d.covers})"


def _compared(found: Mapping[str, Estimate]) -> str:
    words: dict[str, list[str]] = {}
    for name, difference in found.items():
        words.setdefault(_word(difference), []).append(f"the {name}")
    return " and ".join(f"{word} {together(names)}" for word, names in words.items())


def _word(difference: Estimate) -> str:
    """How many mistakes the CAE+H makes, where this is the other's error less its own."""
    if difference.low > 0:
        return "fewer mistakes than"
    if difference.high < 0:
        return "more mistakes than"
    return "neither certainly more nor certainly fewer mistakes than"


def _mean(runs: Sequence[Record], name: str) -> float:
    return float(np.mean([run.results[name] for run in runs]))


def _with_interval(errors: Sequence[float]) -> str:
    estimate = mean_interval(np.array(errors))
    return f"{estimate.value:.2f}" if len(errors) == 1 else interval_text(estimate)
