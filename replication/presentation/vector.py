"""A figure as SVG that takes its text colour and its ground from the page."""

import io
import re
from typing import Any

import matplotlib
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

# What the style sheets paint black or white is the page's business: it may be dark.
_INK = re.compile(r"(?<=: )#(?:000000|262626)\b")
_PAPER = re.compile(r"(?<=: )#ffffff\b")
_GRID = re.compile(r"(?<=: )#cccccc\b")
_HEAD = re.compile(r"\A.*?(?=<svg )|<metadata>.*?</metadata>\s*", re.DOTALL)
# Names that matplotlib counts from 1 in every figure; several figures stand on one page.
_COUNTED = re.compile(r' id="[A-Za-z.]+[A-Za-z2][A-Za-z]*_\d+"')
_NAMED = re.compile(r' id="(\w+)"')
_FONTS = re.compile(r"font-family: [^;\"]*")
_SIZE = re.compile(r'width="[\d.]+pt" height="[\d.]+pt"')
_DIGITS = re.compile(r"(\d+\.\d{2})\d+")
# Pixels by which a line may leave its points: more cannot be seen.
_SIMPLE = {"path.simplify_threshold": 0.3, "svg.fonttype": "none"}


def as_svg(figure: Figure, name: str) -> str:
    """Draw a figure as SVG to be put into a page.

    Black becomes the page's own text colour and white its ground, so that the figure can be read
    in the dark, too. Words stay text: they can be searched, copied and read aloud.

    Args:
        figure: What to draw.
        name: Unique on the page; names of parts of the drawing are derived from it, so that the
            same figure is the same text each time.
    """
    written = io.StringIO()
    settings: Any = {**_SIMPLE, "svg.hashsalt": name}  # the stubs want each key to be a literal
    for patch in (figure.patch, *(axes.patch for axes in figure.axes)):
        patch.set_facecolor("none")
    figure.patch.set_edgecolor("none")
    with matplotlib.rc_context(settings):
        # Not `savefig`, which draws everything twice, the first time for the layout alone.
        FigureCanvasSVG(figure).print_svg(written, metadata={"Date": None})
    text = _HEAD.sub("", written.getvalue())
    for pattern, new in (
        (_COUNTED, ""),
        (_INK, "currentColor"),
        (_PAPER, "var(--pst-color-background, #ffffff)"),
        (_GRID, "var(--pst-color-border, #cccccc)"),
        (_FONTS, "font-family: DejaVu Sans, Verdana, sans-serif"),
        (_DIGITS, r"\1"),
        (re.compile(r"\n\s*"), " "),
    ):
        text = pattern.sub(new, text)
    for number, part in enumerate(dict.fromkeys(_NAMED.findall(text))):
        text = re.sub(rf'(?<=["#]){part}(?=[")])', f"{name}-{number}", text)
    width = figure.get_size_inches()[0]
    size = f'style="width: 100%; max-width: {width:.3g}in; height: auto"'
    return _SIZE.sub(f'fill="currentColor" {size}', text, count=1).strip()
