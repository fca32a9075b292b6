"""The contractive auto-encoder with one of the known faults of public code."""

import math
from collections.abc import Callable, Mapping
from typing import Any

import keras
from keras import KerasTensor, ops

from replication.checks import check_choice
from replication.errors import InputError
from replication.models.building import ends_in_sigmoid
from replication.models.contractive_autoencoder import ContractiveAutoencoder
from replication.models.derivatives import derivative_of
from replication.models.fitting.average import average


def _floor_division(model: keras.Model, x: KerasTensor, h: KerasTensor) -> KerasTensor:
    penalty = model.penalty(x, h)
    batch = ops.cast(ops.shape(penalty)[0], penalty.dtype)
    return ops.floor(ops.sum(penalty) / batch)  # a whole number: its gradient is 0


def _half_gradient(model: keras.Model, x: KerasTensor, h: KerasTensor) -> KerasTensor:
    value = average(model.penalty(x, h))
    return (value + ops.stop_gradient(value)) / 2


def _frozen_kernel(model: keras.Model, x: KerasTensor, h: KerasTensor) -> KerasTensor:
    row_norms = ops.sum(ops.square(model.frozen), axis=0)  # of the initial kernel, for ever
    return average(ops.matmul(ops.square(_slope(model, h)), row_norms))


def _detached_kernel(model: keras.Model, x: KerasTensor, h: KerasTensor) -> KerasTensor:
    row_norms = ops.sum(ops.square(ops.stop_gradient(model.encoder.kernel)), axis=0)
    return average(ops.matmul(ops.square(_slope(model, h)), row_norms))


def _other_derivative(model: keras.Model, x: KerasTensor, h: KerasTensor) -> KerasTensor:
    row_norms = ops.sum(ops.square(model.encoder.kernel), axis=0)
    return average(ops.matmul(ops.square(h * (1 - h)), row_norms))  # a sigmoid's, of another unit


def _last_layer(model: keras.Model, x: KerasTensor, h: KerasTensor) -> KerasTensor:
    last = model.encoder.layers[-1]
    row_norms = ops.sum(ops.square(last.kernel), axis=0)
    return average(ops.matmul(ops.square(h * (1 - h)), row_norms))


def _summed_code(model: keras.Model, x: KerasTensor, h: KerasTensor) -> KerasTensor:
    # The gradient of sum_j h_j: the rows of the Jacobian are added up before they are squared.
    gradient = ops.matmul(_slope(model, h), ops.transpose(model.encoder.kernel))
    return average(ops.sum(ops.square(gradient), axis=1))


def _mean_entry(model: keras.Model, x: KerasTensor, h: KerasTensor) -> KerasTensor:
    inputs, units = model.encoder.kernel.shape
    return average(model.penalty(x, h)) / (inputs * units)


def _square_of_sum(model: keras.Model, x: KerasTensor, h: KerasTensor) -> KerasTensor:
    row_sums = ops.square(ops.sum(model.encoder.kernel, axis=0))  # one bracket too far out
    return average(ops.matmul(ops.square(_slope(model, h)), row_sums))


def _no_bias_gradient(model: keras.Model, x: KerasTensor, h: KerasTensor) -> KerasTensor:
    encoder = model.encoder
    h = encoder.activation(ops.matmul(x, encoder.kernel) + ops.stop_gradient(encoder.bias))
    return average(model.penalty(x, h))


def _pixel_mean(model: keras.Model, x: KerasTensor, h: KerasTensor) -> KerasTensor:
    return average(model.penalty(x, h))  # right; the reconstruction beside it is a mean


def _slope(model: keras.Model, h: KerasTensor) -> KerasTensor:
    return derivative_of(model.encoder.activation)(h)  # type: ignore[misc]


