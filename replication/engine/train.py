"""Training one model with Keras: greedy pre-training and fine-tuning."""

import dataclasses
from typing import Any

import keras
import numpy as np

from replication import models
from replication.datasets import Dataset
from replication.engine.batches import Batches, labelled_part
from replication.engine.combinations import INITIAL_RANGE
from replication.engine.results import seven_digits
from replication.engine.settings import DEFAULT_ACTIVATION, Settings
from replication.errors import DivergedError
from replication.measures.encoding import encode
from replication.measures.tangents import tangents_of
from replication.models import (
    Classifier,
    ContractiveAutoencoder,
    FaultyContractiveAutoencoder,
    JacobianClassifier,
    StackedEncoder,
    TangentClassifier,
)
from replication.models.convolutional import convolutional
from replication.models.fitting.epoch_bar import EpochBar

OPTIMIZERS: dict[str, type[keras.optimizers.Optimizer]] = {
    "sgd": keras.optimizers.SGD,
    "adam": keras.optimizers.Adam,
}
"""Name -> Keras's optimiser."""
FINETUNE_SEED = 1_000_000
"""What is added to a run's seed for the batch order of its fine-tuning: another, for all models."""
# Compiled, several steps a call: at small batches a step's overhead matters. Not so Keras on torch.
_COMPILED: dict[str, Any] = (
    {} if keras.backend.backend() == "torch" else {"jit_compile": True, "steps_per_execution": 50}
)


@dataclasses.dataclass(frozen=True)
class Pretrained:
    """The first half of a run, from which several fine-tunings may start.

    Attributes:
        weights: Weights of each layer's model, lowest layer first, as Keras lists them.
        losses: The mean training loss of each epoch, of each layer.
        seconds: What it cost.
    """

    weights: list[list[np.ndarray]]
    losses: list[list[float]]
    seconds: float


def build_layer(settings: Settings, layer: int, inputs: int) -> keras.Model:
    """Create the untrained model of one layer of the stack.

    The seed of a layer is derived from the run's, so that no two layers share random numbers.

    Args:
        settings: The run.
        layer: Which layer, lowest is 0.
        inputs: Number of features of what it is trained on.
    """
    kind = settings.kind
    arguments: dict[str, Any] = {**settings.regularizer, **kind.arguments}
    cls = getattr(models, str(kind.class_name))
    units: int | None = settings.units[layer]
    seed = settings.seed * 1000 + layer
    if settings.fault is not None:
        cls, arguments["fault"] = FaultyContractiveAutoencoder, settings.fault
    if settings.activation != DEFAULT_ACTIVATION:
        arguments["activation"] = settings.activation
    if settings.encoder == "conv":
        encoder, decoder = convolutional(inputs, settings.units[layer], settings.activation, seed)
        units, arguments["encoder"], arguments["decoder"] = None, encoder, decoder
        if cls is ContractiveAutoencoder:  # whose penalty has no closed form then
            arguments["jacobian"] = "stochastic"
    return cls(units, seed=seed, **arguments)


def initial_layer(settings: Settings, layer: int, inputs: int) -> keras.Model:
    """Build the model of one layer with its initial weights.

    Args:
        settings: The run.
        layer: Which layer, lowest is 0.
        inputs: Number of features of what it is trained on.
    """
    # Each layer starts from its own random state, whatever was trained before it.
    keras.utils.set_random_seed(settings.seed + layer)
    model = build_layer(settings, layer, inputs)
    model.build((None, inputs))
    _scale_initial_kernel(model, settings.initial_range)
    return model


def build_layers(
    settings: Settings, weights: list[list[np.ndarray]], inputs: int
) -> list[keras.Model]:
    """Build the lowest layers of a stack with weights that are known.

    Args:
        settings: The run.
        weights: Weights of each layer, lowest first.
        inputs: Number of features of the data.
    """
    layers = []
    for layer, values in enumerate(weights):
        model = build_layer(settings, layer, inputs)
        model.build((None, inputs))
        model.set_weights(values)
        layers.append(model)
        inputs = settings.units[layer]
    return layers


def stacked(layers: list[keras.Model]) -> keras.Model:
    """Make one model of the layers: the layer itself where there is only one."""
    return layers[0] if len(layers) == 1 else StackedEncoder(layers)


