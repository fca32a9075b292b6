"""What all auto-encoders share: encoder, tied decoder, reconstruction loss."""

import abc
import math
from typing import Any

import keras
from keras import ops

from replication.checks import check_choice, check_count, next_seed
from replication.errors import InputError
from replication.models.building import build_once, check_shape, ends_in_sigmoid
from replication.models.fitting import recorded
from replication.models.fitting.average import average
from replication.models.inference import check_concrete
from replication.models.precision import floating, wide
from replication.models.unsupervised_model import UnsupervisedModel, total

RECONSTRUCTIONS = ("cross_entropy", "squared_error")


def initial_kernel(seed: int | None) -> keras.Initializer:
    """Uniform in +-4 sqrt(6 / (d_x + d_h)), the usual range for sigmoid units (Glorot 2010).

    The paper gives no initialisation; its authors' later public code uses this one.
    """
    # VarianceScaling draws from +-sqrt(3 scale / mean(d_x, d_h)); scale 16 gives the factor 4.
    return keras.initializers.VarianceScaling(
        scale=16.0, mode="fan_avg", distribution="uniform", seed=seed
    )


class AbstractAutoencoder(UnsupervisedModel, abc.ABC):
    """An encoder h = f(x) and a decoder g(h), trained to give x back (section 2).

    By default f(x) = sigmoid(W x + b_h) and g(h) = sigmoid(W^T h + b_y) with tied weights: one
    kernel variable serves both. Subclasses say what the loss has besides the reconstruction.

    Compile it with an optimiser alone (the loss is the model's own) and fit it on inputs alone, or
    on corrupted inputs and the clean ones to rebuild: `fit(noisy, clean)`. Layers of a custom
    encoder and decoder train as in any Keras model: dropout and batch normalisation are on, their
    regularisers and `add_loss` count. `sample_weight` weighs what an example adds to the objective.

    Args:
        units: Number d_h of hidden units, at least 1. Not used with `encoder`.
        activation: Activation of the hidden units.
        reconstruction: "cross_entropy" (targets in [0, 1]) or "squared_error". Both are summed
            over the input's entries (equation after 4), so that a penalty's weight is the paper's.
        decoder_activation: "sigmoid", or "linear" with "squared_error".
        tied: Decode with the transposed kernel of the encoder.
        encoder: Any layer or model from (batch, ...) to (batch, d_h), in place of the dense one.
            It comes with its own `decoder`.
        decoder: Layer from (batch, d_h) to the shape of the input, giving pre-activations: its last
            layer has no activation.
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
        super().__init__(seed, **kwargs)
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
        if decoder is not None and decoder_activation == "sigmoid" and ends_in_sigmoid(decoder):
            raise InputError(
                "decoder must give pre-activations, since the sigmoid is the model's: leave out "
                "the activation of its last layer, or use decoder_activation='linear' with "
                f"reconstruction='squared_error'. Received: decoder={decoder!r}"
            )
        self.units = None if units is None else check_count("units", units)
        self.activation = activation
        self.reconstruction = reconstruction
        self.decoder_activation = decoder_activation
        self.custom = encoder is not None
        self.tied = tied and not self.custom
        self.decoder: keras.Layer = decoder
        self.encoder: keras.Layer = encoder
        if not self.custom:
            self.encoder = keras.layers.Dense(
                self.units,
                activation=activation,
                kernel_initializer=initial_kernel(self.seed),
                dtype=self.dtype_policy,
            )
        self.reconstruction_tracker = keras.metrics.Mean(name="reconstruction")
        self.regularizer_tracker = keras.metrics.Mean(name="regularizer")

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        """Create the weights for inputs of shape (batch, ...).

        Raises:
            InputError: The shape does not fit the model, or the decoder gives another shape.
        """
        if not self.custom and len(input_shape) != 2:
            raise InputError(
                "a dense auto-encoder takes inputs of shape (batch, features). "
                f"Received: shape {tuple(input_shape)}"
            )
        input_shape = (None, *input_shape[1:])
        self.features = input_shape[1:]
        build_once(self.encoder, input_shape)
        if self.custom:
            codes = self.encoder.compute_output_shape(input_shape)
            build_once(self.decoder, codes)
            check_shape("the decoder", self.decoder.compute_output_shape(codes), input_shape)
        elif self.tied:
            self.visible_bias = self.add_weight(
                shape=(input_shape[-1],), initializer="zeros", name="visible_bias"
            )
        else:
            self.decoder = keras.layers.Dense(
                input_shape[-1],
                # One seed for both would make the two kernels share their random numbers.
                kernel_initializer=initial_kernel(next_seed(self.seed)),
                dtype=self.dtype_policy,
            )
            self.decoder.build((None, self.units))
        self.built = True

    def decode(self, h: keras.KerasTensor, training: bool = False) -> keras.KerasTensor:
        """Compute the reconstruction g(h), of the input's shape, of codes (batch, d_h).

        Args:
            h: Codes; symbolic ones only for a decoder with weights of its own, which is a layer.
            training: Whether dropout and the like in a custom decoder are on.

        Raises:
            InputError: The model has no weights yet, or the codes of a tied one are symbolic.
        """
        self._check_built()
        return self._output(self._decode_logits(h, training))

    def call(self, x: keras.KerasTensor, training: bool = False) -> keras.KerasTensor:
        """Reconstruct inputs: g(f(x)), of the shape of `x`; corrupted ones in training."""
        x = self._floating(x)
        inputs = self.corrupt(x) if training else x
        h = self.encoder(inputs, training=training)
        z = self._decode_logits(h, training)
        recorded.record(self, (inputs, h, z))
        return self._output(z)

    def compute_loss(
        self,
        x: keras.KerasTensor = None,
        y: keras.KerasTensor = None,
        y_pred: keras.KerasTensor = None,
        sample_weight: keras.KerasTensor = None,
        training: bool = True,
    ) -> keras.KerasTensor:
        """Compute the objective: mean over examples of L(x, g(f(x))), plus the regulariser.

        Args:
            x: Inputs, shape (batch, ...).
            y: What to rebuild, of the shape of `x`; None stands for `x` itself.
            y_pred: Not used.
            sample_weight: Of each example, shape (batch,).
            training: Whether the inputs are corrupted and dropout and the like are on.

        Raises:
            InputError: `y` or the reconstruction have another shape than `x`, or are symbolic.
        """
        del y_pred  # a cross-entropy is safer from pre-activations
        check_concrete("the objective", x, y)
        x = self._floating(x)
        if (passed := recorded.take(self)) is None:
            with recorded.step():
                self(x, training=training)
                passed = recorded.take(self)
        inputs, h, z = passed
        target = x
        if y is not None:
            target = floating(y, self.compute_dtype)
            check_shape("y (what to rebuild)", target.shape, x.shape)
        check_shape("the reconstruction", z.shape, x.shape)
        per_example = self._reconstruction_loss(target, z)
        reconstruction = average(per_example, sample_weight)
        # Before a regulariser calls the encoder again, at which Keras forgets them.
        asked_for = self.losses
        regularizer = self.regularizer(inputs, h, sample_weight, training)
        # As Keras weighs the loss itself: a smaller last batch counts for less.
        count = ops.shape(x)[0]
        self.reconstruction_tracker.update_state(reconstruction, sample_weight=count)
        self.regularizer_tracker.update_state(regularizer, sample_weight=count)
        return total(reconstruction + regularizer, asked_for)

    @property
    def unit_interval(self) -> bool:
        """Whether what is rebuilt must lie in [0, 1], as the cross-entropy wants it."""
        return self.reconstruction == "cross_entropy"

    def corrupt(self, x: keras.KerasTensor) -> keras.KerasTensor:
        """Return what the encoder is trained on; the clean input unless a subclass says else."""
        return x

    @abc.abstractmethod
    def regularizer(
        self,
        x: keras.KerasTensor,
        h: keras.KerasTensor,
        sample_weight: keras.KerasTensor | None = None,
        training: bool = False,
    ) -> keras.KerasTensor | float:
        """Compute what is added to the mean reconstruction loss.

        Args:
            x: Inputs of the encoder, shape (batch, ...).
            h: Their codes f(x), shape (batch, d_h).
            sample_weight: Of each example, shape (batch,), where the term is a mean over them.
            training: Whether random numbers are drawn from the model's own generator; if not,
                the same inputs have the same value.

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

    def _decode_logits(self, h: keras.KerasTensor, training: bool = False) -> keras.KerasTensor:
        if self.tied:
            check_concrete("decode with tied weights", h)
            z = ops.matmul(h, ops.transpose(self.encoder.kernel))
            return ops.add(z, self.visible_bias)
        return self.decoder(h, training=training)

    def _output(self, z: keras.KerasTensor) -> keras.KerasTensor:
        return ops.sigmoid(z) if self.decoder_activation == "sigmoid" else z

    def _reconstruction_loss(self, x: keras.KerasTensor, z: keras.KerasTensor) -> keras.KerasTensor:
        """L of each example, shape (batch,), of targets and pre-activations of one shape."""
        z = wide(z)
        x = ops.cast(x, z.dtype)  # TensorFlow multiplies no two kinds of numbers
        if self.reconstruction == "cross_entropy":
            # -x log g - (1-x) log(1-g) with g = sigmoid(z), without ever forming log(0).
            per_entry = ops.softplus(z) - x * z
        else:
            per_entry = ops.square(x - self._output(z))
        batch = ops.shape(per_entry)[0]
        entries = math.prod(per_entry.shape[1:])
        return ops.sum(ops.reshape(per_entry, (batch, entries)), axis=1)
