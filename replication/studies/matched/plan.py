"""Which runs look for the paper's encoders, and which are fine-tuned in the end.

Jacobian, saturation and contraction curve need no labels, so settings may be matched to the printed
ones without a look at any error. The page of version 2 of the protocol says in words what this
module says in numbers.
"""

import dataclasses
import zlib
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np

from replication.engine import records
from replication.engine.records import missing, path_of
from replication.engine.settings import Settings
from replication.errors import InputError
from replication.kinds import kind_of
from replication.studies.matched.fingerprint import fingerprint_distance
from replication.studies.stage import Stage
from replication.studies.study import Study, Sweep, in_turns
from replication.studies.table1_v2 import plan as version2

NAME = "matched"
TRIALS = "matched-trials"
SEEDS = 5
_DIGITS = 3  # significant ones of what is drawn


@dataclasses.dataclass(frozen=True, kw_only=True)
class Place:
    """Where a setting is looked for: what is drawn lies around it.

    Attributes:
        rate: Learning rate of pre-training.
        epochs: Epochs of pre-training.
        strengths: The regulariser's.
        fixed: What is not drawn.
    """

    rate: float
    epochs: int
    strengths: Mapping[str, float] = dataclasses.field(default_factory=dict)
    fixed: Mapping[str, Any] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Around:
    """A round of draws.

    Attributes:
        name: What it is called.
        count: How many settings.
        factor: How far from the place each number may lie, up and down, evenly in its logarithm.
    """

    name: str
    count: int
    factor: float


# What the records of version 1 suggest; none was chosen by an error.
PLACES: Mapping[tuple[str, str], Place] = MappingProxyType(
    {
        ("mnist", "cae"): Place(rate=0.1, epochs=30, strengths={"contraction": 0.1}),
        ("mnist", "dae-g"): Place(
            rate=0.01, epochs=30, strengths={"noise_level": 0.8}, fixed={"initial_range": 1.0}
        ),
        ("mnist", "rbm"): Place(rate=0.04, epochs=30, fixed={"gibbs_steps": 3}),
        ("mnist", "dae-b"): Place(rate=0.2, epochs=20, strengths={"noise_level": 0.25}),
        ("mnist", "ae-wd"): Place(rate=0.1, epochs=20, strengths={"weight_decay": 2.5e-4}),
        ("mnist", "ae"): Place(rate=0.3, epochs=150),
        ("cifar-bw", "cae"): Place(rate=0.07, epochs=30, strengths={"contraction": 0.45}),
        ("cifar-bw", "dae-b"): Place(rate=0.1, epochs=30, strengths={"noise_level": 0.35}),
        ("cifar-bw", "dae-g"): Place(
            rate=0.001,
            epochs=30,
            strengths={"noise_level": 0.5},
            fixed={"pretrain_optimizer": "adam"},
        ),
        ("cifar-bw", "ae-wd"): Place(rate=0.07, epochs=30, strengths={"weight_decay": 3e-5}),
        ("cifar-bw", "ae"): Place(rate=0.05, epochs=40),
    }
)
ROUNDS = (
    Around(name="drawn around a first guess", count=16, factor=2.0),
    Around(name="drawn around the nearest", count=8, factor=1.3),
)


def trials(dataset: str, model: str, index: int) -> list[Settings]:
    """List the pre-trainings of a round, which have no fine-tuning and so no error.

    Args:
        dataset: The data set.
        model: The model, one of the paper's on that data set.
        index: Number of the round, from 0; a later one needs the records of the earlier.

    Raises:
        InputError: Trials of the round before have no record yet.
    """
    this, place = ROUNDS[index], PLACES[dataset, model]
    if index:
        nearest = match(dataset, model, index)[0]
        place = dataclasses.replace(
            place,
            rate=nearest.pretrain_learning_rate,
            epochs=nearest.pretrain_epochs,
            strengths={name: getattr(nearest, name) for name in place.strengths},
        )
    generator = np.random.default_rng([zlib.crc32(f"{dataset} {model}".encode()), index])

    def draw(value: float) -> float:
        return float(f"{value * this.factor ** generator.uniform(-1, 1):.{_DIGITS}g}")

    common: dict[str, Any] = {
        "dataset": dataset,
        "model": model,
        "seed": version2.TRIAL_SEED,
        "finetune_epochs": 0,
        "evaluate_test": False,
        "measure_examples": version2.SEARCH.common["measure_examples"],
        "spectrum_examples": 0,
        **place.fixed,
    }
    found = []
    for _ in range(this.count):
        values: dict[str, Any] = {
            "pretrain_learning_rate": draw(place.rate),
            "pretrain_epochs": max(1, round(draw(place.epochs))),
            **{name: _possible(model, name, draw(v)) for name, v in place.strengths.items()},
        }
        found.append(Settings(**common, **values))
    return found


