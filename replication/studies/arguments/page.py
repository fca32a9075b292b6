"""What was measured of the paper's arguments, as figures and tables."""

from typing import Any

import numpy as np
import pandas as pd
from IPython.display import HTML, Markdown
from matplotlib.figure import Figure

from replication.presentation.drawing import canvas
from replication.presentation.labels import COLOURS, label
from replication.presentation.notes import measured_note
from replication.presentation.nothing import nothing
from replication.presentation.tables import wide
from replication.studies.table1.plan import STRENGTHS

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
    with canvas(1, 2, figsize=(9.5, 4.2)) as (figure, (left, right)):
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
                "seeds": str(len(runs)),
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
    searched = [s["noise_level"] for s in STRENGTHS["dae-g"]]
    last = sigma[: int(np.argmin(holds))] if not holds.all() else sigma
    upto = f"up to σ = {last[-1]:g}" if len(last) else "at none of these levels"
    inside = [s for s in searched if len(last) and s <= last[-1]]
    levels = ", ".join(f"{s:g}" for s in searched)
    return Markdown(
        f"For the denoising net the second-order term is within {_CLOSE:.0%} of the extra loss "
        f"{upto}. The search of Table 1 chooses among {levels}, of which "
        f"{', '.join(f'{s:g}' for s in inside) or 'none'} "
        f"{'lies' if len(inside) < 2 else 'lie'} there; beyond, what a denoising auto-encoder does "
        "is not described by the small-noise limit."
    )


def linear_encoder_table(found: dict[str, Any] | None) -> HTML | Markdown:
    """Show how far apart the kernels of a linear encoder are that the two penalties lead to.

    Args:
        found: What `measure_argument("linear-encoder")` returned, or None.
    """
    if found is None:
        return nothing(_WHAT)
    rows = [
        {"Seed": str(run["seed"]), "‖W₁ − W₂‖ / ‖W₁ − W₀‖": f"{run['difference']:.1e}"}
        for run in found["runs"]
    ]
    return wide(pd.DataFrame(rows))


def measurement_note(found: dict[str, Any] | None, times: bool = True) -> Markdown:
    """Say where a measurement that is no run comes from, and what it cost.

    Args:
        found: A measurement with its provenance, or None.
        times: Say what it cost; not where it was made in this very page.
    """
    entries = [] if found is None else [found]
    return measured_note(entries, times=times, cost="{minutes:.1f} minutes")
