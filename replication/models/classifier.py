"""A classifier on top of a pre-trained encoder, fine-tuned as a whole."""

import collections
import math
from typing import Any

import keras
import numpy as np
from keras import ops

from replication.checks import check_count
from replication.errors import InputError


@keras.saving.register_keras_serializable(package="replication")
class Classifier(keras.Model):
    """Encoder plus a randomly initialised output layer (section 5).

    The output is a softmax over the classes, or one sigmoid unit where there are two classes. The
    whole net is trained; the encoder that is given is trained with it. Start from a copy of a
    pre-trained one with `from_pretrained`.

    Args:
        encoder: Layer or model from (batch, ...) to (batch, d_h).
        classes: Number of classes, at least 2. Labels are 0 .. classes - 1.
        seed: Seed of the output layer's initial weights; None draws one.
        **kwargs: Passed on to `keras.Model`.

    Raises:
        InputError: An argument is out of its range.

    Example:
        >>> net = Classifier.from_pretrained(cae, classes=10)
        >>> net.compile(optimizer=keras.optimizers.SGD(0.3))
        >>> net.fit(x, y, validation_data=(x_valid, y_valid), epochs=50, patience=10)
        >>> net.evaluate(x_test, y_test, return_dict=True)["error"]  # percent
    """

    def __init__(
        self, encoder: keras.Layer, classes: int, *, seed: int | None = None, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        if not isinstance(encoder, keras.Layer):
            raise InputError(f"encoder must be a Keras layer or model. Received: {encoder!r}")
        self.encoder = encoder
        self.classes = check_count("classes", classes, low=2)
        self.seed = seed
        # Glorot's uniform range without the factor 4: this layer feeds a softmax.
        self.output_layer = keras.layers.Dense(
            1 if classes == 2 else classes,
            kernel_initializer=keras.initializers.GlorotUniform(seed=seed),
            dtype=self.dtype_policy,
            name="output",
        )

    @classmethod
    def from_pretrained(
        cls, model: keras.Model, classes: int, *, seed: int | None = None
    ) -> "Classifier":
        """Start from a copy of a pre-trained model's encoder; `model` itself stays as it is.

        Args:
            model: A built auto-encoder, RBM or `StackedEncoder`.
            classes: Number of classes, at least 2.
            seed: Seed of the output layer's initial weights.
        """
        if not model.built:
            raise InputError("the pre-trained model has no weights yet; fit or build it first.")
        encoder = model.encoder
        # Serialising keeps the input shape, so the copy comes back built.
        copy = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(encoder))
        copy.set_weights(encoder.get_weights())
        return cls(copy, classes, seed=seed)

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        """Create the weights for inputs of shape (batch, ...)."""
        if not self.encoder.built:
            self.encoder.build(input_shape)
        self.output_layer.build(self.encoder.compute_output_shape(input_shape))
        self.built = True

    def call(self, x: keras.KerasTensor, training: bool = False) -> keras.KerasTensor:
        """Compute the output layer's pre-activations, shape (batch, classes) or (batch, 1)."""
        return self.output_layer(self.encoder(x))

    def classify(self, x: np.ndarray, batch_size: int = 1000) -> np.ndarray:
        """Compute the most probable class of each input: integers of shape (n,)."""
        # Not `predict`: it compiles anew for every model, and answering is cheap.
        logits = np.concatenate(
            [
                ops.convert_to_numpy(self(x[start : start + batch_size]))
                for start in range(0, len(x), batch_size)
            ]
        )
        return (logits[:, 0] > 0).astype(int) if self.classes == 2 else logits.argmax(axis=1)

    def compile(self, optimizer: str | keras.optimizers.Optimizer = "sgd", **kwargs: Any) -> None:
        """Compile with the log-likelihood loss and the metric `error`, in percent.

        Args:
            optimizer: Keras optimiser.
            **kwargs: Passed on to `keras.Model.compile`; `loss` and `metrics` are set here.
        """
        if self.classes == 2:
            loss = keras.losses.BinaryCrossentropy(from_logits=True)
        else:
            loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        super().compile(optimizer=optimizer, loss=loss, metrics=[error], **kwargs)

    def get_compile_config(self) -> dict:
        """Return what `compile` was given, for loading a saved model."""
        return {"optimizer": keras.optimizers.serialize(self.optimizer)}

    def compile_from_config(self, config: dict) -> None:
        """Compile a loaded model as it was when it was saved."""
        self.compile(keras.optimizers.deserialize(config["optimizer"]))
        self.optimizer.build(self.trainable_variables)

    def fit(
        self,
        x: Any = None,
        y: np.ndarray | None = None,
        *,
        patience: int | None = None,
        window: int = 1,
        callbacks: list[keras.callbacks.Callback] | None = None,
        **kwargs: Any,
    ) -> keras.callbacks.History:
        """Fine-tune the whole net, as `keras.Model.fit` does.

        Args:
            x: Inputs, shape (n, ...), or a data set of inputs and labels.
            y: Labels, integers of shape (n,) from 0 to classes - 1.
            patience: Stop after so many epochs without a smaller validation error, and go back to
                the weights of the best epoch. Needs `validation_data`. None: no early stopping.
            window: Compare means of the validation error over so many epochs, the last one
                included: a single lucky epoch counts for less.
            callbacks: Further Keras callbacks.
            **kwargs: Passed on to `keras.Model.fit`.

        Raises:
            InputError: A label is outside the classes, or `patience` came without validation data.
        """
        for labels in (y, (kwargs.get("validation_data") or (None, None))[1]):
            if labels is not None and not np.isin(labels, np.arange(self.classes)).all():
                raise InputError(
                    f"labels must be whole numbers from 0 to {self.classes - 1}. "
                    f"Received: values from {np.min(labels)} to {np.max(labels)}"
                )
        callbacks = list(callbacks or [])
        if patience is not None:
            if kwargs.get("validation_data") is None:
                raise InputError("patience needs validation_data. Received: validation_data=None")
            check_count("window", window)
            if window > 1:
                callbacks.append(_Smoothed(window))
            callbacks.append(
                keras.callbacks.EarlyStopping(
                    monitor="val_error" if window == 1 else _Smoothed.NAME,
                    mode="min",
                    patience=check_count("patience", patience),
                    restore_best_weights=True,
                )
            )
        return super().fit(x, y, callbacks=callbacks, **kwargs)

    def get_config(self) -> dict:
        """Return the constructor's arguments."""
        config = super().get_config()
        config.update(
            encoder=keras.saving.serialize_keras_object(self.encoder),
            classes=self.classes,
            seed=self.seed,
        )
        return config

    @classmethod
    def from_config(cls, config: dict) -> "Classifier":
        """Create a classifier from what `get_config` returned."""
        config = dict(config)
        config["encoder"] = keras.saving.deserialize_keras_object(config["encoder"])
        return cls(**config)


