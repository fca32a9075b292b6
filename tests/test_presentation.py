"""Tables, figures and sentences say what the records say."""

import base64
import dataclasses
import io
import re

import numpy as np
import pandas as pd
import pytest
from IPython.display import Markdown

from book.build import NOTEBOOKS, pages_of
from replication import paper
from replication.cli import _parser
from replication.experiments import dimensions, protocol
from replication.experiments.pictures import pack_rows
from replication.experiments.records import Record, pack_mistakes
from replication.experiments.settings import MODELS, Settings
from replication.presentation.budget import budget_table
from replication.presentation.comparison import compare
from replication.presentation.correlation_table import correlation_table
from replication.presentation.dimension import dimension_note
from replication.presentation.distances_table import distances_table
from replication.presentation.download import csv_link
from replication.presentation.figures import contraction_figure, error_figure
from replication.presentation.findings import table1_findings
from replication.presentation.interactive import interactive
from replication.presentation.judgement import (
    claims_table,
    comparisons_table,
    score,
    verdict_lines,
)
from replication.presentation.peaks import peak_table
from replication.presentation.provenance import provenance_note, scale_note
from replication.presentation.rerun import command, rerun_note
from replication.presentation.rules import rules_table
from replication.presentation.samples import origin_note, sample_figure, show_sample
from replication.presentation.scoreboard import scoreboard
from replication.presentation.search import (
    grid_table,
    lengthening_note,
    search_figure,
    search_table,
    slower_rates_note,
    stages_table,
)
from replication.presentation.settings_table import settings_note, settings_table
from replication.presentation.spectra import counts_table, directions_figure, spectrum_figure
from replication.presentation.tables import table1_html
from replication.verdicts.claims import judge
from replication.verdicts.correlations import correlations

ERRORS = {"cae": 1.0, "dae-g": 1.1, "rbm": 1.2, "dae-b": 2.5, "ae-wd": 2.6, "ae": 2.7, "sae": 0.2}


def made_up(model, seed, jacobian=1e-4):
    """A record whose numbers are known."""
    error = ERRORS[model] + 0.1 * seed
    mistakes = np.zeros(10_000, bool)
    mistakes[: round(100 * error)] = True
    results = {
        "valid_error": error,
        "test_error": error,
        "test_examples": len(mistakes),
        "test_mistakes": pack_mistakes(mistakes),
        "jacobian_mean_square": jacobian * (1 + list(ERRORS).index(model)),
        "jacobian_norm": 8.0,
        "saturation": 50.0 + (model == "cae"),
        "curve": {"radius": [0.3, 10.0, 40.0], "ratio": [0.2, 0.4, 0.3], "deviation": [0, 0, 0]},
    }
    provenance = {
        "commit": "0123456789abcdef",
        "versions": {"keras": "3", "jax": "1"},
        "backend": "jax",
        "machine": {"processor": "a processor", "threads": 1},
        "data_origin": "original",
        "seconds": {"total": 90.0},
        "date": "2026-01-02T03:04:05+00:00",
    }
    return Record("made-up", Settings(dataset="mnist", model=model, seed=seed), results, provenance)


@pytest.fixture
def records():
    """Every model with two seeds."""
    return [made_up(model, seed) for model in MODELS for seed in range(2)]


def test_comparison_by_hand(records):
    """Means, spreads and the test set's interval are those computed by hand."""
    table = compare(records, "mnist").set_index("model")
    cae = table.loc["cae"]
    assert cae["seeds"] == 2
    assert cae["test_error"] == pytest.approx(1.05)
    assert cae["test_error_deviation"] == pytest.approx(0.1 / np.sqrt(2))
    assert cae["half_width"] == pytest.approx(100 * 1.96 * np.sqrt(0.0105 * 0.9895 / 10_000))
    printed = paper.table1().set_index(["dataset", "model"]).loc[("mnist", "cae")]
    assert cae["paper_test_error"] == printed["test_error"]
    assert cae["paper_saturation"] == printed["saturation"]
    assert np.isnan(table.loc["sae", "paper_test_error"])


def test_rows_follow_the_paper(records):
    """Rows stand in the paper's order, whatever the order of the records."""
    models = list(compare(records[::-1], "mnist")["model"])
    assert models[: len(paper.MODEL_ORDER)] == list(paper.MODEL_ORDER)


