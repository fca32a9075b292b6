"""The runs that compare the CAE+H with the CAE on MNIST, written before any of them.

The CAE is that of Table 1, as version 1 of the protocol chose it. The CAE+H (Rifai et al., ECML
2011) has the same learning rates and lengths; the weights of both of its terms are searched: 4
full-length trials with one seed, against 36 trials that the CAE had. So the search favours the CAE,
if anyone. (Eight trials, with a second size of the neighbourhood, were planned first, which two
cores could not carry. One of these had been done, with noise of 0.1; its record is kept in
`higher-order-superseded`, and takes no part.)

Its second term lowers the Jacobian itself, too. To tell a wider neighbourhood from a smaller norm,
a second CAE is looked for, by its Jacobian alone and without any label: one whose mean squared
entry is that of the CAE+H. All of them are then fine-tuned with every label and with few.

One seed of the CAE+H with two draws costs about twice a CAE's pre-training: with five seeds all of
it takes about three core hours.
"""

import dataclasses
import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import MappingProxyType

from replication.checks import check_choice
from replication.engine import records
from replication.engine.records import missing, path_of
from replication.engine.settings import Settings
from replication.errors import InputError
from replication.studies.search import Arm, Length, Round, Search
from replication.studies.stage import Stage
from replication.studies.study import Study, Sweep, in_turns
from replication.studies.table1 import plan as table1
from replication.studies.table1_v2.plan import with_few_labels

NAME = "higher-order"
DATASET = "mnist"
MODEL = "cae-h"
NORMS = "higher-order-norms"  # experiment of the CAEs whose Jacobian is measured, and no more
GUESSES = (0.1, 0.2, 0.4, 0.8)  # lambda of the first ones
REFINEMENTS = 2  # further ones, each where those before put the norm of the CAE+H
FEW_LABELS = (100, 600, 1000, 3000)  # the sizes for which the sister papers print errors

SEARCH = Search(
    version=1,
    study=NAME,
    experiment="higher-order-trials",
    arms=MappingProxyType(
        {
            MODEL: Arm(
                key=MODEL,
                model=MODEL,
                # The CAE's own lambda, and a smaller one. Noise of 0.3 a pixel reaches as far as
                # 8.4 from a digit, between the nearest other digit and one at the median distance.
                strengths=tuple(
                    {"contraction": c, "curvature": g, "noise_level": 0.3, "draws": 2}
                    for c in (0.1, 0.03)
                    for g in (0.1, 1.0)
                ),
                pretrain_rates=(0.05,),
            )
        }
    ),
    rounds=(
        Round(
            name="trials",
            length=Length(pretrain_epochs=20, finetune_epochs=30, finetune_patience=10),
        ),
    ),
    finetune_rates=(1.0,),
    width=1000,
    common=table1.SEARCH.common,
    seed=table1.TRIAL_SEED,
)

STUDY = Study(
    name=NAME,
    experiment=NAME,
    datasets=(DATASET,),
    search=SEARCH,
    selections=Path(__file__).parent / "selection",
    seeds=table1.SEEDS,
    minimum_seeds=table1.MINIMUM_SEEDS,
    final=table1.STUDY.final,
    proof=MappingProxyType(
        {
            "cae": table1.STUDY.proof["cae"],
            MODEL: dataclasses.replace(
                table1.STUDY.proof["cae"],
                model=MODEL,
                curvature=0.3,
                noise_level=0.3,
                draws=2,
            ),
        }
    ),
)


def norm_runs(study: Study = STUDY) -> list[list[Settings]]:
    """List the CAEs whose Jacobian is measured, round by round, as far as they are known.

    Each is the CAE of Table 1 with another lambda and the seed of the trials, pre-trained alone.

    Args:
        study: The study; a small one in tests.

    Returns:
        The first guesses, then one more a round; none as long as no CAE+H is chosen.
    """
    target = _target(study)
    if target is None:
        return []
    rounds = [[_measured_alone(value) for value in GUESSES]]
    for _ in range(REFINEMENTS):
        if missing([run for runs in rounds for run in runs], NORMS):
            break
        rounds.append([_measured_alone(_crossing(_norms(rounds), target))])
    return rounds


def same_norm(study: Study = STUDY) -> float | None:
    """Find the lambda of the CAE whose mean squared Jacobian is that of the chosen CAE+H.

    Args:
        study: The study; a small one in tests.

    Returns:
        The lambda of the nearest of the recorded ones; None as long as not all are recorded.
    """
    target, rounds = _target(study), norm_runs(study)
    if target is None or len(rounds) <= REFINEMENTS:
        return None
    if missing([run for runs in rounds for run in runs], NORMS):
        return None
    norms = _norms(rounds)
    return min(norms, key=lambda value: abs(math.log(norms[value] / target)))


