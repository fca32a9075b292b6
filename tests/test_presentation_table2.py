"""The pages of Table 2 and Figure 3 say what the records say."""

import dataclasses
import re

from replication.experiments import table2
from replication.presentation.depth_figure import depth_figure
from replication.presentation.depth_findings import depth_findings
from replication.presentation.peaks import depth_peak_table
from replication.presentation.table2 import table2_figure, table2_findings, table2_html
from replication.presentation.table2_gaps import table2_gaps
from replication.presentation.table2_search import (
    table2_chosen,
    table2_edges,
    table2_grid,
    table2_lengths,
    table2_progress,
)
from tests.made_up_table2 import CURVES, ERRORS, run, table


def cells(html):
    """The cells of a table, row by row."""
    rows = re.findall(r"<tr.*?>(.*?)</tr>", html.data, re.DOTALL)
    return [found for row in rows if (found := re.findall(r"<td>(.*?)</td>", row))]


def test_a_cell_has_the_papers_error_ours_and_the_ratio():
    """CAE-2 on basic: 2.48 in the paper, 5.05 in the made-up runs."""
    row = cells(table2_html(table(["basic"]), ["basic", "rot"]))[0]
    assert row[0] == "basic"
    assert row[6] == "<b>2.48 ± 0.14</b><br><b>5.05 ± 0.96</b><br>× 2.04"
    assert "3.03 ± 0.15<br>12.05 ± 1.43" in row[1]  # an SVM's one run


def test_bold_is_the_paper_s_rule():
    """The best and those whose interval overlaps; its own table comes out as printed."""
    [row] = cells(table2_html(table(["rot"]), ["rot"]))
    lines = [cell.split("<br>") for cell in row[1:]]
    paper, ours = (["<b>" in cell[place] for cell in lines] for place in (0, 1))
    assert paper[:6] == [False, False, False, True, False, True]
    assert ours[5:] == [True, True]  # 5.05 and 4.05, each ± 0.9
    assert not any(ours[:5])


def test_an_unfinished_row_has_no_best():
    """A column that is missing may be it; what is there is compared, and named."""
    some = [r for r in table(["rot"]) if r.settings.model in ("svm", "cae")]
    [row] = cells(table2_html(some, ["rot"]))
    assert not any("<b>" in cell.split("<br>")[1] for cell in row[1:])
    assert "<b>9.66 ± 0.26</b>" in row[6]
    text = table2_findings(some, ["rot"]).data
    assert "so far (SVMrbf, CAE-1, CAE-2, CAE-3), CAE-3 makes the fewest mistakes" in text
    alone = [r for r in some if r.settings.depth == 2]
    assert "Only CAE-2 has runs so far." in table2_findings(alone, ["rot"]).data


def test_a_row_without_runs_shows_the_paper_alone():
    """So the table has its shape while the sweep goes on."""
    [row] = cells(table2_html([], ["bg-img"]))
    assert row[1] == "22.61 ± 0.38<br>–"
    assert row[-1] == "–<br>–"


def test_findings_name_the_best_and_what_cannot_be_told_from_it():
    """Pairs share their mistakes, so a point of difference is told."""
    text = table2_findings(table(["basic"]), ["basic", "rot"]).data
    assert "**basic.** CAE-3 makes the fewest mistakes, fewer than every other column" in text
    assert "rot" not in text
    equal = table(["rot"], errors={**ERRORS, "cae-2": ERRORS["cae-3"]})
    assert "not to be told from CAE-" in table2_findings(equal, ["rot"]).data
    assert "too few seeds are common" in table2_findings(table(["rot"], seeds=1), ["rot"]).data
    assert "nothing to compare" in table2_findings([], ["rot"]).data


def test_the_gaps_behind_the_counts_of_claims_11_and_21():
    """By hand: in the paper on rot DAE-b-3 is 0.13 ahead; in the made-up runs CAE-2 leads."""
    rows = cells(table2_gaps(table(["rot"]), ["rot", "basic"]))
    assert [row[:2] for row in rows] == [["11", "rot"], ["21", "rot"]]
    assert rows[0][2:4] == ["DAE-b-3", "-0.13"]
    assert [row[6:] for row in rows] == [["✔ ahead", "–"]] * 2
    best = min(("sae-3", "rbm-3", "dae-b-3"), key=ERRORS.get)
    behind = table(["rot"], errors={**ERRORS, "cae-2": 3 * ERRORS[best]})
    assert cells(table2_gaps(behind, ["rot"]))[0][6:] == ["✘ behind", "–"]
    equal = table(["rot"], errors={**ERRORS, "cae-2": ERRORS[best]})
    assert cells(table2_gaps(equal, ["rot"]))[0][6] == "? undecided"
    assert "nothing to compare" in table2_gaps([], ["rot"]).data


