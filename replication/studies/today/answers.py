"""What the runs say: contractive nets beside their rivals, a line for each question."""

import dataclasses
import itertools
from collections.abc import Mapping, Sequence

import numpy as np

from replication.engine.records import Record
from replication.engine.settings import Settings
from replication.errors import InputError
from replication.studies.today.plan import DATASETS, STUDY, UNIT_KINDS, few_labels
from replication.verdicts.estimate import ALPHA, Estimate
from replication.verdicts.statistics import error_difference, mean_interval, seed_difference

ADVICE = ("use it", "it depends", "don't", "open")


@dataclasses.dataclass(frozen=True)
class Line:
    """A question: is a contractive net better than another one, on every data set?

    Attributes:
        net: Which kind of net both have.
        rival: What stands against contractive pre-training, in words.
        ours, other: Their competitors, with all labels.
        few: Whether they have few labels.
        change: Kind and size of the change of the test pictures; None leaves them as they are.
    """

    net: str
    rival: str
    ours: str
    other: str
    few: bool = False
    change: tuple[str, float] | None = None

    @property
    def pair(self) -> tuple[str, str]:
        """Keys of both competitors, ours first."""
        if self.few:
            return few_labels(self.ours), few_labels(self.other)
        return self.ours, self.other


_NO_PRETRAINING = "no pre-training"
_UNITS = {"sigmoid": "sigmoid units", "tanh": "tanh units", "softplus": "softplus units",
          "relu": "ReLU units"}  # fmt: skip
_RELU, _CONV = _UNITS["relu"], "convolutions"
_AGAINST: tuple[tuple[str, str, str, str], ...] = (
    *(
        (_UNITS[units], rival, f"cae-{units}", f"{other}-{units}")
        for units in UNIT_KINDS
        for rival, other in ((_NO_PRETRAINING, "none"), ("a plain auto-encoder", "ae"))
    ),
    (_RELU, "a denoising auto-encoder", "cae-relu", "dae-g-relu"),
    (_RELU, "dropout", "cae-relu", "dropout-relu"),
    (f"{_RELU}, with dropout", "the same, no pre-training", "cae-dropout-relu", "dropout-relu"),
    (_RELU, "Jacobian regularisation", "cae-relu", "jacobian-relu"),
    (_CONV, _NO_PRETRAINING, "cae-conv", "none-conv"),
    (_CONV, "a plain auto-encoder", "cae-conv", "ae-conv"),
    (_CONV, "dropout", "cae-conv", "dropout-conv"),
)
CHANGES: tuple[tuple[str, float], ...] = (("noise", 0.3), ("rotation", 20.0), ("attack", 0.05))
"""Kind and size of the changes of pictures that a line is about."""
LINES: tuple[Line, ...] = (
    *(Line(*names, few=few) for few in (False, True) for names in _AGAINST),
    *(
        Line(_RELU, rival, "cae-relu", other, change=change)
        for change in CHANGES
        for rival, other in (
            (_NO_PRETRAINING, "none-relu"),
            ("dropout", "dropout-relu"),
            ("Jacobian regularisation", "jacobian-relu"),
        )
    ),
)
"""All questions, in the order of the page."""


@dataclasses.dataclass(frozen=True)
class Answer:
    """What came out of a question.

    Attributes:
        line: The question.
        gains: Data set -> how many points fewer mistakes the contractive net makes. With pictures
            as they are the 95 % interval covers seeds and test set, with changed ones seeds alone.
        by_drawing: The same with few labels, drawing by drawing: what both nets share cancels. Its
            interval covers drawings alone, and the advice does not go by it: it came later.
    """

    line: Line
    gains: Mapping[str, Estimate]
    by_drawing: Mapping[str, Estimate] = dataclasses.field(default_factory=dict)

    @property
    def advice(self) -> str:
        """One of `ADVICE`.

        "use it" where the contractive net makes fewer mistakes on every data set; "don't" where it
        does so on none; else "it depends"; "open" without a data set. Each data set has its share
        of 5 % for being wrong.
        """
        if not self.gains:
            return "open"
        fewer = [sign > 0 for sign in self.signs.values()]
        if all(fewer):
            return "use it"
        return "it depends" if any(fewer) else "don't"

    @property
    def signs(self) -> Mapping[str, int]:
        """Data set -> 1 where it is certain that the contractive net makes fewer mistakes.

        -1 where it is certain that it makes more, else 0. The intervals behind it are so wide that
        those of all data sets hold together in 95 % of cases.
        """
        wider = {name: gain.at(ALPHA / len(self.gains)) for name, gain in self.gains.items()}
        return {name: int(gain.low > 0) - int(gain.high < 0) for name, gain in wider.items()}

    @property
    def is_worse(self) -> bool:
        """Whether the contractive net certainly makes more mistakes on a data set."""
        return -1 in self.signs.values()


