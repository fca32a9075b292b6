"""Version 2 of the protocol of Table 1: random search, full length from the start, more seeds.

The page `notebooks/protocol2.ipynb` says in words, with reasons, what this module says in numbers.
"""

import dataclasses
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

from replication.engine.settings import Settings
from replication.kinds import KINDS
from replication.studies.abstract_search import Length
from replication.studies.random_search import Draws, RandomArm, RandomSearch, Repeats
from replication.studies.space import OneOf, Range
from replication.studies.stage import Stage, check_one_seed
from replication.studies.study import Study, Sweep
from replication.studies.table1 import plan as version1
from replication.studies.tier import Tier

NAME = "table1-v2"
DATASETS = version1.DATASETS
UNTRAINED = "none"  # the net without pre-training, a row of its own
FEW_LABELS = (100, 300, 1000, 3000)  # of MNIST, drawn evenly over the classes
FEW_LABELS_DATASET = "mnist"
FEW_LABELS_EPOCHS = 100  # of fine-tuning, whatever the number of labels
TRIAL_SEED = 2000  # of every draw; repeats have the next ones, final runs 0, 1, ...
PILOT_MODELS = ("cae", "dae-b")
PILOT_EXPERIMENT = "table1-v2-pilot"
PILOT_LENGTH = Length(pretrain_epochs=5, finetune_epochs=5, finetune_patience=5)
SCREENS_ABOVE = (
    0.5  # rank correlation that each cell of the pilot needs, for the wide tier to screen
)

_RATES = Range(low=0.003, high=0.5)
_STRENGTHS: Mapping[str, Mapping[str, Range | OneOf]] = {
    "ae": {},
    "ae-wd": {"weight_decay": Range(low=1e-5, high=3e-3)},
    "dae-g": {"noise_level": Range(low=0.1, high=1.2)},
    "dae-b": {"noise_level": Range(low=0.05, high=0.6, log=False, most=1.0)},
    "cae": {"contraction": Range(low=0.02, high=3.0)},
    "sae": {
        "sparsity": Range(low=0.02, high=0.3, most=0.9),
        "sparsity_weight": Range(low=0.01, high=1.0),
    },
    "rbm": {"gibbs_steps": OneOf((1, 3, 10))},
}
_PRETRAIN_RATES: Mapping[str, Range] = {"rbm": Range(low=0.0003, high=0.1)}
_FINETUNING: Mapping[str, Range | OneOf] = {
    "initial_range": OneOf((1.0, 4.0)),
    "finetune_learning_rate": Range(low=0.01, high=5.0),
}


def _arm(model: str) -> RandomArm:
    rates = {"pretrain_learning_rate": _PRETRAIN_RATES.get(model, _RATES)}
    optimiser = {"pretrain_optimizer": OneOf(("sgd", "adam"))}
    return RandomArm(
        key=model,
        model=model,
        space=MappingProxyType({**rates, **optimiser, **_STRENGTHS[model], **_FINETUNING}),
        adam_rates=Range(low=3e-5, high=3e-3),
    )


def _rounds(tier: Tier) -> tuple[Draws | Repeats, ...]:
    return (
        Draws(name="drawn settings", length=tier.draws_length, count=tier.draws),
        Repeats(
            name="the best again, fresh seeds",
            length=tier.length,
            leaders=tier.leaders,
            seeds=tier.repeats,
        ),
        Draws(
            name="drawn beyond an edge",
            length=tier.draws_length,
            count=tier.draws_beyond,
            beyond=True,
        ),
        Repeats(
            name="the best of these again",
            length=tier.length,
            leaders=1,
            seeds=tier.repeats,
        ),
    )


def _search(tier: Tier) -> RandomSearch:
    return RandomSearch(
        version=2,
        study=NAME,
        experiment="table1-v2-trials",
        arms=MappingProxyType(
            {
                **{model: _arm(model) for model in _STRENGTHS},
                UNTRAINED: RandomArm(
                    key=UNTRAINED,
                    model="ae",
                    is_pretrained=False,
                    space=MappingProxyType(dict(_FINETUNING)),
                ),
            }
        ),
        rounds=_rounds(tier),
        final_length=tier.length,
        # There the validation error still fell at the last epoch of version 1.
        finetune_longer=MappingProxyType({"cifar-bw": 3}),
        width=1000,
        common=MappingProxyType(
            {
                "pretrain_batch_size": 20,
                "finetune_batch_size": 50,
                "finetune_decay": True,
                "finetune_window": 5,
                "measure_examples": 1000,
                "spectrum_examples": 0,
            }
        ),
        seed=TRIAL_SEED,
        draw_seed=tier.draw_seed,
    )


def label(key: str) -> str:
    """Name a competitor.

    Args:
        key: Its key.
    """
    return "no pre-training" if key == UNTRAINED else KINDS[key].label