def finals(seeds: int, study: Study = STUDY) -> list[Settings]:
    """List the final runs: those with all labels, then those with few, seed by seed.

    The CAE of Table 1 has its final runs there already, so it is here with few labels alone.

    Args:
        seeds: How many of each net.
        study: The study; a small one in tests.

    Returns:
        The runs; none as long as the CAE of the same norm is not found.
    """
    value = same_norm(study)
    if value is None:
        return []
    chosen = study.finals(DATASET, MODEL, seeds)
    usual = table1.STUDY.finals(DATASET, "cae", seeds)
    same = [dataclasses.replace(run, contraction=value) for run in usual]
    few = [
        [with_few_labels(run, count) for run in runs for count in FEW_LABELS]
        for runs in (usual, same, chosen)
    ]
    return [*in_turns([same, chosen]), *in_turns(few)]


def stages(dataset: str, seeds: int, study: Study = STUDY) -> Iterator[Stage]:
    """Yield the stages: trials of the CAE+H, CAEs of other norms, and the final runs.

    Args:
        dataset: Has to be "mnist".
        seeds: Seeds of each final run.
        study: The study; a small one in tests.

    Raises:
        InputError: Another data set is asked for.
    """
    check_choice("dataset", dataset, study.datasets)
    trials = study.search.trials(0, dataset, MODEL)
    yield Stage(
        name=study.search.rounds[0].name,
        experiment=study.search.experiment,
        size=len(trials),
        runs=trials,
        then=lambda: study.select(dataset),
    )
    for index in range(1 + REFINEMENTS):
        rounds = norm_runs(study)
        yield Stage(
            name="CAEs with other λ" if index == 0 else "a CAE nearer to that norm",
            experiment=NORMS,
            size=len(GUESSES) if index == 0 else 1,
            runs=rounds[index] if index < len(rounds) else None,
        )
    found = finals(seeds, study)
    yield Stage(
        name="final runs, and few labels",
        experiment=study.experiment,
        size=wanted(seeds) - seeds,
        runs=found or None,
    )


def wanted(seeds: int = STUDY.seeds) -> int:
    """Number of runs that the page shows when all are done, those of Table 1 among them.

    Args:
        seeds: How many of each net.
    """
    return 3 * seeds * (1 + len(FEW_LABELS))


def group_of(settings: Settings) -> str:
    """Say which net a run is of: "cae", "cae-same" (the CAE of the same norm) or "cae-h".

    Args:
        settings: A final run of this study or of the CAE in Table 1.
    """
    if settings.model == MODEL:
        return MODEL
    usual = table1.STUDY.chosen(DATASET)["cae"].settings.contraction
    return "cae" if settings.contraction == usual else "cae-same"


def _target(study: Study) -> float | None:
    """Mean squared entry of the Jacobian of the chosen CAE+H, of the trial that was chosen."""
    choice = study.chosen(DATASET).get(MODEL)
    if choice is None:
        return None
    trial = records.read(path_of(study.search.experiment, choice.settings))
    return float(trial.results["jacobian_mean_square"])


def _measured_alone(contraction: float) -> Settings:
    return dataclasses.replace(
        table1.STUDY.chosen(DATASET)["cae"].settings, contraction=contraction, finetune_epochs=0
    )


def _norms(rounds: Sequence[Sequence[Settings]]) -> dict[float, float]:
    """Lambda -> mean squared entry of the Jacobian, in the order of lambda."""
    found = {}
    for settings in sorted((s for runs in rounds for s in runs), key=lambda s: _lambda(s)):
        record = records.read(path_of(NORMS, settings))
        found[_lambda(settings)] = float(record.results["jacobian_mean_square"])
    return found


def _lambda(settings: Settings) -> float:
    assert settings.contraction is not None  # they are CAEs
    return settings.contraction


def _crossing(norms: dict[float, float], target: float) -> float:
    """Where a line through the two nearest points, on logarithmic axes, has this norm."""
    near = sorted(norms, key=lambda value: abs(math.log(norms[value] / target)))[:2]
    x, y = ([math.log(v) for v in values] for values in (near, [norms[n] for n in near]))
    if x[0] == x[1] or y[0] == y[1]:
        raise InputError(f"CAEs with λ {near[0]:g} and {near[1]:g} have the same norm")
    slope = (x[1] - x[0]) / (y[1] - y[0])
    return float(f"{math.exp(x[0] + slope * (math.log(target) - y[0])):.4g}")


SWEEP = Sweep(
    name=NAME,
    datasets=(DATASET,),
    default=(DATASET,),
    seeds=table1.SEEDS,
    stages=stages,
    about="the CAE+H beside the CAE, and beside one of the same norm",
)
