"""What "The Manifold Tangent Classifier" (Rifai et al., NIPS 2011) prints, from `data/paper/`."""

import pandas as pd

from replication import paper
from replication.transcripts import read_table


def tangents() -> pd.DataFrame:
    """Return errors on MNIST, with all labels and with few.

    Returns:
        The columns labels (how many training examples have one, "all" for all of them), depth
        (number of layers), model ("nn", a net without pre-training; "cae-h", pre-trained as a CAE
        of higher order; "mtc", the same with tangent propagation), test_error (percent), source,
        status.

    Raises:
        InputError: The file is absent, damaged or lacks a column.
    """
    return read_table(
        paper.FOLDER / "tangents.csv",
        labels="str",
        depth="int64",
        model="str",
        test_error="float64",
        source="str",
        status="str",
    )


def printed_error(labels: int, model: str) -> float | None:
    """Return the error that is printed for so many labels, percent; None where there is none.

    Args:
        labels: Number of labels.
        model: "nn", "cae-h" or "mtc".

    Raises:
        InputError: As for `tangents`.
    """
    table = tangents()
    found = table[(table["labels"] == str(labels)) & (table["model"] == model)]["test_error"]
    return float(found.iloc[0]) if len(found) else None
