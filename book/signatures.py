"""A Sphinx extension: what a Keras model's constructor takes.

Keras puts a constructor of its own in front of every model, with `*args` and `**kwargs`; a reader
wants the names.
"""

import inspect
from typing import Any


def setup(app: Any) -> dict[str, bool]:
    """Register the extension, as Sphinx asks for it."""
    app.connect("autodoc-process-signature", _signature)
    return {"parallel_read_safe": True}


def _signature(
    app: Any, what: str, name: str, thing: Any, options: Any, signature: str, returns: str
) -> tuple[str, str] | None:
    if what != "class":
        return None
    _, *parameters = inspect.signature(thing.__init__).parameters.values()  # without self
    plain = [parameter.replace(annotation=inspect.Parameter.empty) for parameter in parameters]
    return str(inspect.Signature(plain)), ""
