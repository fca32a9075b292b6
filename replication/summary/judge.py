"""Judging every claim of the paper."""

from collections.abc import Callable, Collection, Sequence
from typing import Any

from replication import paper
from replication.engine.records import Record
from replication.engine.settings import Settings
from replication.studies.arguments.small_nets import RECORDED as ARGUMENTS
from replication.studies.catalogue import CLAIMS, STUDIES
from replication.studies.collect import collect_finals
from replication.studies.data.dimensions import recorded_dimensions
from replication.studies.speed.recorded import recorded_speeds
from replication.studies.study import Study
from replication.studies.table2 import plan as table2
from replication.studies.table2.claims import FIGURE3
from replication.studies.table2.plan import collect_nested
from replication.verdicts.claim_rule import ClaimRule
from replication.verdicts.evidence import Evidence
from replication.verdicts.runs import Runs
from replication.verdicts.verdict import Verdict


def judge(
    evidence: Evidence,
    rules: Sequence[ClaimRule] = CLAIMS,
    claims: Collection[int] | None = None,
) -> list[Verdict]:
    """Judge claims of the paper, in their order, as far as the evidence carries them.

    Args:
        evidence: All that may be looked at.
        rules: The rules, at most one for each claim.
        claims: Numbers of the claims to judge; None judges every one. A claim's verdict does not
            depend on which others are judged.

    Raises:
        ValueError: The paper has no such claim.
    """
    numbers = [claim.number for claim in paper.claims()]
    if unknown := set(claims or ()) - set(numbers):
        raise ValueError(f"the paper has claims 1 to {numbers[-1]}. Received: {sorted(unknown)}")
    by_claim = {rule.claim: rule for rule in rules}
    return [
        by_claim[number].judge(evidence) if number in by_claim else Verdict(number, ())
        for number in numbers
        if claims is None or number in claims
    ]


def evidence_of(
    records: Sequence[Record], studies: Sequence[Study] = STUDIES, **measured: Any
) -> Evidence:
    """Arrange final runs of all studies as evidence.

    Args:
        records: Final runs, one setting for each model (column) and data set.
        studies: The studies that they are of.
        **measured: What else was measured; see `Evidence`.

    Raises:
        InputError: A model has two final runs with one seed.
        ValueError: Two studies have a data set in common.
    """
    places: dict[str, Callable[[Settings], str | None]] = {}
    for study in studies:
        for name in study.datasets:
            if name in places:
                raise ValueError(f"two studies judge the runs on {name}; a verdict rests on one")
            places[name] = study.arm_of
    return Evidence.gather(records, places, **measured)


def published_records() -> list[Record]:
    """Read all final runs of Tables 1 and 2 that there are."""
    return [
        record
        for study in STUDIES
        for record in collect_finals(study, study.datasets, "published")[0]
    ]


def published_evidence(records: Sequence[Record] | None = None) -> Evidence:
    """Gather all that the repository holds.

    Args:
        records: The final runs; None reads all there are.
    """
    return evidence_of(
        published_records() if records is None else records,
        dimensions=recorded_dimensions(),
        arguments=ARGUMENTS.read(),
        speeds=recorded_speeds(),
        nested={FIGURE3: Runs.gather(collect_nested(FIGURE3), FIGURE3, table2.STUDY.arm_of)},
    )
