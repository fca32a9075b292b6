"""What pre-training gains at all: every kind of it beside none, under version 2 of the protocol."""

import math
from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure

from replication.engine.records import Record
from replication.presentation.drawing import canvas
from replication.presentation.labels import COLOURS, DATASETS
from replication.presentation.nothing import nothing
from replication.studies.finding import Finding
from replication.studies.table1_v2 import plan as version2
from replication.studies.trials import but_for_seed
from replication.verdicts.estimate import by_student
from replication.verdicts.seed_variance import seed_variance

DATASET = "mnist"


def drawn_errors(trials: Sequence[Record]) -> dict[str, list[float]]:
    """Sort the validation errors of the first round's draws by competitor, in percent.

    Args:
        trials: Trials of version 2.

    Returns:
        Competitor -> errors, ascending; those that diverged are left out.
    """
    wanted = {
        run.id: arm
        for arm in version2.SEARCH.arms
        for run in version2.SEARCH.trials(0, DATASET, arm)
    }
    found: dict[str, list[float]] = {}
    for record in trials:
        if record.id in wanted and not record.results.diverged:
            found.setdefault(wanted[record.id], []).append(record.results["valid_error"])
    return {arm: sorted(found[arm]) for arm in version2.SEARCH.arms if arm in found}


def repeated_errors(trials: Sequence[Record]) -> dict[str, list[np.ndarray]]:
    """Collect the validation errors of settings that were trained with several seeds, in percent.

    Args:
        trials: Trials of version 2.

    Returns:
        Competitor -> for each such setting its errors, one a seed.
    """
    found: dict[tuple[str, str], list[float]] = {}
    for record in trials:
        arm = version2.STUDY.arm_of(record.settings)
        if arm and record.settings.dataset == DATASET and not record.results.diverged:
            key = (arm, but_for_seed(record.settings))
            found.setdefault(key, []).append(record.results["valid_error"])
    several: dict[str, list[np.ndarray]] = {}
    for (arm, _), errors in found.items():
        if len(errors) > 1:
            several.setdefault(arm, []).append(np.array(errors))
    return several


def untrained_finding(trials: Sequence[Record]) -> Finding:
    """Say whether every kind of pre-training beats none, by more than the noise of a seed.

    Args:
        trials: Trials of version 2.
    """
    errors = drawn_errors(trials)
    none = errors.pop(version2.UNTRAINED, [])
    if not none or not errors:
        return Finding(name="untrained", figure=nothing("trials of version 2"))
    repeated = repeated_errors(trials)
    noise = _noise(repeated)
    best = min(errors, key=lambda arm: errors[arm][0])
    worse = [version2.label(arm) for arm in errors if errors[arm][0] >= none[0] - (noise or 0.0)]
    count = min(map(len, (none, *errors.values())))
    return Finding(
        name="untrained",
        headline=f"Of {count} random settings each, the best of every kind of pre-training beats "
        "the best without."
        if not worse
        else f"Not every kind of pre-training clearly beats none: {', '.join(worse)} did not.",
        sentences=(
            f"The best net without pre-training makes {none[0]:.2f} % mistakes on the validation "
            f"digits, the best with the CAE {errors['cae'][0]:.2f} %, the best of all "
            f"({version2.label(best)}) {errors[best][0]:.2f} %."
            if "cae" in errors
            else "",
            _seeds(noise, repeated),
            "The medians over draws say how much a model forgives: "
            + _lowest(
                {a: float(np.median(e)) for a, e in {**errors, version2.UNTRAINED: none}.items()}
            )
            + ".",
        ),
        figure=_figure({**errors, version2.UNTRAINED: none}),
        caption="Each dot is one setting drawn at random. Compare the lowest dots, which a search "
        "would choose, and how far the others lie above them.",
        text="A row for each kind of pre-training and one for none, with a dot for the validation "
        "error of each drawn setting.",
    )


def _noise(repeated: Mapping[str, Sequence[np.ndarray]]) -> float | None:
    """How far two draws of one seed each lie apart in 95 % of cases where nothing else differs.

    None as long as no setting was repeated. Where settings scatter unequally, the worst one counts.
    """
    every = [errors for settings in repeated.values() for errors in settings]
    spread = seed_variance({str(n): errors for n, errors in enumerate(every)})
    if not spread.variance:
        return None
    worst = max(spread.variance, key=lambda setting: spread.variance[setting])
    error, freedom = math.sqrt(2 * spread.variance[worst]), spread.freedom[worst]
    return by_student(0.0, error, freedom, "seeds").high


def _seeds(noise: float | None, repeated: Mapping[str, Sequence[np.ndarray]]) -> str:
    if noise is None:
        return "Each was trained with one seed, and none again, so that the noise is unknown."
    count = sum(map(len, repeated.values()))
    means = {arm: min(float(e.mean()) for e in settings) for arm, settings in repeated.items()}
    return (
        f"Each was trained with one seed. By the {count} settings trained again so far, two draws "
        f"have to be {noise:.2f} points apart to be more than the luck of their seeds. The lowest "
        f"mean over several seeds so far: {_lowest(means)}."
    )


def _lowest(errors: Mapping[str, float]) -> str:
    """Name the errors of the net without pre-training, of the CAE, and of the best model."""
    best = min(errors, key=lambda arm: errors[arm])
    named = {version2.UNTRAINED: "without pre-training", "cae": "with the CAE"}
    said = [f"{errors[arm]:.2f} % {words}" for arm, words in named.items() if arm in errors]
    if best not in named:
        said.append(f"at best {errors[best]:.2f} % ({version2.label(best)})")
    return ", ".join(said)


def _figure(errors: dict[str, list[float]]) -> Figure:
    with canvas(figsize=(8, 3.8)) as (figure, axes):
        for height, (arm, values) in enumerate(reversed(errors.items())):
            axes.plot(
                values, np.full(len(values), height), "o", alpha=0.75,
                color=COLOURS.get(arm, "grey"), label=f"_{version2.label(arm)}",
            )  # fmt: skip
        axes.set_yticks(range(len(errors)), [version2.label(a) for a in reversed(errors)])
        axes.set(xscale="log", xlabel=f"validation error on {DATASETS[DATASET]}, %")
        axes.xaxis.set_major_formatter("{x:g}")
        axes.xaxis.set_minor_formatter("{x:g}")
    return figure
