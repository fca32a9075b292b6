"""The rules by which each claim is judged."""

from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np
import pandas as pd

from replication import paper
from replication.experiments import table2
from replication.experiments.dimensions import recorded_dimension
from replication.experiments.protocol import DATASETS, MINIMUM_SEEDS
from replication.experiments.records import Record
from replication.paper import MODEL_LABELS, MODEL_ORDER
from replication.verdicts import argued_claims, table2_claims
from replication.verdicts.bounds import (
    ABOUT,
    FLAT,
    LARGE,
    MUCH,
    SMALL,
    SPREAD,
    STRONG,
    TELLS,
)
from replication.verdicts.correlations import over_models, rank_correlation
from replication.verdicts.curve import fall, peak_radius, printed_bump, printed_distance, rise
from replication.verdicts.evidence import Evidence
from replication.verdicts.printed_table1 import printed_gap, printed_ratio, table1_rows
from replication.verdicts.spectrum import count_above
from replication.verdicts.statistics import (
    Estimate,
    binomial_half_width,
)
from replication.verdicts.verdict import (
    Outcome,
    Part,
    Verdict,
    above,
    below,
    not_below,
    place_label,
    within,
)

_Rule = Callable[[Evidence], Iterator[Part]]


def judge(records: Sequence[Record]) -> list[Verdict]:
    """Judge every claim of the paper, in order, as far as records carry it.

    Args:
        records: Final runs of Tables 1 and 2, one setting for each model (column) and data set.

    Raises:
        InputError: A model has two final runs with one seed.
    """
    evidence = {name: Evidence.gather(records, name) for name in DATASETS}
    sets = {name: Evidence.gather(records, name, table2.column_of) for name in table2.ROWS}
    verdicts = []
    for claim in paper.claims():
        if claim.number in table2_claims.RULES:
            verdicts.append(_judge_table2(claim.number, sets))
        elif claim.number in argued_claims.RULES:
            verdicts.append(_judge_argument(claim.number, evidence))
        else:
            verdicts.append(_judge_table1(claim.number, evidence))
    return verdicts


def judge_elsewhere(records: Sequence[Record], dataset: str) -> list[Verdict]:
    """Judge the claims on Table 1 and Figures 1 and 2 on a data set that the paper does not have.

    The rules are the same. What the paper's own numbers enter, the margin of a tie, is computed
    from ours instead.

    Args:
        records: Final runs, one setting for each model; those of other data sets are left out.
        dataset: Key of the data set.

    Raises:
        InputError: A model has two final runs with one seed.
    """
    evidence = Evidence.gather(records, dataset)
    return [
        Verdict(
            number,
            tuple(_with_enough_seeds(part, evidence, MINIMUM_SEEDS) for part in rule(evidence)),
        )
        for number, (rule, _) in sorted(_RULES.items())
    ]


def rules() -> dict[int, str]:
    """Return for each claim that has a rule so far what is compared, in a sentence."""
    documented: list[tuple[int, Callable]] = [
        (number, rule) for number, (rule, _) in _RULES.items()
    ]
    documented += [(number, rule) for number, (rule, _, _) in table2_claims.RULES.items()]
    documented += [(number, rule) for number, (rule, _) in argued_claims.RULES.items()]
    sentences = {number: (rule.__doc__ or "").partition(": ")[2] for number, rule in documented}
    return {number: " ".join(sentence.split()) for number, sentence in sorted(sentences.items())}


def _judge_table1(number: int, evidence: Mapping[str, Evidence]) -> Verdict:
    rule, datasets = _RULES[number]
    parts: list[Part] = []
    missing = []
    for name in datasets:
        found = list(rule(evidence[name]))
        parts += [_with_enough_seeds(part, evidence[name], MINIMUM_SEEDS) for part in found]
        if not found:
            missing.append(place_label(name))
    return Verdict(number, tuple(parts), tuple(missing))


def _judge_argument(number: int, evidence: Mapping[str, Evidence]) -> Verdict:
    rule, places = argued_claims.RULES[number]
    parts = [
        _with_enough_seeds(part, evidence[part.dataset], MINIMUM_SEEDS)
        if part.dataset in evidence
        else part
        for part in rule(evidence)
    ]
    judged = {part.dataset for part in parts}
    missing = tuple(place_label(place) for place in places if place not in judged)
    return Verdict(number, tuple(parts), missing)


def _judge_table2(number: int, sets: Mapping[str, Evidence]) -> Verdict:
    rule, datasets, columns = table2_claims.RULES[number]
    parts = []
    for part in rule(sets):
        for evidence in sets.values():
            if _used_seeds(part, evidence):  # a count uses several sets
                part = _with_enough_seeds(part, evidence, table2.MINIMUM_SEEDS)
        parts.append(part)
    missing = [place_label(name) for name in datasets if not sets[name].has(*columns)]
    return Verdict(number, tuple(parts), tuple(missing))


