"""Chains of pictures: what is measured of them, what is chosen, and what the page says."""

import dataclasses

import numpy as np
import pytest
from scipy.stats import norm

from replication.cli import main
from replication.datasets import load
from replication.engine import measurements
from replication.engine.environment import chosen_backend
from replication.errors import InputError
from replication.measures.nearest import nearest_distances
from replication.measures.packing import unpack_rows
from replication.measures.parzen import parzen_log_likelihood
from replication.studies.sampling import chains, notes_page, page, plan
from replication.studies.sampling.groups import choose, group
from replication.studies.table1 import plan as table1
from tests import shown

PROVENANCE = {
    "commit": "0" * 40,
    "dirty": False,
    "versions": {"keras": "3"},
    "machine": {"processor": "one"},
    "date": "2026-01-01",
    "seconds": 60.0,
}


def quick():
    """A plan of seconds: hardly trained nets, short chains."""
    small = plan.proof()
    runs = {
        name: dataclasses.replace(run, units=(9,), pretrain_epochs=1, backend=chosen_backend())
        for name, run in small.runs.items()
    }
    return dataclasses.replace(
        small, runs=runs, chains=5, steps=7, burn_in=1, every=2, nearest=10, shown_chains=2,
        shown_steps=(0, 1, 7), classifier_epochs=1,
    )  # fmt: skip


def entry(samples, held_out=4.0):
    """What was measured of one name."""
    return {
        "samples": samples, "shape": [2, 2], "error": 3.0, "held_out": held_out,
        "provenance": PROVENANCE,
    }  # fmt: skip


def sample(size, score, nearest, classes=None, chosen=None, pictures=()):
    """What was measured of the samples of one step size."""
    own = {} if classes is None else {"classes": classes, "changes": 10.0 * classes}
    return {
        "step_size": size, "bandwidth": 0.2, "chosen": score if chosen is None else chosen,
        "log_likelihood": score, "nearest": nearest, "pictures": list(pictures), **own,
    }  # fmt: skip


def made_up(cae_score=50.0, cae_distance=4.5, best=0.2, second=False):
    """Measurements that nobody made: the CAE is best at one step size."""
    packed = [["f38A" + "fw=="] * 8] * 4  # 2 x 2 pixels
    scores = {size: cae_score - 10 * abs(plan.STEP_SIZES.index(size) - plan.STEP_SIZES.index(best))
              for size in plan.STEP_SIZES}  # fmt: skip
    walked = [
        sample(size, score, cae_distance, 1 + 10 * size, pictures=packed)
        for size, score in scores.items()
    ]
    found = {
        "digits": entry([sample(None, 200.0, 0.0)]),
        "shuffled": entry([sample(None, -200.0, 8.0)]),
        "cae-0": entry(walked),
        "rbm-0": entry([sample(None, 30.0, 6.5, 3.5, pictures=packed)]),
    }
    if second:
        more = [
            {**one, "log_likelihood": one["log_likelihood"] + 2, "pictures": []} for one in walked
        ]
        found["cae-1"] = entry(more)
    return found


class TestMeasures:
    """Parzen windows and nearest neighbours against other ways to compute them."""

    def test_parzen_is_the_mixture_of_gaussians(self):
        """In float64, picture by picture, for each bandwidth."""
        draw = np.random.default_rng(0)
        samples, x = draw.normal(size=(7, 3)), draw.normal(size=(4, 3))
        found = parzen_log_likelihood(samples, x, (0.3, 2.0))
        for values, bandwidth in zip(found, (0.3, 2.0), strict=True):
            each = norm.pdf(x[:, None], samples, bandwidth).prod(axis=2)
            np.testing.assert_allclose(values, np.log(each.mean(axis=1)), rtol=1e-9)

    def test_it_integrates_to_one(self):
        """On a line."""
        x = np.linspace(-20, 20, 8001)[:, None]
        density = np.exp(parzen_log_likelihood(np.array([[0.0], [3.0]]), x, (0.5,))[0])
        assert np.sum(density) * 0.005 == pytest.approx(1, abs=1e-6)

    def test_rows_beyond_a_block_count(self):
        """More pictures than are held at once, the last ones like the first."""
        draw = np.random.default_rng(1)
        samples, x = draw.random((5, 4)), draw.random((1203, 4))
        for whole, parts in (
            (parzen_log_likelihood(samples, x, (0.4,))[0], [
                parzen_log_likelihood(samples, x[[n]], (0.4,))[0, 0] for n in (0, 499, 500, 1202)
            ]),
            (nearest_distances(x, samples), [
                np.linalg.norm(samples - x[n], axis=1).min() for n in (0, 499, 500, 1202)
            ]),
        ):  # fmt: skip
            np.testing.assert_allclose(whole[[0, 499, 500, 1202]], parts, rtol=1e-6)

    def test_a_copy_has_no_distance(self):
        """And numbers in float32 make none of it NaN."""
        x = load("digits").train.x[:20]
        assert nearest_distances(x, x).max() < 1e-3

    def test_how_chains_mix(self):
        """Classes that a chain visits, and how often the class changes."""
        found = chains.measure_states(np.array([[1, 1, 1, 1, 1], [1, 2, 1, 3, 3]]))
        assert found == {"classes": 2.0, "changes": 37.5}


