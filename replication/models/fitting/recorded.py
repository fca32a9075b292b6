"""Hands what a model computed in its forward pass to the loss of the same step.

Keras first calls the model and then asks for the loss, with nothing but the model's output in
between. A loss that needs the codes, too, would compute them again: with dropout another code, and
with batch normalisation two updates a step.
"""

import contextlib
import contextvars
from collections.abc import Iterator
from typing import Any

# Of the thread: `tf.distribute` traces the replicas in one thread each, switching between them.
_STEP: contextvars.ContextVar[dict[int, Any] | None] = contextvars.ContextVar("step", default=None)


@contextlib.contextmanager
def step() -> Iterator[None]:
    """Keep what is recorded until the end of the block, and no longer."""
    token = _STEP.set({})
    try:
        yield
    finally:
        _STEP.reset(token)


def record(model: Any, values: Any) -> None:
    """Keep what a model computed in this step; outside of steps nothing is kept.

    Args:
        model: The model, by which it is found again.
        values: What it computed.
    """
    kept = _STEP.get()
    if kept is not None:
        kept[id(model)] = values


def take(model: Any) -> Any:
    """Return what the model recorded in this step and forget it; None where there is nothing.

    Args:
        model: The model.
    """
    return (_STEP.get() or {}).pop(id(model), None)
