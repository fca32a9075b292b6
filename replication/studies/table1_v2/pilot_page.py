"""The pilot of version 2: whether short trials tell the order of full ones."""

from collections.abc import Iterable, Sequence

import pandas as pd
from IPython.display import HTML, Markdown

from replication.engine.records import path_of
from replication.engine.settings import Settings
from replication.presentation.labels import DATASETS as NAMES
from replication.presentation.tables import wide
from replication.studies.table1_v2 import plan
from replication.studies.trials import read_trials

_MISSING = "–"
_FEWEST_PAIRS = 5  # fewer have no order to speak of


def pilot_table(datasets: Sequence[str]) -> HTML:
    """Show for each cell of the pilot whether short trials tell the order of full ones.

    Args:
        datasets: Keys of the data sets.
    """
    return wide(
        pd.DataFrame(
            {
                "Set": NAMES[name],
                "Model": plan.label(model),
                "settings trained short and in full": f"{len(pairs)} of {plan.CORE.draws}",
                "rank correlation": f"{_rank_correlation(pairs):.2f}"
                if len(pairs) >= _FEWEST_PAIRS
                else _MISSING,
                "place among the short ones of the best in full": _place_of_the_best(pairs)
                if len(pairs) == plan.CORE.draws
                else _MISSING,
            }
            for (name, model), pairs in _pilot(datasets).items()
        )
    )


def pilot_note(datasets: Sequence[str]) -> Markdown:
    """Say what the pilot decides: whether the wide tier screens.

    Args:
        datasets: Keys of the data sets; the decision is that of all cells on them.
    """
    cells = _pilot(datasets)
    found = [_rank_correlation(of) for of in cells.values() if len(of) == plan.CORE.draws]
    above = sum(value > plan.SCREENS_ABOVE for value in found)
    limit = f"{plan.SCREENS_ABOVE:g}"
    if above < len(found):
        return Markdown(
            f"Of the complete cells ({len(found)}), {above} have a correlation above {limit}. One "
            "without is enough: the wide tier does not screen."
        )
    if len(found) == len(cells):
        return Markdown(
            f"The correlation is above {limit} in all {len(cells)} cells: the wide tier screens, "
            "and takes the better half of its short trials to full length. "
            f"{_lost_line(cells.values())}"
        )
    return Markdown(
        f"{len(found)} of {len(cells)} cells are complete"
        + (f", and in each the correlation is above {limit}" if found else "")
        + ". Whether the wide tier screens is open until all are, or one of them is not above."
    )


def _lost_line(cells: Iterable[Sequence[tuple[float, float]]]) -> str:
    """Say in how many complete cells the better half would have lost the best setting."""
    places = [int(_place_of_the_best(pairs)) for pairs in cells]
    lost = sum(place > plan.CORE.draws // 2 for place in places)
    return (
        f"Here that would have lost the best setting in {lost} of them."
        if lost
        else "Here that would have lost the best setting in none of them."
    )


def _pilot(datasets: Sequence[str]) -> dict[tuple[str, str], list[tuple[float, float]]]:
    """Data set and model -> the validation errors of its settings, short and in full."""
    found = {}
    for name in datasets:
        short = plan.pilot(name)
        for model in plan.PILOT_MODELS:
            ours = [settings for settings in short if settings.model == model]
            found[name, model] = _errors_of(ours, plan.SEARCH.trials(0, name, model))
    return found


def _errors_of(short: Sequence[Settings], full: Sequence[Settings]) -> list[tuple[float, float]]:
    """Validation errors of the trials that there are in both lengths."""
    found = []
    for one, other in zip(short, full, strict=True):
        paths = [
            path_of(plan.PILOT_EXPERIMENT, one),
            path_of(plan.SEARCH.experiment, other),
        ]
        if all(path.exists() for path in paths):
            first, second = read_trials(paths)
            found.append((first.valid_error, second.valid_error))
    return found


def _rank_correlation(pairs: Sequence[tuple[float, float]]) -> float:
    """Spearman's, of validation errors; one that diverged is infinitely large, and ranks last."""
    ranks = pd.DataFrame(pairs).rank()
    return float(ranks[0].corr(ranks[1]))


def _place_of_the_best(pairs: Sequence[tuple[float, float]]) -> str:
    """Which one by short trials the setting is that is best in full."""
    short, _ = min(pairs, key=lambda pair: pair[1])
    return str(1 + sum(one < short for one, _ in pairs))
