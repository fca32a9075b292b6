"""The rules for the claims on Figures 1 and 2: contraction curves and spectra."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import pandas as pd

from replication import paper
from replication.kinds import KINDS
from replication.paper import MODEL_ORDER
from replication.studies.table1.plan import DATASETS, MINIMUM_SEEDS, STUDY
from replication.verdicts.bounds import ABOUT, FLAT, LARGE, MUCH, SMALL, SPREAD, TELLS
from replication.verdicts.claim_rule import ClaimRule, on_each
from replication.verdicts.curve import fall, peak_radius, rise
from replication.verdicts.estimate import Estimate, exactly
from replication.verdicts.evidence import Evidence
from replication.verdicts.printed import is_printed, printed_bump, printed_distance
from replication.verdicts.rules import AboutOne, Above, Below
from replication.verdicts.runs import Runs
from replication.verdicts.spectrum import count_above
from replication.verdicts.verdict import Part

_Curve = Mapping[str, Any]
_DRAWN = "cifar-bw"  # the data set of Figure 2


def _others_fall(e: Runs) -> Iterator[Part]:
    for model in ("ae", "ae-wd", "dae-b", "rbm"):
        if e.has(model):
            yield Part(
                dataset=e.dataset,
                statement=f"rise of the curve of {KINDS[model].label} above its first point",
                rule=Below(bound=FLAT, over="seeds"),
                estimate=e.mean(model, lambda r: rise(r["curve"])),
                unit="share",
                paper=_printed_curve(e.dataset, model, rise),
                is_papers=is_printed(e.dataset, model),
                records=e.ids(model),
            )


def _cae_bump(e: Runs) -> Iterator[Part]:
    shapes: tuple[tuple[str, Callable[[_Curve], float]], ...] = (
        ("rise of the curve of CAE above its first point", rise),
        ("fall of the curve of CAE behind its bump", fall),
    )
    for statement, shape in shapes:
        if e.has("cae"):
            yield Part(
                dataset=e.dataset,
                statement=statement,
                rule=Above(bound=FLAT, over="seeds"),
                estimate=e.mean("cae", lambda r, shape=shape: shape(r["curve"])),  # type: ignore[misc]
                unit="share",
                paper=_printed_curve(e.dataset, "cae", shape),
                records=e.ids("cae"),
            )


def _bump_place(e: Runs) -> Iterator[Part]:
    if e.has("cae") and e.measured("distances", "cae"):
        yield Part(
            dataset=e.dataset,
            statement="radius of the bump over the mean distance to the farthest example",
            rule=AboutOne(factor=ABOUT, over="seeds"),
            estimate=e.mean("cae", lambda r: peak_radius(r["curve"]) / r["distances"]["max"]),
            unit="times",
            paper=_printed_place(e.dataset),
            neutral=1.0,
            records=e.ids("cae"),
        )


def _weaker_without(e: Runs) -> Iterator[Part]:
    for other in [m for m in MODEL_ORDER if m != "cae"]:
        if e.has(other, "cae"):
            first = _printed_curve(e.dataset, other, lambda c: c["ratio"][0])
            cae = _printed_curve(e.dataset, "cae", lambda c: c["ratio"][0])
            yield Part(
                dataset=e.dataset,
                statement=f"contraction ratio next to the data, {KINDS[other].label} over CAE",
                rule=Above(bound=MUCH, over="seeds"),
                estimate=e.difference(other, "cae", lambda r: r["curve"]["ratio"][0], ratio=True),
                unit="times",
                paper=exactly(first.value / cae.value) if first and cae else None,
                neutral=1.0,
                is_papers=is_printed(e.dataset, other, "cae"),
                records=e.ids(other, "cae"),
            )


def _concentrates(e: Runs) -> Iterator[Part]:
    for threshold in (LARGE, SMALL):
        for other in ("ae", "ae-wd", "dae-g", "dae-b"):
            yield from more_above(e, other, "cae", threshold)
    for denoising in ("dae-g", "dae-b"):
        for other in ("ae", "ae-wd"):
            yield from more_above(e, other, denoising, LARGE)
    for model in ("ae", "ae-wd"):
        if e.has(model) and e.measured("spectrum", model):
            size = len(next(iter(e.runs[model].values())).results["spectrum"]["singular_value"])
            printed = _printed_count(e.dataset, model, LARGE)
            yield Part(
                dataset=e.dataset,
                statement=f"share of singular values above {LARGE:g}, {KINDS[model].label}",
                rule=Above(bound=SPREAD, over="seeds"),
                estimate=e.mean(model, lambda r, size=size: count_above(r, LARGE) / size),  # type: ignore[misc]
                unit="share",
                paper=None if printed is None else exactly(printed / size),
                records=e.ids(model),
            )


def _tells_dimension(evidence: Evidence, places: Sequence[str]) -> Iterator[Part]:
    for name in places:
        e, found = evidence.on(name), evidence.dimensions.get(name)
        if found is None or not e.has("cae") or not e.measured("spectrum", "cae"):
            continue
        large, small = (_printed_count(name, "cae", threshold) for threshold in (LARGE, SMALL))
        yield Part(
            dataset=name,
            statement=f"singular values of CAE above {LARGE:g} over the data's dimension",
            rule=AboutOne(factor=TELLS, over="seeds"),
            estimate=e.mean(
                "cae",
                lambda r, found=found: count_above(r, LARGE) / found.estimate,  # type: ignore[misc]
            ),
            unit="times",
            paper=None if large is None else exactly(large / found.estimate),
            neutral=1.0,
            is_papers=_is_drawn(name, "cae"),
            note=f"dimension {found.estimate:.1f}, from {found.smallest:.1f} to "
            f"{found.largest:.1f} by the number of neighbours",
            records=e.ids("cae"),
        )
        yield Part(
            dataset=name,
            statement=f"singular values of CAE above {SMALL:g} over those above {LARGE:g}",
            rule=Below(
                bound=TELLS,
                over="seeds",
                because="a dimension does not hang on what counts as large",
            ),
            estimate=e.mean("cae", lambda r: count_above(r, SMALL) / max(1, count_above(r, LARGE))),
            unit="times",
            paper=None if large is None or small is None else exactly(small / large),
            neutral=1.0,
            is_papers=_is_drawn(name, "cae"),
            records=e.ids("cae"),
        )


def more_above(e: Runs, more: str, fewer: str, threshold: float) -> Iterator[Part]:
    """Compare how many singular values of two models exceed a threshold.

    Args:
        e: The runs of one data set.
        more: Key of the model that the claim gives more of them.
        fewer: Key of the other model.
        threshold: What a value has to exceed.
    """
    if not e.has(more, fewer) or not e.measured("spectrum", more, fewer):
        return
    printed = [_printed_count(e.dataset, model, threshold) for model in (more, fewer)]
    bounded = None not in printed and any(_is_bound(model, threshold) for model in (more, fewer))
    names = f"{KINDS[more].label} minus {KINDS[fewer].label}"
    yield Part(
        dataset=e.dataset,
        statement=f"singular values above {threshold:g}, {names}",
        rule=Above(bound=0, over="seeds"),
        estimate=e.difference(more, fewer, lambda r: count_above(r, threshold)),
        unit="values",
        paper=None if None in printed else exactly(printed[0] - printed[1]),  # type: ignore[operator]
        is_papers=_is_drawn(e.dataset, more, fewer),
        note="the paper's figure ends there: at least so many" if bounded else "",
        records=e.ids(more, fewer),
    )


def _is_drawn(dataset: str, *models: str) -> bool:
    """Whether Figure 2 has these curves; of data that the paper lacks, none is missing."""
    if dataset not in DATASETS:
        return True
    return dataset == _DRAWN and set(models) <= set(paper.counts()["model"])


def _printed_count(dataset: str, model: str, threshold: float) -> int | None:
    """What Figure 2 shows; where it shows a bound, that."""
    found = _counts(model, threshold)
    return int(found["count"].iloc[0]) if dataset == _DRAWN and len(found) else None


def _is_bound(model: str, threshold: float) -> bool:
    return bool((_counts(model, threshold)["bound"] != "none").any())


def _counts(model: str, threshold: float) -> pd.DataFrame:
    counts = paper.counts()
    return counts[(counts["model"] == model) & (counts["threshold"] == threshold)]


def _printed_place(dataset: str) -> Estimate | None:
    """Where the paper's bump is, over its largest distance; it has curves of two data sets."""
    if dataset not in DATASETS:
        return None
    return exactly(printed_bump(dataset, 1) / printed_distance(dataset, "max"))


