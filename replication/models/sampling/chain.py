"""A Markov chain of pictures: many at once, step by step."""

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
from tqdm import tqdm

from replication.checks import check_count, check_seed
from replication.errors import DivergedError
from replication.models.building import check_shape
from replication.models.fitting.first_batch import check_inputs
from replication.models.inference import check_built
from replication.models.unsupervised_model import UnsupervisedModel

Step = Callable[[np.ndarray, np.random.Generator], tuple[Any, Any]]

_SILENT = 2.0  # seconds before a bar appears: most chains are over by then


def run_chain(
    model: UnsupervisedModel,
    start: Any,
    steps: int,
    step: Step,
    seed: int | None,
    progress: bool,
) -> np.ndarray:
    """Run chains from several states at once, and keep every state.

    Nothing about the model changes: random numbers are NumPy's, which are the same on all of
    Keras's backends, and not those of the model's own generator.

    Args:
        model: What is sampled from.
        start: First states, shape (n, ...), as the model's inputs.
        steps: Number of steps, at least 1.
        step: Takes states and a generator to the next states, and to what is kept of them.
        seed: Seed of all that is drawn; None draws one.
        progress: Show a progress bar on standard error, where it takes more than two seconds.

    Returns:
        States, shape (n, steps + 1, ...), the first ones being `start`.

    Raises:
        InputError: The model has no weights yet, `start` cannot be inputs of it, or a number is
            impossible.
        DivergedError: A state is no finite number.
    """
    check_built(model, "the model")
    check_count("steps", steps)
    draw = np.random.default_rng(check_seed(seed))
    check_inputs(start, model.unit_interval)
    start = keras.ops.convert_to_numpy(start)
    check_shape("start", start.shape, (None, *(model.features or start.shape[1:])))
    dtype = np.float64 if model.compute_dtype == "float64" else np.float32
    states = np.empty((len(start), steps + 1, *start.shape[1:]), dtype)
    states[:, 0] = start
    state = states[:, 0]
    for number in tqdm(
        range(1, steps + 1), "sampling", unit="step", delay=_SILENT, disable=not progress
    ):
        following, kept = step(state, draw)
        states[:, number] = keras.ops.convert_to_numpy(kept)
        if not np.isfinite(states[:, number]).all():
            raise DivergedError(
                f"the chain left the finite numbers in step {number}; try a smaller step_size"
            )
        state = keras.ops.convert_to_numpy(following).astype(dtype)
    return states
