"""Pre-training of a population: one layer of models of the same form."""

import dataclasses
import functools
import time
from collections.abc import Sequence

import jax
import keras
import numpy as np

from replication.engine.execute.batched.population import Orders, Population, Program
from replication.engine.execute.batched.template import Template
from replication.engine.execute.batched.watch import Watch
from replication.engine.results import seven_digits
from replication.engine.settings import Settings
from replication.engine.train import OPTIMIZERS, Pretrained, divergence, initial_layer
from replication.errors import DivergedError
from replication.kinds import Strength


@dataclasses.dataclass(frozen=True)
class Diverged:
    """What a training came to that diverged.

    Attributes:
        error: What Keras's path raises.
        seconds: What it cost.
        members: Size of its population.
    """

    error: DivergedError
    seconds: float
    members: int


@dataclasses.dataclass(frozen=True)
class Trained(Pretrained):
    """A pre-training that was done in a population.

    Attributes:
        members: Size of the population, that of the top layer.
    """

    members: int = 1


def form_of(settings: Settings) -> Settings:
    """Return the settings with everything at its default in which members of a population differ.

    Runs of the same form may be pre-trained at once; the layer is the top one.

    Args:
        settings: The run, with as many layers as are pre-trained.
    """
    static = ("units", "pretrain_batch_size", "pretrain_epochs", "train_examples", "backend")
    whole = tuple(strength.name for strength in _strengths(settings) if strength.whole)
    net = ("model", "fault", "encoder", "activation")
    names = ("dataset", *net, "pretrain_optimizer", "precision", *static, *whole)
    return Settings(**{name: getattr(settings, name) for name in names})


def pretrain(
    members: Sequence[Settings],
    lower: Sequence[Pretrained | None],
    x: jax.Array,
    watch: Watch,
) -> list[Trained | Diverged]:
    """Pre-train the top layer of several stacks at once.

    Args:
        members: Runs of the same form.
        lower: The layers below of each one; None where there are none.
        x: Training inputs, on the device, shape (n, features).
        watch: Is told of every epoch, and saves.

    Returns:
        What came out, for each member. The time of the population, compilation included, is divided
        by the number of members; that of the layers below is counted in full.
    """
    started = time.perf_counter()
    form = form_of(members[0])
    program = _program(form, x.shape[1])
    population = _population(program, members, lower, x)
    curves, before = watch.resume(population)
    while population.epochs < form.pretrain_epochs and not _all_diverged(curves):
        curves.append(population.epoch(lambda: watch.pause(population, curves)))
        watch.epoch(population, curves, len(members))
    weights = jax.device_get(population.weights)
    curve = np.stack(curves) if curves else np.zeros((0, 1, len(members)))
    watch.skip((form.pretrain_epochs - population.epochs) * len(members))
    watch.save(population, curves)  # for the fine-tuning, which has checkpoints of its own
    seconds = (before + time.perf_counter() - started) / len(members)
    return [
        _outcome(
            program.template.model,
            curve[:, :, i],
            [values[i] for values in weights],
            below,
            seconds,
            len(members),
        )
        for i, below in enumerate(lower)
    ]


def prepare(members: Sequence[Settings], x: jax.Array) -> None:
    """Compile what pre-trains a population, before it is needed.

    Args:
        members: Runs of the same form.
        x: Training inputs, on the device, shape (n, features).
    """
    form, orders = form_of(members[0]), len({settings.seed for settings in members})
    if form.pretrain_epochs:
        _program(form, x.shape[1]).prepare(len(members), orders, len(x), x)


@functools.lru_cache(maxsize=64)
def _program(form: Settings, features: int) -> Program:
    """The compiled program of a form; populations of one size share it as it is."""
    *units, _ = form.units
    inputs = [features, *units]
    models = [initial_layer(form, layer, inputs[layer]) for layer in range(form.depth)]
    model, kind = models[-1], form.kind
    template = Template(
        model,
        lambda model, x, _: model.compute_loss(x, training=True),
        OPTIMIZERS[form.pretrain_optimizer](form.pretrain_learning_rate),
        lower=models[:-1],
        tracked=[metric for metric in model.metrics if metric.name == kind.loss],
        attributes=[strength.name for strength in _strengths(form) if not strength.whole],
    )
    return Program(template, form.pretrain_batch_size, form.pretrain_epochs)


def _strengths(settings: Settings) -> Sequence[Strength]:
    return settings.kind.strengths


def _population(
    program: Program,
    members: Sequence[Settings],
    lower: Sequence[Pretrained | None],
    x: jax.Array,
) -> Population:
    template, states, constants = program.template, [], []
    for settings, below in zip(members, lower, strict=True):
        inputs = x.shape[1] if below is None else settings.units[-2]
        model = initial_layer(settings, settings.depth - 1, inputs)
        rate = settings.pretrain_learning_rate
        states.append(template.initial(model, rate))
        constants.append(template.constants(model, rate, below.weights if below else ()))
    orders = Orders([settings.seed for settings in members], len(x))
    return Population(program, states, constants, orders, x)


def _all_diverged(curves: Sequence[np.ndarray]) -> bool:
    return bool(curves) and not np.isfinite(curves[-1][0]).any()


def _outcome(
    model: keras.Model,
    curve: np.ndarray,
    weights: list[np.ndarray],
    below: Pretrained | None,
    seconds: float,
    members: int,
) -> Trained | Diverged:
    """One member's part: its curve (epochs, metrics) and the weights of its layer."""
    seconds += below.seconds if below else 0.0
    wrong = np.flatnonzero(~np.isfinite(curve[:, 0]))
    if len(wrong):
        return Diverged(divergence(model, int(wrong[0]) + 1), seconds, members)
    return Trained(
        weights=[*(below.weights if below else []), weights],
        losses=[*(below.losses if below else []), seven_digits(curve[:, -1])],
        seconds=round(seconds, 2),
        members=members,
    )
