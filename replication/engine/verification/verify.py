"""Train some recorded runs again and compare."""

import math
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
from tqdm.auto import tqdm

from replication.checks import check_count
from replication.datasets import load
from replication.engine import records
from replication.engine.run import run
from replication.errors import DivergedError, InputError

# Means over thousands of examples and units, so sampling is no issue; training's own noise is. Both
# are conventions, wide enough for another processor's rounding, too narrow for another lambda.
RELATIVE_TOLERANCE = 0.1
SATURATION_TOLERANCE = 3.0


def error_tolerance(first: float, second: float, examples: int) -> float:
    """Compute how far two error rates on the same examples may lie apart, in points.

    Three standard errors of the difference of two independent error rates, sqrt(2 p (1-p) / n),
    p being their mean after Agresti and Caffo's addition of one mistake and one hit to each (two
    perfect runs would get no tolerance otherwise). The two runs see the same examples, so their
    mistakes agree more than independent ones would, and the true standard error is smaller; what is
    left is room for training itself, which other hardware sends down another path of rounding.
    On 10,000 examples at an error near 1 percent it comes to about 0.4 points.

    Args:
        first, second: Error rates in percent.
        examples: Number n of examples, at least 1.
    """
    check_count("examples", examples)
    p = ((first + second) / 2 / 100 * examples + 1) / (examples + 2)
    return 100 * 3 * math.sqrt(2 * p * (1 - p) / examples)


def verify(
    experiment: str | None = None,
    count: int | None = 2,
    seed: int = 0,
    folder: Path | None = None,
    progress: bool = True,
) -> pd.DataFrame:
    """Train `count` records again with identical settings and compare the results.

    The store is not touched: the repeated runs are written to a temporary folder.

    Args:
        experiment: Choose among the records of this experiment; None chooses among all.
        count: How many records, at least 1; None takes all.
        seed: Seed of the choice, at least 0.
        folder: Store of the records; None is the repository's own.
        progress: Show progress bars on standard error.

    Returns:
        One row for each record and compared result: id, dataset, model, seed, result, recorded,
        repeated, tolerance (absolute) and agrees. Errors and saturation are in percent. A trial
        that never saw the test set has no row for its test error.

    Raises:
        InputError: There is nothing to verify, the records were made on several backends, or the
            data are not those of a record.
    """
    check_count("seed", seed, low=0)
    if count is not None:
        check_count("count", count)
    known = records.read_all(experiment, folder)
    if not known:
        where = f" in experiment {experiment!r}" if experiment else ""
        raise InputError(f"there are no records to verify{where}")
    if count is not None:
        chosen = np.random.default_rng(seed).permutation(len(known))[:count]
        known = [known[i] for i in sorted(chosen)]
    backends = sorted({record.settings.backend for record in known})
    if len(backends) > 1:
        raise InputError(
            "one process has one of Keras's backends, so the records to verify must have the same. "
            f"Received: records on {' and on '.join(backends)}"
        )
    rows: list[dict] = []
    for recorded in tqdm(known, desc="verify", unit="record", disable=not progress):
        rows += _compare(recorded, progress)
    return pd.DataFrame(rows)


def _compare(recorded: records.Record, progress: bool) -> list[dict]:
    settings = recorded.settings
    data = load(settings.dataset)
    expected = str(recorded.provenance.get("data_checksum", "none"))
    if data.checksum != expected:
        raise InputError(
            f"record {recorded.id} was made from other {settings.dataset} data. Expected checksum "
            f"{expected[:16]}, received {data.checksum[:16]}"
        )
    about = {
        "id": recorded.id,
        "dataset": settings.dataset,
        "model": settings.model,
        "seed": settings.seed,
    }
    try:
        with tempfile.TemporaryDirectory(prefix="verify-") as folder:
            repeated = run(settings, recorded.experiment, folder=Path(folder), progress=progress)
    except DivergedError:
        return [{**about, **_divergence(recorded.results.diverged, True)}]
    if recorded.results.diverged:
        return [{**about, **_divergence(True, False)}]
    rows = []
    for result in ("valid_error", "test_error", "jacobian_mean_square", "saturation"):
        if result not in recorded.results:
            continue
        a, b = recorded.results[result], repeated.results[result]
        if result.endswith("_error"):
            part = data.test if result == "test_error" else data.valid
            tolerance = error_tolerance(a, b, len(part.y))
        elif result == "saturation":
            tolerance = SATURATION_TOLERANCE
        else:
            tolerance = RELATIVE_TOLERANCE * max(a, b)
        rows.append(
            {
                **about,
                "result": result,
                "recorded": a,
                "repeated": b,
                "tolerance": tolerance,
                "agrees": abs(a - b) <= tolerance,
            }
        )
    return rows


def _divergence(recorded: bool, repeated: bool) -> dict:
    """The row of a training of which one or both diverged, 1 for one that did."""
    return {
        "result": "diverged",
        "recorded": float(recorded),
        "repeated": float(repeated),
        "tolerance": 0.0,
        "agrees": recorded == repeated,
    }
