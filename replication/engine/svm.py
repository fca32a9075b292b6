"""The support vector machine with an RBF kernel, the shallow competitor of Table 2."""

import numpy as np

from replication.datasets import Dataset, Split
from replication.engine.results import test_results
from replication.engine.settings import Settings
from replication.errors import InputError

_CACHE_MB = 1000


def classify_by_svm(settings: Settings, train: Split, data: Dataset) -> dict:
    """Train support vector machines and count their mistakes.

    The validation error is that of a machine trained on the training part. Where the test set is
    looked at, another one is trained on both parts, as the authors of the benchmark did.

    Args:
        settings: The run, with model "svm".
        train: The examples to train on.
        data: The data set that the settings name.

    Returns:
        Results as a record holds them.

    Raises:
        InputError: All examples are of one class.
    """
    machine = _fit(settings, train)
    results: dict = {
        "valid_error": 100 * float(np.mean(machine.predict(data.valid.x) != data.valid.y)),
        "support_vectors": int(machine.n_support_.sum()),
    }
    if settings.evaluate_test:
        both = (np.concatenate(pair) for pair in ((train.x, data.valid.x), (train.y, data.valid.y)))
        machine = _fit(settings, Split(*both))
        results |= test_results(machine.predict(data.test.x) != data.test.y)
    return results


def _fit(settings: Settings, part: Split):  # type: ignore[no-untyped-def]
    from sklearn.svm import SVC

    if len(np.unique(part.y)) < 2:
        raise InputError(
            "a support vector machine needs examples of at least two classes. "
            f"Received: train_examples={len(part.y)}, of one class"
        )
    machine = SVC(C=settings.svm_c, gamma=settings.svm_gamma, cache_size=_CACHE_MB)
    return machine.fit(part.x, part.y)