CORE = Tier(
    name="core",
    draws=12,
    draws_length=Length(pretrain_epochs=20, finetune_epochs=20, finetune_patience=20),
    leaders=4,
    repeats=3,
    draws_beyond=4,
    length=Length(pretrain_epochs=36, finetune_epochs=36, finetune_patience=36),
    seeds=10,
)
WIDE = dataclasses.replace(
    CORE,
    name="wide",
    draws=48,
    draws_length=Length(pretrain_epochs=40, finetune_epochs=40, finetune_patience=40),
    length=Length(pretrain_epochs=60, finetune_epochs=60, finetune_patience=60),
    draws_beyond=16,
    seeds=20,
    searches=3,
)
TIERS = (CORE, WIDE)
SEARCH = _search(CORE)

STUDY = Study(
    name=NAME,
    experiment=NAME,
    datasets=DATASETS,
    search=SEARCH,
    selections=Path(__file__).parent / "selection",
    seeds=CORE.seeds,
    minimum_seeds=version1.MINIMUM_SEEDS,
    final=version1.STUDY.final,
    in_turns=True,
)


def few_labels(dataset: str, seeds: int | None = None, study: Study = STUDY) -> list[Settings]:
    """List the runs with few labels: final runs, fine-tuned on a few examples of every class.

    Each pre-training is that of a final run, and the seed draws the labels: one drawing a seed. The
    rate of fine-tuning is the one chosen with all labels; the weights of the last epoch are kept,
    as nobody with so few labels has 10,000 others to stop by.

    Args:
        dataset: The data set; there are none on other data than MNIST.
        seeds: How many; None is the study's own number.
        study: The study; a small one in tests.

    Returns:
        The runs; without those of models that nothing was chosen for yet.
    """
    if dataset != FEW_LABELS_DATASET:
        return []
    return [
        with_few_labels(settings, count)
        for settings in study.final_runs(dataset, seeds)
        for count in FEW_LABELS
    ]


def with_few_labels(settings: Settings, count: int) -> Settings:
    """Make a final run one with few labels.

    Args:
        settings: The final run.
        count: How many labels it has, a multiple of the number of classes.
    """
    return dataclasses.replace(
        settings,
        finetune_examples=count,
        finetune_keep="last",
        finetune_window=1,
        finetune_batch_size=20,
        finetune_epochs=FEW_LABELS_EPOCHS,
        measure_examples=10,
        spectrum_examples=0,
    )


def pilot(dataset: str) -> list[Settings]:
    """List the pilot: the drawn settings of two models, short. Do short trials tell the order?

    Args:
        dataset: The data set.
    """
    longer = SEARCH.finetune_longer.get(dataset, 1)
    return [
        dataclasses.replace(
            settings,
            pretrain_epochs=PILOT_LENGTH.pretrain_epochs,
            finetune_epochs=PILOT_LENGTH.finetune_epochs * longer,
            finetune_patience=PILOT_LENGTH.finetune_patience * longer,
        )
        for model in PILOT_MODELS
        for settings in SEARCH.trials(0, dataset, model)
    ]


def stages(dataset: str, seeds: int, study: Study = STUDY) -> Iterator[Stage]:
    """Yield the stages: the search, then the final runs with those on few labels.

    Args:
        dataset: The data set.
        seeds: Seeds of each final run.
        study: The study; a small one in tests.
    """
    labels = len(FEW_LABELS) if dataset == FEW_LABELS_DATASET else 0
    for stage in study.stages(dataset, seeds):
        if stage.experiment != study.experiment:
            yield stage
            continue
        runs = None if stage.runs is None else [*stage.runs, *few_labels(dataset, seeds, study)]
        yield dataclasses.replace(
            stage,
            name="final runs, and few labels" if labels else stage.name,
            size=stage.size * (1 + labels),
            runs=runs,
        )


def pilot_stages(dataset: str, seeds: int) -> Iterator[Stage]:
    """Yield the one stage of the pilot.

    Args:
        dataset: The data set.
        seeds: Has to be 1: a trial has one seed.

    Raises:
        InputError: Several seeds are asked for.
    """
    check_one_seed(seeds)
    runs = pilot(dataset)
    yield Stage(name="short trials", experiment=PILOT_EXPERIMENT, size=len(runs), runs=runs)


def _costs() -> list[str]:
    # Here alone, as what tiers cost is read from records by these very searches.
    from replication.studies.table1_v2.costs import cost_line

    return [cost_line(tier) for tier in TIERS]


SWEEPS = (
    Sweep(
        name=NAME,
        datasets=DATASETS,
        default=DATASETS,
        seeds=CORE.seeds,
        stages=stages,
        about="Table 1 by version 2 of the protocol, with few labels",
        costs=_costs,
    ),
    Sweep(
        name="pilot",
        datasets=DATASETS,
        default=DATASETS,
        seeds=1,
        stages=pilot_stages,
        about="whether short trials of version 2 tell what full ones do",
    ),
)
