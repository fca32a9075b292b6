"""Settings of one run: validated, complete, hashed."""

import dataclasses
import functools
import hashlib
import json
from collections.abc import Sequence
from typing import Any

from replication.checks import LARGEST_SEED, check_choice, check_count, check_number
from replication.datasets import names
from replication.engine.combinations import INITIAL_RANGE, check_combination
from replication.engine.environment import BACKENDS, DEFAULT_BACKEND, FLOAT32, PRECISIONS
from replication.errors import InputError
from replication.kinds import STRENGTHS, Kind, kind_of

OPTIMIZERS = ("sgd", "adam")
ACTIVATIONS = ("sigmoid", "tanh", "softplus", "relu")
DEFAULT_ACTIVATION = "sigmoid"
ENCODERS = ("dense", "conv")
KEPT = ("best", "last")  # epochs of fine-tuning whose weights may be kept
# The wrong penalties of public code that are trained at full size, too: those copied most.
FAULTS = ("frozen-kernel", "summed-code", "floor-division")

_OF_NETS = (
    "units",
    "pretrain_",
    "finetune_",
    "measure_",
    "spectrum_",
    "initial_",
    "backend",
    "tangent",
    "encoder",
    "activation",
)
# Settings that came when there were records without them: at their defaults they are no part of a
# run's identity.
_LATER = (
    "pretrain_optimizer",
    "initial_range",
    "fault",
    "backend",
    "finetune_decay",
    "finetune_window",
    "finetune_keep",
    "finetune_examples",
    "tangents",
    "tangent_weight",
    "precision",
    "encoder",
    "activation",
    "finetune_optimizer",
    "finetune_dropout",
    "finetune_jacobian",
    "measure_robustness",
)