def _printed_curve(dataset: str, model: str, shape: Callable[[_Curve], float]) -> Estimate | None:
    if dataset not in DATASETS:
        return None
    points = paper.figure1(dataset)
    points = points[points["model"] == model]
    return exactly(shape(points.to_dict("list"))) if len(points) else None


_claim = partial(
    ClaimRule,
    places=DATASETS,
    minimum_seeds=MINIMUM_SEEDS,
    page="contraction",
    commands=(STUDY.again,),
)
FIGURE_CLAIMS: tuple[ClaimRule, ...] = (
    _claim(
        claim=12,
        compares="the largest ratio of each curve (AE, AE+wd, DAE-b, RBM) with its first.",
        comparisons=on_each(_others_fall),
    ),
    _claim(
        claim=13,
        compares="the largest ratio of the CAE's curve with its first and its last.",
        comparisons=on_each(_cae_bump),
    ),
    _claim(
        claim=14,
        compares="the radius of the CAE's bump with the mean distance to the farthest example.",
        comparisons=on_each(_bump_place),
    ),
    _claim(
        claim=15,
        compares="the first ratio of each other model's curve with the CAE's.",
        comparisons=on_each(_weaker_without),
    ),
    _claim(
        claim=16,
        compares="how many singular values exceed two thresholds, in each other model and in the "
        "CAE; how many exceed the larger one in AE and AE+wd, and in either DAE; and whether a "
        "large share of all exceeds it in AE and AE+wd.",
        comparisons=on_each(_concentrates),
        places=(_DRAWN,),
        page="spectrum",
        commands=(STUDY.again,),
    ),
    _claim(
        claim=17,
        compares=f"how many singular values of the CAE exceed {LARGE:g} with the dimension that "
        f"distances between neighbours give; and with how many exceed {SMALL:g}.",
        comparisons=_tells_dimension,
        page="spectrum",
    ),
)
