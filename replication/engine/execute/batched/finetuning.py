"""Fine-tuning of a population: classifiers of the same form, whatever they were pre-trained as."""

import dataclasses
import functools
import time
from collections.abc import Sequence

import jax
import jax.numpy as jnp
import numpy as np

from replication.datasets import Dataset
from replication.engine.batches import labelled_rows
from replication.engine.execute.batched.ahead import Ahead, shape
from replication.engine.execute.batched.population import (
    Orders,
    Population,
    Program,
    on_device,
    stacked,
)
from replication.engine.execute.batched.pretraining import Diverged
from replication.engine.execute.batched.stopping import Course
from replication.engine.execute.batched.template import Template, Values
from replication.engine.execute.batched.watch import Watch
from replication.engine.settings import Settings
from replication.engine.train import (
    FINETUNE_SEED,
    OPTIMIZERS,
    Pretrained,
    build_classifier,
    build_layers,
    divergence,
    initial_layer,
)
from replication.engine.train import stacked as stack
from replication.models import Classifier
from replication.models.classification.error import error

_VALIDATION_BATCH = 1000


@dataclasses.dataclass(frozen=True)
class Finetuned:
    """What a fine-tuning came to.

    Attributes:
        weights: Weights of the classifier that were kept, as Keras lists them.
        history: Loss and validation error of each epoch: "loss" and "val_error".
        seconds: What it cost.
        members: Size of its population.
    """

    weights: list[np.ndarray]
    history: dict[str, list[float]]
    seconds: float
    members: int


@dataclasses.dataclass(frozen=True)
class Parts:
    """The parts of a data set on the device: inputs and labels to train on and to validate on."""

    x: jax.Array
    y: jax.Array
    valid_x: jax.Array
    valid_y: jax.Array


def form_of(settings: Settings) -> Settings:
    """Return the settings with everything at its default in which members of a population differ.

    Runs of the same form may be fine-tuned at once, whatever model they are. The weight of a
    Jacobian is a member's own; whether there is one is not.

    Args:
        settings: The run.
    """
    names = (
        "dataset",
        "units",
        "finetune_batch_size",
        "finetune_epochs",
        "finetune_examples",
        "finetune_decay",
        "finetune_optimizer",
        "finetune_dropout",
        "encoder",
        "activation",
        "train_examples",
        "backend",
        "precision",
    )
    kept = {name: getattr(settings, name) for name in names}
    return Settings(model="ae", finetune_jacobian=float(settings.finetune_jacobian > 0), **kept)


def finetune(
    members: Sequence[Settings],
    pretrained: Sequence[Pretrained],
    data: Dataset,
    parts: Parts,
    watch: Watch,
) -> list[Finetuned | Diverged]:
    """Fine-tune several classifiers at once.

    Args:
        members: Runs of the same form.
        pretrained: What each one starts from.
        data: Their data set.
        parts: What of it is on the device.
        watch: Is told of every epoch, and saves.

    Returns:
        What came out, for each member. The time of each epoch is divided by the number of members
        that had not stopped before; that of compilation is in the first one.
    """
    started = time.perf_counter()
    program, wrong = _program(form_of(members[0]), parts.x.shape[1], data.classes, len(parts.x))
    population, best = _population(program, members, pretrained, data, parts)
    courses = [Course(settings) for settings in members]
    curves, before = watch.resume(population, best)
    for seen in curves:  # a course has no other state than what it has seen
        _see(courses, seen)
    seconds = np.full(len(members), before / len(members))
    while any(course.active for course in courses):
        active = np.array([course.active for course in courses])
        pause = functools.partial(watch.pause, population, curves, best)
        losses = population.epoch(pause)[:1]
        total = np.asarray(wrong(population.trainable, parts.valid_x, parts.valid_y))
        # Divided here: XLA would multiply with the inverse of the number, which is another value.
        errors = total / np.float32(len(parts.valid_x))
        curves.append(np.concatenate([losses, errors[None]]))
        keep = _see(courses, curves[-1])
        if keep.any():
            best[:] = _where(on_device(keep), population.trainable, best)
        jax.block_until_ready(best)
        now = time.perf_counter()
        seconds += active * (now - started) / active.sum()
        started = now
        watch.epoch(population, curves, int(active.sum()), best)
    watch.skip((members[0].finetune_epochs - population.epochs) * len(members))
    kept = jax.device_get(best)
    return [
        _outcome(program.template.model, course, [values[i] for values in kept], cost, len(members))
        for i, (course, cost) in enumerate(zip(courses, seconds.tolist(), strict=True))
    ]