# Name -> smallest value and whether it is excluded.
_NUMBERS = {
    "pretrain_learning_rate": (0, True),
    "finetune_learning_rate": (0, True),
    "initial_range": (0, False),
    "tangent_weight": (0, False),
    "finetune_dropout": (0, False),
    "finetune_jacobian": (0, False),
}
# Each layer's seed is the run's times 1000 plus its number.
_LARGEST_SEED = (LARGEST_SEED + 1) // 1000 - 1
_LARGEST_COUNT = 10**6  # of epochs and examples; nobody waits for more
_COUNTS = {
    "seed": 0,
    "pretrain_batch_size": 1,
    "pretrain_epochs": 0,
    "finetune_batch_size": 1,
    "finetune_epochs": 0,
    "finetune_patience": 1,
    "finetune_window": 1,
    "finetune_examples": 1,
    "train_examples": 1,
    "measure_examples": 1,
    "spectrum_examples": 0,
    "tangents": 0,
}
_ALL_IF_NONE = ("train_examples", "finetune_examples")
_SWITCHES = ("evaluate_test", "finetune_decay", "measure_robustness")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Settings:
    """Everything that determines the result of one run.

    Attributes:
        dataset: Name of the data set.
        model: Key of the model, see `replication.kinds`.
        units: Hidden units of each layer, lowest first; its length is the depth.
        seed: Seed of the initial weights, batch order, noise and measurement directions.
        weight_decay, noise_level, contraction, curvature, draws, sparsity, sparsity_weight,
            gibbs_steps: Strength of the regulariser; see the model's class. None where the model
            has no such setting.
        svm_c, svm_gamma: Cost of a violated margin, and 1 over the squared width of the kernel
            exp(-gamma ||x - x'||^2), of a support vector machine. The settings of nets below have
            no meaning for it and are not part of its identity.
        pretrain_learning_rate, pretrain_batch_size, pretrain_epochs: Pre-training by stochastic
            gradient descent. 0 epochs leave the initial weights.
        pretrain_optimizer: "sgd", plain descent, or "adam".
        initial_range: Initial weights are uniform in +- so many times sqrt(6 / (d_x + d_h)). A
            convolutional encoder starts as Keras starts such layers, and takes the default here.
        encoder: "dense", or "conv" for the convolutional one of `convolutional`; then `units` are
            those of its code.
        activation: Of the hidden units: "sigmoid", "tanh", "softplus" or "relu".
        fault: A known fault in the penalty of a cae, see `FaultyContractiveAutoencoder`; None is
            the right penalty.
        backend: Keras's backend, which draws its own random numbers: "jax", "tensorflow" or
            "torch".
        precision: What products of matrices are rounded to: "float32" or, on JAX and a graphics
            processor of NVIDIA alone, "tf32".
        finetune_learning_rate, finetune_batch_size, finetune_epochs: Likewise for fine-tuning. A
            run of 0 epochs measures the encoder, and has no errors.
        finetune_optimizer: "sgd" or "adam".
        finetune_dropout: Share of the codes that are off in each step of fine-tuning.
        finetune_jacobian: Weight of the Jacobian of the classifier's answers, see
            `JacobianClassifier`; 0 leaves it out.
        finetune_patience: Epochs without a smaller validation error before fine-tuning stops.
        finetune_decay: Whether the rate of fine-tuning falls linearly to 0 over its epochs.
        finetune_window: The validation error that stops fine-tuning, and chooses the epoch whose
            weights are kept, is the mean over so many epochs, the last one included.
        finetune_keep: Which weights are kept: those of the "best" epoch, or of the "last" one; then
            nothing stops fine-tuning early, and the validation labels have no part in it.
        finetune_examples: Fine-tune on so many training examples only, drawn by the seed with the
            same number of every class; pre-training has them all. None uses all.
        tangents, tangent_weight: Fine-tune with tangent propagation along so many leading
            directions of the pre-trained encoder at each example, and the weight of that term, see
            `TangentClassifier`. Both or neither; 0 leaves it out.
        train_examples: Use only the first so many training examples; None uses all.
        measure_examples: Validation examples behind the Jacobian, saturation and the curve.
        spectrum_examples: Validation examples behind the spectrum; 0 leaves it out.
        measure_robustness: Whether the classifier is tried on test examples that were changed, too.
        evaluate_test: Whether the test set is looked at. A trial of a search has False.

    Raises:
        InputError: A name is unknown, a value impossible, or a regulariser's setting is given for
            a model that has none.
    """

    dataset: str
    model: str
    units: tuple[int, ...] = (1000,)
    seed: int = 0
    weight_decay: float | None = None
    noise_level: float | None = None
    contraction: float | None = None
    curvature: float | None = None
    draws: int | None = None
    sparsity: float | None = None
    sparsity_weight: float | None = None
    gibbs_steps: int | None = None
    svm_c: float | None = None
    svm_gamma: float | None = None
    pretrain_learning_rate: float = 0.1
    pretrain_batch_size: int = 20
    pretrain_epochs: int = 20
    finetune_learning_rate: float = 0.3
    finetune_batch_size: int = 20
    finetune_epochs: int = 30
    finetune_patience: int = 10
    train_examples: int | None = None
    measure_examples: int = 10_000
    spectrum_examples: int = 200
    evaluate_test: bool = True
    pretrain_optimizer: str = "sgd"
    initial_range: float = INITIAL_RANGE
    fault: str | None = None
    backend: str = DEFAULT_BACKEND
    precision: str = FLOAT32
    finetune_decay: bool = False
    finetune_window: int = 1
    finetune_keep: str = "best"
    finetune_examples: int | None = None
    tangents: int = 0
    tangent_weight: float = 0.0
    encoder: str = "dense"
    activation: str = DEFAULT_ACTIVATION
    finetune_optimizer: str = "sgd"
    finetune_dropout: float = 0.0
    finetune_jacobian: float = 0.0
    measure_robustness: bool = False

    def __post_init__(self) -> None:
        check_choice("dataset", self.dataset, names())
        kind = kind_of(self.model)
        check_choice("pretrain_optimizer", self.pretrain_optimizer, OPTIMIZERS)
        check_choice("backend", self.backend, BACKENDS)
        check_choice("precision", self.precision, PRECISIONS)
        check_choice("encoder", self.encoder, ENCODERS)
        check_choice("activation", self.activation, ACTIVATIONS)
        check_choice("finetune_keep", self.finetune_keep, KEPT)
        check_choice("finetune_optimizer", self.finetune_optimizer, OPTIMIZERS)
        if self.fault is not None:
            check_choice("fault", self.fault, FAULTS)
        if not isinstance(self.units, Sequence) or not self.units:
            raise InputError(f"units must list at least one layer. Received: units={self.units!r}")
        units = tuple(check_count("units", number) for number in self.units)
        object.__setattr__(self, "units", units)
        self._check_strengths(kind)
        for name, (low, open_ends) in _NUMBERS.items():
            value = check_number(name, getattr(self, name), low, open_ends=open_ends)
            object.__setattr__(self, name, value)
        for name in _SWITCHES:
            if not isinstance(value := getattr(self, name), bool):
                raise InputError(f"{name} must be True or False. Received: {name}={value!r}")
        for name, low in _COUNTS.items():
            if getattr(self, name) is not None or name not in _ALL_IF_NONE:
                high = _LARGEST_SEED if name == "seed" else _LARGEST_COUNT
                value = check_count(name, getattr(self, name), low, high)
                object.__setattr__(self, name, value)
        check_combination(self)

    def _check_strengths(self, kind: Kind) -> None:
        """Fill in the strengths that the model has, and refuse those that it has not."""
        own = {strength.name: strength for strength in kind.strengths}
        for name in STRENGTHS:
            value = getattr(self, name)
            if name in own:
                value = own[name].default if value is None else own[name].checked(value)
                object.__setattr__(self, name, value)
            elif value is not None:
                wanted = ", ".join(kind.strength_names) or "none"
                raise InputError(
                    f"model {self.model} has no setting {name}; it has: {wanted}. "
                    f"Received: {name}={value!r}"
                )

    @property
    def kind(self) -> Kind:
        """The model."""
        return kind_of(self.model)

    @property
    def depth(self) -> int:
        """Number of layers."""
        return len(self.units)

    @property
    def regularizer(self) -> dict[str, float]:
        """The strength of the model's regulariser, by name."""
        return {name: getattr(self, name) for name in self.kind.strength_names}

    @property
    def strength(self) -> str:
        """The same in words, "contraction 0.1"; empty where the model has none."""
        return ", ".join(f"{n.replace('_', ' ')} {v:g}" for n, v in self.regularizer.items())

    @functools.cached_property
    def id(self) -> str:
        """First 16 hexadecimal digits of the SHA-256 of the canonical settings."""
        canonical = json.dumps(self.to_dict(), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()[:16]

    @property
    def pretraining(self) -> dict[str, Any]:
        """The settings that pre-training depends on: runs that agree in them may share it."""
        return {
            name: value
            for name, value in self.to_dict().items()
            if not name.startswith(("finetune_", "tangent", "measure_", "spectrum_", "evaluate_"))
        }

    def to_dict(self) -> dict[str, Any]:
        """Return the settings as plain JSON values, without those the model does not have."""
        kind = self.kind
        own = kind.strength_names
        values = {}
        for field in dataclasses.fields(self):
            name, value = field.name, getattr(self, field.name)
            foreign = name in STRENGTHS and name not in own
            of_nets = not kind.is_net and name.startswith(_OF_NETS)
            if foreign or of_nets or (name in _LATER and value == field.default):
                continue
            values[name] = list(value) if name == "units" else value
        return values

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> "Settings":
        """Rebuild settings from `to_dict`.

        Raises:
            InputError: A name is unknown or a value impossible.
        """
        known = {field.name for field in dataclasses.fields(cls)}
        unknown = sorted(set(values) - known)
        if unknown:
            raise InputError(
                f"unknown settings: {', '.join(unknown)}; "
                f"expected some of {', '.join(sorted(known))}"
            )
        missing = sorted({"dataset", "model"} - set(values))
        if missing:
            raise InputError(f"settings lack {', '.join(missing)}")
        return cls(**values)
