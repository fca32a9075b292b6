"""The claims' rules on runs whose truth is known."""

import dataclasses
import json

import numpy as np
import pytest

from replication import paper
from replication.cli import main
from replication.errors import InputError
from replication.experiments import collect
from replication.experiments.protocol import DATASETS
from replication.measures.intrinsic_dimension import IntrinsicDimension
from replication.verdicts import claims, published
from replication.verdicts.claims import judge, rules, tie_margin
from replication.verdicts.curve import fall, peak_radius, rise
from replication.verdicts.report import as_json, as_text
from replication.verdicts.verdict import Outcome

from .conftest import RADII, make_record

ON_TABLE1 = (1, 2, 3, 4, 5, 12, 13, 14, 15)


def by_claim(runs):
    """Verdicts by the claim's number."""
    return {verdict.claim: verdict for verdict in judge(runs)}


def test_every_claim_has_a_line(measured):
    """Without records there is a verdict on all 21, and each says that there are none."""
    verdicts = judge([])
    assert [v.claim for v in verdicts] == [claim.number for claim in paper.claims()]
    assert {v.outcome for v in verdicts} == {Outcome.NO_RECORDS}
    assert not any(v.is_final for v in verdicts)


def test_runs_as_the_paper_claims_are_reproduced(agreeing):
    """Each rule finds what was put in, and CIFAR-bw is said to be missing."""
    verdicts = by_claim(agreeing)
    for number in ON_TABLE1:
        assert verdicts[number].outcome == Outcome.REPRODUCED, as_text(
            verdicts[number], paper.claims()[number - 1]
        )
        assert verdicts[number].missing == ("CIFAR-bw",)
    assert verdicts[6].outcome == Outcome.REPRODUCED
    assert verdicts[7].outcome == Outcome.REPRODUCED


def altered(runs, model, **results):
    """The same runs with other results of one model."""
    return [
        dataclasses.replace(r, results={**r.results, **results}) if r.settings.model == model else r
        for r in runs
    ]


@pytest.mark.parametrize(
    ("claim", "model", "results"),
    [
        (4, "rbm", {"jacobian_mean_square": 1e-6}),
        (5, "ae", {"saturation": 99.0}),
        (6, "cae", {"kernel_norm": [1.0]}),
        (12, "rbm", {"curve": {"radius": RADII, "ratio": [0.3, 0.5, 0.5, 0.4, 0.3]}}),
        (15, "dae-g", {"curve": {"radius": RADII, "ratio": [0.31, 0.3, 0.3, 0.3, 0.3]}}),
    ],
)
def test_one_contradiction_makes_partly(agreeing, claim, model, results):
    """A claim over several models with one that contradicts is reproduced in part."""
    assert by_claim(altered(agreeing, model, **results))[claim].outcome == Outcome.PARTLY


@pytest.mark.parametrize(
    ("claim", "results"),
    [
        (13, {"curve": {"radius": RADII, "ratio": [0.5, 0.4, 0.3, 0.2, 0.1]}}),
        (14, {"curve": {"radius": RADII, "ratio": [0.3, 0.5, 0.4, 0.3, 0.2]}}),
    ],
)
def test_another_shape_of_the_curve(agreeing, claim, results):
    """A curve that only falls has no bump; a bump elsewhere is not where the claim says."""
    outcome = by_claim(altered(agreeing, "cae", **results))[claim].outcome
    assert outcome in (Outcome.NOT_REPRODUCED, Outcome.PARTLY)


def test_worse_cae_is_not_reproduced(agreeing):
    """With the mistakes of CAE and AE exchanged, claims 1 and 2 fail."""
    exchange = {"cae": "ae", "ae": "cae"}
    mistakes = {(r.settings.model, r.settings.seed): r.results["test_mistakes"] for r in agreeing}
    runs = [
        dataclasses.replace(
            r,
            results={
                **r.results,
                "test_mistakes": mistakes[
                    exchange.get(r.settings.model, r.settings.model), r.settings.seed
                ],
            },
        )
        for r in agreeing
    ]
    verdicts = by_claim(runs)
    assert verdicts[1].outcome == Outcome.NOT_REPRODUCED
    assert verdicts[2].outcome == Outcome.NOT_REPRODUCED


