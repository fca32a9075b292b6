"""Tables, figures and sentences say what the records say."""

import numpy as np
import pytest

from replication import paper
from replication.experiments.records import Record, pack_mistakes
from replication.experiments.settings import MODELS, Settings
from replication.presentation.comparison import compare
from replication.presentation.figures import contraction_figure, error_figure
from replication.presentation.findings import table1_findings
from replication.presentation.peaks import peak_table
from replication.presentation.provenance import provenance_note, scale_note
from replication.presentation.settings_table import settings_table
from replication.presentation.tables import table1_html

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
    """The sentences are chosen by the records: better, worse, tied, and by what measure."""
    text = table1_findings(compare(records, "mnist")).data
    assert "1.05 % mistakes" in text
    assert "clearly better than DAE-b, AE+wd, AE" in text
    assert "clearly worse than SAE" in text
    assert "next to DAE-g, RBM-binary" in text
    assert "smallest value is the CAE's" in text
    assert "largest value is the CAE's" in text
    other_way = [made_up(model, 0, jacobian=-1e-4) for model in MODELS]
    assert (
        "smallest value is SAE's, not the CAE's"
        in table1_findings(compare(other_way, "mnist")).data
    )


def test_figures_show_every_model(records):
    """Each model has a line and a name in the curves, and a dot in the scatter."""
    figure = contraction_figure(records, "mnist")
    legend = [text.get_text() for text in figure.axes[0].get_legend().get_texts()]
    assert set(paper.MODEL_LABELS.values()) <= set(legend)
    assert figure.axes[0].get_xlim() == (0, 40)
    scatter = error_figure(compare(records, "mnist"))
    named = {text.get_text() for text in scatter.axes[0].texts}
    assert set(paper.MODEL_LABELS.values()) <= named


def test_peaks(records):
    """The largest ratio and its radius are read off the mean curve."""
    html = peak_table(records, "mnist").data
    assert "<td>0.400</td>" in html
    assert "<td>10</td>" in html
    assert "rises, then falls" in html


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
