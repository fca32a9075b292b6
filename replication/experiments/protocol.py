"""Which runs each table and figure of the paper needs."""

from collections.abc import Mapping
from typing import Any

from replication.checks import check_choice, check_count
from replication.experiments.settings import MODELS, Settings

SCALES = ("proof", "published", "full")
SEEDS = 3
TABLE1 = "table1-first"  # name of the experiment in the store

# One setting a model, from first looks at the validation error and not from a search: enough to
# see each model work, not to rank them. The paper gives none of these numbers.
_FIRST: Mapping[str, Mapping[str, Any]] = {
    "ae": {},
    "ae-wd": {"weight_decay": 1e-4},
    "dae-g": {"noise_level": 0.3},
    "dae-b": {"noise_level": 0.25},
    "cae": {"contraction": 0.1},
    "sae": {"sparsity": 0.1, "sparsity_weight": 0.1},
    "rbm": {"pretrain_learning_rate": 0.05},
}
_SHARED: Mapping[str, Any] = {
    "pretrain_epochs": 30,
    # Saturated units pass on small gradients: small steps leave them where they are.
    "finetune_learning_rate": 1.0,
    "finetune_batch_size": 50,
    "finetune_epochs": 40,
    "finetune_patience": 12,
}
_PROOF: Mapping[str, Any] = {
    "units": (64,),
    "pretrain_epochs": 8,
    "finetune_epochs": 8,
    "finetune_batch_size": 20,
    "spectrum_examples": 20,
}


def table1(dataset: str, seeds: int | None, scale: str) -> list[Settings]:
    """List the runs of Table 1 and Figure 1: every model with each seed.

    Args:
        dataset: The data set; at proof scale the embedded digits stand in for it.
        seeds: Number of seeds, at least 1: 0, 1, 2, ... None is one at proof scale, else three.
        scale: "proof", or "published" and "full", which need the same runs.

    Raises:
        InputError: A name is unknown or a number impossible.
    """
    check_choice("scale", scale, SCALES)
    proof = scale == "proof"
    seeds = check_count("seeds", (1 if proof else SEEDS) if seeds is None else seeds)
    return [
        Settings(
            dataset="digits" if proof else dataset,
            model=model,
            seed=seed,
            **{**_FIRST[model], **_SHARED, **(_PROOF if proof else {})},
        )
        for seed in range(seeds)
        for model in MODELS
    ]