def test_missing_runs_are_dashes():
    """A model without runs stays in the table, without numbers of ours."""
    html = table1_html(compare([made_up("cae", 0)], "mnist")).data
    assert html.count("<tr") == 1 + len(MODELS)
    assert "nan" not in html
    assert "1.00" in html


def test_findings_follow_the_numbers(records):
    """The sentences are chosen by the records: better, worse, open, and by what measure."""
    text = table1_findings(records, compare(records, "mnist")).data
    assert "1.05 % mistakes" in text
    assert "fewer than DAE-g, RBM-binary, DAE-b, AE+wd, AE" in text
    assert "more than SAE" in text
    assert "smallest value is the CAE's" in text
    assert "largest value is the CAE's" in text
    other_way = [made_up(model, 0, jacobian=-1e-4) for model in MODELS]
    text = table1_findings(other_way, compare(other_way, "mnist")).data
    assert "smallest value is SAE's, not the CAE's" in text
    assert "no ranking can be given" in text
    cae = [made_up("cae", seed) for seed in range(2)]
    alike = cae + [
        dataclasses.replace(made_up("ae", r.settings.seed), results=r.results) for r in cae
    ]
    assert "not to be told from AE" in table1_findings(alike, compare(alike, "mnist")).data


def test_figures_show_every_model(records):
    """Each model has a line and a name in the curves, and a dot in the scatter."""
    figure = contraction_figure(records, "mnist")
    legend = [text.get_text() for text in figure.axes[0].get_legend().get_texts()]
    assert set(paper.MODEL_LABELS.values()) <= set(legend)
    assert figure.axes[0].get_xlim() == (0, 40)
    assert figure.axes[0].get_ylim() == (0.1, 1.4)
    for record in records:
        record.results["curve"]["ratio"][-1] = 0.05
    assert contraction_figure(records, "mnist").axes[0].get_ylim() == (0, 1.4)
    scatter = error_figure(compare(records, "mnist"))
    named = {text.get_text() for text in scatter.axes[0].texts}
    assert set(paper.MODEL_LABELS.values()) <= named


def test_the_data_of_a_figure_come_with_it(records):
    """Every named line is in the file, the paper's too, and the numbers are those drawn."""
    figure = contraction_figure(records, "mnist")
    link = csv_link(figure, "curves.csv").data
    assert 'download="curves.csv"' in link
    encoded = re.search(r"base64,([A-Za-z0-9+/=]+)", link)[1]
    data = pd.read_csv(io.BytesIO(base64.b64decode(encoded)))
    assert set(data.columns) == {"panel", "series", "x", "y"}
    assert {"CAE", "paper, CAE"} <= set(data["series"])
    ours = data[data["series"] == "CAE"]
    curve = next(r for r in records if r.settings.model == "cae").results["curve"]
    assert list(ours["x"]) == curve["radius"]
    printed = paper.figure1("mnist").query("model == 'cae'")
    assert list(data.loc[data["series"] == "paper, CAE", "y"]) == pytest.approx(printed["ratio"])
    assert not data["series"].str.startswith("child").any()
    assert "1 rows" in csv_link(pd.DataFrame({"a": [1]}), "table.csv").data
    assert csv_link(Markdown("*No records yet.*"), "none.csv") is None


def test_the_curves_answer_the_mouse(records):
    """Every named line is drawn again, from a script that the book itself has; text beside it."""
    figure = contraction_figure(records, "mnist")
    shown = interactive(figure, "curves", "What & why").data
    assert '<script src="../_static/plotly.min.js">' in shown
    assert "://cdn" not in shown
    assert 'aria-label="What &amp; why"' in shown
    for name in ("CAE", "paper, CAE"):
        assert f'"name":"{name}"' in shown
    assert shown == interactive(figure, "curves", "What & why").data
    assert interactive(Markdown("*No records yet.*"), "none", "") is None


def test_peaks(records):
    """The largest ratio and its radius are read off the mean curve."""
    html = peak_table(records, "mnist").data
    assert "<td>0.400</td>" in html
    assert "<td>10</td>" in html
    assert "rises, then falls" in html
    assert "No records yet" in peak_table([], "mnist").data


