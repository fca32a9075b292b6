"""Lambda on real nets: curve, spectrum and filters change together."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from IPython.display import HTML, Markdown
from matplotlib.figure import Figure

from replication.measures.packing import unpack_rows
from replication.presentation.drawing import canvas
from replication.presentation.labels import COLOURS, DATASETS
from replication.presentation.notes import measured_note
from replication.presentation.nothing import nothing
from replication.presentation.play.axis import Axis, nice_ticks
from replication.presentation.play.control import Control
from replication.presentation.play.plaything import plaything
from replication.presentation.tables import wide
from replication.studies.pictures.filters import DATASET
from replication.studies.pictures.lambdas import RECORDED, recorded_lambdas, walked
from replication.studies.pictures.pixels import draw_signed, tiled

_WHAT = "nets with several λ"
_LOWEST = 1e-3  # singular value; what is smaller leaves the drawing
_START = 8.0  # distance at first


def lambda_play() -> HTML | Markdown:
    """Let a reader change lambda, and the distance at which the contraction is read off."""
    nets = recorded_lambdas()
    if not nets:
        return nothing(_WHAT)
    first = next(iter(nets.values()))
    radii = first["curve"]["radius"]
    names = list(nets)
    chosen = walked()[1]
    return plaything(
        "net",
        "lambda",
        still=_still(nets),
        text="Two diagrams with a line for each weight of the penalty: the contraction ratio over "
        "the distance from the example, and the singular values of the Jacobian, largest first, "
        "on a logarithmic axis. Beside them small pictures of filters in red and blue.",
        caption="Move λ: the bold lines and the filters are those of one CAE on "
        f"{DATASETS[DATASET]} that differs from the others in λ alone. Move the distance to read "
        "off how much of it remains among the codes. The filters run from the unit with the "
        "largest norm to the one with the smallest, norms below them; each is scaled for itself.",
        controls=[
            Control(label="λ", choices=names, start=names.index(chosen) if chosen in names else 0),
            Control.over("distance", radii, _START),
        ],
        data={
            "axes": [axis.plain() for axis in _axes(nets)],
            "radii": radii,
            "places": first["spectrum"]["place"],
            "shape": first["shape"],
            "nets": [_net(name, net) for name, net in nets.items()],
            "columns": list(_numbers(first)),
        },
        tables={
            "The ratio at every distance": _ratio_table(nets),
            "What else changes": wide(
                pd.DataFrame({"λ": name, **_numbers(net)} for name, net in nets.items())
            ),
        },
    )


def lambda_note() -> Markdown:
    """Say where the recorded nets come from, and what they cost."""
    found = recorded_lambdas()
    what = f"{len(found)} CAEs on {DATASETS[DATASET]}"
    return measured_note(list(found.values()), (f"`{RECORDED.source}`", what))


def colour_of(name: str) -> str:
    """Return the colour of a net: without penalty it is an AE.

    Args:
        name: Its lambda.
    """
    return COLOURS["cae"] if float(name) else "currentColor"


def _numbers(net: Mapping[str, Any]) -> dict[str, str]:
    return {
        "largest singular value": f"{net['spectrum']['value'][0]:.2f}",
        "norm of the filters": f"{net['norms'][-1]:.2f} to {net['norms'][0]:.2f}",
        "squared error of the reconstruction": f"{net['error']:.4f}",
    }


def _ratios(net: Mapping[str, Any]) -> list[str]:
    return [f"{ratio:.3f}" for ratio in net["curve"]["ratio"]]


def _ratio_table(nets: Mapping[str, Mapping[str, Any]]) -> HTML:
    radii = next(iter(nets.values()))["curve"]["radius"]
    columns = {f"λ = {name}": _ratios(net) for name, net in nets.items()}
    return wide(pd.DataFrame({"distance": [f"{r:g}" for r in radii], **columns}))


def _net(name: str, net: Mapping[str, Any]) -> dict[str, Any]:
    values = np.maximum(net["spectrum"]["value"], _LOWEST)
    return {
        "colour": colour_of(name),
        "curve": net["curve"]["ratio"],
        "ratios": _ratios(net),
        "spectrum": values.tolist(),
        "filters": net["filters"],
        "norms": [f"{norm:.2f}" for norm in net["norms"]],
        "numbers": list(_numbers(net).values()),
    }


def _axes(nets: Mapping[str, Mapping[str, Any]]) -> list[Axis]:
    """Distance and ratio, number and size of a singular value."""
    every = list(nets.values())
    radii, places = every[0]["curve"]["radius"], every[0]["spectrum"]["place"]
    highest = max(max(net["curve"]["ratio"]) for net in every)
    largest = max(net["spectrum"]["value"][0] for net in every)
    ends = (
        (0, radii[-1], "distance from the example", False),
        (0, 1.05 * highest, "distance of codes / of inputs", False),
        (1, places[-1], "which singular value", True),
        (_LOWEST, 1.5 * largest, "singular value", True),
    )
    return [
        Axis(low=low, high=high, label=label, ticks=nice_ticks(low, high, log), log=log)
        for low, high, label, log in ends
    ]


def _still(nets: Mapping[str, Mapping[str, Any]]) -> Figure:
    """All curves and spectra; filters without the penalty, and with the one that was chosen."""
    shown = [name for name in walked() if name in nets]
    with canvas(2, 2, figsize=(8, 4.4), height_ratios=(4, 1)) as (figure, grid):
        for n, (name, net) in enumerate(nets.items()):
            style: dict[str, Any] = {
                "color": "black" if colour_of(name) == "currentColor" else colour_of(name),
                "alpha": 1 if name in shown else 0.25 + 0.5 * n / len(nets),
                "label": f"λ = {name}",
            }
            curve, spectrum = net["curve"], net["spectrum"]
            grid[0, 0].plot(curve["radius"], curve["ratio"], **style)
            grid[0, 1].plot(spectrum["place"], spectrum["value"], **style)
        across, up, place, value = _axes(nets)
        grid[0, 0].set(xlabel=across.label, ylabel=up.label, ylim=(up.low, up.high))
        grid[0, 1].set(xlabel=place.label, ylabel=value.label, xscale="log", yscale="log")
        grid[0, 1].set(ylim=(value.low, value.high))
        grid[0, 0].legend(fontsize=8, ncols=2)
        for axes in grid[1]:
            axes.set_axis_off()
        for axes, name in zip(grid[1], shown, strict=False):
            every_second = unpack_rows(nets[name]["filters"][::2])
            pictures = every_second.reshape(-1, *nets[name]["shape"])
            draw_signed(axes, tiled(pictures, len(pictures)))
            axes.set_title(f"filters, λ = {name}", fontsize=9)
    return figure
