"""The pages of Table 2 and Figure 3 say what the records say."""

import dataclasses

import pytest

from replication.presentation.labels import COLUMNS
from replication.presentation.nothing import nothing
from replication.studies.table2 import plan as table2
from replication.studies.table2.depth import depth_figure, depth_findings, depth_peak_table
from replication.studies.table2.gaps import table2_gaps
from replication.studies.table2.page import (
    table2_drawing,
    table2_figure,
    table2_findings,
    table2_html,
)
from replication.studies.table2.search_page import (
    table2_again,
    table2_chosen,
    table2_edges,
    table2_grid,
    table2_lengths,
    table2_progress,
)
from tests.made_up_table2 import CURVES, ERRORS, run, table
from tests.shown import by, rows

SEARCH = table2.SEARCH


def row_of(records, dataset):
    """One row of Table 2: each column's cell, line by line."""
    [row] = rows(table2_html(records, [dataset]))
    return {head: cell.split("<br>") for head, cell in row.items()}


def test_a_cell_has_the_papers_error_ours_and_the_ratio():
    """CAE-2 on basic: 2.48 in the paper, 5.05 in the made-up runs."""
    shown = by("Set", table2_html(table(["basic"]), ["basic", "rot"]))
    basic = shown["basic"]
    assert list(basic) == ["Set", *COLUMNS.values()]
    assert basic["CAE-2"] == "<b>2.48 ± 0.14</b><br><b>5.05 ± 0.96</b><br>× 2.04"
    assert basic["SVMrbf"].startswith("3.03 ± 0.15<br>12.05 ± 1.43<br>")  # an SVM's one run


def test_bold_is_the_papers_rule():
    """The best and those whose interval overlaps; its own table comes out as printed."""
    row = row_of(table(["rot"]), "rot")
    printed, ours = (
        {head for head, lines in row.items() if head != "Set" and "<b>" in lines[place]}
        for place in (0, 1)
    )
    assert printed == {"DAE-b-3", "CAE-2"}
    assert ours == {"CAE-2", "CAE-3"}  # 5.05 and 4.05, each ± 0.9


def test_an_unfinished_row_has_no_best():
    """A column that is missing may be it; what is there is compared, and named."""
    some = [r for r in table(["rot"]) if r.settings.model in ("svm", "cae")]
    row = row_of(some, "rot")
    assert not any("<b>" in lines[1] for head, lines in row.items() if head != "Set")
    assert row["CAE-2"][0] == "<b>9.66 ± 0.26</b>"
    text = table2_findings(some, ["rot"]).data
    assert "so far (SVMrbf, CAE-1, CAE-2, CAE-3), CAE-3 makes the fewest mistakes" in text
    alone = [r for r in some if r.settings.depth == 2]
    assert "Only CAE-2 has runs so far." in table2_findings(alone, ["rot"]).data


def test_a_row_without_runs_shows_the_paper_alone():
    """So the table has its shape while the sweep goes on."""
    row = row_of([], "bg-img")
    assert row["SVMrbf"] == ["22.61 ± 0.38", "–"]
    assert row["CAE-3"] == ["–", "–"]
    [alone] = rows(table2_html(table(["basic"]), ["basic"], with_paper=False))
    assert alone["CAE-2"] == "<b>5.05 ± 0.96</b>"


def test_findings_name_the_best_and_what_cannot_be_told_from_it():
    """Pairs share their mistakes, so a point of difference is told."""
    text = table2_findings(table(["basic"]), ["basic", "rot"]).data
    assert "**basic.** CAE-3 makes the fewest mistakes, fewer than every other column" in text
    assert "rot" not in text
    equal = table(["rot"], errors={**ERRORS, "cae-2": ERRORS["cae-3"]})
    assert "on a par with CAE-" in table2_findings(equal, ["rot"]).data
    assert "too few seeds are common" in table2_findings(table(["rot"], seeds=1), ["rot"]).data
    assert table2_findings([], ["rot"]).data == nothing("comparisons").data