def test_few_seeds_decide_nothing(agreeing):
    """With four seeds every comparison is open, and says why."""
    few = [r for r in agreeing if r.settings.seed < 4]
    for verdict in judge(few):
        assert verdict.outcome in (Outcome.CANNOT_TELL, Outcome.NO_RECORDS)
        assert all("4 seeds; a verdict needs 5" in part.note for part in verdict.parts)


def test_noise_is_not_evidence():
    """Two models of the same quality cannot be told apart, and the needed effort is named."""
    generator = np.random.default_rng(0)
    runs = [
        make_record(model, seed, generator.random(2000) < 0.05)
        for model in ("cae", "ae", "ae-wd")
        for seed in range(5)
    ]
    verdict = by_claim(runs)[1]
    assert verdict.outcome == Outcome.CANNOT_TELL
    assert "to tell from 0" in verdict.parts[0].note
    assert "from seeds" in verdict.parts[0].note
    assert "from the test set" in verdict.parts[0].note


def test_records_are_named_and_paired(agreeing):
    """A comparison names the records of the seeds that both models have."""
    runs = [r for r in agreeing if not (r.settings.model == "ae" and r.settings.seed == 0)]
    part = by_claim(runs)[1].parts[0]
    expected = {r.id for r in runs if r.settings.model in ("ae", "cae") and r.settings.seed > 0}
    assert set(part.records) == expected


def test_two_runs_with_one_seed_are_refused(agreeing):
    """It would not be clear which of them counts."""
    twice = dataclasses.replace(
        agreeing[0], settings=dataclasses.replace(agreeing[0].settings, pretrain_epochs=3)
    )
    with pytest.raises(InputError, match="two final runs with seed 0"):
        judge([*agreeing, twice])


def test_verdicts_repeat_exactly(agreeing):
    """Resampling included, two calls agree in every digit."""
    assert as_json(judge(agreeing)) == as_json(judge(agreeing))


def test_paper_s_own_numbers():
    """The margin of a match and the printed values come from the paper's table."""
    assert tie_margin("mnist", 10_000) == pytest.approx(0.208, abs=0.001)
    assert set(rules()) <= {claim.number for claim in paper.claims()}
    assert all(rules().values())


def spectrum(large, small):
    """A spectrum of 100 values, so many large, so many small but not negligible."""
    values = [1.0] * large + [0.3] * small + [0.01] * (100 - large - small)
    return {"singular_value": values, "deviation": [0.0] * 100}


def test_concentration():
    """Claim 16 wants the CAE before the DAE before the AE, and the AE not concentrated at all."""
    sizes = {"cae": (3, 5), "dae-b": (5, 10), "dae-g": (6, 30), "ae-wd": (40, 10), "ae": (50, 20)}

    def verdict(**other):
        runs = []
        for model, (large, small) in {**sizes, **other}.items():
            for seed in range(5):
                run = make_record(model, seed, np.zeros(100), dataset="cifar-bw")
                run.results["spectrum"] = spectrum(large, small + seed % 2)
                runs.append(run)
        return by_claim(runs)[16]

    agreeing = verdict()
    assert agreeing.outcome == Outcome.REPRODUCED
    assert agreeing.is_final
    [gap] = [p for p in agreeing.parts if p.statement == "singular values above 0.5, AE minus CAE"]
    assert gap.estimate.value == 47
    counts = paper.counts().set_index(["model", "threshold"])["count"]
    assert gap.paper == counts["ae", 0.5] - counts["cae", 0.5]
    assert len(agreeing.parts) == 8 + 4 + 2
    # A plain auto-encoder that concentrates, though less than the CAE, agrees in part.
    assert verdict(ae=(20, 20)).outcome == Outcome.PARTLY


