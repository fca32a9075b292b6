"""Everything that a rule may look at, in one value that is handed in."""

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from replication.engine.records import Record
from replication.engine.settings import Settings
from replication.measures.intrinsic_dimension import IntrinsicDimension
from replication.verdicts.runs import Runs


@dataclasses.dataclass(frozen=True, kw_only=True)
class Evidence:
    """What is known. Without any, nothing is judged.

    Attributes:
        runs: Final runs, by data set.
        dimensions: The intrinsic dimension of data sets, by data set.
        arguments: What was measured of the paper's arguments, by argument.
        speeds: What the measurement of speed found; None if nothing.
        nested: Stacks of CAEs and their own lower parts, by data set: depth is all that differs.
    """

    runs: Mapping[str, Runs] = dataclasses.field(default_factory=dict)
    dimensions: Mapping[str, IntrinsicDimension] = dataclasses.field(default_factory=dict)
    arguments: Mapping[str, Mapping[str, Any]] = dataclasses.field(default_factory=dict)
    speeds: Mapping[str, Any] | None = None
    nested: Mapping[str, Runs] = dataclasses.field(default_factory=dict)

    @classmethod
    def gather(
        cls,
        records: Sequence[Record],
        places: Mapping[str, Callable[[Settings], str | None]],
        **measured: Any,
    ) -> "Evidence":
        """Arrange records of final runs, beside what else was measured.

        Args:
            records: Final runs, one setting for each model (column) and data set.
            places: Data set -> what takes a run there to the name under which it counts, None if
                it does not. Records of other data sets are left out.
            **measured: The other attributes.

        Raises:
            InputError: A model has two final runs with one seed.
        """
        runs = {name: Runs.gather(records, name, name_of) for name, name_of in places.items()}
        return cls(runs=runs, **measured)

    def on(self, dataset: str) -> Runs:
        """Return the final runs on a data set, of which there may be none."""
        return self.runs.get(dataset) or Runs(dataset, {})

    def on_nested(self, dataset: str) -> Runs:
        """Return the stacks on a data set with their lower parts, of which there may be none."""
        return self.nested.get(dataset) or Runs(dataset, {})