def pretrain(
    settings: Settings, x: np.ndarray, progress: bool = True, lower: Pretrained | None = None
) -> tuple[keras.Model, list[list[float]]]:
    """Pre-train the model greedily, layer by layer, without labels.

    Args:
        settings: What to train.
        x: Training inputs, shape (n, features).
        progress: Show a progress bar on standard error.
        lower: The lower layers, where they were trained before with the same settings. The upper
            ones come out the same with them and without.

    Returns:
        The trained model (a `StackedEncoder` where there are several layers) and, for each layer,
        its mean training loss (the reconstruction for an RBM) in each epoch.

    Raises:
        DivergedError: The loss became NaN or infinite.
    """
    layers = build_layers(settings, lower.weights, x.shape[1]) if lower else []
    losses = list(lower.losses) if lower else []
    for model in layers:
        x = encode(model.encoder, x)
    for layer in range(len(layers), settings.depth):
        model = initial_layer(settings, layer, x.shape[1])
        optimizer = OPTIMIZERS[settings.pretrain_optimizer]
        model.compile(optimizer=optimizer(settings.pretrain_learning_rate), **_COMPILED)
        what = f"pre-train {settings.model}"
        if settings.depth > 1:
            what += f" layer {layer + 1}/{settings.depth}"
        history = _fit(
            model,
            Batches(x, None, settings.pretrain_batch_size, seed=settings.seed),
            settings.pretrain_epochs,
            EpochBar(what, settings.pretrain_epochs, progress),
        )
        losses.append(seven_digits(history.get(settings.kind.loss, [])))
        layers.append(model)
        if layer + 1 < settings.depth:
            x = encode(model.encoder, x)
    return stacked(layers), losses


def finetune(
    settings: Settings, model: keras.Model, data: Dataset, progress: bool = True
) -> tuple[Classifier, dict[str, list[float]]]:
    """Fine-tune a classifier that starts from the pre-trained encoder.

    Returns:
        The classifier with the weights that the settings keep, of the best epoch or of the last
        one, and the history.

    Raises:
        DivergedError: The loss became NaN or infinite.
    """
    x, y = labelled_part(settings, data)
    net = build_classifier(settings, model, data.classes)
    count = settings.tangents
    tangents = tangents_of(model.encoder, x, count) if count else None
    order = settings.seed + FINETUNE_SEED
    batches = Batches(x, y, settings.finetune_batch_size, order, tangents)
    rate: float | keras.optimizers.schedules.LearningRateSchedule = settings.finetune_learning_rate
    if settings.finetune_decay:
        steps = settings.finetune_epochs * len(batches)
        rate = keras.optimizers.schedules.PolynomialDecay(rate, steps, end_learning_rate=0.0)
    stops = settings.finetune_keep == "best"
    net.compile(optimizer=OPTIMIZERS[settings.finetune_optimizer](rate), **_COMPILED)
    history = _fit(
        net,
        batches,
        settings.finetune_epochs,
        EpochBar(f"fine-tune {settings.model}", settings.finetune_epochs, progress),
        validation_data=(data.valid.x, data.valid.y),
        validation_batch_size=1000,
        patience=settings.finetune_patience if stops else None,
        **({"window": settings.finetune_window} if stops else {}),
    )
    return net, history


def build_classifier(settings: Settings, model: keras.Model, classes: int) -> Classifier:
    """Put an output layer on a pre-trained encoder, of which the classifier has a copy.

    Args:
        settings: The run.
        model: The pre-trained model.
        classes: Classes of the data set.
    """
    arguments: dict[str, Any] = {"seed": settings.seed}
    if settings.finetune_dropout:
        arguments["dropout"] = settings.finetune_dropout
    cls = Classifier
    if settings.tangents:
        cls, arguments["tangent_weight"] = TangentClassifier, settings.tangent_weight
    if settings.finetune_jacobian:
        cls, arguments["jacobian_weight"] = JacobianClassifier, settings.finetune_jacobian
        arguments["jacobian"] = "stochastic"
    return cls.from_pretrained(model, classes, **arguments)


def _scale_initial_kernel(model: keras.Model, initial_range: float) -> None:
    """Bring the initial kernel to another range: the same draws, stretched."""
    if initial_range != INITIAL_RANGE:
        kernel = model.encoder.kernel
        kernel.assign(kernel * (initial_range / INITIAL_RANGE))


def _fit(
    model: keras.Model, batches: Batches, epochs: int, bar: EpochBar, **kwargs: Any
) -> dict[str, list[float]]:
    if epochs == 0:
        return {}
    stop = keras.callbacks.TerminateOnNaN()
    # The batches have an order of their own. Keras would shuffle them once more, from Python's
    # global generator, which other threads of a sweep's worker draw from as well.
    history = model.fit(
        batches, epochs=epochs, shuffle=False, verbose=0, callbacks=[bar, stop], **kwargs
    ).history
    if not np.all(np.isfinite(history["loss"])):
        raise divergence(model, len(history["loss"]))
    return history


def divergence(model: keras.Model, epoch: int) -> DivergedError:
    """Say that the training of a model diverged.

    Args:
        model: The model.
        epoch: The epoch whose loss was no finite number, from 1.
    """
    return DivergedError(
        f"the training of {type(model).__name__} diverged: its loss was no finite number in "
        f"epoch {epoch}; try a smaller learning rate"
    )