def _with_enough_seeds(part: Part, evidence: Evidence, minimum: int) -> Part:
    """Take the verdict back where too few seeds of a data set speak."""
    used = _used_seeds(part, evidence)
    if len(used) >= minimum:
        return part
    note = f"{len(used)} seeds; a verdict needs {minimum}"
    fields = {**vars(part), "outcome": Outcome.CANNOT_TELL}
    return Part(**{**fields, "note": f"{part.note}; {note}" if part.note else note})


def _used_seeds(part: Part, evidence: Evidence) -> set[int]:
    return {
        seed
        for runs in evidence.runs.values()
        for seed, record in runs.items()
        if record.id in part.records
    }


def _improves(e: Evidence) -> Iterator[Part]:
    """Claim 1: the test error of AE and of AE+wd with that of the CAE."""
    for other in ("ae", "ae-wd"):
        if e.has(other, "cae"):
            d = e.error_difference(other, "cae")
            yield Part(
                e.dataset,
                f"error of {MODEL_LABELS[other]} minus error of CAE",
                "the 95 % interval lies above 0",
                d,
                "points",
                above(d, 0),
                printed_gap(e.dataset, other, "cae"),
                d.explain(),
                e.ids(other, "cae"),
            )


def _best(e: Evidence) -> Iterator[Part]:
    """Claim 2: the test error of each other model with that of the CAE, a match being enough."""
    yield from _matches(e, [m for m in MODEL_ORDER if m != "cae"])


def _competes(e: Evidence) -> Iterator[Part]:
    """Claim 20: test errors as for claim 2, and how many singular values are large."""
    yield from _matches(e, ["dae-g", "dae-b", "rbm"])
    for other in ("dae-g", "dae-b", "rbm"):
        yield from _more_above(e, other, "cae", LARGE)


def _matches(e: Evidence, others: Sequence[str]) -> Iterator[Part]:
    for other in others:
        if not e.has(other, "cae"):
            continue
        d = e.error_difference(other, "cae")
        if len(table1_rows(e.dataset)):
            margin, whose = tie_margin(e.dataset, d.examples), "the paper's own"
        else:
            error = float(np.mean([r.results["test_error"] for r in e.common(other, "cae")[1]]))
            margin, whose = binomial_half_width(error, d.examples), "such a"
        yield Part(
            e.dataset,
            f"error of {MODEL_LABELS[other]} minus error of CAE",
            f"the 95 % interval lies above -{margin:.2f}, what {whose} test set could "
            "resolve, and is not wholly below 0",
            d,
            "points",
            not_below(d, margin),
            printed_gap(e.dataset, other, "cae"),
            d.explain(),
            e.ids(other, "cae"),
        )


def tie_margin(dataset: str, examples: int) -> float:
    """Half of the 95 % interval of the paper's CAE error, in points: a gap that is a match.

    Args:
        dataset: Key of the data set.
        examples: Number of test examples.
    """
    return binomial_half_width(float(table1_rows(dataset).loc["cae", "test_error"]), examples)


def _correlates(e: Evidence) -> Iterator[Part]:
    """Claim 3: the rank correlation over models of Jacobian measure and test error with 0."""
    models = [m for m in MODEL_ORDER if m in e.runs]
    if len(models) < 5 or not e.has(*models):
        return
    value = over_models(e, models, "jacobian_mean_square")
    printed = table1_rows(e.dataset)
    yield Part(
        e.dataset,
        f"rank correlation of Jacobian measure and test error over {len(models)} models",
        f"the correlation is at least {STRONG:g} and its 95 % interval lies above 0; not "
        f"reproduced if the interval lies below {STRONG:g}",
        value,
        "",
        strongly(value),
        rank_correlation(printed["jacobian_mean_square"], printed["test_error"])
        if len(printed)
        else None,
        "",
        e.ids(*models),
    )


def strongly(correlation: Estimate) -> Outcome:
    """Judge claim 3's "correlates strongly".

    Args:
        correlation: Rank correlation with its interval.
    """
    if correlation.high < STRONG:
        return Outcome.NOT_REPRODUCED
    if not correlation.low > 0:  # nor where there is no interval
        return Outcome.CANNOT_TELL
    return Outcome.REPRODUCED if correlation.value >= STRONG else Outcome.PARTLY


def _smallest_jacobian(e: Evidence) -> Iterator[Part]:
    """Claim 4: the mean squared Jacobian entry of each other model with the CAE's."""
    for other in [m for m in MODEL_ORDER if m != "cae"]:
        if e.has(other, "cae"):
            ratio = e.difference(other, "cae", _jacobian, ratio=True)
            yield Part(
                e.dataset,
                f"mean squared Jacobian entry, {MODEL_LABELS[other]} over CAE",
                "the 95 % interval over seeds lies above 1",
                ratio,
                "times",
                above(ratio, 1),
                printed_ratio(e.dataset, other, "cae", "jacobian_mean_square"),
                "",
                e.ids(other, "cae"),
            )


