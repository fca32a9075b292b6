"""The settings of the runs on a page, one row for each model."""

from collections.abc import Sequence

import pandas as pd
from IPython.display import HTML, Markdown

from replication.engine.records import Record
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


def settings_note(records: Sequence[Record]) -> Markdown:
    """Say how the settings of the runs on a page were chosen.

    Args:
        records: The runs.
    """
    if records and records[0].settings.dataset != "digits":
        chosen = "Chosen by validation error, among equal numbers of trials for every model."
    else:
        chosen = "Small and quick, for the proof scale."
    return Markdown(
        f"{chosen} The paper gives none of these numbers. Training is plain stochastic gradient "
        "descent from initial weights uniform in ±4 √(6 / (d_x + d_h)) and biases 0."
    )
