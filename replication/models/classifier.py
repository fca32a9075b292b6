"""A classifier on top of a pre-trained encoder, fine-tuned as a whole."""

import inspect
from typing import Any, Self

import keras
import numpy as np
from keras import ops

from replication.checks import check_count, check_number, check_seed
from replication.errors import InputError
from replication.models.building import build_once
from replication.models.classification.copying import copy_of
from replication.models.classification.error import error
from replication.models.classification.labels import check_labels
from replication.models.classification.smoothed_error import SmoothedError
from replication.models.fitting.first_batch import (
    check_inputs,
    first_batch,
    first_of_validation,
)
from replication.models.inference import check_built
from replication.models.precision import floating
from replication.models.unsupervised_model import UnsupervisedModel


@keras.saving.register_keras_serializable(package="replication")
class Classifier(keras.Model):
    """Encoder plus a randomly initialised output layer (section 5).

    The output is a softmax over the classes, or one sigmoid unit where there are two classes. The
    whole net is trained; the encoder that is given is trained with it. Start from a copy of a
    pre-trained one with `from_pretrained`.

    What the net gives, and what metrics beside `error` are handed, are pre-activations (logits):
    choose metrics that take them. With two classes Keras's "accuracy" and
    `BinaryAccuracy(threshold=0.5)` would cut at a logit of 0.5, not at a probability of 0.5; give
    `keras.metrics.BinaryAccuracy(threshold=0.0)`.

    Args:
        encoder: Layer or model from (batch, ...) to (batch, d_h).
        classes: Number of classes, at least 2. Labels are 0 .. classes - 1.
        dropout: Share of the codes that are set to 0 in each step of training (Srivastava et al.,
            2014), from 0 to below 1.
        seed: Seed of the output layer's initial weights and of dropout; None draws one.
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
        self,
        encoder: keras.Layer,
        classes: int,
        *,
        dropout: float = 0.0,
        seed: int | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        if not isinstance(encoder, keras.Layer):
            raise InputError(f"encoder must be a Keras layer or model. Received: {encoder!r}")
        if isinstance(encoder, UnsupervisedModel):
            raise InputError(
                "encoder must give codes, and a pre-trained model rebuilds its input: use "
                f"Classifier.from_pretrained(model, classes). Received: a {type(encoder).__name__}"
            )
        self.encoder = encoder
        self.classes = check_count("classes", classes, low=2)
        self.seed = check_seed(seed)
        self.dropout = check_number("dropout", dropout, 0)
        if self.dropout >= 1:
            raise InputError(f"dropout must be below 1. Received: dropout={dropout!r}")
        # Without dropout there is no layer of it, whose random state would have to be kept.
        self.dropout_layer = None
        if dropout:
            self.dropout_layer = keras.layers.Dropout(
                dropout, seed=self.seed, dtype=self.dtype_policy
            )
        # Glorot's uniform range without the factor 4: this layer feeds a softmax.
        self.output_layer = keras.layers.Dense(
            1 if self.classes == 2 else self.classes,
            kernel_initializer=keras.initializers.GlorotUniform(seed=self.seed),
            dtype=self.dtype_policy,
            name="output",
        )

    @classmethod
    def from_pretrained(
        cls, model: keras.Model, classes: int, *, seed: int | None = None, **kwargs: Any
    ) -> Self:
        """Start from a copy of a pre-trained model's encoder; `model` itself stays as it is.

        Args:
            model: A built auto-encoder, RBM or `StackedEncoder`.
            classes: Number of classes, at least 2.
            seed: Seed of the output layer's initial weights.
            **kwargs: Passed on to the class.

        Raises:
            InputError: The model has no encoder, is not built, or its encoder cannot be copied.
        """
        if not isinstance(getattr(model, "encoder", None), keras.Layer):
            raise InputError(
                "the pre-trained model must be an auto-encoder, an RBM or a StackedEncoder; give "
                f"an encoder to Classifier itself. Received: {model!r}"
            )
        check_built(model, "the pre-trained model")
        return cls(copy_of(model.encoder), classes, seed=seed, **kwargs)

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        """Create the weights for inputs of shape (batch, ...)."""
        input_shape = (None, *input_shape[1:])
        build_once(self.encoder, input_shape)
        self.output_layer.build(self.encoder.compute_output_shape(input_shape))
        self.built = True

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, int]:
        """Return the shape of the pre-activations, (batch, classes) or (batch, 1)."""
        return (input_shape[0], self.output_layer.units)

    def call(self, x: keras.KerasTensor, training: bool = False) -> keras.KerasTensor:
        """Compute the output layer's pre-activations, shape (batch, classes) or (batch, 1)."""
        x = floating(x, self.compute_dtype)
        h = self.encoder(x, training=training)
        if self.dropout_layer is not None:
            h = self.dropout_layer(h, training=training)
        return self.output_layer(h)

    def classify(self, x: np.ndarray, batch_size: int = 1000) -> np.ndarray:
        """Compute the most probable class of each input: integers of shape (n,).

        Args:
            x: Inputs, shape (n, ...), n at least 1.
            batch_size: Inputs per call.

        Raises:
            InputError: The net has no weights yet, or there is no input.
        """
        check_built(self, "the classifier")
        check_count("the number of inputs", len(x))
        # Not `predict`: it compiles anew for every model, and answering is cheap.
        logits = np.concatenate(
            [
                ops.convert_to_numpy(self(x[start : start + batch_size]))
                for start in range(0, len(x), batch_size)
            ]
        )
        return (logits[:, 0] > 0).astype(int) if self.classes == 2 else logits.argmax(axis=1)

    def compile(
        self,
        optimizer: str | keras.optimizers.Optimizer = "sgd",
        loss: None = None,
        metrics: list | None = None,
        **kwargs: Any,
    ) -> None:
        """Compile with the log-likelihood loss and the metric `error`, in percent.

        Args:
            optimizer: Keras optimiser.
            loss: Not taken: it is that of the classes.
            metrics: What to report beside `error`; they are handed logits, see the class.
            **kwargs: Passed on to `keras.Model.compile`.

        Raises:
            InputError: A loss was given.
        """
        if loss is not None:
            raise InputError(
                "Classifier trains on the log-likelihood of the classes; compile it without loss. "
                f"Received: loss={loss!r}"
            )
        if self.classes == 2:
            loss = keras.losses.BinaryCrossentropy(from_logits=True)
        else:
            loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        super().compile(optimizer, loss=loss, metrics=[error, *(metrics or [])], **kwargs)

    def get_compile_config(self) -> dict:
        """Return what `compile` was given, for loading a saved model."""
        config = super().get_compile_config()
        if config:
            config = {**config, "loss": None, "metrics": config["metrics"][1:]}
        return config

    def compile_from_config(self, config: dict) -> None:
        """Compile a loaded model as it was when it was saved."""
        self.compile(**keras.saving.deserialize_keras_object(config))
        if self.built:
            self.optimizer.build(self.trainable_variables)

    def fit(
        self,
        x: Any = None,
        y: np.ndarray | None = None,
        *args: Any,
        patience: int | None = None,
        window: int = 1,
        callbacks: list[keras.callbacks.Callback] | None = None,
        **kwargs: Any,
    ) -> keras.callbacks.History:
        """Fine-tune the whole net, as `keras.Model.fit` does.

        Args:
            x: Inputs, shape (n, ...), or a data set of inputs and labels.
            y: Labels, integers of shape (n,) from 0 to classes - 1.
            *args: Passed on to `keras.Model.fit`.
            patience: Stop after so many epochs without a smaller validation error, and go back to
                the weights of the best epoch. Needs `validation_data` or `validation_split`. None:
                no early stopping.
            window: Compare means of the validation error over so many epochs, the last one
                included: a single lucky epoch counts for less. Patience counts from the first mean
                on; where there is none, the last epoch's weights are kept.
            callbacks: Further Keras callbacks.
            **kwargs: Passed on to `keras.Model.fit`.

        Raises:
            InputError: The inputs cannot be learned from, a label is outside the classes, or
                `patience` came without validation data.
        """
        given = inspect.signature(super().fit).bind(x, y, *args, **kwargs).arguments
        given["x"] = self._looked_at(x, y)
        inputs, labels, validation = first_of_validation(given.get("validation_data"))
        given["validation_data"] = validation
        self._check(inputs, labels)
        callbacks = list(callbacks or [])
        if patience is not None:
            if validation is None and not given.get("validation_split"):
                raise InputError(
                    "patience needs validation_data or validation_split. Received: neither"
                )
            check_count("window", window)
            if window > 1:
                callbacks.append(SmoothedError(window))
            callbacks.append(
                keras.callbacks.EarlyStopping(
                    monitor="val_error" if window == 1 else SmoothedError.NAME,
                    mode="min",
                    patience=check_count("patience", patience),
                    restore_best_weights=True,
                    start_from_epoch=window - 1,
                )
            )
        return super().fit(**{**given, "callbacks": callbacks})

    def evaluate(
        self, x: Any = None, y: np.ndarray | None = None, *args: Any, **kwargs: Any
    ) -> Any:
        """Compute the loss and the metrics, as `keras.Model.evaluate` does.

        Raises:
            InputError: The inputs cannot be used, or a label is outside the classes.
        """
        # Called by `fit` after an epoch, Keras evaluates what it has kept of the validation data.
        if not kwargs.get("_use_cached_eval_dataset"):
            x = self._looked_at(x, y)
        return super().evaluate(x, y, *args, **kwargs)

    def get_config(self) -> dict:
        """Return the constructor's arguments."""
        config = super().get_config()
        config.update(
            encoder=keras.saving.serialize_keras_object(self.encoder),
            classes=self.classes,
            dropout=self.dropout,
            seed=self.seed,
        )
        return config

    @classmethod
    def from_config(cls, config: dict) -> Self:
        """Create a classifier from what `get_config` returned."""
        config = dict(config)
        config["encoder"] = keras.saving.deserialize_keras_object(config["encoder"])
        return cls(**config)

    def _looked_at(self, x: Any, y: Any) -> Any:
        """Check all of an array or a first batch, and return the data to hand on."""
        inputs, labels, x = first_batch(x, y)
        self._check(inputs, labels)
        return x

    def _check(self, inputs: Any, labels: Any) -> None:
        """Raise where examples cannot be learned from, or are of no class; None passes."""
        if inputs is not None:
            self._check_inputs(inputs)
        check_labels(labels, self.classes)

    def _check_inputs(self, inputs: Any) -> None:
        """Raise where what `fit` was given cannot be learned from: a batch of it, or all."""
        check_inputs(inputs)
