"""Tables as HTML."""

import pandas as pd
import pytest

from replication.presentation.tables import explained, wide


@pytest.mark.parametrize(
    ("cell", "breaks"),
    [
        ("forty characters that may well be broken", True),
        ('<a href="a-page-with-a-long-address.html">short</a>', False),
        (explained("-12.34", "-12.34 to +12.34", "by drawing -12.34 to +12.34"), False),
        ("one line<br>another line<br>and one more of them", False),
        (explained("value", "an explanation of more than forty characters"), True),
    ],
)
def test_a_cell_is_as_wide_as_its_longest_line(cell, breaks):
    """As it is read: what a link points to takes no room, and a number keeps its interval whole."""
    assert ('class="sentence"' in wide(pd.DataFrame({"a": [cell]})).data) == breaks
