"""All studies: what `sweep` can make, and which claims are judged."""

from collections.abc import Mapping
from types import MappingProxyType

from replication.studies.arguments.claims import CLAIMS as ARGUED
from replication.studies.fashion import plan as fashion
from replication.studies.faults import plan as faults
from replication.studies.generator import plan as generator
from replication.studies.matched import plan as matched
from replication.studies.sensitivity import plan as sensitivity
from replication.studies.study import Study, Sweep
from replication.studies.table1 import plan as table1
from replication.studies.table1.claims import CLAIMS as ON_TABLE1
from replication.studies.table1_v2 import plan as table1_v2
from replication.studies.table2 import plan as table2
from replication.studies.table2.claims import CLAIMS as ON_TABLE2
from replication.verdicts.claim_rule import ClaimRule

# The studies with a search of their own; their final runs are what verdicts rest on.
# No two may have a data set in common: a run on it counts for the claims of one study. Another
# version of a protocol is judged beside them, not among them.
STUDIES: tuple[Study, ...] = (table1.STUDY, table2.STUDY)

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
        )
    }
)

CLAIMS: tuple[ClaimRule, ...] = tuple(
    sorted((*ON_TABLE1, *ARGUED, *ON_TABLE2), key=lambda rule: rule.claim)
)
