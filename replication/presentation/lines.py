"""The named lines of a figure, for whoever draws or writes them again."""

import re
from collections.abc import Iterator

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

_DECORATION = re.compile(r"_child\d+")  # what matplotlib calls a line that nobody named


def named_lines(axes: Axes) -> Iterator[tuple[str, Line2D, np.ndarray]]:
    """Yield the name, the line and the points, shape (n, 2), of each line that has a name.

    A name that starts with "_" is one too: that line is not in the legend. It loses the mark.

    Args:
        axes: Where the lines are.
    """
    for line in axes.get_lines():
        name = str(line.get_label())
        if not _DECORATION.fullmatch(name):
            yield name.lstrip("_"), line, np.asarray(line.get_xydata(), float)
