"""What is drawn from which nets, and how it is measured: written before the first chain on MNIST.

The CAE is sampled as Rifai et al. (2012) do, the Boltzmann machine by its Gibbs chain. Both nets
have the settings that the search of Table 1 chose. The step size of the CAE is chosen by this rule:
the largest mean log-likelihood, over seeds, of the *choosing* part of the validation digits. What
is reported is that of the *measuring* part, which chose nothing. Test digits have no part in it.

A step size of 0 is a control and cannot be chosen: it repeats x -> g(f(x)). The range of the others
comes from small nets on the embedded digits, where 0.5 was the best of (0.05, 0.1, 0.2, 0.5, 1, 2,
5, 10). Smaller ones are tried, too, as wider nets have more directions to be moved along.
"""

import dataclasses
from collections.abc import Mapping, Sequence

from replication.checks import check_choice
from replication.engine.settings import Settings
from replication.errors import InputError
from replication.studies.table1 import plan as table1

MODELS = ("cae", "rbm")
REFERENCES = ("digits", "shuffled")
"""What stands beside them: training digits, and noise with the digits' own mean pixels.

The noise takes every pixel from another training digit.
"""
CONTROL = 0.0
STEP_SIZES = (CONTROL, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0)
SEEDS = 3  # nets of each model; their chains have the same seeds
NAMES = (*REFERENCES, *(f"{model}-{seed}" for seed in range(SEEDS) for model in MODELS))
"""What is measured at published scale, nets seed by seed: what is unfinished has both models."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Plan:
    """How chains are run and measured at one scale.

    Attributes:
        dataset: The data set.
        runs: The nets, by name: "cae-0", "rbm-0", ...
        chains: How many are run at once, from the first training digits.
        steps: Steps of each chain.
        burn_in: First steps that give no samples.
        every: Of the other steps each so-manieth gives one.
        choosing: The bandwidth of every set of samples, and the step size, are chosen on so many
            first validation digits.
        measuring: What is reported is measured on so many validation digits after those.
        bandwidths: Of the Gaussians of the Parzen windows; the best of them is taken.
        nearest: Of how many samples, evenly spread, the nearest training digit is looked for.
        shown_chains: First chains that are kept as pictures, of the first net of a model.
        shown_steps: Their steps.
        classifier_epochs: Training of the classifier that says which digit a state shows.
    """

    dataset: str
    runs: Mapping[str, Settings]
    chains: int = 100
    steps: int = 300
    burn_in: int = 100
    every: int = 2
    choosing: int = 1000
    measuring: int = 2000
    bandwidths: tuple[float, ...] = (
        0.05, 0.08, 0.1, 0.12, 0.14, 0.16, 0.18, 0.2, 0.22, 0.25, 0.28, 0.32, 0.4, 0.6,
    )  # fmt: skip
    nearest: int = 500
    shown_chains: int = 4
    shown_steps: tuple[int, ...] = (0, 1, 2, 5, 10, 30, 100, 300)
    classifier_epochs: int = 5

    @property
    def names(self) -> tuple[str, ...]:
        """All that is measured: references, then nets."""
        return (*REFERENCES, *self.runs)

    @property
    def sampled(self) -> range:
        """The steps that give samples."""
        return range(self.burn_in + self.every, self.steps + 1, self.every)


def published() -> Plan:
    """Return the plan on MNIST: the first final runs of Table 1, of which only nets are trained.

    Raises:
        InputError: Nothing is chosen yet, or the file of what was chosen is damaged.
    """
    dataset = table1.DATASETS[0]
    finals = [run for model in MODELS for run in table1.STUDY.finals(dataset, model, SEEDS)]
    runs = _by_name(finals)
    if set(runs) != set(NAMES) - set(REFERENCES):
        raise InputError(
            f"nothing is chosen yet for {' and '.join(MODELS)} on {dataset}; run: "
            f"python -m replication sweep {table1.STUDY.name} --dataset {dataset}"
        )
    return Plan(dataset=dataset, runs={name: runs[name] for name in NAMES if name in runs})


def proof() -> Plan:
    """Return the plan at proof scale: small nets on the embedded digits, trained in seconds."""
    small = [dataclasses.replace(table1.STUDY.proof[model], pretrain_epochs=30) for model in MODELS]
    return Plan(
        dataset=small[0].dataset,
        runs=_by_name(small),
        chains=50,
        steps=200,
        burn_in=50,
        every=3,
        choosing=150,
        measuring=150,
        shown_steps=(0, 1, 2, 5, 10, 30, 100, 200),
        classifier_epochs=20,
    )


def model_of(name: str) -> str:
    """Return the key of the model that a net's name begins with.

    Args:
        name: As in `Plan.runs`.

    Raises:
        InputError: It is none of ours.
    """
    return check_choice("model", name.partition("-")[0], MODELS)


def _by_name(runs: Sequence[Settings]) -> dict[str, Settings]:
    return {f"{run.model}-{run.seed}": run for run in runs}