def _most_saturated(e: Evidence) -> Iterator[Part]:
    """Claim 5: the share of saturated units of the CAE with each other model's."""
    for other in [m for m in MODEL_ORDER if m != "cae"]:
        if e.has(other, "cae"):
            d = e.difference("cae", other, _saturation)
            yield Part(
                e.dataset,
                f"saturated units, CAE minus {MODEL_LABELS[other]}",
                "the 95 % interval over seeds lies above 0",
                d,
                "points",
                above(d, 0),
                printed_gap(e.dataset, "cae", other, "saturation"),
                "",
                e.ids(other, "cae"),
            )


def _others_fall(e: Evidence) -> Iterator[Part]:
    """Claim 12: the largest ratio of each curve (AE, AE+wd, DAE-b, RBM) with its first."""
    for model in ("ae", "ae-wd", "dae-b", "rbm"):
        if e.has(model):
            value = e.mean(model, lambda r: rise(r["curve"]))
            yield Part(
                e.dataset,
                f"rise of the curve of {MODEL_LABELS[model]} above its first point",
                f"the 95 % interval over seeds lies below {FLAT:g}",
                value,
                "share",
                below(value, FLAT),
                _printed_curve(e.dataset, model, rise),
                "",
                e.ids(model),
            )


def _cae_bump(e: Evidence) -> Iterator[Part]:
    """Claim 13: the largest ratio of the CAE's curve with its first and its last."""
    for statement, shape in (
        ("rise of the curve of CAE above its first point", rise),
        ("fall of the curve of CAE behind its bump", fall),
    ):
        if e.has("cae"):
            value = e.mean("cae", lambda r, shape=shape: shape(r["curve"]))  # type: ignore[misc]
            yield Part(
                e.dataset,
                statement,
                f"the 95 % interval over seeds lies above {FLAT:g}",
                value,
                "share",
                above(value, FLAT),
                _printed_curve(e.dataset, "cae", shape),
                "",
                e.ids("cae"),
            )


def _bump_place(e: Evidence) -> Iterator[Part]:
    """Claim 14: the radius of the CAE's bump with the mean distance to the farthest example."""
    if not e.has("cae") or any("distances" not in r.results for r in e.runs["cae"].values()):
        return
    value = e.mean("cae", lambda r: peak_radius(r["curve"]) / r["distances"]["max"])
    yield Part(
        e.dataset,
        "radius of the bump over the mean distance to the farthest example",
        f"the 95 % interval over seeds lies within a factor {ABOUT:g} of 1",
        value,
        "times",
        within(value, 1 / ABOUT, ABOUT),
        _printed_place(e.dataset),
        "",
        e.ids("cae"),
    )


def _weaker_without(e: Evidence) -> Iterator[Part]:
    """Claim 15: the first ratio of each other model's curve with the CAE's."""
    for other in [m for m in MODEL_ORDER if m != "cae"]:
        if e.has(other, "cae"):
            ratio = e.difference(other, "cae", lambda r: r["curve"]["ratio"][0], ratio=True)
            first = _printed_curve(e.dataset, other, lambda c: c["ratio"][0])
            cae = _printed_curve(e.dataset, "cae", lambda c: c["ratio"][0])
            yield Part(
                e.dataset,
                f"contraction ratio next to the data, {MODEL_LABELS[other]} over CAE",
                f"the 95 % interval over seeds lies above {MUCH:g}",
                ratio,
                "times",
                above(ratio, MUCH),
                first / cae if first and cae else None,
                "",
                e.ids(other, "cae"),
            )


def _concentrates(e: Evidence) -> Iterator[Part]:
    """Claim 16: how many singular values exceed two thresholds, in each other model and in the CAE;
    how many exceed the larger one in AE and AE+wd, and in either DAE; and whether a large share of
    all exceeds it in AE and AE+wd.
    """
    for threshold in (LARGE, SMALL):
        for other in ("ae", "ae-wd", "dae-g", "dae-b"):
            yield from _more_above(e, other, "cae", threshold)
    for denoising in ("dae-g", "dae-b"):
        for other in ("ae", "ae-wd"):
            yield from _more_above(e, other, denoising, LARGE)
    for model in ("ae", "ae-wd"):
        if e.has(model) and _has_spectra(e, model):
            size = len(next(iter(e.runs[model].values())).results["spectrum"]["singular_value"])
            share = e.mean(model, lambda r, size=size: count_above(r, LARGE) / size)  # type: ignore[misc]
            printed = _printed_count(e.dataset, model, LARGE)
            yield Part(
                e.dataset,
                f"share of singular values above {LARGE:g}, {MODEL_LABELS[model]}",
                f"the 95 % interval over seeds lies above {SPREAD:g}",
                share,
                "share",
                above(share, SPREAD),
                None if printed is None else printed / size,
                "",
                e.ids(model),
            )


