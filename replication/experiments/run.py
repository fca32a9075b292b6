"""One run: pre-train, measure, fine-tune, evaluate, record."""

import dataclasses
import time
from pathlib import Path
from typing import Any

import keras
import numpy as np
from tqdm import tqdm

from replication.datasets import Dataset, Split, load
from replication.errors import DivergedError, InputError
from replication.experiments import provenance, records
from replication.experiments.batches import Batches
from replication.experiments.pictures import pack_rows
from replication.experiments.settings import INITIAL_RANGE, REGULARIZERS, Settings
from replication.experiments.support_vectors import classify_by_svm
from replication.measures.contraction import contraction_curve
from replication.measures.directions import leading_directions
from replication.measures.distances import neighbour_distances
from replication.measures.encoding import encode
from replication.measures.jacobian import mean_square_entry, spectrum, squared_norms
from replication.measures.saturation import saturation
from replication.models import (
    Autoencoder,
    Classifier,
    ContractiveAutoencoder,
    DenoisingAutoencoder,
    FaultyContractiveAutoencoder,
    RestrictedBoltzmannMachine,
    SparseAutoencoder,
    StackedEncoder,
    WeightDecayAutoencoder,
)

_CLASSES: dict[str, type[keras.Model]] = {
    "ae": Autoencoder,
    "ae-wd": WeightDecayAutoencoder,
    "dae-g": DenoisingAutoencoder,
    "dae-b": DenoisingAutoencoder,
    "cae": ContractiveAutoencoder,
    "sae": SparseAutoencoder,
    "rbm": RestrictedBoltzmannMachine,
}
_OPTIMIZERS: dict[str, type[keras.optimizers.Optimizer]] = {
    "sgd": keras.optimizers.SGD,
    "adam": keras.optimizers.Adam,
}
DISTANCE_POOL = 1000  # validation examples behind the lines Min, Median and Max of Figure 1
_DIRECTION_EXAMPLES = 3  # first validation examples whose leading singular directions are kept
_DIRECTIONS = 6  # of each
_NOISE = {"dae-g": "gaussian", "dae-b": "binary"}

# Compiled, and several steps in one call: at small batches the overhead of a step matters. Keras on
# torch can do neither.
_COMPILED: dict[str, Any] = (
    {} if keras.backend.backend() == "torch" else {"jit_compile": True, "steps_per_execution": 50}
)


@dataclasses.dataclass(frozen=True)
class Pretrained:
    """The first half of a run, from which several fine-tunings may start.

    Attributes:
        weights: Weights of each layer's model, lowest layer first, as Keras lists them.
        losses: What `pretrain` returned with them.
        seconds: What it cost.
    """

    weights: list[list[np.ndarray]]
    losses: list[list[float]]
    seconds: float


def run(
    settings: Settings,
    experiment: str,
    folder: Path | None = None,
    again: bool = False,
    progress: bool = True,
) -> records.Record:
    """Do one run, or read its record if it was done before.

    Args:
        settings: What to run.
        experiment: Name of the experiment that the record belongs to.
        folder: Store of the records; None is the repository's own.
        again: Run even if there is a record, and replace it.
        progress: Show progress bars on standard error.

    Raises:
        InputError: The data cannot be had, or the training diverged; no record is written then.
    """
    path = records.path_of(experiment, settings, folder)
    if path.exists() and not again:
        return records.read(path)
    data = load(settings.dataset)
    record = finish(settings, experiment, data, prepare(settings, data, progress), progress)
    records.write(record, folder)
    return record


def build_layer(settings: Settings, layer: int) -> keras.Model:
    """Create the untrained model of one layer of the stack, lowest is 0.

    The seed of a layer is derived from the run's, so that no two layers share random numbers.
    """
    arguments: dict[str, Any] = {
        name: getattr(settings, name) for name in REGULARIZERS[settings.model]
    }
    if settings.model in _NOISE:
        arguments["noise"] = _NOISE[settings.model]
    kind = _CLASSES[settings.model]
    if settings.fault is not None:
        kind, arguments["fault"] = FaultyContractiveAutoencoder, settings.fault
    return kind(settings.units[layer], seed=settings.seed * 1000 + layer, **arguments)


