"""Functions that are compiled before they are needed, while the device does something else."""

import threading
from collections.abc import Callable, Hashable, Sequence
from concurrent.futures import Future
from typing import Any

import jax
import numpy as np


class Ahead:
    """A function that is compiled once for all arguments of the same shapes.

    JAX compiles in the call; this can be told of the shapes before, in another thread. A call of a
    shape that is being compiled waits for it.

    Args:
        function: What JAX can compile.
        donated: Number of the argument whose memory the result takes.
    """

    def __init__(self, function: Callable[..., Any], donated: int | None = None) -> None:
        self._jit = jax.jit(function, donate_argnums=() if donated is None else donated)
        self._compiled: dict[Hashable, Future[Callable[..., Any]]] = {}
        self._lock = threading.Lock()

    def __call__(self, *arguments: Any) -> Any:
        """Compute the function of arrays that are on the device."""
        return self.prepare(*arguments)(*arguments)

    def prepare(self, *arguments: Any) -> Callable[..., Any]:
        """Compile the function, and return it.

        Args:
            arguments: Arrays, or what `shape` says of them.
        """
        leaves, form = jax.tree_util.tree_flatten(arguments)
        key = (form, tuple((leaf.shape, np.dtype(leaf.dtype)) for leaf in leaves))
        with self._lock:
            known = self._compiled.get(key)
            if known is None:
                ours = self._compiled[key] = Future()
        if known is not None:
            return known.result()
        try:
            ours.set_result(self._jit.lower(*arguments).compile())
        except BaseException as error:
            with self._lock:
                del self._compiled[key]
            ours.set_exception(error)
            raise
        return ours.result()


def shape(value: Any, first: Sequence[int] = ()) -> jax.ShapeDtypeStruct:
    """Say what an array on the device will look like.

    Args:
        value: An array of the same type.
        first: Axes before its own.
    """
    device = jax.sharding.SingleDeviceSharding(jax.devices()[0])
    return jax.ShapeDtypeStruct((*first, *value.shape), value.dtype, sharding=device)
