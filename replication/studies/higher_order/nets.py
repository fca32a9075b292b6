"""The three nets that are compared: their names, colours and runs."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from replication.engine import records
from replication.engine.records import Record, path_of
from replication.presentation.labels import COLOURS, DEPTH_COLOURS
from replication.studies.collect import collect
from replication.studies.higher_order import plan
from replication.studies.study import Study
from replication.studies.table1 import plan as table1
from replication.verdicts.runs import Runs

SAME = "cae-same"
NETS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "cae": ("CAE", COLOURS["cae"]),
        SAME: ("CAE of equal norm", DEPTH_COLOURS[1]),
        plan.MODEL: ("CAE+H", COLOURS[plan.MODEL]),
    }
)
"""Key -> how pages call it, and its colour."""


def collect_nets(scale: str, study: Study = plan.STUDY) -> list[Record]:
    """Get the runs with all labels and with few, at the scale that a page was asked for.

    Args:
        scale: "proof" trains a small CAE and CAE+H on the embedded digits now; "published" reads
            what has a record; "full" trains what has none.
        study: The study; a small one in tests.

    Returns:
        The records; with the final runs of Table 1's own CAE among them.

    Raises:
        InputError: The scale is unknown.
    """
    if scale == "proof":
        return collect(study.proof_runs(), study.experiment, scale)
    if scale == "full":
        for stage in plan.stages(plan.DATASET, study.seeds, study):
            stage.sweep()
        scale = "published"
    usual = table1.STUDY.finals(plan.DATASET, "cae")
    return [
        *collect(usual, table1.STUDY.experiment, scale),
        *collect(plan.finals(study.seeds, study), study.experiment, scale),
    ]


def by_net(runs: Sequence[Record]) -> dict[str, list[Record]]:
    """Sort runs with all labels by net, in the order of `NETS`; nets without runs are left out.

    Args:
        runs: Final runs, or those at proof scale.
    """
    full = [run for run in runs if run.settings.finetune_examples is None]
    return _sorted(full)


def by_labels(runs: Sequence[Record]) -> dict[int, dict[str, list[Record]]]:
    """Sort runs with few labels by their number, ascending, and then by net.

    Args:
        runs: Final runs.
    """
    counts = sorted({n for run in runs if (n := run.settings.finetune_examples) is not None})
    return {
        count: _sorted([run for run in runs if run.settings.finetune_examples == count])
        for count in counts
    }


def grouped(runs: Sequence[Record]) -> Runs | None:
    """Arrange runs by net for comparisons; None without any.

    Args:
        runs: Final runs with the same number of labels.
    """
    return Runs.gather(runs, runs[0].settings.dataset, plan.group_of) if runs else None


def trials(study: Study = plan.STUDY) -> list[Record]:
    """Read the trials of the CAE+H that there are.

    Args:
        study: The study; a small one in tests.
    """
    wanted = study.search.trials(0, plan.DATASET, plan.MODEL)
    paths = [path_of(study.search.experiment, settings) for settings in wanted]
    return [records.read(path) for path in paths if path.exists()]


def _sorted(runs: Sequence[Record]) -> dict[str, list[Record]]:
    found = {net: [run for run in runs if plan.group_of(run.settings) == net] for net in NETS}
    return {net: of_net for net, of_net in found.items() if of_net}