def pretrain(
    settings: Settings, x: np.ndarray, progress: bool = True, lower: Pretrained | None = None
) -> tuple[keras.Model, list]:
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
        InputError: The loss became NaN or infinite.
    """
    layers = _built(settings, lower.weights, x.shape[1]) if lower else []
    losses = list(lower.losses) if lower else []
    for model in layers:
        x = encode(model.encoder, x)
    for layer in range(len(layers), settings.depth):
        # Each layer starts from its own random state, whatever was trained before it.
        keras.utils.set_random_seed(settings.seed + layer)
        model = build_layer(settings, layer)
        model.build((None, x.shape[1]))
        _widen(model, settings.initial_range)
        optimizer = _OPTIMIZERS[settings.pretrain_optimizer]
        model.compile(optimizer=optimizer(settings.pretrain_learning_rate), **_COMPILED)
        what = f"pre-train {settings.model}"
        if settings.depth > 1:
            what += f" layer {layer + 1}/{settings.depth}"
        history = _fit(
            model,
            Batches(x, None, settings.pretrain_batch_size, seed=settings.seed),
            settings.pretrain_epochs,
            _Bar(what, settings.pretrain_epochs, progress),
        )
        curve = history.get("reconstruction" if settings.model == "rbm" else "loss", [])
        losses.append([_rounded(value) for value in curve])
        layers.append(model)
        if layer + 1 < settings.depth:
            x = encode(model.encoder, x)
    return (layers[0] if len(layers) == 1 else StackedEncoder(layers)), losses


def measure(settings: Settings, model: keras.Model, x: np.ndarray) -> dict:
    """Measure a pre-trained encoder on validation examples: Jacobian, saturation, curve, spectrum.

    Args:
        settings: How many examples, and the seed of the directions.
        model: A pre-trained model.
        x: All validation inputs, shape (n, features).
    """
    encoder = model.encoder
    pool = x[:DISTANCE_POOL]  # these distances depend on the data alone
    x = x[: settings.measure_examples]
    squares = squared_norms(encoder, x)
    curve = contraction_curve(encoder, x, seed=settings.seed)
    results = {
        "jacobian_mean_square": _rounded(
            mean_square_entry(squares, x.shape[1], settings.units[-1])
        ),
        "jacobian_norm": _rounded(np.mean(np.sqrt(squares))),
        "saturation": _rounded(saturation(encoder, x)),
        "kernel_norm": [_rounded(np.linalg.norm(m.encoder.kernel)) for m in _layers(model)],
        "curve": {name: _rounded(v) for name, v in dataclasses.asdict(curve).items()},
        "distances": {name: _rounded(v) for name, v in neighbour_distances(pool).items()},
        "spectrum": None,
    }
    if settings.spectrum_examples:
        values = spectrum(encoder, x[: settings.spectrum_examples])
        results["spectrum"] = {n: _rounded(v) for n, v in dataclasses.asdict(values).items()}
        results["directions"] = _directions(settings, encoder, x[:_DIRECTION_EXAMPLES])
    return results


def _directions(settings: Settings, encoder: keras.Layer, x: np.ndarray) -> list[dict]:
    """The leading singular directions at a few examples, small enough for a record."""
    found = leading_directions(encoder, x, min(_DIRECTIONS, settings.units[-1], x.shape[1]))
    return [
        {
            "example": pack_rows(example[None])[0],
            "singular_value": _rounded(values),
            "direction": pack_rows(directions),
        }
        for example, values, directions in zip(
            x, found.singular_value, found.direction, strict=True
        )
    ]


def finetune(
    settings: Settings, model: keras.Model, data: Dataset, progress: bool = True
) -> tuple[Classifier, dict[str, list[float]]]:
    """Fine-tune a classifier that starts from the pre-trained encoder.

    Returns:
        The classifier at the epoch of the smallest validation error, and the history.

    Raises:
        InputError: The loss became NaN or infinite.
    """
    train = _training_part(settings, data)
    net = Classifier.from_pretrained(model, data.classes, seed=settings.seed)
    net.compile(
        optimizer=keras.optimizers.SGD(settings.finetune_learning_rate),
        **_COMPILED,
    )
    history = _fit(
        net,
        # Another order than in pre-training, and again the same for every model.
        Batches(*train, settings.finetune_batch_size, seed=settings.seed + 1_000_000),
        settings.finetune_epochs,
        _Bar(f"fine-tune {settings.model}", settings.finetune_epochs, progress),
        validation_data=(data.valid.x, data.valid.y),
        validation_batch_size=1000,
        patience=settings.finetune_patience,
    )
    return net, history


def prepare(
    settings: Settings, data: Dataset, progress: bool = True, lower: Pretrained | None = None
) -> Pretrained:
    """Do the first half of a run, which does not depend on how the encoder is fine-tuned.

    A support vector machine has none.

    Args:
        settings: What to pre-train.
        data: The data set that the settings name.
        progress: Show a progress bar on standard error.
        lower: What `prepare` returned for the same settings with fewer layers; its cost is
            counted again.

    Raises:
        DivergedError: The loss became NaN or infinite.
    """
    if settings.model == "svm":
        return Pretrained([], [], 0.0)
    started = time.perf_counter()
    model, losses = pretrain(settings, _training_part(settings, data)[0], progress, lower)
    seconds = round(time.perf_counter() - started + (lower.seconds if lower else 0.0), 2)
    return Pretrained([layer.get_weights() for layer in _layers(model)], losses, seconds)


def finish(
    settings: Settings,
    experiment: str,
    data: Dataset,
    pretrained: Pretrained,
    progress: bool = True,
) -> records.Record:
    """Do the second half of a run: measure the pre-trained encoder, fine-tune and evaluate it.

    Args:
        settings: The run; `pretrained` was made with the same `settings.pretraining`.
        experiment: Name of the experiment that the record belongs to.
        data: The data set that the settings name.
        pretrained: What `prepare` returned.
        progress: Show a progress bar on standard error.

    Raises:
        DivergedError: The loss became NaN or infinite.
    """
    started = time.perf_counter()
    if settings.model == "svm":
        results = classify_by_svm(settings, Split(*_training_part(settings, data)), data)
        seconds = {"total": round(time.perf_counter() - started, 2)}
        return records.Record(experiment, settings, results, _origin(data, seconds))
    keras.utils.set_random_seed(settings.seed)
    layers = _built(settings, pretrained.weights, data.train.x.shape[1])
    model = layers[0] if len(layers) == 1 else StackedEncoder(layers)
    results = measure(settings, model, data.valid.x)
    measured = time.perf_counter()
    net, history = finetune(settings, model, data, progress)
    results["valid_error"] = _error(net, data.valid)[0]
    if settings.evaluate_test:
        error, mistakes = _error(net, data.test)
        results["test_error"] = error
        results["test_examples"] = len(mistakes)
        results["test_mistakes"] = records.pack_mistakes(mistakes)
    finished = time.perf_counter()
    results["best_epoch"] = int(np.argmin(history["val_error"])) + 1
    results["history"] = {
        "pretrain_loss": pretrained.losses,
        "finetune_loss": _rounded(history["loss"]),
        "finetune_valid_error": _rounded(history["val_error"]),
    }
    seconds = {
        "pretrain": pretrained.seconds,
        "measure": round(measured - started, 2),
        "finetune": round(finished - measured, 2),
        "total": round(pretrained.seconds + finished - started, 2),
    }
    return records.Record(experiment, settings, results, _origin(data, seconds))


def diverged(
    settings: Settings, experiment: str, data: Dataset, error: DivergedError, seconds: float
) -> records.Record:
    """Make the record of a trial whose training diverged: the reason is its only result.

    Args:
        settings: The trial.
        experiment: Name of the experiment that the record belongs to.
        data: The data set that the settings name.
        error: What `prepare` or `finish` raised.
        seconds: What the attempt cost.
    """
    cost = {"total": round(seconds, 2)}
    return records.Record(experiment, settings, {"diverged": str(error)}, _origin(data, cost))


def _origin(data: Dataset, seconds: dict[str, float]) -> dict:
    commit, dirty = provenance.code_version()
    return {
        "commit": commit,
        "dirty": dirty,
        "versions": provenance.versions(),
        "backend": keras.backend.backend(),
        "machine": provenance.machine(),
        "data_checksum": data.checksum,
        "data_origin": data.origin,
        "seconds": seconds,
        "peak_memory_mb": provenance.peak_memory_mb(),
        "date": provenance.now(),
    }


def _layers(model: keras.Model) -> list[keras.Model]:
    return model.models if isinstance(model, StackedEncoder) else [model]


def _built(settings: Settings, weights: list[list[np.ndarray]], inputs: int) -> list[keras.Model]:
    """Build the lowest layers with these weights."""
    layers = []
    for layer, values in enumerate(weights):
        model = build_layer(settings, layer)
        model.build((None, inputs))
        model.set_weights(values)
        layers.append(model)
        inputs = settings.units[layer]
    return layers


def _widen(model: keras.Model, initial_range: float) -> None:
    """Bring the initial kernel to another range: the same draws, stretched."""
    if initial_range != INITIAL_RANGE:
        kernel = model.encoder.kernel
        kernel.assign(kernel * (initial_range / INITIAL_RANGE))


def _training_part(settings: Settings, data: Dataset) -> tuple[np.ndarray, np.ndarray]:
    wanted = settings.train_examples
    if wanted is not None and wanted > len(data.train.x):
        raise InputError(
            f"train_examples must be at most {len(data.train.x)}, the size of {data.name}'s "
            f"training set. Received: train_examples={wanted}"
        )
    return data.train.x[:wanted], data.train.y[:wanted]


def _fit(
    model: keras.Model, batches: Batches, epochs: int, bar: "_Bar", **kwargs: Any
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
        raise DivergedError(
            f"the training of {type(model).__name__} diverged: its loss was no finite number in "
            f"epoch {len(history['loss'])}; try a smaller learning rate"
        )
    return history


def _error(net: Classifier, split: Split) -> tuple[float, np.ndarray]:
    mistakes = net.classify(split.x) != split.y
    return float(100 * mistakes.mean()), mistakes


def _rounded(value: Any) -> Any:
    """Keep seven significant digits, what float32 holds, as plain JSON numbers."""
    if np.ndim(value):
        return [_rounded(v) for v in value]
    return float(f"{value:.7g}")


class _Bar(keras.callbacks.Callback):
    """A progress bar over epochs, on standard error."""

    def __init__(self, what: str, epochs: int, shown: bool) -> None:
        super().__init__()
        self._what, self._epochs, self._shown = what, epochs, shown

    def on_train_begin(self, logs: dict | None = None) -> None:
        self._bar = tqdm(total=self._epochs, desc=self._what, unit="epoch", disable=not self._shown)

    def on_epoch_end(self, epoch: int, logs: dict | None = None) -> None:
        shown = {k: f"{v:.4g}" for k, v in (logs or {}).items() if k in ("loss", "val_error")}
        self._bar.set_postfix(shown, refresh=False)
        self._bar.update()

    def on_train_end(self, logs: dict | None = None) -> None:
        self._bar.close()