@keras.saving.register_keras_serializable(package="replication", name="error")
def error(y_true: keras.KerasTensor, logits: keras.KerasTensor) -> keras.KerasTensor:
    """Percentage of wrong answers, per example 0 or 100: the metric `error` in Keras's logs.

    Args:
        y_true: Labels, shape (batch,) or (batch, 1).
        logits: Pre-activations of the output layer, shape (batch, classes) or (batch, 1).
    """
    if logits.shape[-1] == 1:
        answer = ops.cast(logits[:, 0] > 0, "int32")
    else:
        answer = ops.cast(ops.argmax(logits, axis=-1), "int32")
    truth = ops.reshape(ops.cast(y_true, "int32"), ops.shape(answer))
    return 100.0 * ops.cast(answer != truth, "float32")


class _Smoothed(keras.callbacks.Callback):
    """Adds to the logs the mean validation error of the last epochs, for whom it may concern.

    Until there are enough of them the mean is infinite: the first epochs are never the best ones.
    """

    NAME = "val_error_mean"

    def __init__(self, window: int) -> None:
        super().__init__()
        self._errors: collections.deque[float] = collections.deque(maxlen=window)

    def on_epoch_end(self, epoch: int, logs: dict | None = None) -> None:
        """Add the mean, where validation has just been done."""
        if logs is not None and "val_error" in logs:
            self._errors.append(float(logs["val_error"]))
            full = len(self._errors) == self._errors.maxlen
            logs[self.NAME] = float(np.mean(self._errors)) if full else math.inf