def answers(records: Sequence[Record], lines: Sequence[Line] = LINES) -> list[Answer]:
    """Answer questions from final runs, as far as both competitors have at least two seeds.

    Args:
        records: Final runs.
        lines: The questions.
    """
    runs = by_competitor(records)
    return [Answer(line, _gains(line, runs), _by_drawing(line, runs)) for line in lines]


def by_competitor(records: Sequence[Record]) -> dict[str, dict[str, list[Record]]]:
    """Sort final runs: data set -> competitor -> its runs, by seed.

    Args:
        records: Final runs of the study, or those at proof scale.

    Raises:
        InputError: A run is none of these.
    """
    ordered = sorted(records, key=lambda r: (_position(r.settings.dataset), r.settings.seed))
    found: dict[str, dict[str, list[Record]]] = {}
    for dataset, group in itertools.groupby(ordered, key=lambda r: r.settings.dataset):
        arms: dict[str, list[Record]] = {}
        for record in group:
            arms.setdefault(_competitor(record.settings), []).append(record)
        found[dataset] = arms
    return found


def _position(dataset: str) -> int:
    return DATASETS.index(dataset) if dataset in DATASETS else len(DATASETS)


def _competitor(settings: Settings) -> str:
    """The key of a run's competitor."""
    if (key := STUDY.arm_of(settings)) is not None:
        return key
    for key, one in STUDY.proof.items():
        if dataclasses.replace(one, seed=settings.seed, backend=settings.backend) == settings:
            return key
    raise InputError(f"run {settings.id} belongs to no competitor of {STUDY.name}")


def _gains(line: Line, runs: Mapping[str, Mapping[str, Sequence[Record]]]) -> dict[str, Estimate]:
    """How many points fewer mistakes ours makes, on each data set."""
    ours, other = line.pair
    found: dict[str, Estimate] = {}
    for dataset, arms in runs.items():
        if min(len(arms.get(key, ())) for key in (ours, other)) < 2:
            continue
        # All competitors with as many labels count for the variance of the seeds.
        alike = {
            key: of_arm
            for key, of_arm in arms.items()
            if len(of_arm) > 1 and key.endswith(few_labels("")) == line.few
        }
        if line.change is None:
            mistakes = {
                key: np.stack([r.results.test_mistakes for r in of_arm])
                for key, of_arm in alike.items()
            }
            found[dataset] = error_difference(mistakes, other, ours)
        else:
            errors = {
                key: np.array([changed_error(r, *line.change) for r in of_arm])
                for key, of_arm in alike.items()
            }
            found[dataset] = seed_difference(errors, other, ours)
    return found


def _by_drawing(
    line: Line, runs: Mapping[str, Mapping[str, Sequence[Record]]]
) -> dict[str, Estimate]:
    """The same with few labels, of which a seed draws those of both nets."""
    if not line.few:
        return {}
    found = {}
    for dataset, arms in runs.items():
        ours, other = (
            {r.settings.seed: r.results["test_error"] for r in arms.get(key, ())}
            for key in line.pair
        )
        both = sorted(set(ours) & set(other))
        if len(both) > 1:
            found[dataset] = mean_interval(
                np.array([other[seed] - ours[seed] for seed in both]), "drawings"
            )
    return found


def changed_error(record: Record, kind: str, size: float) -> float:
    """Look up the error of a run on changed test pictures, percent.

    Args:
        record: A final run.
        kind: Kind of the change.
        size: One of the sizes that were measured.
    """
    curve = record.results["robustness"][kind]
    return float(curve["error"][curve["size"].index(size)])
