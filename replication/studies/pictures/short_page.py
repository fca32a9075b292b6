"""What the pictures showed, in a few sentences that the numbers choose."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from IPython.display import Markdown

from replication.presentation.labels import DATASETS, label
from replication.studies.pictures.filters import DATASET
from replication.studies.pictures.gallery import Exhibit
from replication.studies.pictures.lambdas import recorded_lambdas
from replication.studies.pictures.manifold import stretch_of
from replication.studies.pictures.toy import Toy

_DISTANCE = 8.0  # about that of another digit


def in_short(toys: Sequence[Toy], exhibits: Sequence[Exhibit]) -> Markdown:
    """Say what came out on the page of pictures.

    Args:
        toys: Nets in the plane, in the order of lambda.
        exhibits: Nets that rebuilt noisy pictures.
    """
    nets = recorded_lambdas()
    sentences = (_plane(toys), _curves(nets), _walks(nets), _noise(exhibits))
    return Markdown(" ".join(sentence for sentence in sentences if sentence))


def _plane(toys: Sequence[Toy]) -> str:
    first, last = toys[0], toys[-1]
    ratios = [stretch_of(toy).ratio for toy in (first, last)]
    found = (
        "the penalty shortens steps across the curve more than steps along it"
        if ratios[1] < ratios[0]
        else "the penalty does not shorten steps across the curve more than steps along it"
    )
    return (
        f"In the plane {found}: across over along is {ratios[0]:.2f} at λ = {first.contraction:g} "
        f"and {ratios[1]:.2f} at λ = {last.contraction:g}."
    )


def _curves(nets: Mapping[str, Mapping[str, Any]]) -> str:
    """What a larger lambda buys on digits, and what it costs."""
    if len(nets) < 2:
        return ""
    radii = next(iter(nets.values()))["curve"]["radius"]
    at = int(np.abs(np.array(radii) - _DISTANCE).argmin())
    ratios = [net["curve"]["ratio"][at] for net in nets.values()]
    errors = [net["error"] for net in nets.values()]
    ends = f"{ratios[0]:.2f} at λ = {next(iter(nets))} to {ratios[-1]:.2f} at λ = {list(nets)[-1]}"
    shrinks = "shrinks with every step of λ, from" if _falls(ratios) else "goes from"
    grows = (
        "and the error of the reconstruction grows with every step"
        if _falls([-error for error in errors])
        else "while the error of the reconstruction does not grow with every step"
    )
    return (
        f"On {DATASETS[DATASET]} the contraction ratio at distance {radii[at]:g} {shrinks} {ends}, "
        f"{grows}."
    )


def _walks(nets: Mapping[str, Mapping[str, Any]]) -> str:
    """Which directions the penalty takes more from."""
    walked = {name: net["walks"]["digits"] for name, net in nets.items() if net["walks"]}
    if len(walked) < 2:
        return ""
    (_, without), *_, (name, with_penalty) = walked.items()
    most, least = (
        np.mean([digit[kind][0]["stretch"] for digit in with_penalty])
        / np.mean([digit[kind][0]["stretch"] for digit in without])
        for kind in ("strongest", "weakest")
    )
    found = (
        "takes more from directions that the code reacts to least"
        if least < most
        else "takes no more from directions that the code reacts to least"
    )
    return (
        f"Around single digits the penalty {found}: at λ = {name} their stretch is {least:.2f} of "
        f"what it is without penalty, and that of the strongest directions {most:.2f} of it."
    )


def _noise(exhibits: Sequence[Exhibit]) -> str:
    best = min(exhibits, key=lambda exhibit: exhibit.error)
    return f"Of the small nets, {label(best.model)} comes nearest to pictures without noise."


def _falls(values: Sequence[float]) -> bool:
    return bool((np.diff(values) < 0).all())