def with_spectrum(record, dataset, large):
    """The record of another data set, with so many singular values of 0.8 and one of 0.2."""
    values = [0.8] * large + [0.2] + [0.0] * (9 - large)
    directions = {
        "example": pack_rows(np.eye(1, 16))[0],
        "singular_value": [0.8, 0.2],
        "direction": pack_rows(np.eye(2, 16)),
    }
    more = {
        "spectrum": {"singular_value": values, "deviation": [0.1] * 10},
        "directions": [directions, directions],
    }
    return dataclasses.replace(
        record,
        settings=dataclasses.replace(record.settings, dataset=dataset),
        results=record.results | more,
    )


def test_spectra(records):
    """Counts are means over seeds, beside the paper's on the data set that the paper shows."""
    runs = [with_spectrum(r, "cifar-bw", 2 + 2 * r.settings.seed) for r in records]
    html = counts_table(runs).data
    assert html.count("<td>3 ± 1</td>") == len(MODELS)  # 2 and 4
    assert html.count("<td>4 ± 1</td>") == len(MODELS)  # 3 and 5
    assert "more than 700" in html
    figure = spectrum_figure(runs)
    legend = [text.get_text() for text in figure.axes[0].get_legend().get_texts()]
    assert {*paper.MODEL_LABELS.values(), "paper, digitised"} == set(legend)
    elsewhere = [with_spectrum(r, "mnist", 2) for r in records]
    assert "paper" not in counts_table(elsewhere).data
    assert "paper, digitised" not in str(spectrum_figure(elsewhere).axes[0].get_legend().texts)


def test_a_data_set_s_own_dimension(monkeypatch):
    """The number with its range and provenance, or that there is none."""
    content = {"digits": {"examples": 1} | dimensions.measure_dimension("digits")}
    monkeypatch.setattr(dimensions, "read_entries", lambda path: content)
    text = dimension_note("digits").data
    assert f"it is {content['digits']['estimate']:.1f}" in text
    assert "commit" in text
    assert "scikit-learn" in text
    assert "No record" in dimension_note("mnist").data


def test_a_claim_without_records_is_not_so_far(records):
    """Claim 16 has no records here; claim 1 has some, of one data set of two."""
    text = verdict_lines(judge(records), (1, 16)).data
    assert "cannot tell, so far." in text
    assert "no records yet.**" in text


def test_samples_say_what_they_are(capsys):
    """Each picture has its class above it; the data set its origin, sizes and checksum."""
    figure = sample_figure("rectangles", ("wide", "tall"))
    assert {axes.get_title() for axes in figure.axes} == {"wide", "tall"}
    assert figure.axes[0].images[0].get_array().shape == (28, 28)
    assert sample_figure("basic").axes[0].get_title().isdigit()
    assert "**rot: regenerated.** 10,000 / 2,000 / 50,000" in origin_note("rot").data
    assert "**rect: original.**" in origin_note("rectangles").data
    show_sample("rot")
    assert capsys.readouterr().out


def test_directions_are_shown_beside_their_example(records):
    """Two examples, two models, the example and two directions each."""
    figure = directions_figure([with_spectrum(r, "mnist", 2) for r in records])
    assert len(figure.axes) == 2 * 2 * 3
    assert [a.get_title() for a in figure.axes[:3]] == ["AE", "0.80", "0.20"]
    example = figure.axes[0].images[0].get_array()
    assert example.shape == (4, 4)
    assert example[0, 0] == 1


def test_without_spectra_the_page_says_so(records):
    """Records that are older than the directions, or hold no spectrum."""
    for shown in (spectrum_figure(records), counts_table(records), directions_figure([])):
        assert "No records yet" in shown.data
    assert "before records held directions" in directions_figure(records).data


def test_correlations_stand_beside_the_papers(records):
    """The paper's own table gives the first row of each measure; the error is named."""
    html = correlation_table(correlations(records, []), "mnist").data
    assert html.count("models, as printed") == 2
    assert "0.94" in html
    assert "<td>test error</td>" in html
    assert html.count("too few points") == 2
    assert "printed" not in correlation_table(correlations(records, []), "mnist", False).data
    assert "No records yet" in correlation_table([], "mnist", False).data