def test_the_gaps_behind_the_counts_of_claims_11_and_21():
    """By hand: in the paper on rot DAE-b-3 is 0.13 ahead; in the made-up runs CAE-2 leads."""
    shown = by("Claim", table2_gaps(table(["rot"]), ["rot", "basic"]))
    assert list(shown) == ["11", "21"]
    for row in shown.values():
        assert row["Set"] == "rot"
        assert row["best rival, paper"] == row["best rival, ours"] == "DAE-b-3"
        assert row["its error minus CAE-2's, paper"] == "-0.13"
        assert row["its error minus CAE-2's, ours"].startswith("3 points (")
        assert (row["CAE-2 is"], row["seeds that would tell"]) == ("✔ ahead", "–")


def test_a_gap_can_be_lost_or_open():
    """Only an open one needs more seeds."""
    best = min(("sae-3", "rbm-3", "dae-b-3"), key=ERRORS.get)

    def claim_11(error):
        return by("Claim", table2_gaps(table(["rot"], errors={**ERRORS, "cae-2": error}), ["rot"]))[
            "11"
        ]

    behind, equal = claim_11(3 * ERRORS[best]), claim_11(ERRORS[best])
    assert (behind["CAE-2 is"], behind["seeds that would tell"]) == ("✘ behind", "–")
    assert equal["CAE-2 is"] == "? undecided"
    assert equal["seeds that would tell"] != "–"
    assert table2_gaps([], ["rot"]).data == nothing("comparisons").data


def test_one_panel_for_each_set_with_runs():
    """Seven columns, ours and, but for CAE-3, the paper's."""
    figure = table2_figure(table(["basic", "rot"]), ["basic", "rot", "bg-img"])
    titles = [axes.get_title() for axes in figure.axes if axes.get_visible()]
    assert titles == ["basic", "rot"]
    assert len(figure.axes[0].containers) == 13
    assert table2_figure([], ["basic"]).data == nothing().data


def test_the_caption_counts_the_smallest_errors():
    """Column by column; the paper's dots only where they are."""
    runs = table(["basic"]) + table(["rot"], errors={**ERRORS, "rbm-3": 1})
    shown, alone = (table2_drawing(runs, ["basic", "rot"], p).data for p in (True, False))
    assert "Smallest error of ours: RBM-3 on 1, CAE-3 on 1 of 2 sets." in shown
    assert "open ones the paper's" in shown
    assert "open ones" not in alone
    assert "nolegend" not in shown
    assert table2_drawing([], ["basic"]).data == nothing().data


def test_a_row_is_made_again_without_its_records():
    """With what it took: 19 runs of a second."""
    said = table2_again(table(["rot"]), [], "rot").data
    assert "0.0 hours of one process" in said
    assert "rm data/records/table2-trials/* data/records/table2/*" in said
    assert "make sweep TABLE=table2 DATASET=rot" in said
    assert table2_again([], [], "rot") is None


def test_depths_over_the_papers_points():
    """Three lines, three sets of points, three distances; elsewhere the lines alone."""
    figure = depth_figure(table(["rot"]), "rot")
    axes = figure.axes[0]
    assert [text.get_text() for text in axes.texts] == ["Min", "Median", "Max"]
    labels = axes.get_legend_handles_labels()[1]
    assert labels[:3] == ["1 layer", "2 layers", "3 layers"]
    assert len(labels) == 4  # and the paper
    assert not depth_figure(table(["basic"]), "basic").axes[0].texts
    assert depth_figure([], "rot").data == nothing().data


def test_what_another_layer_changes():
    """Each step in one sentence; a step without runs has none."""
    first, second = depth_findings(table(["rot"])).data.splitlines()
    assert "**From 1 to 2 layers.** Next to the data the ratio falls: 0.5 times" in first
    assert "The bump moves out: its radius differs by" in second
    flat = table(["rot"], **{"cae-2": CURVES[1]})
    assert "the ratio does not change measurably" in depth_findings(flat).data
    alone = [r for r in table(["rot"]) if r.settings.depth == 1]
    assert depth_findings(alone).data == nothing("comparisons").data
    assert depth_findings([]).data == nothing().data


