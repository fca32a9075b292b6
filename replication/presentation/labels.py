"""Names, order and colours of the models, the same in every table and figure."""

from replication.datasets import label as dataset_label
from replication.datasets import names
from replication.kinds import KINDS
from replication.paper import MODEL_ORDER, TABLE2_LABELS

# The paper's rows first, in its order; then what it argues about but does not show.
_NETS = tuple(key for key, kind in KINDS.items() if kind.is_net and not kind.came_later)
ORDER = (*MODEL_ORDER, *(model for model in _NETS if model not in MODEL_ORDER))

# Wong's palette, which colour-blind readers can tell apart.
COLOURS = {
    "cae": "#D55E00",
    "dae-g": "#0072B2",
    "rbm": "#CC79A7",
    "dae-b": "#56B4E9",
    "ae-wd": "#009E73",
    "ae": "#000000",
    "sae": "#E69F00",
    "cae-h": "#7B3294",  # not of the palette, whose yellow nobody can see on white
}
DEPTH_COLOURS = {1: "#F0A35E", 2: "#D55E00", 3: "#993404"}  # shades of the CAE's

# Columns of Table 2: the models at their depths, and one that the paper leaves out.
COLUMNS = {**TABLE2_LABELS, "cae-3": "CAE-3"}

DATASETS = {name: dataset_label(name) for name in names()}

# Settings that the pages name, as their readers would.
SETTINGS = {
    "contraction": "λ of the CAE",
    "pretrain_learning_rate": "learning rate of pre-training",
    "finetune_learning_rate": "learning rate of fine-tuning",
    "pretrain_epochs": "epochs of pre-training",
    "pretrain_batch_size": "examples in a batch",
    "initial_range": "range of the initial weights",
    "pretrain_optimizer": "optimiser of pre-training",
}


def label(model: str) -> str:
    """Return the paper's name of a model."""
    return KINDS[model].label
