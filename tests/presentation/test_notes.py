"""What stands beside tables and figures: settings, provenance, scale, cost."""

import dataclasses

import pytest

from replication.cli import parser
from replication.engine.settings import Settings
from replication.presentation.notes import provenance_note, scale_note
from replication.presentation.nothing import nothing
from replication.presentation.rerun import command, rerun_note
from replication.presentation.settings_table import settings_table
from tests.made_up import on_mnist, two_seeds
from tests.shown import by


def changed(record, **provenance):
    """The record with another provenance."""
    return dataclasses.replace(record, provenance=record.provenance | provenance)


def test_settings_are_those_of_the_runs():
    """Every model's regulariser is named with its value; what is common to all is said once."""
    table = settings_table([record.settings for record in two_seeds()])
    shown = by("Model", table)
    assert shown["CAE"]["regulariser"] == "contraction 0.1"
    assert shown["RBM-binary"]["regulariser"] == "gibbs steps 1"
    assert shown["AE"]["regulariser"] == "none"
    common = table.data.split("</p>")[0]
    assert "units 1000; learning rate of pre-training 0.1;" in common
    assert set(shown["CAE"]) == {"Model", "regulariser"}
    [alone] = by("Model", settings_table([on_mnist("cae", 0).settings])).values()
    assert alone["units"] == "1000"


def test_provenance():
    """Commit, versions, machine, date and cost are named."""
    text = provenance_note(two_seeds()).data
    for part in ("14 records", "seeds 0, 1", "012345678", "Keras 3 on jax 1", "cost 21 minutes"):
        assert part in text
    assert "cost" not in provenance_note(two_seeds(), times=False).data
    assert provenance_note([]).data == nothing().data


def test_provenance_names_a_gpu():
    """Runs on a GPU are told from those without."""
    first, *others = two_seeds()
    machine = first.provenance["machine"] | {"accelerator": "a GPU"}
    text = provenance_note([changed(first, machine=machine), *others]).data
    assert "a processor (1 core and a GPU), a processor (1 core)" in text


def test_what_a_record_says_is_text():
    """A record from elsewhere brings no markup into the book."""
    first, *others = two_seeds()
    machine = {"processor": "<script>x</script> a_b *c* `d` [e](f)", "threads": 1}
    text = provenance_note([changed(first, machine=machine, commit="<b>"), *others]).data
    assert "<script>" not in text
    assert "<b>" not in text
    assert r"&lt;script&gt;x&lt;/script&gt; a\_b \*c\* \`d\` \[e\](f) (1 core)" in text
    assert "<i>" not in scale_note([changed(first, data_origin="<i>")], "published", 1).data


def test_missing_runs_are_admitted():
    """How many there are, and how many there should be."""
    records = two_seeds()
    assert "14 of 21 runs" in scale_note(records, "published", 21).data
    assert "14 of 14" not in scale_note(records, "published", 14).data
    assert "MNIST (original data)" in scale_note(records, "published", 14).data
    assert "Nothing to show yet" in scale_note([], "published", 14).data


@pytest.mark.parametrize(("seconds", "said"), [(90.0, "90 seconds"), (600.0, "10 minutes")])
def test_the_cost_of_a_rerun_has_a_fitting_unit(seconds, said):
    """A run of seconds is not said to cost 0 minutes."""
    run = changed(on_mnist("cae", 0), seconds={"total": seconds})
    assert f"{said} of one core" in rerun_note([run], "cae").data
    assert command(run.settings, "mine") in rerun_note([run], "cae").data
    assert rerun_note([run], "ae").data == nothing().data
    assert "papermill" not in rerun_note([run], "cae").data
    assert "papermill notebooks/table1.ipynb" in rerun_note([run], "cae", "table1").data
    on_gpu = changed(run, machine=run.provenance["machine"] | {"accelerator": "a GPU"})
    assert f"{said} of a GPU" in rerun_note([on_gpu], "cae").data


def test_command_repeats_the_run():
    """The command on the page, parsed again, gives the run's settings."""
    settings = Settings(
        dataset="mnist",
        model="dae-b",
        noise_level=0.4,
        units=(50, 20),
        evaluate_test=False,
        pretrain_learning_rate=0.012345678901,
    )
    words = command(settings, "mine").replace("\\\n", " ").split()
    # Else it would be the one that the reader's shell names.
    assert words[words.index("--backend") + 1] == settings.backend
    options = parser().parse_args(words[words.index("run") :])
    given = {
        field.name: getattr(options, field.name)
        for field in dataclasses.fields(Settings)
        if getattr(options, field.name) is not None
    }
    assert Settings(**given) == settings
    assert options.experiment == "mine"


def test_records_of_which_the_book_has_copies_are_linked():
    """Each by its id; not those of trials, nor where they were trained just now."""
    first, second, *_ = (dataclasses.replace(r, experiment="table1") for r in two_seeds())
    text = provenance_note([first, dataclasses.replace(second, experiment="trials")]).data
    assert f'href="../_static/records/table1/{first.id}.json"' in text
    assert "All 1 records" in text
    assert second.id not in text
    assert "_static" not in provenance_note([first], times=False).data