# Fault -> what is added to the reconstruction error, before it is weighted with lambda.
FAULTS: Mapping[str, Callable[..., KerasTensor]] = {
    "frozen-kernel": _frozen_kernel,
    "detached-kernel": _detached_kernel,
    "summed-code": _summed_code,
    "square-of-sum": _square_of_sum,
    "floor-division": _floor_division,
    "half-gradient": _half_gradient,
    "no-bias-gradient": _no_bias_gradient,
    "other-derivative": _other_derivative,
    "last-layer": _last_layer,
    "mean-entry": _mean_entry,
    "pixel-mean": _pixel_mean,
}

# The closed form with something wrong about it: there has to be one.
_BY_SLOPE = ("frozen-kernel", "detached-kernel", "summed-code", "square-of-sum", "no-bias-gradient")


def _check_deep(encoder: keras.Layer) -> None:
    """Raise where an encoder is no stack of dense layers that ends with a sigmoid."""
    layers = getattr(encoder, "layers", [encoder])
    dense = [layer for layer in layers if isinstance(layer, keras.layers.Dense)]
    if len(dense) < 2 or layers[-1] is not dense[-1] or not ends_in_sigmoid(encoder):
        raise InputError(
            "the fault 'last-layer' needs an encoder of several dense layers that ends with a "
            f"sigmoid. Received: {[type(layer).__name__ for layer in layers]}"
        )


@keras.saving.register_keras_serializable(package="replication")
class FaultyContractiveAutoencoder(ContractiveAutoencoder):
    """A contractive auto-encoder that is wrong in a known way, to compare the right one with.

    `penalty` stays the true one, so that what the fault leads to can be measured.

    Args:
        units: Number d_h of hidden units, at least 1.
        fault: Key of the fault, one of `FAULTS`. "last-layer" needs an `encoder` of several dense
            layers that ends with a sigmoid, all others need none.
        **kwargs: See `ContractiveAutoencoder`.

    Raises:
        InputError: An argument is out of its range, or does not fit the fault.
    """

    def __init__(self, units: int | None = None, *, fault: str, **kwargs: Any) -> None:
        super().__init__(units, **kwargs)
        self.fault = check_choice("fault", fault, tuple(FAULTS))
        if (fault == "last-layer") != self.custom:
            raise InputError(
                f"the fault {fault!r} is one of {'an encoder' if not self.custom else 'units'}: "
                "give an encoder for 'last-layer', and units for any other. "
                f"Received: units={units!r}, encoder={kwargs.get('encoder')!r}"
            )
        if self.custom:
            _check_deep(self.encoder)
        elif fault in _BY_SLOPE and derivative_of(self.encoder.activation) is None:
            raise InputError(
                f"the fault {fault!r} needs an activation whose derivative is known. "
                f"Received: activation={self.activation!r}"
            )

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        """Create the weights for inputs of shape (batch, ...)."""
        super().build(input_shape)
        if not self.custom:
            # The copy that much public code takes when it builds the loss: the same draws.
            self.frozen = self.add_weight(
                shape=self.encoder.kernel.shape,
                initializer=self.encoder.kernel_initializer,
                trainable=False,
                name="frozen",
            )

    def regularizer(
        self,
        x: KerasTensor,
        h: KerasTensor,
        sample_weight: KerasTensor | None = None,
        training: bool = False,
    ) -> KerasTensor:
        """Compute contraction times what the fault makes of the penalty.

        Raises:
            InputError: There are sample weights, which no public code with a fault knows.
        """
        if sample_weight is not None:
            raise InputError(
                f"the fault {self.fault!r} is defined without sample_weight. Received: weights"
            )
        return self.contraction * FAULTS[self.fault](self, x, h)

    def get_config(self) -> dict:
        """Return the constructor's arguments."""
        return {**super().get_config(), "fault": self.fault}

    def _reconstruction_loss(self, x: KerasTensor, z: KerasTensor) -> KerasTensor:
        total = super()._reconstruction_loss(x, z)
        if self.fault != "pixel-mean":
            return total
        return total / math.prod(x.shape[1:])
