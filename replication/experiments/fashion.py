"""Table 1 and Figure 1 again on a data set that the paper never saw: Fashion-MNIST.

The settings are those that the protocol selected on MNIST. Nothing is searched, so what is asked
is whether claims and settings travel together; every model is treated alike.
"""

import dataclasses

from replication.experiments import protocol
from replication.experiments.settings import Settings

EXPERIMENT = "table1-fashion"
DATASET = "fashion-mnist"
SOURCE = "mnist"  # where the settings come from


def runs(seeds: int = protocol.SEEDS) -> list[Settings]:
    """List the runs: the final ones of MNIST, seed by seed, on the other data.

    Args:
        seeds: Seeds of each model, at least 1.

    Raises:
        InputError: The number is impossible, or the search on MNIST is not finished.
    """
    return [
        dataclasses.replace(settings, dataset=DATASET)
        for settings in protocol.table1(SOURCE, seeds, "full")
    ]
