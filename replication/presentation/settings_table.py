"""The settings of the runs on a page, one row for each model."""

from collections.abc import Sequence

import pandas as pd
from IPython.display import HTML

from replication.engine.settings import Settings
from replication.presentation.labels import ORDER, label
from replication.presentation.tables import wide


def settings_table(runs: Sequence[Settings]) -> HTML:
    """Show with which settings each model was trained.

    Args:
        runs: Settings of runs of one data set; those of a model differ in their seed alone.
    """
    first = {settings.model: settings for settings in reversed(runs)}
    rows = []
    for model in ORDER:
        if model not in first:
            continue
        s = first[model]
        rows.append(
            {
                "Model": label(model),
                "units": " - ".join(map(str, s.units)),
                "regulariser": s.strength or "none",
                "pre-training": f"learning rate {s.pretrain_learning_rate:g}, batches of "
                f"{s.pretrain_batch_size}, {s.pretrain_epochs} epochs",
                "fine-tuning": f"learning rate {s.finetune_learning_rate:g}, batches of "
                f"{s.finetune_batch_size}, at most {s.finetune_epochs} epochs, patience "
                f"{s.finetune_patience}",
            }
        )
    return wide(pd.DataFrame(rows))
