"""The protocol: which runs each table and figure of the paper needs, fixed before they are made.

The page `notebooks/protocol.ipynb` says in words, with reasons, what this module says in numbers.
"""

from collections.abc import Mapping
from typing import Any

from replication.checks import check_choice, check_count
from replication.experiments import records
from replication.experiments.selection import best, leaders, read_recorded_trials
from replication.experiments.settings import MODELS, Settings

SCALES = ("proof", "published", "full")
DATASETS = ("mnist", "cifar-bw")  # of Table 1 and Figure 1
TABLE1 = "table1"  # experiment of the final runs
FIRST = "table1-first"  # experiment of a first look: one setting a model, three seeds, no search
TRIALS = "table1-trials"  # experiment of the trials, which never see the test set
REDUCED = "table1-reduced"  # experiment of the small copies of final runs, for verification
SEEDS = 5  # of the final runs: 0, 1, ...
TRIAL_SEED = 1000  # of every trial, and of no final run
MINIMUM_SEEDS = 5  # fewer decide nothing
PROMOTED = 3  # pre-trainings of each model that go on to full length, each fine-tuned at all rates

# What a model's own settings may be: four values each, about a factor of three apart. The models
# without a regulariser of that kind spend the same number of trials on their learning rate.
STRENGTHS: Mapping[str, tuple[Mapping[str, Any], ...]] = {
    "ae": ({},),
    "ae-wd": tuple({"weight_decay": v} for v in (3e-5, 1e-4, 3e-4, 1e-3)),
    "dae-g": tuple({"noise_level": v} for v in (0.15, 0.3, 0.5, 0.8)),
    "dae-b": tuple({"noise_level": v} for v in (0.1, 0.25, 0.4, 0.55)),
    "cae": tuple({"contraction": v} for v in (0.03, 0.1, 0.3, 1.0)),
    "sae": tuple({"sparsity": p, "sparsity_weight": w} for p in (0.05, 0.15) for w in (0.03, 0.3)),
    "rbm": tuple({"gibbs_steps": k} for k in (1, 3)),
}
PRETRAIN_RATES: Mapping[str, tuple[float, ...]] = {
    **dict.fromkeys(("ae-wd", "dae-g", "dae-b", "cae", "sae"), (0.05, 0.2)),
    "ae": (0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5),
    "rbm": (0.01, 0.03, 0.1, 0.3),
}
FINETUNE_RATES = (0.3, 1.0, 3.0)
# Of the long and the longer trials, where the short ones have shown that smaller rates are needed.
SLOWER_RATES: Mapping[str, tuple[float, ...]] = {"cifar-bw": (0.03, 0.1, 0.3)}

COMMON: Mapping[str, Any] = {
    "units": (1000,),
    "pretrain_batch_size": 20,
    "finetune_batch_size": 50,
}
SCREENING: Mapping[str, Any] = {
    "pretrain_epochs": 4,
    "finetune_epochs": 5,
    "finetune_patience": 5,
}
LENGTH: Mapping[str, Any] = {
    "pretrain_epochs": 20,
    "finetune_epochs": 30,
    "finetune_patience": 10,
}
LONGER: Mapping[str, Any] = {
    "pretrain_epochs": 30,
    "finetune_epochs": 60,
    "finetune_patience": 15,
}
_REDUCED: Mapping[str, Any] = {
    "units": (200,),
    "train_examples": 10_000,
    "pretrain_epochs": 3,
    "finetune_epochs": 3,
    "measure_examples": 1000,
    "spectrum_examples": 0,
}
_TRIAL: Mapping[str, Any] = {
    "seed": TRIAL_SEED,
    "measure_examples": 1000,
    "spectrum_examples": 0,
    "evaluate_test": False,
}

# At proof scale nothing is searched: one reasonable setting a model, small and quick.
_PROOF: Mapping[str, Mapping[str, Any]] = {
    "ae": {},
    "ae-wd": {"weight_decay": 1e-4},
    "dae-g": {"noise_level": 0.3},
    "dae-b": {"noise_level": 0.25},
    "cae": {"contraction": 0.1},
    "sae": {"sparsity": 0.1, "sparsity_weight": 0.1},
    "rbm": {"pretrain_learning_rate": 0.05},
}
_PROOF_LENGTH: Mapping[str, Any] = {
    "units": (64,),
    "pretrain_epochs": 8,
    "finetune_learning_rate": 1.0,
    "finetune_batch_size": 20,
    "finetune_epochs": 8,
    "spectrum_examples": 20,
}


