"""Names, order and colours of the models, the same in every table and figure."""

from replication.paper import DATASET_LABELS, MODEL_LABELS, MODEL_ORDER, TABLE2_LABELS

# The paper's rows first, in its order; then what it argues about but does not show.
ORDER = (*MODEL_ORDER, *(model for model in MODEL_LABELS if model not in MODEL_ORDER))

# Wong's palette, which colour-blind readers can tell apart.
COLOURS = {
    "cae": "#D55E00",
    "dae-g": "#0072B2",
    "rbm": "#CC79A7",
    "dae-b": "#56B4E9",
    "ae-wd": "#009E73",
    "ae": "#000000",
    "sae": "#E69F00",
}
DEPTH_COLOURS = {1: "#0072B2", 2: "#D55E00", 3: "#009E73"}

# Columns of Table 2: the models at their depths, and one that the paper leaves out.
COLUMNS = {**TABLE2_LABELS, "cae-3": "CAE-3"}

DATASETS = {
    **DATASET_LABELS,
    **{
        f"{name}-original": f"{label}, original"
        for name, label in DATASET_LABELS.items()
        if name not in ("mnist", "cifar-bw", "rectangles")
    },
    "convex": "convex",
    "convex-original": "convex, original",
    "fashion-mnist": "Fashion-MNIST",
    "digits": "the embedded 8x8 digits",
    "generated-rectangles": "generated rectangles",
}


def label(model: str) -> str:
    """Return the paper's name of a model."""
    return MODEL_LABELS[model]
