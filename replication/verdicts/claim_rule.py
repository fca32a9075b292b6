"""How one claim is judged, as a value that says so itself."""

import dataclasses
from collections.abc import Callable, Iterator, Sequence

from replication.verdicts.evidence import Evidence
from replication.verdicts.runs import Runs
from replication.verdicts.verdict import Part, Verdict, place_label

Comparisons = Callable[[Evidence, Sequence[str]], Iterator[Part]]


@dataclasses.dataclass(frozen=True, kw_only=True)
class ClaimRule:
    """The rule of one claim.

    Attributes:
        claim: Number of the claim.
        compares: What is compared, in a sentence.
        comparisons: Takes the evidence, and what to look at of `places`, to the comparisons.
        places: What the claim speaks of: data sets, or what stands in their place.
        needs: Models (columns) without which a place is not fully judged; where there are none, a
            place is judged if there is a comparison on it.
        minimum_seeds: Fewer decide nothing.
        page: The page that shows it.
        commands: Commands that make its runs again.
    """

    claim: int
    compares: str
    comparisons: Comparisons
    places: tuple[str, ...]
    needs: tuple[str, ...] = ()
    minimum_seeds: int
    page: str
    commands: tuple[str, ...]

    def judge(self, evidence: Evidence) -> Verdict:
        """Judge the claim as far as the evidence carries it.

        Args:
            evidence: All that is known.
        """
        verdict = self.judge_on(evidence, self.places)
        if self.needs:
            complete = {name for name in self.places if evidence.on(name).has(*self.needs)}
        else:
            complete = {part.dataset for part in verdict.parts}
        missing = tuple(place_label(name) for name in self.places if name not in complete)
        return dataclasses.replace(verdict, missing=missing)

    def judge_on(self, evidence: Evidence, places: Sequence[str]) -> Verdict:
        """Judge the claim on places of the reader's choice, on which nothing is called missing.

        Args:
            evidence: All that is known.
            places: Data sets.
        """
        return Verdict(
            self.claim,
            tuple(self._checked(part, evidence) for part in self.comparisons(evidence, places)),
        )

    def _checked(self, part: Part, evidence: Evidence) -> Part:
        """Take the decision back where too few seeds of a data set speak."""
        for runs in evidence.runs.values():
            used = {
                seed
                for by_seed in runs.runs.values()
                for seed, record in by_seed.items()
                if record.id in part.records
            }
            if used and len(used) < self.minimum_seeds:
                note = f"{len(used)} seeds; a verdict needs {self.minimum_seeds}"
                note = f"{part.note}; {note}" if part.note else note
                part = dataclasses.replace(part, note=note, has_enough_seeds=False)
        return part


def on_each(rule: Callable[[Runs], Iterator[Part]]) -> Comparisons:
    """Apply a rule on the runs of one data set to each data set.

    Args:
        rule: Takes the runs to the comparisons.
    """

    def comparisons(evidence: Evidence, places: Sequence[str]) -> Iterator[Part]:
        for name in places:
            yield from rule(evidence.on(name))

    return comparisons
