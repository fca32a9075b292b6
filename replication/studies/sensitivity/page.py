"""How Table 1 depends on choices that the paper leaves open: figures and a table."""

import pandas as pd
from IPython.display import HTML, Markdown
from matplotlib.figure import Figure

from replication.presentation.drawing import canvas
from replication.presentation.judgement import outcome_text
from replication.presentation.labels import COLOURS, ORDER, SETTINGS, label
from replication.presentation.nothing import nothing
from replication.presentation.tables import wide
from replication.studies.sensitivity.judged import CLAIMS
from replication.studies.sensitivity.plan import CHOICES
from replication.verdicts.outcome import Outcome
from replication.verdicts.verdict import Verdict

_MEASURES = (
    ("valid_error", "validation error, %", "linear"),
    ("jacobian_mean_square", "mean squared Jacobian entry", "log"),
    ("saturation", "saturated units, %", "linear"),
)
_WHAT = "trials to compare"


def choice_figure(points: pd.DataFrame, choice: str) -> Figure | Markdown:
    """Draw error, Jacobian and saturation of every model at each value of one choice.

    Args:
        points: What `replication.studies.sensitivity.plan.points` returned.
        choice: Key of the choice.
    """
    shown = points[points["choice"] == choice]
    values = list(dict.fromkeys(shown["value"]))
    if len(values) < 2:
        return nothing(_WHAT)
    with canvas(1, 3, figsize=(10, 3.4)) as (figure, grid):
        for axes, (measure, name, scale) in zip(grid, _MEASURES, strict=True):
            for model in ORDER:
                line = shown[shown["model"] == model].set_index("value")[measure].reindex(values)
                axes.plot(
                    range(len(values)),
                    line,
                    "o-",
                    color=COLOURS[model],
                    label=label(model),
                    linewidth=2.5 if model == "cae" else 1.2,
                    markersize=5 if model == "cae" else 3.5,
                )
            axes.set(xlabel=SETTINGS[choice], ylabel=name, yscale=scale)
            axes.set_xticks(range(len(values)), values)
            axes.set_xlim(-0.3, len(values) - 0.7)
        handles, labels = grid[0].get_legend_handles_labels()
        figure.legend(handles, labels, loc="outside upper center", ncols=len(ORDER), frameon=False)
    return figure


def choices_table(judged: pd.DataFrame, verdicts: list[Verdict]) -> HTML | Markdown:
    """Show the outcome of each claim at each value of each choice, beside its verdict.

    Args:
        judged: What `judge_choices` returned.
        verdicts: What `judge` returned, for the verdicts themselves.
    """
    if _compared(judged).empty:
        return nothing(_WHAT)
    rows = []
    final = {verdict.claim: verdict.outcome for verdict in verdicts}
    for (choice, value), group in _compared(judged).groupby(["choice", "value"], sort=False):
        outcomes = group.set_index("claim")["outcome"]
        rows.append(
            {
                "Choice": SETTINGS[choice],
                "value": value,
                **{f"claim {c}": outcome_text(outcomes[c]) for c in CLAIMS},
            }
        )
    last = {f"claim {c}": f"<strong>{outcome_text(final[c])}</strong>" for c in CLAIMS}
    rows.append({"Choice": "<strong>verdict, both data sets</strong>", "value": "", **last})
    return wide(pd.DataFrame(rows), sentences=False)


def range_lines(judged: pd.DataFrame) -> Markdown:
    """Say for each claim within which values of each choice its outcome stays the same.

    The outcome that is compared with is the commonest one of that choice's values.

    Args:
        judged: What `judge_choices` returned.
    """
    if _compared(judged).empty:
        return nothing(_WHAT)
    lines = []
    for claim, group in _compared(judged).groupby("claim", sort=False):
        usual = group["outcome"].mode()[0]
        same, other = [], []
        for choice in CHOICES:
            at = group[group["choice"] == choice]
            if at.empty:
                continue
            held = list(at.loc[at["outcome"] == usual, "value"])
            lost = at[at["outcome"] != usual]
            if lost.empty:
                same.append(SETTINGS[choice])
            else:
                changes = ", ".join(
                    f"{Outcome(o)} at {v}"
                    for v, o in zip(lost["value"], lost["outcome"], strict=True)
                )
                kept = f"at {', '.join(held)}; " if held else ""
                other.append(f"{SETTINGS[choice]} ({kept}{changes})")
        line = f"- **Claim {claim}** is mostly *{usual}*"
        line += f", at all values of: {', '.join(same)}" if same else ""
        line += f". It depends on: {'; '.join(other)}" if other else ""
        lines.append(f"{line}.")
    return Markdown("\n".join(lines))


def _compared(judged: pd.DataFrame) -> pd.DataFrame:
    """The choices of which more than one value was tried."""
    return judged[judged.groupby("choice")["value"].transform("nunique") > 1]
