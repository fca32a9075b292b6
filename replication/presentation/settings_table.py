"""The settings of the runs on a page, one row for each model."""

from collections.abc import Sequence

import pandas as pd
from IPython.display import HTML

from replication.engine.settings import Settings
from replication.presentation.labels import ORDER, label
from replication.presentation.tables import wide


def settings_table(runs: Sequence[Settings]) -> HTML:
    """Show with which settings each model was trained; what all have in common is said above.

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
                "learning rate of pre-training": f"{s.pretrain_learning_rate:g}",
                "epochs of pre-training": str(s.pretrain_epochs),
                "batches of pre-training": str(s.pretrain_batch_size),
                "learning rate of fine-tuning": f"{s.finetune_learning_rate:g}",
                "epochs of fine-tuning": f"at most {s.finetune_epochs}",
                "batches of fine-tuning": str(s.finetune_batch_size),
                "patience": str(s.finetune_patience),
            }
        )
    table = pd.DataFrame(rows)
    common = [name for name in table.columns if len(rows) > 1 and table[name].nunique() == 1]
    said = "; ".join(f"{name} {table[name].iloc[0]}" for name in common)
    lead = f"<p>Common to all: {said}.</p>" if common else ""
    return HTML(lead + wide(table.drop(columns=common)).data)
