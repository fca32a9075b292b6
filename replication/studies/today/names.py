"""What readers call the competitors, and their colours."""

from collections.abc import Mapping
from types import MappingProxyType

from replication.presentation.labels import COLOURS
from replication.studies.today.plan import EXAMPLES, FEW, few_labels

STARTS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "none": ("no pre-training", "dimgrey"),
        "ae": ("AE", COLOURS["ae"]),
        "dae-g": ("denoising AE", "#56B4E9"),
        "jacobian": ("Jacobian regularisation", "#009E73"),
        "dropout": ("dropout", "#0072B2"),
        "cae": ("CAE", COLOURS["cae"]),
        "cae-dropout": ("CAE and dropout", "#993404"),
    }
)
"""What a net has, as its key begins -> its name and colour."""
NETS: Mapping[str, str] = MappingProxyType({"relu": "ReLU", "conv": "convolutions"})
"""How the key of a net ends -> its name, where that is another."""


def name_of(key: str) -> str:
    """Return the name of a competitor.

    Args:
        key: Its key.
    """
    net = key.removesuffix(few_labels(""))
    start, _, kind = net.rpartition("-")
    labels = FEW if key != net else EXAMPLES
    return f"{STARTS[start][0]}, {NETS.get(kind, kind)}, {labels:,} labels"
