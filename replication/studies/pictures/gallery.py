"""Small nets of every model on the embedded digits, and what they make of noisy pictures."""

import dataclasses

import numpy as np
from tqdm import tqdm

from replication.checks import check_seed
from replication.engine import environment
from replication.studies.study import Study
from replication.studies.table1 import plan as table1

DATASET = "digits"
NOISE = 0.3  # standard deviation of what is added to the pictures
_SHOWN = 8  # first pictures of the validation part


@dataclasses.dataclass(frozen=True)
class Exhibit:
    """One trained net.

    Attributes:
        model: Key of the model.
        noisy: Pictures with noise, shape (n, pixels).
        reconstructions: What the net makes of them, shape (n, pixels).
        error: Mean squared difference, over pictures and pixels, of the reconstructions and the
            pictures without noise.
    """

    model: str
    noisy: np.ndarray
    reconstructions: np.ndarray
    error: float


def train_gallery(
    seed: int = 0, progress: bool = True, study: Study = table1.STUDY
) -> list[Exhibit]:
    """Pre-train every model of Table 1 at proof scale and show it noisy pictures.

    Args:
        seed: Seed of the nets and of the noise.
        progress: Show a progress bar on standard error.
        study: The study whose runs at proof scale they are; a small one in tests.

    Raises:
        InputError: The seed is impossible.
    """
    environment.enter(environment.chosen_backend())
    # Only where something is trained: Keras takes seconds to import.
    import keras

    from replication.datasets import load
    from replication.engine.train import pretrain

    data = load(DATASET)
    x = data.valid.x
    noise = np.random.default_rng(check_seed(seed)).normal(0, NOISE, x.shape).astype(x.dtype)
    noisy = np.clip(x + noise, 0, 1)
    found = []
    runs = [run for run in study.proof_runs(seed + 1) if run.seed == seed]
    for settings in tqdm(runs, desc="gallery", unit="net", disable=not progress):
        net, _ = pretrain(settings, data.train.x, progress=False)
        rebuilt = keras.ops.convert_to_numpy(net(noisy))
        found.append(
            Exhibit(
                settings.model,
                noisy[:_SHOWN],
                rebuilt[:_SHOWN],
                float(np.mean((rebuilt - x) ** 2)),
            )
        )
    return found
