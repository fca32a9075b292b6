"""The claims on Table 1 and Figures 1 and 2, judged on data that the paper does not have."""

from collections.abc import Mapping, Sequence

from replication.engine.records import Record
from replication.measures.intrinsic_dimension import IntrinsicDimension
from replication.studies.table1.claims import CLAIMS
from replication.studies.table1.plan import STUDY
from replication.verdicts.evidence import Evidence
from replication.verdicts.verdict import Verdict


def judge_elsewhere(
    records: Sequence[Record], dataset: str, dimensions: Mapping[str, IntrinsicDimension]
) -> list[Verdict]:
    """Judge the claims on Table 1 and Figures 1 and 2 on another data set.

    The rules are the same. What the paper's own numbers enter, the margin of a tie, is computed
    from ours instead.

    Args:
        records: Final runs, one setting for each model; those of other data sets are left out.
        dataset: Key of the data set.
        dimensions: The intrinsic dimension of data sets, as far as it was measured.

    Raises:
        InputError: A model has two final runs with one seed.
    """
    evidence = Evidence.gather(records, {dataset: STUDY.arm_of}, dimensions=dimensions)
    rules = sorted(CLAIMS, key=lambda rule: rule.claim)
    return [rule.judge_on(evidence, (dataset,)) for rule in rules]