def test_local_dimension(monkeypatch):
    """Claim 17 wants as many large values as dimensions, whatever counts as large."""

    def verdict(dimension, large, small):
        found = dimension and IntrinsicDimension(dimension, dimension - 1, dimension + 1)
        monkeypatch.setattr(claims, "recorded_dimension", lambda dataset: found)
        runs = [
            make_record("cae", seed, np.zeros(100), dataset=d)
            for seed in range(5)
            for d in DATASETS
        ]
        for run in runs:
            run.results["spectrum"] = spectrum(large, small)
        return by_claim(runs)[17]

    agreeing = verdict(12.0, 15, 5)
    assert agreeing.outcome == Outcome.REPRODUCED
    assert agreeing.is_final
    assert agreeing.parts[0].estimate.value == 15 / 12
    assert "dimension 12.0, from 11.0 to 13.0" in agreeing.parts[0].note
    assert agreeing.parts[0].paper is None  # the paper has no spectrum on MNIST
    counts = paper.counts().set_index(["model", "threshold"])["count"]
    assert agreeing.parts[2].paper == counts["cae", 0.5] / 12
    assert agreeing.parts[3].paper == counts["cae", 0.1] / counts["cae", 0.5]
    assert verdict(12.0, 15, 40).outcome == Outcome.PARTLY
    assert verdict(3.0, 15, 40).outcome == Outcome.NOT_REPRODUCED
    assert verdict(12.0, 0, 40).outcome == Outcome.NOT_REPRODUCED
    assert verdict(None, 15, 5).outcome == Outcome.NO_RECORDS


def test_shape_of_a_curve():
    """Rise, fall and peak of curves whose shape is known."""
    radius = np.arange(0.0, 21.0, 2.0)
    parabola = {"radius": radius, "ratio": 1 - ((radius - 9) / 20) ** 2}
    assert peak_radius(parabola) == pytest.approx(9.0)  # between two points of the grid
    falling = {"radius": radius, "ratio": 1 / (1 + radius)}
    assert rise(falling) == 0
    assert peak_radius(falling) == 0
    assert fall(falling) == pytest.approx(1 - 1 / 21)
    assert rise(parabola) == pytest.approx(0.9975 / 0.7975 - 1)


class TestCommandLine:
    """`verdicts` and the committed file."""

    @pytest.fixture
    def recorded(self, agreeing, tmp_path, monkeypatch):
        """The agreeing runs as all the records that there are, and no committed verdicts yet."""
        monkeypatch.setattr(collect, "collect_published", lambda: agreeing)
        monkeypatch.setattr(published, "FILE", tmp_path / "verdicts.json")
        return tmp_path / "verdicts.json"

    def test_prints_a_line_for_each_claim(self, recorded, capsys):
        """With the verdict, the claim's short name, and how its comparisons came out."""
        assert main(["verdicts"]) == 0
        lines = capsys.readouterr().out.splitlines()
        claims_ = paper.claims()
        assert [int(line.split()[0]) for line in lines] == [claim.number for claim in claims_]
        for line, claim in zip(lines, claims_, strict=True):
            assert claim.title in line
        assert lines[0].startswith(" 1  reproduced      ")
        assert lines[0].endswith("(2 reproduced; so far)")

    def test_prints_rule_interval_and_records(self, recorded, agreeing, capsys):
        """All about the claims that are named, or about all; JSON on request."""
        assert main(["verdicts", "2"]) == 0
        assert capsys.readouterr().out.startswith("Claim 2: reproduced")
        assert main(["verdicts", "--format", "text"]) == 0
        out = capsys.readouterr().out
        assert out.count("Claim ") == len(paper.claims())
        assert "rule: the 95 % interval" in out
        assert agreeing[0].id in out
        assert main(["verdicts", "1", "--format", "json"]) == 0
        [verdict] = json.loads(capsys.readouterr().out)
        assert verdict["outcome"] == "reproduced"

    @pytest.mark.parametrize("words", ["22", "0", "1 0"])
    def test_bad_requests(self, recorded, words, capsys):
        """An unknown claim, alone or among others."""
        assert main(["verdicts", *words.split()]) == 2
        assert capsys.readouterr().err.startswith("error: ")
        assert not recorded.exists()

    def test_committed_verdicts_are_compared(self, recorded, agreeing, capsys):
        """What was written agrees; after a change the difference is named."""
        verdicts = judge(agreeing)
        with pytest.raises(InputError, match="no committed verdicts"):
            published.differences(verdicts)
        assert main(["verdicts", "--write"]) == 0
        assert published.differences(verdicts) == []
        content = json.loads(recorded.read_text())
        content[3]["parts"][0]["estimate"]["value"] *= 1.01
        recorded.write_text(json.dumps(content))
        [line] = published.differences(verdicts)
        assert line.startswith("claim 4 differs in parts[0].estimate.value")
        recorded.write_text("{")
        with pytest.raises(InputError, match="damaged"):
            published.differences(verdicts)


def test_committed_verdicts_follow_from_the_records():
    """The repository's own verdicts are those that its records give."""
    assert published.differences(judge(collect.collect_published())) == []
