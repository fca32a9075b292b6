"""Derivatives of element-wise activations, written in terms of their output."""

from collections.abc import Callable

import keras
from keras import ops

Derivative = Callable[[keras.KerasTensor], keras.KerasTensor]

_SELU_SCALE = 1.0507009873554805
_SELU_ALPHA = 1.6732632423543772

# h = s(a); the rule is s'(a) as a function of h, so that the pre-activation is not kept.
_DERIVATIVES: dict[str, Derivative] = {
    "sigmoid": lambda h: h * (1 - h),
    "tanh": lambda h: 1 - h * h,
    "linear": lambda h: ops.ones_like(h),
    "relu": lambda h: ops.cast(h > 0, h.dtype),
    "softplus": lambda h: -ops.expm1(-h),
    "softsign": lambda h: ops.square(1 - ops.abs(h)),
    "elu": lambda h: ops.where(h > 0, ops.ones_like(h), h + 1),
    "selu": lambda h: ops.where(
        h > 0, _SELU_SCALE * ops.ones_like(h), h + _SELU_SCALE * _SELU_ALPHA
    ),
    "exponential": lambda h: h,
}


def derivative_of(activation: Callable | None) -> Derivative | None:
    """Find the rule for the derivative of an element-wise activation.

    Only Keras's own functions are recognised (by identity, not by name): a function of the
    same name from elsewhere may compute something else.

    Args:
        activation: The activation function of a Keras layer.

    Returns:
        A function from the activation's output h to its derivative, of the same shape; None
        where no rule is known or where the activation is not element-wise (softmax, say).
    """
    for name, derivative in _DERIVATIVES.items():
        if activation is keras.activations.get(name):
            return derivative
    return None
