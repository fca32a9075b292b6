"""How Table 1 depends on choices that the paper leaves open: figures and a table."""

from collections.abc import Mapping

import pandas as pd
from IPython.display import HTML, Markdown
from matplotlib.figure import Figure

from replication.presentation.captioned import captioned
from replication.presentation.drawing import canvas
from replication.presentation.findings import OUTCOMES, finding, together
from replication.presentation.fold import folded
from replication.presentation.judgement import outcome_text
from replication.presentation.labels import COLOURS, DATASETS, ORDER, SETTINGS, label
from replication.presentation.nothing import nothing
from replication.presentation.tables import wide
from replication.presentation.tabs import tabs
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
_NOTES = {
    "pretrain_learning_rate": "A rate also says how far a fixed number of epochs goes. Models "
    "whose grid lacks a rate (the RBM needs smaller ones) stand at their best.",
    "finetune_learning_rate": "Few epochs favour large steps, so the protocol tries the rates "
    "again in long trials. All models have all three.",
    "pretrain_epochs": "Short trials, long ones, and longer ones. From left to right fine-tuning "
    "gets longer, too, as the protocol has it, and fewer settings are left.",
    "pretrain_batch_size": "Pre-training on other batches, at the trial's own rate and at five "
    "times that rate, the better of which counts.",
    "initial_range": "Uniform in ±c √(6 / (inputs + units)): c is 4, the usual range for sigmoid "
    "units, or 1, that of tanh units and Keras's default.",
    "pretrain_optimizer": "Plain stochastic gradient descent, as in the paper's time, and Adam at "
    "two rates, the better of which counts.",
}


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


def choice_drawing(points: pd.DataFrame, choice: str, dataset: str) -> HTML | Markdown:
    """Show one choice with what there is to see: how far the CAE moves from end to end.

    Args:
        points: What `replication.studies.sensitivity.plan.points` returned.
        choice: Key of the choice.
        dataset: Key of the data set, for the names of the figure and of its data.
    """
    cae = points[(points["choice"] == choice) & (points["model"] == "cae")]
    caption = ""
    if len(cae) > 1:
        first, last = cae.iloc[0], cae.iloc[-1]
        caption = (
            f"From {first['value']} to {last['value']} the CAE's validation error goes from "
            f"{first['valid_error']:.2f} to {last['valid_error']:.2f} %, its Jacobian from "
            f"{first['jacobian_mean_square']:.2g} to {last['jacobian_mean_square']:.2g}, its "
            f"saturated units from {first['saturation']:.0f} to {last['saturation']:.0f} %."
        )
    return captioned(
        choice_figure(points, choice),
        f"{choice.replace('_', '-')}-{dataset}",
        caption,
        f"Three line plots with {SETTINGS[choice]} on the horizontal axis and a line for each "
        "model, the CAE's the thickest: validation error, mean squared Jacobian entry on a "
        "logarithmic axis, and saturated units.",
    )


def other_choices(points: Mapping[str, pd.DataFrame]) -> HTML:
    """Show all choices but the weight of the penalty, each folded behind its name.

    Args:
        points: What `replication.studies.sensitivity.plan.points` returned, by data set.
    """
    parts = []
    for choice, note in _NOTES.items():
        drawn = {
            DATASETS[name]: [choice_drawing(table, choice, name)] for name, table in points.items()
        }
        title = SETTINGS[choice][0].upper() + SETTINGS[choice][1:]
        parts.append(folded(title, Markdown(note), tabs(choice.replace("_", "-"), drawn)))
    return HTML("".join(part.data for part in parts if part is not None))


def choices_answer(judged: Mapping[str, pd.DataFrame]) -> HTML | Markdown:
    """Say which claims turn with a choice that the paper leaves open, and which choice turns most.

    Args:
        judged: What `judge_choices` returned, by data set.
    """
    sentences = _turning(judged)
    return finding(*sentences) if sentences else nothing(_WHAT)


def choices_short(judged: Mapping[str, pd.DataFrame]) -> Markdown:
    """Sum the page up.

    Args:
        judged: What `judge_choices` returned, by data set.
    """
    sentences = _turning(judged)
    if not sentences:
        return nothing(_WHAT)
    return Markdown(
        f"{' '.join(sentences)} All of this is read off trials on the validation part, each with "
        "one seed: it says which verdicts hang on a choice, not what they should be."
    )


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
    """Say for each claim what comes out at most values, and at which ones something else.

    Args:
        judged: What `judge_choices` returned.
    """
    if _compared(judged).empty:
        return nothing(_WHAT)
    lines = []
    for claim, group in _compared(judged).groupby("claim", sort=False):
        usual, *tied = group["outcome"].mode()
        changes = []
        for choice in CHOICES:
            lost = group[(group["choice"] == choice) & (group["outcome"] != usual)]
            values = [
                f"{OUTCOMES[Outcome(outcome)]} at {together(list(at['value']))}"
                for outcome, at in lost.groupby("outcome", sort=False)
            ]
            if values:
                changes.append(f"the {SETTINGS[choice]} ({', '.join(values)})")
        line = f"- **Claim {claim}** is {OUTCOMES[Outcome(usual)]} at "
        many = "as many values as something else" if tied else "most values"
        line += f"{many}. It changes with {together(changes)}" if changes else "all values"
        lines.append(f"{line}.")
    return Markdown("\n".join(lines))


def _turning(judged: Mapping[str, pd.DataFrame]) -> list[str]:
    """What turns with a choice, in two sentences; none where nothing can be compared."""
    turned: dict[str, dict[str, list[str]]] = {}  # choice -> data set -> claims
    claims: dict[int, bool] = {}
    for name, table in judged.items():
        for (claim, choice), group in _compared(table).groupby(["claim", "choice"], sort=False):
            turns = group["outcome"].nunique() > 1
            claims[claim] = claims.get(claim, False) or turns
            if turns:
                turned.setdefault(choice, {}).setdefault(DATASETS[name], []).append(str(claim))
    if not claims:
        return []
    turning = [str(claim) for claim, turns in claims.items() if turns]
    if not turning:
        return ["No claim on Table 1 turns with a choice that the paper leaves open."]
    many = "All" if len(turning) == len(claims) else f"{len(turning)} of {len(claims)}"
    most = max(turned, key=lambda choice: sum(map(len, turned[choice].values())))
    where = [
        f"on {name} claim{'s' if len(numbers) > 1 else ''} {together(numbers)}"
        for name, numbers in turned[most].items()
    ]
    return [
        f"{many} claims on Table 1 that compare model with model turn with a choice that the paper "
        f"leaves open ({together(turning)}).",
        f"Most turn with the {SETTINGS[most]}: {', '.join(where)}.",
    ]


def _compared(judged: pd.DataFrame) -> pd.DataFrame:
    """The choices of which more than one value was tried."""
    return judged[judged.groupby("choice")["value"].transform("nunique") > 1]
