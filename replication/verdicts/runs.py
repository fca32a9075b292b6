"""The final runs of one data set, arranged for comparisons of models."""

import dataclasses
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from replication.engine.records import Record
from replication.engine.results import NotMeasured, Results
from replication.engine.settings import Settings
from replication.errors import InputError
from replication.verdicts.estimate import Estimate
from replication.verdicts.statistics import (
    ErrorDifference,
    error_difference,
    mean_interval,
    seed_difference,
)


@dataclasses.dataclass(frozen=True)
class Runs:
    """Records of one data set, by model and seed.

    Attributes:
        dataset: Key of the data set.
        runs: For each model (in Table 2: column) its records by their seeds, in order. A model
            without randomness has one record, under every seed of the others.
    """

    dataset: str
    runs: Mapping[str, Mapping[int, Record]]

    @classmethod
    def gather(
        cls,
        records: Sequence[Record],
        dataset: str,
        name_of: Callable[[Settings], str | None] = lambda settings: settings.model,
    ) -> "Runs":
        """Arrange records of final runs; those of other data sets are left out.

        Args:
            records: Final runs with one setting for each model (column).
            dataset: Key of the data set.
            name_of: Takes a run to the name under which it counts: its model in Table 1,
                its column in Table 2. None leaves it out.

        Raises:
            InputError: Two records with one seed have one name, so it is not clear which counts.
        """
        runs: dict[str, dict[int, Record]] = {}
        for record in sorted(records, key=lambda r: r.settings.seed):
            name, seed = name_of(record.settings), record.settings.seed
            if record.settings.dataset != dataset or name is None:
                continue
            by_seed = runs.setdefault(name, {})
            if seed in by_seed:
                raise InputError(
                    f"{name} on {dataset} has two final runs with seed {seed}: "
                    f"{by_seed[seed].id} and {record.id}"
                )
            by_seed[seed] = record
        seeds = sorted({seed for by_seed in runs.values() for seed in by_seed})
        for name, by_seed in runs.items():
            if len(by_seed) == 1 and not next(iter(by_seed.values())).settings.kind.is_net:
                runs[name] = dict.fromkeys(seeds, *by_seed.values())
        return cls(dataset, runs)

    def measured(self, name: str, *models: str) -> bool:
        """Say whether every run of these models has a result.

        Args:
            name: Name of the result.
            models: Keys of the models.
        """
        return all(r.results.has(name) for model in models for r in self.runs[model].values())

    def mean_error(self, model: str) -> float:
        """Compute the mean test error of a model over its seeds, percent."""
        return float(np.mean([r.results.test_error for r in self.runs[model].values()]))

    def has(self, *models: str) -> bool:
        """Say whether there are two common seeds of all these models."""
        return all(model in self.runs for model in models) and len(self.seeds(*models)) > 1

    def seeds(self, *models: str) -> list[int]:
        """Return the seeds that all these models have."""
        return sorted(set.intersection(*(set(self.runs.get(model, {})) for model in models)))

    def common(self, *models: str) -> list[tuple[Record, ...]]:
        """Return for each model its records with the seeds that all have."""
        seeds = self.seeds(*models)
        return [tuple(self.runs[model][seed] for seed in seeds) for model in models]

    def ids(self, *models: str) -> tuple[str, ...]:
        """Return the ids of the records that a comparison of these models uses."""
        ids = (record.id for runs in self.common(*models) for record in runs)
        return tuple(dict.fromkeys(ids))

    def mistakes(self, *models: str) -> list[np.ndarray]:
        """Return for each model its mistakes, booleans of shape (common seeds, examples)."""
        return [
            np.stack([record.results.test_mistakes for record in runs])
            for runs in self.common(*models)
        ]

    def mistakes_of(self, model: str) -> np.ndarray:
        """Return a model's mistakes: booleans of shape (seeds, examples).

        What has no seeds has one row.

        Args:
            model: Key of the model.
        """
        return np.stack([r.results.test_mistakes for r in self._distinct(model)])

    def error_difference(self, worse: str, better: str) -> ErrorDifference:
        """Compute the test error of `worse` minus that of `better`, in points.

        Args:
            worse, better: Keys of the models.
        """
        return error_difference({name: self.mistakes_of(name) for name in self.runs}, worse, better)

    def difference(
        self, first: str, second: str, measure: Callable[[Results], float], ratio: bool = False
    ) -> Estimate:
        """Compare the means of a measure over the seeds of two models.

        The variance from seed to seed is that of all models that have the measure.

        Args:
            first, second: Keys of the models.
            measure: Takes a run's results to a number.
            ratio: Give the ratio of geometric means instead of the difference.

        Raises:
            NotMeasured: One of the two was not measured.
        """
        values = {}
        for model in self.runs:
            try:
                values[model] = self._values(model, measure)
            except NotMeasured:
                if model in (first, second):
                    raise
        return seed_difference(values, first, second, ratio)

    def mean(self, model: str, measure: Callable[[Results], float]) -> Estimate:
        """Estimate the mean of a measure over a model's seeds."""
        return mean_interval(self._values(model, measure))

    def _values(self, model: str, measure: Callable[[Results], float]) -> np.ndarray:
        return np.array([measure(r.results) for r in self._distinct(model)])

    def _distinct(self, model: str) -> list[Record]:
        """A model's records, each once: what has no seeds stands under every seed."""
        return list({r.id: r for r in self.runs[model].values()}.values())
