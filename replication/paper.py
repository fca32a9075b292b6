"""The paper's numbers and claims, read from `data/paper/`.

Everything that Rifai et al. (2011) print or plot is kept there as data, row by row with its
source and its status (see `data/paper/README.md`); this module only gives it types. Every
function hands out its own copy, so that a caller may change what it receives.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

import pandas as pd

from replication.errors import InputError
from replication.places import DATA
from replication.transcripts import read_table, read_text

FOLDER = DATA / "paper"

MODEL_ORDER = ("cae", "dae-g", "rbm", "dae-b", "ae-wd", "ae")
"""Model keys in the row order of Table 1 (its upper half, which has all six)."""

TABLE2_LABELS: Mapping[str, str] = MappingProxyType(
    {
        "svm-rbf": "SVMrbf",
        "sae-3": "SAE-3",
        "rbm-3": "RBM-3",
        "dae-b-3": "DAE-b-3",
        "cae-1": "CAE-1",
        "cae-2": "CAE-2",
    }
)
"""The paper's label of every column of Table 2, in its order."""

DATASET_LABELS: Mapping[str, str] = MappingProxyType(
    {
        "mnist": "MNIST",
        "cifar-bw": "CIFAR-bw",
        "basic": "basic",
        "rot": "rot",
        "bg-rand": "bg-rand",
        "bg-img": "bg-img",
        "bg-img-rot": "bg-img-rot",
        "rectangles": "rect",
        "rectangles-image": "rect-img",
    }
)
"""The paper's label of every data-set key, in the order of Tables 1 and 2."""


@dataclass(frozen=True)
class Claim:
    """One statement of the paper that can be tested.

    Attributes:
        number: Position in our list, from 1.
        section: Where the paper makes it, such as "Abstract, 5.1" or "Figure 3, caption".
        source: The table or figure that bears on it, or the section if there is none.
        title: A short name of it, ours.
        text: The statement in our words.
        remark: How the paper's own numbers bear on it; may be empty.
        status: "P", "S" or "I" for `text`; the remarks are all inferred.
    """

    number: int
    section: str
    source: str
    title: str
    text: str
    remark: str
    status: str


def table1() -> pd.DataFrame:
    """Return Table 1: one hidden layer of 1000 units, then fine-tuned.

    Returns:
        Eleven rows in the printed order, with the columns dataset, model, test_error (percent),
        jacobian_mean_square (as printed; the paper heads the column as an average norm, see
        `data/paper/README.md`), saturation (percent), bold, source, status.

    Raises:
        InputError: The file is absent, damaged or lacks a column.
    """
    return _table(
        "table1.csv",
        dataset="str",
        model="str",
        test_error="float64",
        jacobian_mean_square="float64",
        saturation="float64",
        bold="bool",
        source="str",
        status="str",
    )


def table2() -> pd.DataFrame:
    """Return Table 2: one and two layers of CAE beside four earlier methods.

    Returns:
        Forty-two rows in the printed order, with the columns dataset, model (a key of
        `TABLE2_LABELS`), test_error (percent), interval (half-width of the 95 % interval, in
        points), bold, source, status.

    Raises:
        InputError: The file is absent, damaged or lacks a column.
    """
    return _table(
        "table2.csv",
        dataset="str",
        model="str",
        test_error="float64",
        interval="float64",
        bold="bool",
        source="str",
        status="str",
    )


def figure1(dataset: str) -> pd.DataFrame:
    """Return the contraction curves of Figure 1, as digitised.

    Args:
        dataset: "mnist" or "cifar-bw".

    Returns:
        The columns model, radius (in the units of inputs in [0, 1]), ratio, bound, source,
        status; radii increase within a model.

    Raises:
        InputError: The data set is not in the figure, or the file is absent, damaged or lacks
            a column.
    """
    curves = _table(
        "figure1.csv",
        dataset="str",
        model="str",
        radius="float64",
        ratio="float64",
        bound="str",
        source="str",
        status="str",
    )
    known = tuple(curves["dataset"].unique())
    if dataset not in known:
        raise InputError(
            f"Figure 1 has no such data set. Expected one of {', '.join(known)}. "
            f"Received: dataset={dataset!r}"
        )
    chosen = curves[curves["dataset"] == dataset]
    return chosen.drop(columns="dataset").reset_index(drop=True)


def figure2() -> pd.DataFrame:
    """Return the average spectra of the Jacobian of Figure 2 (CIFAR-bw), as digitised.

    Returns:
        The columns model, index (rank of the singular value, from 1), singular_value, bound,
        source, status.

    Raises:
        InputError: The file is absent, damaged or lacks a column.
    """
    return _table(
        "figure2.csv",
        model="str",
        index="int64",
        singular_value="float64",
        bound="str",
        source="str",
        status="str",
    )


def counts() -> pd.DataFrame:
    """Return how many singular values of Figure 2 lie above a threshold.

    Returns:
        The columns model, threshold, count, bound, source, status.

    Raises:
        InputError: The file is absent, damaged or lacks a column.
    """
    return _table(
        "counts.csv",
        model="str",
        threshold="float64",
        count="int64",
        bound="str",
        source="str",
        status="str",
    )


def figure3() -> pd.DataFrame:
    """Return the contraction curves of stacked CAEs of Figure 3 (rotated MNIST), as digitised.

    Returns:
        The columns depth (number of layers), radius, ratio, bound, source, status; radii
        increase within a depth.

    Raises:
        InputError: The file is absent, damaged or lacks a column.
    """
    return _table(
        "figure3.csv",
        depth="int64",
        radius="float64",
        ratio="float64",
        bound="str",
        source="str",
        status="str",
    )


def peaks() -> pd.DataFrame:
    """Return where the CAE curves of Figures 1 and 3 are highest.

    Returns:
        The columns dataset, model, depth, radius_low and radius_high (the peak lies between
        them), ratio (its height), source, status.

    Raises:
        InputError: The file is absent, damaged or lacks a column.
    """
    return _table(
        "peaks.csv",
        dataset="str",
        model="str",
        depth="int64",
        radius_low="float64",
        radius_high="float64",
        ratio="float64",
        source="str",
        status="str",
    )


def distances() -> pd.DataFrame:
    """Return the vertical lines of Figures 1 and 3: distances between training examples.

    Returns:
        The columns dataset, line ("min", "median" or "max"), distance, source, status.

    Raises:
        InputError: The file is absent, damaged or lacks a column.
    """
    return _table(
        "distances.csv",
        dataset="str",
        line="str",
        distance="float64",
        source="str",
        status="str",
    )


def claims() -> tuple[Claim, ...]:
    """Return the paper's testable claims, in order of their numbers.

    Raises:
        InputError: The file is absent, damaged or lacks a field.
    """
    return _claims(FOLDER / "claims.json")


def _table(file: str, **columns: str) -> pd.DataFrame:
    """Return a copy of a table with exactly these columns, each of the type named."""
    return read_table(FOLDER / file, **columns)


@cache
def _claims(path: Path) -> tuple[Claim, ...]:
    text = read_text(path)
    try:
        found = sorted((Claim(**entry) for entry in json.loads(text)), key=lambda c: c.number)
    except (ValueError, TypeError) as error:
        raise InputError(
            f"{path} cannot be read. Expected a JSON list of claims with the fields "
            f"{', '.join(Claim.__annotations__)}. Received: {' '.join(str(error).split())}"
        ) from error
    return tuple(found)
