"""What all auto-encoders share: encoder, tied decoder, reconstruction loss."""

import abc
import math
from typing import Any

import keras
from keras import ops

from replication.checks import check_choice, check_count
from replication.errors import InputError
from replication.models.average import average

RECONSTRUCTIONS = ("cross_entropy", "squared_error")


def initial_kernel(seed: int | None) -> keras.Initializer:
    """Uniform in +-4 sqrt(6 / (d_x + d_h)), the usual range for sigmoid units (Glorot 2010).

    The paper gives no initialisation; its authors' later public code uses this one.
    """
    # VarianceScaling draws from +-sqrt(3 scale / mean(d_x, d_h)); scale 16 gives the factor 4.
    return keras.initializers.VarianceScaling(
        scale=16.0, mode="fan_avg", distribution="uniform", seed=seed
    )


class AbstractAutoencoder(keras.Model, abc.ABC):
    """An encoder h = f(x) and a decoder g(h), trained to give x back (section 2).

    By default f(x) = sigmoid(W x + b_h) and g(h) = sigmoid(W^T h + b_y) with tied weights: one
    kernel variable serves both. Subclasses say what the loss has besides the reconstruction.

    Compile it with an optimiser alone (the loss is the model's own) and fit it on inputs alone.

    Args:
        units: Number d_h of hidden units, at least 1. Not used with `encoder`.
        activation: Activation of the hidden units.
        reconstruction: "cross_entropy" (inputs in [0, 1]) or "squared_error". Both are summed
            over the input's entries (equation after 4), so that a penalty's weight is the paper's.
        decoder_activation: "sigmoid", or "linear" with "squared_error".
        tied: Decode with the transposed kernel of the encoder.
        encoder: Any layer or model from (batch, ...) to (batch, d_h), in place of the dense one.
            It comes with its own `decoder`.
        decoder: Layer from (batch, d_h) to the shape of the input, giving pre-activations.
        seed: Seed of the initial weights and of whatever is random in training; None draws one.
        **kwargs: Passed on to `keras.Model`.

    Raises:
        InputError: An argument is out of its range, or arguments exclude each other.
    """

    # Long because it checks every argument that the models share.
    def __init__(
        self,
        units: int | None = None,
        *,
        activation: str = "sigmoid",
        reconstruction: str = "cross_entropy",
        decoder_activation: str = "sigmoid",
        tied: bool = True,
        encoder: keras.Layer | None = None,
        decoder: keras.Layer | None = None,
        seed: int | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        check_choice("reconstruction", reconstruction, RECONSTRUCTIONS)
        check_choice("decoder_activation", decoder_activation, ("sigmoid", "linear"))
        if reconstruction == "cross_entropy" and decoder_activation != "sigmoid":
            raise InputError(
                "cross_entropy needs decoder_activation='sigmoid'. "
                f"Received: decoder_activation={decoder_activation!r}"
            )
        if (encoder is None) != (decoder is None):
            raise InputError(
                "encoder and decoder must be given together or not at all. "
                f"Received: encoder={encoder!r}, decoder={decoder!r}"
            )
        if (encoder is None) == (units is None):
            raise InputError(
                "exactly one of units and encoder must be given. "
                f"Received: units={units!r}, encoder={encoder!r}"
            )
        if seed is not None:
            check_count("seed", seed, low=0)
        self.units = units
        self.activation = activation
        self.reconstruction = reconstruction
        self.decoder_activation = decoder_activation
        self.custom = encoder is not None
        self.tied = tied and not self.custom
        self.seed = seed
        self.seed_generator = keras.random.SeedGenerator(seed)
        self.decoder: keras.Layer = decoder
        self.encoder: keras.Layer = encoder
        if not self.custom:
            self.encoder = keras.layers.Dense(
                check_count("units", units),
                activation=activation,
                kernel_initializer=initial_kernel(seed),
                dtype=self.dtype_policy,
            )
        self.reconstruction_tracker = keras.metrics.Mean(name="reconstruction")
        self.regularizer_tracker = keras.metrics.Mean(name="regularizer")

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        """Create the weights for inputs of shape (batch, ...)."""
        if not self.custom and len(input_shape) != 2:
            raise InputError(
                "a dense auto-encoder takes inputs of shape (batch, features). "
                f"Received: shape {tuple(input_shape)}"
            )
        self.encoder.build(input_shape)
        if self.custom:
            self.decoder.build(self.encoder.compute_output_shape(input_shape))
        elif self.tied:
            self.visible_bias = self.add_weight(
                shape=(input_shape[-1],), initializer="zeros", name="visible_bias"
            )
        else:
            self.decoder = keras.layers.Dense(
                input_shape[-1],
                # One seed for both would make the two kernels share their random numbers.
                kernel_initializer=initial_kernel(None if self.seed is None else self.seed + 1),
                dtype=self.dtype_policy,
            )
            self.decoder.build((None, self.units))
        self.built = True

    def encode(self, x: keras.KerasTensor) -> keras.KerasTensor:
        """Compute the representation h = f(x), shape (batch, d_h), of inputs (batch, ...)."""
        return self.encoder(x)

    def decode(self, h: keras.KerasTensor) -> keras.KerasTensor:
        """Compute the reconstruction g(h), of the input's shape, of codes (batch, d_h)."""
        z = self._decode_logits(h)
        return ops.sigmoid(z) if self.decoder_activation == "sigmoid" else z

    def call(self, x: keras.KerasTensor, training: bool = False) -> keras.KerasTensor:
        """Reconstruct inputs: g(f(x)), of the shape of `x`."""
        return self.decode(self.encode(x))

    def compute_loss(
        self,
        x: keras.KerasTensor = None,
        y: None = None,
        y_pred: keras.KerasTensor = None,
        sample_weight: None = None,
        training: bool = True,
    ) -> keras.KerasTensor:
        """Compute the objective: mean over examples of L(x, g(f(x))), plus the regulariser."""
        del y, y_pred, sample_weight  # the target is the input itself
        x = ops.convert_to_tensor(x)
        corrupted = self.corrupt(x) if training else x
        h = self.encode(corrupted)
        reconstruction = average(self._reconstruction_loss(x, h))
        regularizer = self.regularizer(corrupted, h)
        self.reconstruction_tracker.update_state(reconstruction)
        self.regularizer_tracker.update_state(regularizer)
        return reconstruction + regularizer

    def corrupt(self, x: keras.KerasTensor) -> keras.KerasTensor:
        """Return what the encoder is trained on; the clean input unless a subclass says else."""
        return x

    @abc.abstractmethod
    def regularizer(self, x: keras.KerasTensor, h: keras.KerasTensor) -> keras.KerasTensor | float:
        """Compute what is added to the mean reconstruction loss.

        Args:
            x: Inputs of the encoder, shape (batch, ...).
            h: Their codes f(x), shape (batch, d_h).

        Returns:
            A scalar, weighted.
        """

    def get_config(self) -> dict:
        """Return the constructor's arguments, as Keras's serialisation wants them."""
        config = super().get_config()
        config.update(
            units=self.units,
            activation=self.activation,
            reconstruction=self.reconstruction,
            decoder_activation=self.decoder_activation,
            tied=self.tied,
            seed=self.seed,
        )
        if self.custom:
            config["encoder"] = keras.saving.serialize_keras_object(self.encoder)
            config["decoder"] = keras.saving.serialize_keras_object(self.decoder)
        return config

    @classmethod
    def from_config(cls, config: dict) -> "AbstractAutoencoder":
        """Create a model from what `get_config` returned."""
        config = dict(config)
        for part in ("encoder", "decoder"):
            if isinstance(config.get(part), dict):
                config[part] = keras.saving.deserialize_keras_object(config[part])
        return cls(**config)

    def _decode_logits(self, h: keras.KerasTensor) -> keras.KerasTensor:
        if self.tied:
            return ops.matmul(h, ops.transpose(self.encoder.kernel)) + self.visible_bias
        return self.decoder(h)

    def _reconstruction_loss(self, x: keras.KerasTensor, h: keras.KerasTensor) -> keras.KerasTensor:
        z = self._decode_logits(h)
        if self.reconstruction == "cross_entropy":
            # -x log g - (1-x) log(1-g) with g = sigmoid(z), without ever forming log(0).
            per_entry = ops.softplus(z) - x * z
        else:
            per_entry = ops.square(
                x - (ops.sigmoid(z) if self.decoder_activation == "sigmoid" else z)
            )
        batch = ops.shape(per_entry)[0]
        entries = math.prod(per_entry.shape[1:])
        return ops.sum(ops.reshape(per_entry, (batch, entries)), axis=1)
