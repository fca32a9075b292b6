"""How one claim is judged, as a value that says so itself."""

import dataclasses
from collections.abc import Callable, Iterator, Sequence

from replication.verdicts.estimate import ALPHA
from replication.verdicts.evidence import Evidence
from replication.verdicts.outcome import ALL, Combination
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
        looks_at: Takes the evidence and a place to the runs that `needs` speaks of.
        page: The page that shows it.
        commands: Commands that train or measure some of it again, whatever is recorded.
        combination: How the comparisons make the verdict.
    """

    claim: int
    compares: str
    comparisons: Comparisons
    places: tuple[str, ...]
    needs: tuple[str, ...] = ()
    minimum_seeds: int
    looks_at: Callable[[Evidence, str], Runs] = Evidence.on
    page: str
    commands: tuple[str, ...]
    combination: Combination = ALL

    def judge(self, evidence: Evidence) -> Verdict:
        """Judge the claim as far as the evidence carries it.

        Args:
            evidence: All that is known.
        """
        verdict = self.judge_on(evidence, self.places)
        if self.needs:
            complete = {
                name for name in self.places if self.looks_at(evidence, name).has(*self.needs)
            }
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
        found = [self._checked(part, evidence) for part in self.comparisons(evidence, places)]
        return Verdict(self.claim, step_down(found), combination=self.combination)

    def _checked(self, part: Part, evidence: Evidence) -> Part:
        """Take the decision back where too few seeds of a data set speak."""
        for runs in (*evidence.runs.values(), *evidence.nested.values()):
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


def step_down(parts: Sequence[Part], alpha: float = ALPHA) -> tuple[Part, ...]:
    """Give each comparison of a claim the level at which it is judged, by Holm's procedure.

    All of them together are wrong about a direction in at most a share `alpha` of claims: of n
    comparisons the most certain one is judged at alpha / n, the next at alpha / (n - 1), and so on
    up to the first that is not decided; that one and all after it are judged at its level.

    Args:
        parts: The comparisons; those that enter no verdict are judged by themselves.
        alpha: The share for all of them together.
    """
    ours = [part for part in parts if part.counts] or [part for part in parts if part.is_papers]
    order = sorted(range(len(ours)), key=lambda place: ours[place].p_value)
    levels = {}
    level, stopped = alpha, False
    for rank, place in enumerate(order):
        if not stopped:
            level = alpha / (len(ours) - rank)
            stopped = ours[place].p_value > level
        levels[id(ours[place])] = level
    return tuple(dataclasses.replace(part, alpha=levels.get(id(part), alpha)) for part in parts)


def on_each(
    rule: Callable[[Runs], Iterator[Part]], looks_at: Callable[[Evidence, str], Runs] = Evidence.on
) -> Comparisons:
    """Apply a rule on the runs of one data set to each data set.

    Args:
        rule: Takes the runs to the comparisons.
        looks_at: Takes the evidence and a data set to the runs.
    """

    def comparisons(evidence: Evidence, places: Sequence[str]) -> Iterator[Part]:
        for name in places:
            yield from rule(looks_at(evidence, name))

    return comparisons
