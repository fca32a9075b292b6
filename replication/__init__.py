"""Contractive auto-encoders, replicated: data, models, measures, experiments and verdicts.

The models can be had from here: `from replication import ContractiveAutoencoder`. Keras is imported
with the first of them, not before.
"""

import importlib
import os
from typing import Any

import wrapt

__version__ = "0.2.0"
__all__ = [
    "Autoencoder",
    "Classifier",
    "ContractiveAutoencoder",
    "DenoisingAutoencoder",
    "FaultyContractiveAutoencoder",
    "HigherOrderContractiveAutoencoder",
    "JacobianClassifier",
    "RestrictedBoltzmannMachine",
    "SparseAutoencoder",
    "StackedEncoder",
    "TangentClassifier",
    "WeightDecayAutoencoder",
]

# TensorFlow reads this when it is imported, so it has to be set before it is. It keeps reports on
# the build off standard error.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

_MODELS = "replication.models"


def __getattr__(name: str) -> Any:
    if name in __all__:
        return getattr(importlib.import_module(_MODELS), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return [*globals(), *__all__]


# A saved model can be loaded where the package and Keras have been imported, in whatever order,
# and who reads records waits for neither Keras nor the models.
wrapt.register_post_import_hook(lambda keras: importlib.import_module(_MODELS), "keras")
