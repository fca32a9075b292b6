"""How far the runs of version 2 of the protocol are, which the page waits for."""

from IPython.display import Markdown

from replication.engine import records
from replication.presentation.labels import DATASETS
from replication.studies.matched import plan as matched
from replication.studies.table1_v2 import plan as version2


def pending_note() -> Markdown:
    """Say how many of the final runs, those with few labels and the matched ones there are.

    Raises:
        InputError: A record is damaged.
    """
    finals = records.read_all(version2.NAME)
    fine_tuned = records.read_all(matched.NAME)
    lines = []
    for dataset in version2.DATASETS:
        found = [r for r in finals if r.settings.dataset == dataset]
        few = sum(r.settings.finetune_examples is not None for r in found)
        wanted = version2.STUDY.seeds * len(version2.SEARCH.arms)
        said = f"{len(found) - few} of {wanted} final runs"
        if dataset == version2.FEW_LABELS_DATASET:
            said += f", {few} of {wanted * len(version2.FEW_LABELS)} runs with few labels"
        cells = [model for name, model in matched.PLACES if name == dataset]
        done = sum(r.settings.dataset == dataset for r in fine_tuned)
        said += f", {done} of {len(cells) * matched.SEEDS} runs of encoders matched to the paper's"
        lines.append(f"- {DATASETS[dataset]}: {said}.")
    return Markdown("\n".join(lines))
