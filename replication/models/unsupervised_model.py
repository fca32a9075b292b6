"""What all models that learn without labels share: how they meet Keras's training loop."""

import inspect
from collections.abc import Sequence
from typing import Any, NoReturn

import keras
from keras import ops

from replication.checks import check_seed
from replication.errors import InputError
from replication.models.building import check_shape
from replication.models.fitting import recorded
from replication.models.fitting.first_batch import (
    check_inputs,
    first_batch,
    first_of_validation,
)
from replication.models.inference import check_built
from replication.models.precision import floating


class UnsupervisedModel(keras.Model):
    """A model with an `encoder`, trained on inputs alone towards an objective of its own.

    Args:
        seed: Seed of the initial weights and of whatever is random in training; None draws one.
        **kwargs: Passed on to `keras.Model`.

    Raises:
        InputError: `seed` is not a whole number of at least 0.
    """

    encoder: keras.Layer
    # Shape of an input, once the model is built.
    features: tuple[int | None, ...] | None = None
    # Whether there is something to rebuild other than the inputs, and examples have weights.
    takes_targets = True

    def __init__(self, seed: int | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.seed = check_seed(seed)
        self.seed_generator = keras.random.SeedGenerator(self.seed)

    def compile(self, optimizer: Any = "rmsprop", loss: None = None, **kwargs: Any) -> None:
        """Compile the model for training.

        Args:
            optimizer: Keras optimiser.
            loss: Not taken: the objective is the model's own.
            **kwargs: Passed on to `keras.Model.compile` (metrics, jit_compile, ...). Metrics
                compare inputs (or the clean targets) with reconstructions.

        Raises:
            InputError: A loss was given.
        """
        for name, value in (("loss", loss), ("loss_weights", kwargs.get("loss_weights"))):
            if value is not None:
                raise InputError(
                    f"{type(self).__name__} has an objective of its own; compile it without "
                    f"{name}. Received: {name}={value!r}"
                )
        super().compile(optimizer, **kwargs)

    def compile_from_config(self, config: dict) -> None:
        """Compile a loaded model as it was when it was saved."""
        self.compile(**keras.saving.deserialize_keras_object(config))
        if self.built:
            self.optimizer.build(self.trainable_variables)

    def fit(self, x: Any = None, y: Any = None, *args: Any, **kwargs: Any) -> Any:
        """Train the model, as `keras.Model.fit` does.

        Args:
            x: Inputs, shape (n, ...), or a data set of them.
            y: What the model can make use of; see the class.
            *args: Passed on to `keras.Model.fit`.
            **kwargs: Passed on, too; `class_weight` is not taken.

        Raises:
            InputError: Inputs or targets cannot be learned from, those of validation included, or
                there are class weights.
        """
        given = inspect.signature(super().fit).bind(x, y, *args, **kwargs).arguments
        if given.get("class_weight") is not None:
            raise InputError(
                f"{type(self).__name__} knows no classes; weigh the examples with sample_weight. "
                f"Received: class_weight={given['class_weight']!r}"
            )
        x, y = self._looked_at(x, y, given.get("sample_weight"))
        inputs, targets, valid = first_of_validation(given.get("validation_data"))
        if hasattr(inputs, "shape"):
            self._check_examples(inputs, targets)
        return super().fit(**{**given, "x": x, "y": y, "validation_data": valid})

    def evaluate(self, x: Any = None, y: Any = None, *args: Any, **kwargs: Any) -> Any:
        """Compute the objective and the metrics, as `keras.Model.evaluate` does.

        Nothing that is drawn for it depends on what was drawn before, so the same inputs have the
        same value, and training goes on as if nothing had been evaluated.

        Raises:
            InputError: Inputs or targets cannot be used.
        """
        # Called by `fit` after an epoch, Keras evaluates what it has kept of the validation data.
        # To look at them again would take time, and from a generator a batch that is not evaluated.
        if not kwargs.get("_use_cached_eval_dataset"):
            given = inspect.signature(super().evaluate).bind(x, y, *args, **kwargs).arguments
            x, y = self._looked_at(x, y, given.get("sample_weight"))
        return super().evaluate(x, y, *args, **kwargs)

    @property
    def unit_interval(self) -> bool:
        """Whether what is rebuilt stands for probabilities and must lie in [0, 1]."""
        return False

    def train_step(self, *args: Any) -> Any:
        """Train on a batch; see `keras.Model`."""
        with recorded.step():
            return super().train_step(*args)

    def test_step(self, *args: Any) -> Any:
        """Evaluate on a batch; see `keras.Model`."""
        with recorded.step():
            return super().test_step(*args)

    def compute_metrics(self, x: Any, y: Any, y_pred: Any, sample_weight: Any = None) -> dict:
        """Compare the model's output with the inputs where there are no other targets."""
        return super().compute_metrics(x, x if y is None else y, y_pred, sample_weight)

    def encode(self, x: keras.KerasTensor, training: bool = False) -> keras.KerasTensor:
        """Compute the representation h = f(x), shape (batch, d_h), of inputs (batch, ...).

        Args:
            x: Inputs of any numeric type, or a symbolic `keras.Input`.
            training: Whether dropout and the like in a custom encoder are on.
        """
        self._build_for(x)
        return self.encoder(self._floating(x), training=training)

    def quantize(self, mode: Any = None, *args: Any, **kwargs: Any) -> None:
        """Refuse: decoder and objective read the kernel as it is, and would take codes for weights.

        Raises:
            InputError: Always.
        """
        refuse_to_quantize(self, mode)

    def _build_for(self, x: Any) -> None:
        if not self.built:
            self.build((None, *x.shape[1:]))

    def _check_built(self) -> None:
        check_built(self, "the model")

    def _floating(self, x: Any) -> keras.KerasTensor:
        return floating(x, self.compute_dtype)

    def _looked_at(self, data: Any, y: Any, sample_weight: Any) -> tuple[Any, Any]:
        """Check what `fit` was given, and return the inputs and targets to hand on."""
        if not self.takes_targets:
            for name, value in (("y", y), ("sample_weight", sample_weight)):
                if value is not None:
                    raise InputError(
                        f"{type(self).__name__} learns from inputs alone, all alike: fit(x). "
                        f"Received: {name} of shape {tuple(getattr(value, 'shape', ()))}"
                    )
        x, target, data = first_batch(data, y)
        if x is not None:
            self._check_examples(x, target)
        # Keras drops the weights of examples that have no target.
        return data, data if y is None and sample_weight is not None else y

    def _check_examples(self, x: Any, target: Any) -> None:
        """Raise where an example cannot be learned from; what is rebuilt is the target, or `x`.

        Only that must have the range: noise may carry inputs out of it.
        """
        if target is None or not self.takes_targets:
            check_inputs(x, self.unit_interval)
            return
        check_inputs(x)
        if hasattr(target, "shape"):
            check_shape("y (what to rebuild)", target.shape, x.shape)
        check_inputs(target, self.unit_interval, "targets")


def refuse_to_quantize(model: keras.Model, mode: Any) -> NoReturn:
    """Raise, whatever the mode.

    Args:
        model: Reads kernels of its encoder itself, or has models that do.
        mode: What was received.

    Raises:
        InputError: Always.
    """
    raise InputError(
        f"{type(model).__name__} cannot be quantised: its decoder or its objective reads the "
        "encoder's kernel, as numbers that a quantised one does not hold. Quantise "
        f"Classifier.from_pretrained(model, classes). Received: mode={mode!r}"
    )


def total(
    objective: keras.KerasTensor, asked_for: Sequence[keras.KerasTensor]
) -> keras.KerasTensor:
    """Add what layers have asked for (regularisers, `add_loss`), as Keras's own losses do.

    Where `tf.distribute` sums the gradients of several replicas each gives its share.

    Args:
        objective: A scalar.
        asked_for: The model's `losses`, read before anything called its layers once more: at each
            such call Keras forgets those of the one before.
    """
    for loss in asked_for:
        objective = objective + ops.cast(ops.sum(loss), objective.dtype)
    return objective if replicas() == 1 else objective / replicas()


def replicas() -> int:
    """Return on how many replicas `tf.distribute` trains: 1 where it is not used."""
    if keras.backend.backend() != "tensorflow":
        return 1
    import tensorflow as tf

    return tf.distribute.get_strategy().num_replicas_in_sync