def test_budget_is_what_the_records_cost(records):
    """40 runs of 90 seconds fit an hour; the whole table is offered once it was searched."""
    html = budget_table(records, records, 35).data
    assert "40 runs like those above" in html
    assert "verify --experiment made-up --count 40" in html
    assert "make sweep" not in html
    slow = [
        dataclasses.replace(
            r,
            experiment=protocol.TABLE1,
            provenance=r.provenance | {"seconds": {"total": 1800.0}},
        )
        for r in records
    ]
    html = budget_table(slow, slow, 35).data
    assert "2 runs like those above" in html
    assert "24 hours" in html  # 35 runs and 14 trials of half an hour
    assert "make sweep DATASET=mnist" in html
    assert "make verify FAST=1" in budget_table([], [], 35).data


def test_settings_are_those_of_the_runs(records):
    """Every model's regulariser is named with its value."""
    html = settings_table([record.settings for record in records]).data
    assert "contraction 0.1" in html
    assert "gibbs steps 1" in html


def test_provenance_and_scale(records):
    """Commit, versions, machine, date and cost are named; missing runs are admitted."""
    text = provenance_note(records).data
    for part in ("14 records", "seeds 0, 1", "012345678", "Keras 3 on jax 1", "cost 21 minutes"):
        assert part in text
    assert "14 of 21 runs" in scale_note(records, "published", 21).data
    assert "runs have been done" not in scale_note(records, "published", 14).data
    assert "Nothing to show yet" in scale_note([], "published", 14).data
    first = [dataclasses.replace(r, experiment=protocol.FIRST) for r in records]
    assert "A first look" in scale_note(first, "published", 35).data
    assert "first look" in settings_note(first).data
    assert (
        "among equal numbers of trials"
        in settings_note([dataclasses.replace(r, experiment=protocol.TABLE1) for r in records]).data
    )


def test_the_cost_of_a_rerun_has_a_fitting_unit(records):
    """A run of seconds is not said to cost 0 minutes."""
    assert "90 seconds of one core" in rerun_note(records, "cae").data
    [long] = [r for r in records if r.settings.model == "cae"][:1]
    long = dataclasses.replace(long, provenance=long.provenance | {"seconds": {"total": 600}})
    assert "10 minutes of one core" in rerun_note([long], "cae").data


def test_provenance_names_a_gpu(records):
    """Runs on a GPU are told from those without."""
    machine = records[0].provenance["machine"] | {"accelerator": "a GPU"}
    other = dataclasses.replace(records[0], provenance=records[0].provenance | {"machine": machine})
    text = provenance_note([other, *records[1:]]).data
    assert "a processor (1 core and a GPU), a processor (1 core)" in text


def test_command_repeats_the_run():
    """The command on the page, parsed again, gives the run's settings."""
    settings = Settings(
        dataset="mnist", model="dae-b", noise_level=0.4, units=(50, 20), evaluate_test=False
    )
    words = command(settings, "mine").replace("\\\n", " ").split()
    options = _parser().parse_args(words[words.index("run") :])
    given = {
        field.name: getattr(options, field.name)
        for field in dataclasses.fields(Settings)
        if getattr(options, field.name) is not None
    }
    assert Settings(**given) == settings
    assert options.experiment == "mine"


def test_verdicts_on_the_page(records, nothing_measured):
    """Each claim has a row with its verdict; comparisons show rule, interval, paper's value."""
    verdicts = judge(records)
    table = claims_table(verdicts).data
    assert table.count("<tr>") == len(paper.claims())
    assert "? cannot tell" in table
    assert "CIFAR-bw" in table
    rows = comparisons_table(verdicts, (1,)).data
    assert rows.count("<tr>") == 2
    assert "the 95 % interval lies above 0" in rows
    assert "0.64" in rows  # 1.78 - 1.14 of Table 1
    assert "a verdict needs" in rows
    assert "there is nothing to compare" in comparisons_table(judge([])).data
    lines = verdict_lines(verdicts, (1, 12)).data
    assert lines.startswith("- **Claim 1: ? cannot tell, so far.**")
    assert lines.count("\n") == 1
    assert score(verdicts).data.startswith("Of 21 claims: ")


