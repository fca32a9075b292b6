"""Keras models of the paper, one class per file.

Each auto-encoder and the RBM is a `keras.Model` with `fit(x)`, `encode(x)` and `evaluate(x)`;
`StackedEncoder` puts them on top of each other and `Classifier` fine-tunes an encoder,
`TangentClassifier` with a penalty on how its answers change along the data's tangents, and
`JacobianClassifier` on how they change in any direction.
"""

from replication.models.autoencoder import Autoencoder
from replication.models.classification.jacobian_classifier import JacobianClassifier
from replication.models.classification.tangent_classifier import TangentClassifier
from replication.models.classifier import Classifier
from replication.models.contractive_autoencoder import ContractiveAutoencoder
from replication.models.denoising_autoencoder import DenoisingAutoencoder
from replication.models.faulty_contractive_autoencoder import FaultyContractiveAutoencoder
from replication.models.higher_order_contractive_autoencoder import (
    HigherOrderContractiveAutoencoder,
)
from replication.models.restricted_boltzmann_machine import RestrictedBoltzmannMachine
from replication.models.sparse_autoencoder import SparseAutoencoder
from replication.models.stacked_encoder import StackedEncoder
from replication.models.weight_decay_autoencoder import WeightDecayAutoencoder

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