def _tells_dimension(e: Evidence) -> Iterator[Part]:
    """Claim 17: how many singular values of the CAE exceed 0.5 with the dimension that distances
    between neighbours give; and with how many exceed 0.1.
    """
    found = recorded_dimension(e.dataset)
    if not e.has("cae") or not _has_spectra(e, "cae") or found is None:
        return
    large, small = (_printed_count(e.dataset, "cae", threshold) for threshold in (LARGE, SMALL))
    value = e.mean("cae", lambda r: count_above(r, LARGE) / found.estimate)
    yield Part(
        e.dataset,
        f"singular values of CAE above {LARGE:g} over the data's dimension",
        f"the 95 % interval over seeds lies within a factor {TELLS:g} of 1",
        value,
        "times",
        within(value, 1 / TELLS, TELLS),
        None if large is None else large / found.estimate,
        f"dimension {found.estimate:.1f}, from {found.smallest:.1f} to {found.largest:.1f} by the "
        "number of neighbours",
        e.ids("cae"),
    )
    value = e.mean("cae", lambda r: count_above(r, SMALL) / max(1, count_above(r, LARGE)))
    yield Part(
        e.dataset,
        f"singular values of CAE above {SMALL:g} over those above {LARGE:g}",
        f"the 95 % interval over seeds lies below {TELLS:g}: a dimension does not hang on what "
        "counts as large",
        value,
        "times",
        below(value, TELLS),
        None if large is None or small is None else small / large,
        "",
        e.ids("cae"),
    )


def _more_above(e: Evidence, more: str, fewer: str, threshold: float) -> Iterator[Part]:
    if not e.has(more, fewer) or not _has_spectra(e, more, fewer):
        return
    d = e.difference(more, fewer, lambda r: count_above(r, threshold))
    printed = [_printed_count(e.dataset, model, threshold) for model in (more, fewer)]
    bounded = None not in printed and any(_is_bound(model, threshold) for model in (more, fewer))
    yield Part(
        e.dataset,
        f"singular values above {threshold:g}, {MODEL_LABELS[more]} minus {MODEL_LABELS[fewer]}",
        "the 95 % interval over seeds lies above 0",
        d,
        "values",
        above(d, 0),
        None if None in printed else float(printed[0] - printed[1]),  # type: ignore[operator]
        "the paper's figure ends there: at least so many" if bounded else "",
        e.ids(more, fewer),
    )


# Claim -> rule, and the data sets that the claim speaks of.
_RULES: dict[int, tuple[_Rule, tuple[str, ...]]] = {
    1: (_improves, DATASETS),
    2: (_best, DATASETS),
    3: (_correlates, DATASETS),
    4: (_smallest_jacobian, DATASETS),
    5: (_most_saturated, DATASETS),
    12: (_others_fall, DATASETS),
    13: (_cae_bump, DATASETS),
    14: (_bump_place, DATASETS),
    15: (_weaker_without, DATASETS),
    16: (_concentrates, ("cifar-bw",)),
    17: (_tells_dimension, DATASETS),
    20: (_competes, DATASETS),
}


def _jacobian(results: dict) -> float:
    return results["jacobian_mean_square"]


def _saturation(results: dict) -> float:
    return results["saturation"]


def _has_spectra(e: Evidence, *models: str) -> bool:
    return all(r.results.get("spectrum") for model in models for r in e.runs[model].values())


def _printed_count(dataset: str, model: str, threshold: float) -> int | None:
    """What Figure 2 shows, which has one data set; where it shows a bound, that."""
    found = _counts(model, threshold)
    return int(found["count"].iloc[0]) if dataset == "cifar-bw" and len(found) else None


def _is_bound(model: str, threshold: float) -> bool:
    return bool((_counts(model, threshold)["bound"] != "none").any())


def _counts(model: str, threshold: float) -> pd.DataFrame:
    counts = paper.counts()
    return counts[(counts["model"] == model) & (counts["threshold"] == threshold)]


def _printed_place(dataset: str) -> float | None:
    """Where the paper's bump is, over its largest distance; it has curves of two data sets."""
    if dataset not in DATASETS:
        return None
    return printed_bump(dataset, 1) / printed_distance(dataset, "max")


def _printed_curve(dataset: str, model: str, shape: Callable[[dict], float]) -> float | None:
    if dataset not in DATASETS:
        return None
    points = paper.figure1(dataset)
    points = points[points["model"] == model]
    return shape(points.to_dict("list")) if len(points) else None
