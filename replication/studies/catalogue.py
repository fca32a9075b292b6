"""All studies: what `sweep` can make, and which claims are judged."""

from collections.abc import Mapping
from types import MappingProxyType

from replication.studies.arguments.claims import CLAIMS as ARGUED
from replication.studies.fashion import plan as fashion
from replication.studies.faults import plan as faults
from replication.studies.generator import plan as generator
from replication.studies.higher_order import plan as higher_order
from replication.studies.matched import plan as matched
from replication.studies.precision import plan as precision
from replication.studies.sensitivity import plan as sensitivity
from replication.studies.study import Study, Sweep
from replication.studies.table1 import plan as table1
from replication.studies.table1.claims import CLAIMS as ON_TABLE1
from replication.studies.table1_v2 import plan as table1_v2
from replication.studies.table2 import plan as table2
from replication.studies.table2.claims import CLAIMS as ON_TABLE2
from replication.studies.tangents import plan as tangents
from replication.studies.today import plan as today
from replication.verdicts.claim_rule import ClaimRule

# The studies with a search of their own; their final runs are what verdicts rest on.
# No two may have a data set in common: a run on it counts for the claims of one study. Another
# version of a protocol is judged beside them, not among them.
STUDIES: tuple[Study, ...] = (table1.STUDY, table2.STUDY)

# All whose choices are kept: each has to be the best of its trials.
CHOOSING: tuple[Study, ...] = (
    *STUDIES,
    table1_v2.STUDY,
    higher_order.STUDY,
    tangents.STUDY,
    today.STUDY,
)

SWEEPS: Mapping[str, Sweep] = MappingProxyType(
    {
        sweep.name: sweep
        for sweep in (
            table1.SWEEP,
            *table1_v2.SWEEPS,
            matched.SWEEP,
            *table2.SWEEPS,
            sensitivity.SWEEP,
            faults.SWEEP,
            generator.SWEEP,
            fashion.SWEEP,
            higher_order.SWEEP,
            tangents.SWEEP,
            precision.SWEEP,
            today.SWEEP,
        )
    }
)

_VERSION_2 = {
    table1_v2.STUDY.experiment,
    table1_v2.STUDY.search.experiment,
    table1_v2.PILOT_EXPERIMENT,
    matched.NAME,
    matched.TRIALS,
    precision.NAME,
}
# What the studies on version 1 call their experiments begins with the name of one of these.
_VERSION_1 = (
    table1.STUDY.experiment,
    table2.STUDY.experiment,
    faults.EXPERIMENT,
    higher_order.NAME,
    tangents.NAME,
    today.NAME,
)


def protocol_of(experiment: str) -> int | None:
    """Return the version of the protocol that the runs of an experiment follow.

    Args:
        experiment: Name of the experiment.

    Returns:
        The version; None for runs that belong to no study.
    """
    if experiment in _VERSION_2:
        return 2
    return 1 if any(f"{experiment}-".startswith(f"{name}-") for name in _VERSION_1) else None


CLAIMS: tuple[ClaimRule, ...] = tuple(
    sorted((*ON_TABLE1, *ARGUED, *ON_TABLE2), key=lambda rule: rule.claim)
)
