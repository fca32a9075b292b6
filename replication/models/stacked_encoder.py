"""A stack of encoders, trained greedily layer by layer."""

from collections.abc import Sequence
from typing import Any

import keras
import numpy as np

from replication.errors import InputError


@keras.saving.register_keras_serializable(package="replication")
class StackedEncoder(keras.Model):
    """Encoders on top of each other, each pre-trained on the codes of the one below (section 5).

    `fit` trains the first model on the inputs, the second on the first one's codes, and so on.
    The encoder of the whole is the composition; its Jacobian is the product of the layers'.

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
        return keras.Sequential([m.encoder for m in self.models])

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        """Create the weights for inputs of shape (batch, ...)."""
        for model in self.models:
            model.build(input_shape)
            input_shape = model.encoder.compute_output_shape(input_shape)
        self.built = True

    def encode(self, x: keras.KerasTensor) -> keras.KerasTensor:
        """Compute the top code, shape (batch, d_h), of inputs (batch, ...)."""
        for model in self.models:
            x = model.encode(x)
        return x

    def call(self, x: keras.KerasTensor, training: bool = False) -> keras.KerasTensor:
        """Compute the top code."""
        return self.encode(x)

    def compile(
        self, optimizer: str | dict | keras.optimizers.Optimizer = "sgd", **kwargs: Any
    ) -> None:
        """Give each model an optimiser of its own, made from `optimizer`'s configuration.

        Args:
            optimizer: Name, configuration or instance of a Keras optimiser.
            **kwargs: Passed on to each model's `compile`.
        """
        config = keras.optimizers.serialize(keras.optimizers.get(optimizer))
        for model in [*self.models, super()]:
            model.compile(optimizer=keras.optimizers.deserialize(config), **kwargs)

    def get_compile_config(self) -> dict:
        """Return what `compile` was given, for loading a saved stack."""
        return {"optimizer": keras.optimizers.serialize(self.optimizer)}

    def compile_from_config(self, config: dict) -> None:
        """Compile a loaded stack as it was when it was saved."""
        self.compile(config["optimizer"])

    def fit(
        self, x: np.ndarray, batch_size: int = 32, **kwargs: Any
    ) -> list[keras.callbacks.History]:
        """Train the models one after the other.

        Args:
            x: Inputs, shape (n, ...).
            batch_size: Examples per step.
            **kwargs: Passed on to each model's `fit` (epochs, callbacks, shuffle, ...).

        Returns:
            The history of each model, lowest first.
        """
        histories = []
        for model in self.models:
            histories.append(model.fit(x, batch_size=batch_size, **kwargs))
            x = np.concatenate(
                [
                    keras.ops.convert_to_numpy(model.encode(x[start : start + 1000]))
                    for start in range(0, len(x), 1000)
                ]
            )
        self.built = True
        return histories

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