def test_scoreboard(records, nothing_measured):
    """Each claim has a row: a page of the book, verdict, both values, a command, the cost."""
    judged = scoreboard(judge(records), records).data
    assert judged.count("<tr>") == len(paper.claims()) + 1
    pages = {page.path.stem for path in NOTEBOOKS.glob("*.ipynb") for page in pages_of(path)}
    links = set(re.findall(r'href="([a-z0-9-]+)\.html"', judged))
    assert links <= pages
    first = judged.split("<tr>")[2]
    assert "1. The penalty improves" in first
    assert "cannot tell, so far" in first
    assert '<span class="value">paper 0.64</span>' in first
    assert "no records of: CIFAR-bw" in first
    assert "<code>make sweep</code>" in first
    assert "cost: 6 runs, " in first
    empty = scoreboard(judge([]), []).data
    assert "cost:" not in empty
    assert "no records of: MNIST, CIFAR-bw" in empty


def test_search_on_the_page(records):
    """Grid and stages come from the protocol; the table counts trials, diverged ones too."""
    assert "contraction 0.03" in grid_table().data
    assert str(protocol.TRIAL_SEED) in stages_table().data
    trials = [
        Record(protocol.TRIALS, settings, {"valid_error": 2.0 + i}, {"seconds": {"total": 60.0}})
        for i, settings in enumerate(protocol.screening("mnist", "cae")[:3])
    ]
    trials.append(dataclasses.replace(
        trials[0],
        settings=protocol.screening("mnist", "cae")[3],
        results={"diverged": "NaN"},
    ))  # fmt: skip
    html = search_table(trials, "mnist").data
    assert "4, 1 diverged" in html
    assert "2.00 %" in html
    assert len(search_figure(trials, "mnist").axes[0].lines) >= 2
    assert rules_table().data.count("<tr>") == len(paper.claims())


def test_long_trials_say_why_longer_ones_came(records):
    """The best error of the CAE and the late best epochs are counted; diverged trials are none."""

    def long_trial(model, rate, results):
        settings = Settings(
            dataset="mnist",
            model=model,
            seed=protocol.TRIAL_SEED,
            finetune_learning_rate=rate,
            evaluate_test=False,
            **protocol.COMMON,
            **protocol.LENGTH,
        )
        return Record(protocol.TRIALS, settings, results, {"seconds": {"total": 60.0}})

    slow = min(protocol.FINETUNE_RATES)
    trials = [
        long_trial("cae", slow, {"valid_error": 1.51, "best_epoch": 30}),
        long_trial("ae", slow, {"valid_error": 1.61, "best_epoch": 25}),
        long_trial("cae", 1.0, {"valid_error": 1.41, "best_epoch": 30}),
        long_trial("cae", 3.0, {"diverged": "NaN"}),
    ]
    text = lengthening_note(trials, "mnist").data
    assert "validation error of the CAE was 1.41 %; the paper's test error is 1.14 %" in text
    assert "Of the 2 long trials with the smallest rate of fine-tuning, 1 had" in text
    assert "No records" in lengthening_note([], "mnist").data
    assert "<td>1.41 %</td>" in search_table(trials, "mnist").data


def test_why_later_rates_are_slower():
    """Two pre-trainings with all rates, one of which did best with the smallest."""
    short = [
        dataclasses.replace(
            made_up("ae", 0),
            settings=dataclasses.replace(s, evaluate_test=False),
            results={"valid_error": error},
        )
        for s, error in zip(
            protocol.screening("cifar-bw", "ae")[:7], [50, 51, 52, 53, 52, 51, 40], strict=True
        )
    ]
    text = slower_rates_note(short, "cifar-bw").data
    assert "On CIFAR-bw, 1 of the 2 pre-trainings" in text
    assert "try 0.03, 0.1, 0.3 in place of 0.3, 1, 3" in text
    assert "No trials" in slower_rates_note([], "cifar-bw").data
    later = protocol.later_rates("cifar-bw")
    assert len(later) == len(protocol.later_rates("mnist")) == len(protocol.FINETUNE_RATES)
    assert later != protocol.later_rates("mnist")


def test_distances_beside_the_paper(records):
    """Each line has the paper's value and ours."""
    measured = [
        dataclasses.replace(
            records[0],
            results=records[0].results | {"distances": {"min": 5.0, "median": 10.05, "max": 13.0}},
        )
    ]
    html = distances_table(measured, "mnist").data
    assert html.count("<tr>") == 3
    assert "1.00" in html
    assert "No records" in distances_table(records, "mnist").data