class TestPlan:
    """What is drawn from what."""

    def test_the_nets_are_those_of_table_1(self):
        """The first final runs of both models, seed by seed."""
        found = plan.published()
        assert found.names == plan.NAMES
        for name, run in found.runs.items():
            assert name == f"{run.model}-{run.seed}"
            finals = table1.STUDY.finals(table1.DATASETS[0], run.model, plan.SEEDS)
            assert run == finals[run.seed]

    def test_parts_of_the_validation_digits_are_apart(self):
        """They fit into it, and nothing that is shown lies beyond a chain's end."""
        for one in (plan.published(), plan.proof()):
            assert max(one.shown_steps) == one.steps > one.burn_in + one.every
            assert one.shown_chains <= one.chains
        small = plan.proof()
        assert small.choosing + small.measuring <= len(load("digits").valid.x)

    def test_a_name_that_is_none_of_ours(self):
        """Neither in the file nor on the command line."""
        with pytest.raises(InputError, match="model must be one of cae, rbm"):
            group({"vae-0": entry([sample(None, 0.0, 0.0)])})
        with pytest.raises(InputError, match="name must be one of digits, "):
            chains.measure_chains("vae-0", plan.proof())


@pytest.fixture(scope="module")
def measured():
    """What is measured of hardly trained nets."""
    return {name: chains.measure_chains(name, quick(), progress=False) for name in quick().names}


def test_chains_are_measured_at_every_step_size(measured):
    """Pictures are those of the chains: the first column is what they start from."""
    small = quick()
    assert [s["step_size"] for s in measured["cae-0"]["samples"]] == list(plan.STEP_SIZES)
    assert [s["step_size"] for s in measured["rbm-0"]["samples"]] == [None]
    start = load("digits").train.x[:2]
    for name in ("cae-0", "rbm-0"):
        for one in measured[name]["samples"]:
            assert one["bandwidth"] in small.bandwidths
            assert 1 <= one["classes"] <= 10
            first = unpack_rows([row[0] for row in one["pictures"]])
            scaled = start / start.max(axis=1, keepdims=True)
            np.testing.assert_allclose(first, scaled, atol=1 / 127)
            assert [len(row) for row in one["pictures"]] == [len(small.shown_steps)] * 2
    assert measured["digits"]["samples"][0]["nearest"] < 1e-3 < measured["digits"]["held_out"]
    scores = {n: measured[n]["samples"][0]["log_likelihood"] for n in plan.REFERENCES}
    assert scores["digits"] > scores["shuffled"]


def test_noise_has_the_pixels_of_digits():
    """Each pixel's values are those of the digits, in another order."""
    data, small = load("digits"), plan.proof()
    digits, noise = (chains.reference(name, data, small) for name in plan.REFERENCES)
    np.testing.assert_array_equal(np.sort(digits, axis=0), np.sort(noise, axis=0))
    assert (digits != noise).any()
    assert not (digits[:1] == data.train.x[:1]).all()  # they start no chain


def test_chains_are_recorded_by_one_command(tmp_path, monkeypatch, capsys):
    """And read again in the order of the plan; a wrong name costs no time."""
    monkeypatch.setattr(measurements, "FOLDER", tmp_path)
    small = quick()
    monkeypatch.setattr("replication.cli.chains.published", lambda: small)
    assert main(["chains", "vae-0", "--write"]) == 2
    assert main(["chains", "rbm-0", "digits", "--write"]) == 0
    assert "rbm-0, step size None: log-likelihood" in capsys.readouterr().out
    assert list(chains.collect_chains("published")) == ["digits", "rbm-0"]
    with pytest.raises(InputError, match="scale must be one of"):
        chains.collect_chains("huge")