def match(dataset: str, model: str, rounds: int = len(ROUNDS)) -> tuple[Settings, float]:
    """Find the trial whose encoder is nearest to the paper's, and how near it is.

    Args:
        dataset: The data set.
        model: The model.
        rounds: Look at the first so many rounds.

    Raises:
        InputError: Trials have no record yet, or all of them diverged.
    """
    wanted = [settings for index in range(rounds) for settings in trials(dataset, model, index)]
    if missing(wanted, TRIALS):
        raise InputError(
            f"trials of {model} on {dataset} have no record yet; run: "
            f"python -m replication sweep {NAME} --dataset {dataset}"
        )
    found = [records.read(path_of(TRIALS, settings)) for settings in wanted]
    known = [(r.settings, fingerprint_distance(r)) for r in found if not r.results.diverged]
    if not known:
        raise InputError(f"all trials of {model} on {dataset} diverged")
    return min(known, key=lambda one: one[1])


def finals(dataset: str, model: str, seeds: int, study: Study = version2.STUDY) -> list[Settings]:
    """List the final runs: the matched pre-training, fine-tuned as version 2 chose for its model.

    Args:
        dataset: The data set.
        model: The model.
        seeds: How many.
        study: The study that chose; a small one in tests.

    Returns:
        The runs; none as long as version 2 has not chosen.

    Raises:
        InputError: Trials have no record yet.
    """
    choice = study.chosen(dataset).get(model)
    if choice is None:
        return []
    settings = match(dataset, model)[0].to_dict()
    chosen = {**choice.settings.to_dict(), **study.final, **study.search.final(dataset, model)}
    tuned = {name: v for name, v in chosen.items() if name.startswith("finetune_")}
    same = {name: chosen[name] for name in ("measure_examples", "spectrum_examples")}
    return [
        Settings(**{**settings, **tuned, **same, "evaluate_test": True, "seed": seed})
        for seed in range(seeds)
    ]


def stages(dataset: str, seeds: int) -> Iterator[Stage]:
    """Yield the stages: both rounds of draws, then the final runs.

    Args:
        dataset: The data set.
        seeds: Seeds of each final run.
    """
    models = [model for name, model in PLACES if name == dataset]
    for index, this in enumerate(ROUNDS):
        runs = None
        if _are_there(dataset, models, index):
            runs = in_turns([trials(dataset, model, index) for model in models])
        yield Stage(name=this.name, experiment=TRIALS, size=this.count * len(models), runs=runs)
    chosen = version2.STUDY.chosen(dataset)
    runs = None
    if _are_there(dataset, models, len(ROUNDS)) and set(models) <= set(chosen):
        runs = in_turns([finals(dataset, model, seeds) for model in models])
    yield Stage(name="final runs", experiment=NAME, size=seeds * len(models), runs=runs)


def _are_there(dataset: str, models: Sequence[str], rounds: int) -> bool:
    """Whether all trials of the first rounds have records."""
    return all(
        not missing(trials(dataset, model, index), TRIALS)
        for index in range(rounds)
        for model in models
    )


def _possible(model: str, name: str, value: float) -> float:
    """The nearest value that a strength may have."""
    [strength] = [one for one in kind_of(model).strengths if one.name == name]
    return min(max(value, strength.low), strength.high)


SWEEP = Sweep(
    name=NAME,
    datasets=version2.DATASETS,
    default=version2.DATASETS,
    seeds=SEEDS,
    stages=stages,
    about="the paper's encoders by what it prints of them, then fine-tuned",
)