def test_depths_have_their_peaks():
    """Where each curve is highest, and our ratio over the paper's."""
    shown = by("Layers", depth_peak_table(table(["rot"])))
    assert list(shown) == ["1", "2", "3"]
    assert shown["2"]["at r ="] == "20.0"
    assert "rises" in shown["1"]["shape"]
    assert 0.9 < float(shown["2"]["ours / paper, median"]) < 1.1
    falling = run("rot", "cae-2", 0, 5, curve=CURVES[2][::-1])
    [alone] = rows(depth_peak_table([falling], with_paper=False))
    assert alone["at r ="] == "10.0"
    assert "ours / paper, median" not in alone


def test_the_search_is_the_protocols():
    """Budgets and lengths."""
    grid = by("Column", table2_grid())
    assert list(grid) == list(COLUMNS.values())
    assert {row["short trials"] for row in grid.values()} == {"24"}
    assert (grid["SVMrbf"]["final runs"], grid["CAE-2"]["final runs"]) == ("1", "3")
    assert "svm c 1, 10, 100" in grid["SVMrbf"]["regulariser"]
    *trials, final = rows(table2_lengths())
    for row, step in zip(trials, SEARCH.rounds, strict=True):
        assert row["epochs of pre-training, each layer"] == str(step.length.pretrain_epochs)
        assert row["epochs of fine-tuning"] == f"at most {step.length.finetune_epochs}"
    assert final["sees the test set"] == "yes"


def test_progress_and_choices_are_the_records():
    """How many runs there are of those that there should be, and what was chosen."""
    runs = table(["rot"])
    progress = by("Set", table2_progress(runs, [], ["rot", "basic"]))
    assert progress["rot"]["trials"] == "0 of 204"
    assert progress["rot"]["final runs"] == "19 of 19"
    assert progress["basic"]["final runs"] == "0 of 19"
    chosen = by("column", table2_chosen(runs, [], ["rot", "basic"]))
    assert list(chosen) == list(COLUMNS.values())
    svm = chosen["SVMrbf"]
    assert (svm["regulariser"], svm["learning rates"]) == ("svm c 1, svm gamma 0.03", "–")
    assert (svm["seeds"], chosen["CAE-2"]["seeds"]) == ("1", "3")
    assert chosen["CAE-2"]["test error %"] == "5.05 ± 0.00"
    assert svm["test error %"] == "12.05"
    assert table2_chosen([], [], ["rot"]).data == nothing("final runs").data


def test_the_time_of_a_gpu_is_marked():
    """It does not compare with a core's."""
    record = run("rot", "cae-1", 0, 10)
    machine = record.provenance["machine"] | {"accelerator": "a GPU"}
    on_gpu = dataclasses.replace(record, provenance=record.provenance | {"machine": machine})
    [core] = rows(table2_chosen([record], [record], ["rot"]))
    [gpu] = rows(table2_chosen([record], [on_gpu], ["rot"]))
    assert gpu["search, min"] == f"{core['search, min']} (GPU)"
    assert gpu["final, min"] == core["final, min"]


@pytest.mark.parametrize(
    ("values", "named"),
    [
        ({"pretrain_learning_rate": 0.01}, "learning rate of pre-training 0.01, the smallest of 4"),
        ({"finetune_learning_rate": 1.0}, "learning rate of fine-tuning 1, the largest of 3"),
        ({}, None),
    ],
)
def test_choices_at_an_end_of_their_grid_are_named(values, named):
    """Of grids with a middle alone; both ends count, and a set without any has no line."""
    inner = {"pretrain_learning_rate": 0.1, "finetune_learning_rate": 0.3}
    settings = dataclasses.replace(SEARCH.grid("rot", "rbm-3")[0], **{**inner, **values})
    record = dataclasses.replace(run("rot", "rbm-3", 0, 10), settings=settings)
    text = table2_edges([record], ["rot"]).data
    if named:
        assert text == f"- **rot.** RBM-3 ({named})."
    else:
        assert text == table2_edges([], ["rot"]).data