def prepare(members: Sequence[Settings], classes: int, parts: Parts) -> None:
    """Compile what fine-tunes a population, before it is needed.

    Args:
        members: Runs of the same form.
        classes: Classes of their data set.
        parts: What of it is on the device.
    """
    program, wrong = _program(form_of(members[0]), parts.x.shape[1], classes, len(parts.x))
    examples = members[0].finetune_examples or len(parts.x)
    orders = len({settings.seed for settings in members})
    program.prepare(len(members), orders, examples, parts.x, parts.y)
    trainable = [
        shape(variable.value, [len(members)])
        for variable in program.template.model.trainable_variables
    ]
    wrong.prepare(trainable, parts.valid_x, parts.valid_y)


@functools.lru_cache(maxsize=64)
def _program(form: Settings, features: int, classes: int, examples: int) -> tuple[Program, Ahead]:
    """The compiled programs of a form: an epoch of training, and the validation."""
    examples = form.finetune_examples or examples
    steps = form.finetune_epochs * -(-examples // form.finetune_batch_size)
    net = _initial_net(form, None, features, classes)
    # Compiled in Keras's sense: that gives the net its loss.
    net.compile(optimizer="sgd")
    template = Template(
        net,
        lambda net, x, y: net.compute_loss(x=x, y=y, y_pred=net(x, training=True), training=True),
        OPTIMIZERS[form.finetune_optimizer](form.finetune_learning_rate),
        attributes=["jacobian_weight"] if form.finetune_jacobian else [],
        decay_steps=steps if form.finetune_decay else None,
    )
    program = Program(template, form.finetune_batch_size, form.finetune_epochs)
    return program, Ahead(functools.partial(_mistakes, template))


def _initial_net(
    settings: Settings, pretrained: Pretrained | None, features: int, classes: int
) -> Classifier:
    inputs = [features, *settings.units[:-1]]
    layers = (
        [initial_layer(settings, layer, inputs[layer]) for layer in range(settings.depth)]
        if pretrained is None
        else build_layers(settings, pretrained.weights, features)
    )
    net = build_classifier(settings, stack(layers), classes)
    net.build((None, features))
    return net


def _population(
    program: Program,
    members: Sequence[Settings],
    pretrained: Sequence[Pretrained],
    data: Dataset,
    parts: Parts,
) -> tuple[Population, Values]:
    """The members before their first step, and room for their best weights."""
    template = program.template
    states, constants = [], []
    for settings, first in zip(members, pretrained, strict=True):
        net = _initial_net(settings, first, parts.x.shape[1], data.classes)
        states.append(template.initial(net, settings.finetune_learning_rate))
        constants.append(template.constants(net, settings.finetune_learning_rate))
    seeds = [settings.seed + FINETUNE_SEED for settings in members]
    few = members[0].finetune_examples
    rows = {s: labelled_rows(run, data) for s, run in zip(seeds, members, strict=True)}
    chosen = {seed: some for seed, some in rows.items() if some is not None}
    orders = Orders(seeds, few or len(parts.x), chosen if few else None)
    population = Population(program, states, constants, orders, parts.x, parts.y)
    return population, stacked([state["trainable"] for state in states])


def _mistakes(template: Template, trainable: Values, x: jax.Array, y: jax.Array) -> jax.Array:
    """100 for each example that a member gets wrong, shape (members,)."""

    def count(x: jax.Array, y: jax.Array) -> jax.Array:
        def of_member(trainable: Values) -> jax.Array:
            # Whole numbers, which float32 holds exactly: the sum is Keras's in any order.
            return jnp.sum(error(y, template.outputs(trainable, x)))

        return jax.vmap(of_member)(trainable)

    whole = len(x) // _VALIDATION_BATCH
    cut = whole * _VALIDATION_BATCH
    total = count(x[cut:], y[cut:])
    if whole:
        batches = [part[:cut].reshape(whole, _VALIDATION_BATCH, *part.shape[1:]) for part in (x, y)]
        total += jnp.sum(jax.lax.map(lambda batch: count(*batch), tuple(batches)), axis=0)
    return total


@functools.partial(jax.jit, donate_argnums=2)
def _where(keep: jax.Array, trainable: Values, best: Values) -> Values:
    """The weights of the members that are to be kept, and what was kept of the others."""
    return [
        jnp.where(keep.reshape(-1, *[1] * (value.ndim - 1)), value, old)
        for value, old in zip(trainable, best, strict=True)
    ]


def _see(courses: Sequence[Course], curve: np.ndarray) -> np.ndarray:
    """Show an epoch's losses and errors to all, and return whose weights are to be kept."""
    losses, errors = curve.astype(float).tolist()
    seen = zip(courses, losses, errors, strict=True)
    return np.array([course.see(loss, wrong) for course, loss, wrong in seen])


def _outcome(
    net: Classifier, course: Course, weights: list[np.ndarray], seconds: float, members: int
) -> Finetuned | Diverged:
    if course.diverged:
        return Diverged(divergence(net, len(course.losses)), seconds, members)
    return Finetuned(weights, {"loss": course.losses, "val_error": course.errors}, seconds, members)
