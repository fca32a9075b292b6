"""What is said of depth follows from the stacks."""

import dataclasses

from replication.presentation.nothing import nothing
from replication.studies.table2.depth import depth_drawing
from replication.studies.table2.depth_page import depth_answer, depth_short, strengths_note
from replication.summary.judge import evidence_of, judge
from replication.verdicts.curve import peak_radius
from tests.made_up_table2 import CURVES, RADII, table


def stacks(**curves):
    """Three seeds of each depth on rot."""
    return [r for r in table(["rot"], **curves) if r.settings.model == "cae"]


def test_the_answer_where_each_layer_does_the_same():
    """Ratios 0.30, 0.15, 0.10; other stacks are spoken of where they are others."""
    said = depth_answer(stacks(), stacks()).data
    assert "the ratio next to the data falls with each layer (0.50 and 0.67 times)" in said
    assert "the bump moves out with each layer (by 4.2 and 5.0)." in said
    assert "searched one by one" not in said
    assert depth_answer([], []).data == nothing("comparisons").data


def test_the_answer_where_layers_differ():
    """Step by step."""
    swapped = stacks(**{"cae-1": CURVES[2], "cae-2": CURVES[1]})
    said = depth_answer(stacks(), swapped).data
    assert (
        "Between stacks that were searched one by one it rises from 1 to 2 layers (2.00 times) and "
        "falls from 2 to 3 layers (0.33 times)." in said
    )
    alone = depth_answer([], swapped).data
    assert "In one stack" not in alone


def test_the_weights_of_the_penalty_are_named():
    """Once where all have the same."""
    weights = {1: 0.3, 2: 0.03, 3: 0.03}
    searched = [
        dataclasses.replace(
            r,
            settings=dataclasses.replace(r.settings, contraction=weights[r.settings.depth]),
        )
        for r in stacks()
    ]
    said = strengths_note(searched).data
    assert "the stacks of 1, 2 and 3 layers have λ 0.3, 0.03 and 0.03." in said
    assert "all have λ 0.1." in strengths_note(stacks()).data
    assert strengths_note([]).data == nothing().data


def test_the_caption_has_the_numbers_of_the_curves():
    """Next to the data and at the bump; the paper's points only where it has some."""
    shown = depth_drawing(stacks(), "rot", "stack").data
    assert "With 1, 2 and 3 layers the ratio next to the data is 0.30, 0.15 and 0.10" in shown
    bumps = [peak_radius({"radius": RADII, "ratio": CURVES[depth]}) for depth in (1, 2, 3)]
    assert "the radius of the bump {:.0f}, {:.0f} and {:.0f}.".format(*bumps) in shown
    assert "digitised" in shown
    assert "digitised" not in depth_drawing(stacks(), "rot", "stack", with_paper=False).data
    assert depth_drawing([], "rot", "stack").data == nothing().data


def test_in_short_begins_with_the_verdicts():
    """Then the answer."""
    runs = stacks()
    verdicts = judge(evidence_of(runs), claims=(18, 19))
    said = depth_short(runs, runs, verdicts).data
    assert said.startswith("Both claims on this page ")
    assert "In one stack" in said
    assert depth_short([], [], []).data == nothing().data
