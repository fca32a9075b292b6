"""Which numbers a model computes with."""

import keras
from keras import ops


def floating(x: keras.KerasTensor, dtype: str) -> keras.KerasTensor:
    """Return inputs as floating-point numbers; those that are some already stay as they are.

    A derivative with respect to whole numbers is 0 or an error, depending on the backend.

    Args:
        x: Inputs of any numeric type, bool included.
        dtype: What to make of those that are not floating-point numbers.
    """
    if not isinstance(x, keras.KerasTensor):
        x = ops.convert_to_tensor(x)
    return x if keras.backend.is_float_dtype(_name(x)) else ops.cast(x, dtype)


def wide(values: keras.KerasTensor) -> keras.KerasTensor:
    """Return 16-bit numbers as float32: sums over hundreds of pixels need more than 8 or 11 bits.

    Args:
        values: Floating-point numbers.
    """
    return ops.cast(values, "float32") if _name(values) in ("float16", "bfloat16") else values


def _name(x: keras.KerasTensor) -> str:
    return keras.backend.standardize_dtype(x.dtype)