class TestPage:
    """What is shown and said, on measurements that nobody made."""

    @pytest.mark.parametrize("best", plan.STEP_SIZES[1:])
    def test_the_step_size_is_chosen_on_the_choosing_part(self, best):
        """The best one of the nets' mean, never the control."""
        found = made_up(best=best, second=True)
        assert choose(group(found)).step_size == best
        for one in found["cae-0"]["samples"]:  # what is reported has no part in the choice
            one["log_likelihood"] = -one["log_likelihood"]
        found["cae-0"]["samples"][0]["chosen"] = 1e6
        assert choose(group(found)).step_size == best
        said = notes_page.likeness_note(found).data
        assert f"The best step size is {best:g} on average over 2 nets ({best:g} for single" in said
        at_an_end = best in (plan.STEP_SIZES[1], plan.STEP_SIZES[-1])
        assert ("at an end of what was tried" in said) == at_an_end

    def test_the_better_model_is_named(self):
        """Whichever it is."""
        for score, words in ((50.0, "of the CAE than"), (10.0, "of the RBM-binary than")):
            assert words in notes_page.chains_finding(made_up(score)).data
        overlap = made_up(29.0, second=True)  # the second net of the CAE beats the RBM
        assert "The nets do not tell" in notes_page.chains_finding(overlap).data
        assert (
            "20 nats higher under the samples of the CAE" in notes_page.in_short(made_up(50.0)).data
        )
        assert (
            "20 nats lower under the samples of the CAE" in notes_page.in_short(made_up(10.0)).data
        )

    @pytest.mark.parametrize(
        ("distance", "words"),
        [
            (1.0, "near copies of training digits"),
            (4.5, "neither copies of training digits nor noise"),
            (6.0, "farther from them than new digits are"),
            (7.9, "hardly nearer to them than noise is"),
        ],
    )
    def test_where_samples_stand_is_said(self, distance, words):
        """Between held-out digits, at 4, and noise, at 8."""
        found = made_up(cae_distance=distance)
        assert words in notes_page.chains_finding(found).data
        said = notes_page.likeness_note(found).data
        assert "The samples of the CAE are" in said
        assert words in said
        assert f"{distance:.1f}, beside 4.0 for held-out digits and 8.0 for noise" in said

    def test_table_and_data_hold_every_net(self):
        """Means in the table with their ends, each net in the data."""
        found = made_up(second=True)
        rows = shown.by("samples of", page.measures_table(found))
        assert len(rows) == 3 + len(plan.STEP_SIZES)
        assert (
            rows["CAE, σ = 0.2 (chosen)"]["log-likelihood, nats"]
            == "51.0<small>50.0 to 52.0</small>"
        )
        assert rows["CAE, σ = 0 (no noise)"]["nets"] == "2"
        assert rows["RBM-binary"]["classes visited"] == "3.5"
        assert rows["noise"]["classes visited"] == "–"
        data = page.measures_data(found)
        assert len(data) == 3 + 2 * len(plan.STEP_SIZES)
        assert "pictures" not in data

    def test_figures(self):
        """Chains around the chosen step size and of the RBM; lines over all step sizes."""
        found, one = made_up(second=True), plan.published()
        titles = [axes.get_title() for axes in page.chains_figure(found, one).axes]
        assert titles == ["CAE, σ = 0.1", "CAE, σ = 0.2 (chosen)", "CAE, σ = 0.5", "RBM-binary"]
        titles = [a.get_title() for a in page.chains_figure(made_up(best=0.02), one).axes]
        assert titles == [
            "CAE, σ = 0 (no noise)",
            "CAE, σ = 0.02 (chosen)",
            "CAE, σ = 0.05",
            "RBM-binary",
        ]
        drawn = page.measures_figure(found).axes
        lines = {line.get_label(): line.get_ydata() for line in drawn[0].get_lines()}
        assert lines["CAE"][plan.STEP_SIZES.index(0.2)] == 51
        assert set(lines["noise"]) == {-200}
        assert {line.get_label(): set(line.get_ydata()) for line in drawn[1].get_lines()}[
            "digits"
        ] == {4.0}

    def test_mixing_and_plan_are_said_in_numbers(self):
        """Those of the measurements and of the plan."""
        one = plan.published()
        said = notes_page.mixing_note(made_up(), one).data
        assert "shows 1.0 different digits without noise, 3.0 with σ = 0.2, and 11.0 with" in said
        text = notes_page.plan_note(one).data
        assert "10,000 of each net" in text
        assert "2,000 validation digits (number 1,001 to 3,000)" in text

    def test_how_far_chains_get_near_the_digits(self):
        """With the largest step size that keeps them there, if there is one."""
        found = made_up()
        for size, nearest in zip(plan.STEP_SIZES, (3, 3.5, 4, 5, 6, 7, 8), strict=True):
            found["cae-0"]["samples"][plan.STEP_SIZES.index(size)]["nearest"] = nearest
        for held_out, words in (
            (4.0, "new digits are is 0.05; a chain then visits 1.5 digits"),
            (3.2, "Only without noise"),
            (1.0, "With no step size"),
        ):
            for entry_ in found.values():
                entry_["held_out"] = held_out
            assert words in notes_page.mixing_note(found, plan.published()).data
            assert words in notes_page.in_short(found).data

    def test_what_is_missing_is_said(self):
        """Nets that have not been sampled, and a page without any."""
        assert "2 of 6 nets" in notes_page.count_note(made_up(), plan.published(), "published").data
        assert "Proof scale" in notes_page.count_note(made_up(), plan.proof(), "proof").data
        for show in (
            page.measures_figure,
            page.measures_table,
            notes_page.chains_finding,
            notes_page.likeness_note,
            notes_page.in_short,
            notes_page.chains_note,
        ):
            assert show({}).data.endswith(" yet.*")
        assert page.chains_figure({}, plan.proof()).data.endswith(" yet.*")
        assert notes_page.mixing_note({}, plan.proof()).data.endswith(" yet.*")


def test_recorded_chains_are_of_those_runs():
    """Their entries name the runs, from code without changes of its own, and are small."""
    found = chains.collect_chains("published")
    runs = plan.published().runs
    assert {n: e["id"] for n, e in found.items() if n in runs} == {
        name: run.id for name, run in runs.items() if name in found
    }
    assert not any(entry["provenance"]["dirty"] for entry in found.values())
    assert chains.RECORDED.path.stat().st_size < 400_000
