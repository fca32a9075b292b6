"""Error against search budget: what is drawn, printed and said comes from the first rounds."""

import dataclasses
import re

import numpy as np
import pytest

from replication.engine import records
from replication.errors import InputError
from replication.studies.best_of import best_of
from replication.studies.table1 import plan as version1
from replication.studies.table1_v2 import budget_page
from replication.studies.table1_v2 import plan as version2
from replication.studies.table1_v2.budget_page import budget_play
from tests.shown import play


@pytest.mark.parametrize("search", [version1.SEARCH, version2.SEARCH], ids=["v1", "v2"])
def test_every_number_is_that_of_the_trials(search):
    """Of the models whose first round is complete; the table says the same as the data."""
    page = play(budget_play(search.version))
    (control,) = page.data["controls"]
    (table,) = page.tables
    assert control["choices"] == [row["settings"] for row in table]
    for model in page.data["models"]:
        key = next(key for key in search.arms if version2.label(key) == model["name"])
        paths = [
            records.path_of(search.experiment, settings)
            for settings in search.trials(0, "mnist", key)
        ]
        errors = [records.read(path).results["valid_error"] for path in paths]
        assert len(errors) == len(table)
        assert model["low"][-1] == model["mean"][-1] == model["high"][-1] == min(errors)
        assert model["mean"][0] == pytest.approx(np.mean(errors))
        for n, row in enumerate(table):
            best = best_of(errors, n + 1)
            text = f"{best.mean:.2f} ({best.low:.2f} to {best.high:.2f})"
            assert model["texts"][n] == text
            assert row[model["name"]].replace("<br>", " (") + ")" == text


def test_the_caption_names_who_leads():
    """With one setting, and with all of them."""
    page = play(budget_play(1))
    first, last = (
        min(page.data["models"], key=lambda model, n=n: model["mean"][n])["name"] for n in (0, -1)
    )
    assert f"With one setting the smallest expected error is that of {first}" in page.caption
    end = f"with all 24 it is that of {last}" if first != last else "so it is with all 24"
    assert end in page.caption


def test_a_setting_that_diverged_counts_as_guessing(monkeypatch):
    """It is one of those that a search may draw."""
    model = budget_page.ORDER[0]
    settings = version1.SEARCH.trials(0, "mnist", model)
    trials = version1.SEARCH.read(settings)
    spoilt = [dataclasses.replace(trials[0], valid_error=float("inf")), *trials[1:]]
    monkeypatch.setattr(type(version1.SEARCH), "read", lambda self, wanted: spoilt)
    first = play(budget_play(1)).data["models"][0]
    assert first["mean"][0] == pytest.approx(np.mean([90, *(t.valid_error for t in trials[1:])]))


def test_without_trials_a_sentence_says_so(store):
    """And a name that is unknown is refused."""
    assert re.fullmatch(r"\*No complete first rounds on MNIST yet\.\*", budget_play(1).data)
    with pytest.raises(InputError, match="version"):
        budget_play(3)
    with pytest.raises(InputError, match="dataset"):
        budget_play(1, "digits")