def screening(dataset: str, model: str) -> list[Settings]:
    """List the short trials of a model: its whole grid, 24 trials whatever the model.

    Args:
        dataset: The data set.
        model: Key of the model.

    Raises:
        InputError: A name is unknown.
    """
    check_choice("model", model, MODELS)
    return [
        Settings(
            dataset=dataset,
            model=model,
            pretrain_learning_rate=pretrain_rate,
            finetune_learning_rate=finetune_rate,
            **{**strength, **COMMON, **SCREENING, **_TRIAL},
        )
        for strength in STRENGTHS[model]
        for pretrain_rate in PRETRAIN_RATES[model]
        for finetune_rate in FINETUNE_RATES
    ]


def later_rates(dataset: str) -> tuple[float, ...]:
    """Return the rates of fine-tuning that the trials after the short ones try."""
    return SLOWER_RATES.get(dataset, FINETUNE_RATES)


def promoted(dataset: str, model: str) -> list[Settings]:
    """List the trials of full length: the best pre-trainings, with every rate of fine-tuning.

    Raises:
        InputError: A name is unknown, or trials of the screening have no record yet or all
            diverged.
    """
    trials = read_recorded_trials(screening(dataset, model), TRIALS, "table1")
    return [
        Settings(**{**leader.to_dict(), **LENGTH, "finetune_learning_rate": rate})
        for leader in leaders(trials, PROMOTED)
        for rate in later_rates(dataset)
    ]


def lengthened(dataset: str, model: str) -> list[Settings]:
    """List the trials beyond full length: the best long pre-training, longer, with every rate.

    Raises:
        InputError: A name is unknown, or long trials have no record yet or all diverged.
    """
    leader = _best(promoted(dataset, model))
    return [
        Settings(**{**leader.to_dict(), **LONGER, "finetune_learning_rate": rate})
        for rate in later_rates(dataset)
    ]


def selected(dataset: str, model: str) -> Settings:
    """Choose a model's setting: the long or longer trial with the smallest validation error.

    Raises:
        InputError: A name is unknown, or trials have no record yet or all diverged.
    """
    return _best(promoted(dataset, model) + lengthened(dataset, model))


def is_searched(dataset: str) -> bool:
    """Say whether the search of every model on a data set is finished.

    Raises:
        InputError: The data set is unknown, a record is damaged, or all trials of a model diverged.
    """
    for model in MODELS:
        for stage in (screening, promoted, lengthened):
            if records.missing(stage(dataset, model), TRIALS):
                return False
    return True


def first_look(dataset: str) -> list[Settings]:
    """List the runs from before there was a protocol, shown until the final ones exist."""
    paths = sorted((records.FOLDER / FIRST).glob("*.json"))
    known = [records.read(path).settings for path in paths]
    return sorted(
        (settings for settings in known if settings.dataset == dataset),
        key=lambda settings: (settings.seed, MODELS.index(settings.model)),
    )


def finals(dataset: str, model: str, seeds: int = SEEDS) -> list[Settings]:
    """List the final runs of a model: what was selected, with other seeds, on the test set too.

    Raises:
        InputError: A name is unknown, or trials have no record yet.
    """
    chosen = {
        name: value
        for name, value in selected(dataset, model).to_dict().items()
        if name not in _TRIAL
    }
    return [Settings(**{**chosen, "seed": seed}) for seed in range(check_count("seeds", seeds))]


def reduced(dataset: str, model: str) -> Settings:
    """Shrink a model's first final run to what takes seconds, for verification.

    Raises:
        InputError: A name is unknown, or trials have no record yet.
    """
    return Settings(**{**finals(dataset, model, 1)[0].to_dict(), **_REDUCED})


def table1(dataset: str, seeds: int | None, scale: str) -> list[Settings]:
    """List the final runs of Table 1 and Figure 1: every model with each seed.

    Args:
        dataset: The data set; at proof scale the embedded digits stand in for it.
        seeds: Number of seeds, at least 1: 0, 1, 2, ... None is one at proof scale, else five.
        scale: "proof", or "published" and "full", which need the same runs.

    Raises:
        InputError: A name is unknown, a number impossible, or trials have no record yet.
    """
    check_choice("scale", scale, SCALES)
    if scale == "proof":
        return [
            Settings(dataset="digits", model=model, seed=seed, **{**_PROOF[model], **_PROOF_LENGTH})
            for seed in range(check_count("seeds", 1 if seeds is None else seeds))
            for model in MODELS
        ]
    by_model = [finals(dataset, model, SEEDS if seeds is None else seeds) for model in MODELS]
    # Seed by seed, so that an unfinished sweep leaves comparable models.
    return [runs[seed] for seed in range(len(by_model[0])) for runs in by_model]


def _best(wanted: list[Settings]) -> Settings:
    return best(read_recorded_trials(wanted, TRIALS, "table1"), 1)[0].settings