def test_one_panel_for_each_set_with_runs():
    """Seven columns, ours and, but for CAE-3, the paper's."""
    figure = table2_figure(table(["basic", "rot"]), ["basic", "rot", "bg-img"])
    titles = [axes.get_title() for axes in figure.axes if axes.get_visible()]
    assert titles == ["basic", "rot"]
    assert len(figure.axes[0].containers) == 13
    assert "No records" in table2_figure([], ["basic"]).data


def test_depths_over_the_paper_s_points():
    """Three lines, three sets of points, three distances; elsewhere the lines alone."""
    figure = depth_figure(table(["rot"]), "rot")
    axes = figure.axes[0]
    assert [text.get_text() for text in axes.texts] == ["Min", "Median", "Max"]
    labels = axes.get_legend_handles_labels()[1]
    assert labels == ["1 layer", "2 layers", "3 layers", "paper, digitised"]
    assert not depth_figure(table(["basic"]), "basic").axes[0].texts
    assert "No records" in depth_figure([], "rot").data


def test_what_another_layer_changes():
    """Each step in one sentence; a step without runs has none."""
    first, second = depth_findings(table(["rot"])).data.splitlines()
    assert "**From 1 to 2.** Next to the data the ratio falls: 0.5 times" in first
    assert "The bump moves out: its radius differs by" in second
    flat = table(["rot"], **{"cae-2": CURVES[1]})
    assert "the ratio does not change measurably" in depth_findings(flat).data
    alone = [r for r in table(["rot"]) if r.settings.depth == 1]
    assert "nothing to compare" in depth_findings(alone).data
    assert "No records" in depth_findings([]).data


def test_depths_have_their_peaks():
    """Where each curve is highest, and our ratio over the paper's."""
    rows = cells(depth_peak_table(table(["rot"])))
    assert [row[0] for row in rows] == ["1", "2", "3"]
    assert rows[1][3] == "20"
    assert rows[0][4] == "rises, then falls"
    assert 0.9 < float(rows[1][5]) < 1.1
    falling = run("rot", "cae-2", 0, 5, curve=CURVES[2][::-1])
    assert "at r" in depth_peak_table([falling], with_paper=False).data


def test_the_search_is_shown_as_it_is():
    """Budgets, lengths, progress and choices come from the protocol and the records."""
    grid = cells(table2_grid())
    assert [row[4] for row in grid] == ["24"] * 7
    assert grid[0][-1] == "1"
    assert "svm c 1, 10, 100" in table2_grid().data
    assert f"at most {table2.LONG['finetune_epochs']}" in table2_lengths().data
    runs = table(["rot"])
    progress = cells(table2_progress(runs, [], ["rot", "basic"]))
    assert progress[0][1:3] == ["0 of 204", "19 of 19"]
    assert progress[1][2] == "0 of 19"
    chosen = cells(table2_chosen(runs, [], ["rot", "basic"]))
    assert len(chosen) == 7
    assert chosen[0][1:4] == ["SVMrbf", "svm c 1, svm gamma 0.03", "–"]
    assert chosen[5][7] == "3"
    assert "No final runs" in table2_chosen([], [], ["rot"]).data


def test_the_time_of_a_gpu_is_marked():
    """It does not compare with a core's."""
    record = run("rot", "cae-1", 0, 10)
    machine = record.provenance["machine"] | {"accelerator": "a GPU"}
    on_gpu = dataclasses.replace(record, provenance=record.provenance | {"machine": machine})
    [core] = cells(table2_chosen([record], [record], ["rot"]))
    [gpu] = cells(table2_chosen([record], [on_gpu], ["rot"]))
    assert gpu[-2:] == [f"{core[-2]} (GPU)", core[-1]]


def test_choices_at_an_end_of_their_grid_are_named():
    """Of grids with a middle alone; both ends count, and a set without any has no line."""
    grid = table2.screening("rot", "rbm-3")
    inner = {"pretrain_learning_rate": 0.1, "finetune_learning_rate": 0.3}
    record = run("rot", "rbm-3", 0, 10)

    def named(**values):
        settings = dataclasses.replace(grid[0], **{**inner, **values})
        return table2_edges([dataclasses.replace(record, settings=settings)], ["rot"]).data

    assert named(pretrain_learning_rate=0.01) == (
        "- **rot.** RBM-3 (learning rate of pre-training 0.01, the smallest of 4)."
    )
    assert "rate of fine-tuning 1, the largest of 3" in named(finetune_learning_rate=1.0)
    assert "None of the choices" in named()
    assert "None of the choices" in table2_edges([], ["rot"]).data
