"""A stack of encoders, trained greedily layer by layer."""

from collections.abc import Sequence
from typing import Any

import keras
import numpy as np

from replication.errors import InputError
from replication.models.building import build_once
from replication.models.fitting.all_inputs import all_inputs
from replication.models.inference import check_built
from replication.models.precision import floating
from replication.models.unsupervised_model import refuse_to_quantize

_ENCODED = 1000  # inputs per call of an encoder


@keras.saving.register_keras_serializable(package="replication")
class StackedEncoder(keras.Model):
    """Encoders on top of each other, each pre-trained on the codes of the one below (section 5).

    `fit` trains the first model on the inputs, the second on the first one's codes, and so on.
    The encoder of the whole is the composition; its Jacobian is the product of the layers'. Models
    that were trained before go on training; freeze one with `model.trainable = False`, and it is
    used as it is.

    Args:
        models: Auto-encoders or RBMs, lowest first, at least one.
        **kwargs: Passed on to `keras.Model`.

    Raises:
        InputError: No model was given, or something else than a model with an `encoder`.

    Example:
        >>> stack = StackedEncoder([ContractiveAutoencoder(1000), ContractiveAutoencoder(1000)])
        >>> stack.compile(optimizer="sgd")
        >>> histories = stack.fit(x, batch_size=20, epochs=20)
    """

    def __init__(self, models: Sequence[keras.Model], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if not models or not all(
            isinstance(getattr(m, "encoder", None), keras.Layer) for m in models
        ):
            raise InputError(
                "models must hold at least one auto-encoder or RBM and nothing else. "
                f"Received: {list(models)!r}"
            )
        self.models = list(models)
        if all(model.built for model in self.models):
            self.built = True

    @property
    def encoder(self) -> keras.Sequential:
        """The composed encoder, sharing the layers of the models."""
        encoders = [model.encoder for model in self.models]
        if len({encoder.name for encoder in encoders}) < len(encoders):
            # Keras counts names anew in each session, and takes no two of one name side by side.
            encoders = [
                keras.Sequential([encoder], name=f"{encoder.name}_of_layer_{number}")
                for number, encoder in enumerate(encoders, start=1)
            ]
        composed = keras.Sequential(encoders)
        features = getattr(self.models[0], "features", None)
        if self.built and features is not None:
            composed.build((None, *features))
        return composed

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        """Create the weights for inputs of shape (batch, ...)."""
        shape = (None, *input_shape[1:])
        for model in self.models:
            build_once(model, shape)
            shape = model.encoder.compute_output_shape(shape)
        self.built = True

    def encode(self, x: keras.KerasTensor) -> keras.KerasTensor:
        """Compute the top code, shape (batch, d_h), of inputs (batch, ...)."""
        for model in self.models:
            x = model.encode(x)
        return x

    def call(self, x: keras.KerasTensor, training: bool = False) -> keras.KerasTensor:
        """Compute the top code."""
        x = floating(x, self.compute_dtype)
        for model in self.models:
            x = model.encoder(x, training=training)
        return x

    def compile(
        self, optimizer: str | dict | keras.optimizers.Optimizer = "sgd", **kwargs: Any
    ) -> None:
        """Give each model an optimiser of its own, made from `optimizer`'s configuration.

        Args:
            optimizer: Name, configuration or instance of a Keras optimiser.
            **kwargs: Passed on to each model's `compile` (jit_compile, metrics, ...).
        """
        config = keras.optimizers.serialize(keras.optimizers.get(optimizer))
        for model in [*self.models, super()]:
            model.compile(optimizer=keras.optimizers.deserialize(config), **kwargs)

    def compile_from_config(self, config: dict) -> None:
        """Compile a loaded stack as it was when it was saved; its models come compiled."""
        super().compile(**keras.saving.deserialize_keras_object(config))

    def fit(
        self,
        x: Any,
        batch_size: int = 32,
        *,
        validation_data: Any = None,
        steps_per_epoch: int | None = None,
        validation_steps: int | None = None,
        **kwargs: Any,
    ) -> list[keras.callbacks.History]:
        """Train the models one after the other.

        Args:
            x: Inputs, shape (n, ...), or a data set of them, which is read once and kept.
            batch_size: Examples per step.
            validation_data: Inputs to evaluate each model on after each epoch, or a data set.
            steps_per_epoch: How many batches to read of an `x` that never ends.
            validation_steps: How many batches to read of `validation_data` that never end.
            **kwargs: Passed on to each model's `fit` (epochs, callbacks, validation_split, ...).

        Returns:
            The history of each model that is trained, lowest first.

        Raises:
            InputError: The inputs cannot be learned from.
        """
        x = read = all_inputs(x, steps_per_epoch, "steps_per_epoch")
        valid = None
        if validation_data is not None:
            valid = all_inputs(validation_data, validation_steps, "validation_steps")
        histories = []
        for index, model in enumerate(self.models):
            if model.trainable:
                histories.append(
                    model.fit(x, batch_size=batch_size, validation_data=valid, **kwargs)
                )
            else:
                build_once(model, (None, *x.shape[1:]))
            if index + 1 < len(self.models):
                x = _codes(model, x)
                valid = None if valid is None else _codes(model, valid)
        self(read[:1])  # so that Keras knows the shapes, as it does after its own `fit`
        return histories

    def evaluate(self, x: Any, batch_size: int = 32, **kwargs: Any) -> list:
        """Evaluate each model on the codes of the one below.

        Args:
            x: Inputs, shape (n, ...).
            batch_size: Examples per step.
            **kwargs: Passed on to each model's `evaluate`.

        Returns:
            What each model's `evaluate` returns, lowest first.

        Raises:
            InputError: The stack has no weights yet.
        """
        check_built(self, "the stack")
        x = all_inputs(x, kwargs.pop("steps", None))
        results = []
        for index, model in enumerate(self.models):
            results.append(model.evaluate(x, batch_size=batch_size, **kwargs))
            if index + 1 < len(self.models):
                x = _codes(model, x)
        return results

    def quantize(self, mode: Any = None, *args: Any, **kwargs: Any) -> None:
        """Refuse, as its models do: Keras would quantise their layers without asking them.

        Raises:
            InputError: Always.
        """
        refuse_to_quantize(self, mode)

    def get_config(self) -> dict:
        """Return the constructor's arguments."""
        config = super().get_config()
        config["models"] = [keras.saving.serialize_keras_object(m) for m in self.models]
        return config

    @classmethod
    def from_config(cls, config: dict) -> "StackedEncoder":
        """Create a stack from what `get_config` returned."""
        config = dict(config)
        config["models"] = [keras.saving.deserialize_keras_object(m) for m in config["models"]]
        return cls(**config)


def _codes(model: keras.Model, x: np.ndarray) -> np.ndarray:
    parts = (x[start : start + _ENCODED] for start in range(0, len(x), _ENCODED))
    return np.concatenate([keras.ops.convert_to_numpy(model.encode(part)) for part in parts])
