"""Every model of the experiments, declared once."""

import dataclasses
from collections.abc import Mapping
from types import MappingProxyType

from replication.checks import LARGEST, check_choice, check_count, check_number


@dataclasses.dataclass(frozen=True, kw_only=True)
class Strength:
    """One setting of a regulariser: what it may be, and what it is where nothing is asked for.

    Attributes:
        name: Name of the setting, and of the argument of the model's class.
        default: A first guess, not a selected value.
        low, high: Smallest and largest value.
        open_ends: Exclude `low` and `high` themselves.
        whole: Whether it is a whole number.
    """

    name: str
    default: float
    low: float = 0.0
    high: float = LARGEST
    open_ends: bool = False
    whole: bool = False

    def checked(self, value: float) -> float:
        """Return a value that the setting may have.

        Args:
            value: What was received.

        Raises:
            InputError: It is out of range.
        """
        if self.whole:
            return check_count(self.name, value, int(self.low), int(self.high))  # type: ignore[arg-type]
        return check_number(self.name, value, self.low, self.high, self.open_ends)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Kind:
    """A model.

    Attributes:
        key: How settings and records call it.
        label: How tables and figures call it: the paper's name, where it has one.
        class_name: Its class in `replication.models`; None for what is no net.
        strengths: The settings that only some models have.
        arguments: Further arguments of the class, the same in every run.
        loss: Which of the losses that Keras reports is its training curve.
        any_encoder: Whether its encoder may be convolutional, or have other units than sigmoid
            ones.
        came_later: Whether it is younger than the paper: what has the shape of the paper's tables
            and figures has no place for it.
    """

    key: str
    label: str
    class_name: str | None
    strengths: tuple[Strength, ...] = ()
    arguments: Mapping[str, str] = dataclasses.field(default_factory=dict)
    loss: str = "loss"
    any_encoder: bool = False
    came_later: bool = False

    @property
    def is_net(self) -> bool:
        """Whether it is pre-trained, measured and fine-tuned; a support vector machine is not."""
        return self.class_name is not None

    @property
    def strength_names(self) -> tuple[str, ...]:
        """Names of its own settings."""
        return tuple(strength.name for strength in self.strengths)


_WEIGHT_DECAY = Strength(name="weight_decay", default=1e-5)
_NOISE_LEVEL = Strength(name="noise_level", default=0.25)  # a standard deviation
_MASKED_SHARE = Strength(name="noise_level", default=0.25, high=1.0)
_CONTRACTION = Strength(name="contraction", default=0.1)
_CURVATURE = Strength(name="curvature", default=0.1)
_NEIGHBOURHOOD = Strength(name="noise_level", default=0.25, open_ends=True)
_DRAWS = Strength(name="draws", default=2, low=1, high=10_000, whole=True)
_SPARSITY = Strength(name="sparsity", default=0.05, high=1.0, open_ends=True)
_SPARSITY_WEIGHT = Strength(name="sparsity_weight", default=0.1)
_GIBBS_STEPS = Strength(name="gibbs_steps", default=1, low=1, high=10_000, whole=True)
_SVM_C = Strength(name="svm_c", default=1.0, open_ends=True)
_SVM_GAMMA = Strength(name="svm_gamma", default=0.03, open_ends=True)

KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        kind.key: kind
        for kind in (
            Kind(key="ae", label="AE", class_name="Autoencoder", any_encoder=True),
            Kind(
                key="ae-wd",
                label="AE+wd",
                class_name="WeightDecayAutoencoder",
                strengths=(_WEIGHT_DECAY,),
            ),
            Kind(
                key="dae-g",
                label="DAE-g",
                class_name="DenoisingAutoencoder",
                strengths=(_NOISE_LEVEL,),
                arguments=MappingProxyType({"noise": "gaussian"}),
                any_encoder=True,
            ),
            Kind(
                key="dae-b",
                label="DAE-b",
                class_name="DenoisingAutoencoder",
                strengths=(_MASKED_SHARE,),
                arguments=MappingProxyType({"noise": "binary"}),
                any_encoder=True,
            ),
            Kind(
                key="cae",
                label="CAE",
                class_name="ContractiveAutoencoder",
                strengths=(_CONTRACTION,),
                any_encoder=True,
            ),
            Kind(
                key="cae-h",
                label="CAE+H",
                class_name="HigherOrderContractiveAutoencoder",
                strengths=(_CONTRACTION, _CURVATURE, _NEIGHBOURHOOD, _DRAWS),
                came_later=True,
            ),
            Kind(
                key="sae",
                label="SAE",
                class_name="SparseAutoencoder",
                strengths=(_SPARSITY, _SPARSITY_WEIGHT),
            ),
            Kind(
                key="rbm",
                label="RBM-binary",
                class_name="RestrictedBoltzmannMachine",
                strengths=(_GIBBS_STEPS,),
                # Contrastive divergence follows no loss; how well it reconstructs is what shows.
                loss="reconstruction",
            ),
            Kind(key="svm", label="SVM", class_name=None, strengths=(_SVM_C, _SVM_GAMMA)),
        )
    }
)
"""Key -> model."""

STRENGTHS: tuple[str, ...] = tuple(
    dict.fromkeys(strength.name for kind in KINDS.values() for strength in kind.strengths)
)
"""Names of the settings that only some models have."""


def kind_of(model: str) -> Kind:
    """Look a model up.

    Args:
        model: Its key.

    Raises:
        InputError: There is no such model.
    """
    return KINDS[check_choice("model", model, tuple(KINDS))]
