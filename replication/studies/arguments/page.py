"""What was measured of the paper's arguments, as figures and tables."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from IPython.display import HTML, Markdown
from matplotlib.figure import Figure

from replication import paper
from replication.presentation.drawing import canvas
from replication.presentation.labels import COLOURS, label
from replication.presentation.notes import measured_note
from replication.presentation.nothing import nothing
from replication.presentation.tables import listed, wide
from replication.studies.table1.plan import STRENGTHS
from replication.verdicts.outcome import Outcome
from replication.verdicts.report import agreement_text
from replication.verdicts.verdict import Verdict

_WHAT = "measurements"
_CLOSE = 0.1  # relative difference up to which the second-order term is said to hold


def small_noise_figure(found: dict[str, Any] | None) -> Figure | Markdown:
    """Draw what noise adds to the loss, measured and predicted, and what the prediction lacks.

    Left: the extra loss of each model, mean over seeds, with the second-order term as a dashed
    line. Right: the magnitude of their difference, with a line of slope 4.

    Args:
        found: What `measure_argument("small-noise")` returned, or None.
    """
    if found is None:
        return nothing(_WHAT)
    with canvas(1, 2, figsize=(8.3, 4)) as (figure, (left, right)):
        models = list(dict.fromkeys(run["model"] for run in found["runs"]))
        for model in models:
            runs = [run for run in found["runs"] if run["model"] == model]
            sigma = np.array(runs[0]["noise_level"])
            extra = np.mean([run["extra"] for run in runs], axis=0)
            weight = np.mean([run["jacobian"] + run["residual"] for run in runs])
            predicted = sigma**2 / 2 * weight
            left.plot(sigma, extra, "o-", color=COLOURS[model], label=label(model), markersize=4)
            left.plot(
                sigma, predicted, "--", color=COLOURS[model], linewidth=1,
                label=f"_second-order term, {label(model)}",
            )  # fmt: skip
            rest = np.abs(extra - predicted)
            right.plot(sigma, rest, "o-", color=COLOURS[model], label=label(model), markersize=4)
            right.plot(
                sigma, rest[0] * (sigma / sigma[0]) ** 4, ":", color=COLOURS[model], linewidth=1
            )
        left.plot([], [], "--", color="grey", label="second-order term")
        right.plot([], [], ":", color="grey", label="slope 4")
        left.set(xscale="log", yscale="log", xlabel="noise σ", ylabel="extra loss, nats")
        right.set(
            xscale="log", yscale="log", xlabel="noise σ", ylabel="beyond the second order, nats"
        )
        for axes in (left, right):
            axes.xaxis.set_major_formatter("{x:g}")
            axes.legend(fontsize=9)
    return figure


def small_noise_table(found: dict[str, Any] | None) -> HTML | Markdown:
    """Show how the second-order term is made up and how the rest shrinks, mean over seeds.

    Args:
        found: As for `small_noise_figure`.
    """
    if found is None:
        return nothing(_WHAT)
    rows = []
    for model in dict.fromkeys(run["model"] for run in found["runs"]):
        runs = [run for run in found["runs"] if run["model"] == model]
        jacobian, residual, order = (
            np.array([run[name] for run in runs]) for name in ("jacobian", "residual", "order")
        )
        rows.append(
            {
                "Model": label(model),
                "Jacobian of the reconstruction": f"{jacobian.mean():.1f}",
                "errors of the reconstruction": f"{residual.mean():.1f}",
                "share of the Jacobian": f"{(jacobian / (jacobian + residual)).mean():.3f}",
                "order of the rest": f"{order.mean():.3f}",
            }
        )
    return wide(pd.DataFrame(rows))


def small_noise_findings(found: dict[str, Any] | None) -> Markdown:
    """Say up to which noise the second-order term is the extra loss of the denoising net.

    Args:
        found: As for `small_noise_figure`.
    """
    if found is None:
        return nothing(_WHAT)
    runs = [run for run in found["runs"] if run["model"] == "dae-g"]
    sigma = np.array(runs[0]["noise_level"])
    extra = np.mean([run["extra"] for run in runs], axis=0)
    weight = np.mean([run["jacobian"] + run["residual"] for run in runs])
    holds = np.abs(extra / (sigma**2 / 2 * weight) - 1) < _CLOSE
    last = sigma[: int(np.argmin(holds))] if not holds.all() else sigma
    searched = [s["noise_level"] for s in STRENGTHS["dae-g"]]
    inside = sum(bool(len(last)) and s <= last[-1] for s in searched)
    upto = f"up to σ = {last[-1]:g}" if len(last) else "at none of these levels"
    lie = f"{inside} {'lies' if inside == 1 else 'lie'}"
    return Markdown(
        f"For the denoising net the second-order term is within {100 * _CLOSE:g} % of the extra "
        f"loss {upto} on these small nets. Of the {len(searched)} noise levels that the search of "
        f"Table 1 tries on larger ones ({listed(searched)}), {lie} in that range. Noise of one "
        "level moves a picture of more pixels farther, so there the range may be shorter. Of "
        "larger noise the argument says nothing."
    )


def linear_encoder_note(found: dict[str, Any] | None) -> Markdown:
    """Say how far apart the kernels of a linear encoder are that the two penalties lead to.

    Args:
        found: What `measure_argument("linear-encoder")` returned, or None.
    """
    if found is None:
        return nothing(_WHAT)
    largest = max(run["difference"] for run in found["runs"])
    seeds = len(found["runs"])
    return Markdown(
        f"Measured in {seeds} net{'s' if seeds > 1 else ''}: ‖W₁ − W₂‖ is "
        f"{'at most ' if seeds > 1 else ''}{largest:.1e} times ‖W₁ − W₀‖, the way that the first "
        "kernel went."
    )


def arguments_in_short(verdicts: Sequence[Verdict]) -> Markdown:
    """Name the arguments that our measurements bear out, and those that they do not.

    Args:
        verdicts: Verdicts on the claims that the paper argues.
    """
    titles = {claim.number: claim.title for claim in paper.claims()}
    sorted_out: dict[Outcome, list[str]] = {}
    for verdict in verdicts:
        title = f"{titles[verdict.claim]} (claim {verdict.claim}, {agreement_text(verdict)})"
        sorted_out.setdefault(verdict.outcome, []).append(title)
    return Markdown(
        "\n".join(
            f"- **{str(outcome).capitalize()}:** {'; '.join(names)}."
            for outcome, names in sorted_out.items()
        )
    )


def arguments_rerun(found: Mapping[str, dict[str, Any]]) -> Markdown:
    """Show the command that trains the small nets again, and what it cost.

    Args:
        found: Measurements by the argument.
    """
    if not found:
        return nothing(_WHAT)
    minutes = sum(measured["provenance"]["seconds"] for measured in found.values()) / 60
    return Markdown(
        "```bash\n.venv/bin/python -m replication arguments\n```\n\n"
        f"trains the small nets of this page again; it took {minutes:.1f} minutes."
    )


def measurement_note(found: Mapping[str, dict[str, Any]], times: bool = True) -> Markdown:
    """Say where the measurements come from, and what all of them cost together.

    Args:
        found: As for `arguments_rerun`.
        times: Say what they cost; not where they were made in this very page.
    """
    return measured_note(list(found.values()), times=times, cost="{minutes:.1f} minutes")
