"""Which settings of a run go together."""

from typing import TYPE_CHECKING

from replication.engine.environment import FLOAT32
from replication.errors import InputError
from replication.kinds import KINDS

if TYPE_CHECKING:
    from replication.engine.settings import Settings

INITIAL_RANGE = 4.0
"""The usual range of initial weights, that of `replication.models`."""


def check_combination(settings: "Settings") -> None:
    """Raise where settings, each of which is possible, exclude each other.

    Args:
        settings: Settings of which each was checked by itself.

    Raises:
        InputError: They do.
    """
    for check in (_check_precision, _check_fault, _check_encoder, _check_tangents,
                  _check_finetuning):  # fmt: skip
        check(settings)


def _check_precision(s: "Settings") -> None:
    if s.precision != FLOAT32 and (s.backend != "jax" or not s.kind.is_net):
        raise InputError(
            f"precision {s.precision} is for nets on backend jax. "
            f"Received: model={s.model!r}, backend={s.backend!r}"
        )


def _check_fault(s: "Settings") -> None:
    if s.fault is not None and s.model != "cae":
        raise InputError(
            "a fault is one of the penalty of model cae. "
            f"Received: model={s.model!r}, fault={s.fault!r}"
        )


def _check_encoder(s: "Settings") -> None:
    """Refuse what the encoder of a model cannot be."""
    usual = (s.encoder, s.activation) == ("dense", "sigmoid")
    if not usual and not (s.kind.any_encoder and s.fault is None):
        free = ", ".join(key for key, kind in KINDS.items() if kind.any_encoder)
        raise InputError(
            f"only {free}, without a fault, may have another encoder than a dense one of sigmoid "
            f"units. Received: model={s.model!r}, fault={s.fault!r}, encoder={s.encoder!r}, "
            f"activation={s.activation!r}"
        )
    if s.encoder == "conv" and (s.depth != 1 or s.initial_range != INITIAL_RANGE):
        raise InputError(
            "a convolutional encoder has one number of units, and no initial_range. "
            f"Received: units={s.units}, initial_range={s.initial_range:g}"
        )


def _check_tangents(s: "Settings") -> None:
    """Refuse tangents without a weight, the reverse, and those of no pre-trained net."""
    received = f"tangents={s.tangents}, tangent_weight={s.tangent_weight:g}"
    if (s.tangents > 0) != (s.tangent_weight > 0):
        raise InputError(
            "tangents and tangent_weight go together: both above 0, or neither. "
            f"Received: {received}"
        )
    if s.tangents and not (s.kind.is_net and s.pretrain_epochs):
        raise InputError(
            "tangents are those of a pre-trained encoder. "
            f"Received: {received}, model={s.model!r}, pretrain_epochs={s.pretrain_epochs}"
        )


def _check_finetuning(s: "Settings") -> None:
    """Refuse what cannot be done to a classifier."""
    if s.finetune_dropout >= 1:
        raise InputError(
            f"finetune_dropout must be below 1. Received: finetune_dropout={s.finetune_dropout:g}"
        )
    if s.finetune_jacobian and s.tangents:
        raise InputError(
            "a classifier has tangents or a finetune_jacobian, not both. Received: "
            f"tangents={s.tangents}, finetune_jacobian={s.finetune_jacobian:g}"
        )
    if s.measure_robustness and not (s.kind.is_net and s.evaluate_test and s.finetune_epochs):
        raise InputError(
            "measure_robustness tries a fine-tuned net on the test set. Received: "
            f"model={s.model!r}, evaluate_test={s.evaluate_test}, "
            f"finetune_epochs={s.finetune_epochs}"
        )
