"""The rules on what section 4 argues, on measurements whose truth is known."""

import dataclasses

import numpy as np
import pytest

from replication.errors import InputError
from replication.studies.arguments.page import arguments_in_short
from replication.studies.arguments.small_nets import RECORDED
from replication.studies.speed.recorded import SOURCE, recorded_speeds
from replication.summary.judge import evidence_of
from replication.verdicts.outcome import Outcome
from tests.made_up import agreeing, altered, make_record, measured, spectrum, verdict_on

R, N, C = Outcome.REPRODUCED, Outcome.NOT_REPRODUCED, Outcome.CANNOT_TELL


def judged(claim, records=(), speeds=None, **arguments):
    """The verdict on one claim, from records and from runs of arguments."""
    found = {name.replace("_", "-"): {"runs": runs} for name, runs in arguments.items()}
    return verdict_on(claim, evidence_of(records, arguments=found, speeds=speeds))


def noise_run(seed, model="dae-g", order=4.0, residual=0.1):
    """What small noise was measured to add to one net's loss."""
    return {
        "seed": seed,
        "model": model,
        "noise_level": [0.01, 0.02],
        "extra": [0.1, 0.4],
        "jacobian": 10.0,
        "residual": residual + 0.01 * seed,
        "order": order + 0.001 * seed,
    }


@pytest.mark.parametrize("claim", [6, 7, 8, 9])
def test_nothing_measured_is_no_verdict(claim):
    """Without measurements and records all four wait, whatever the repository holds."""
    assert judged(claim).outcome == Outcome.NO_RECORDS


def test_small_noise_penalises_the_reconstruction():
    """Fourth order beyond, nearly all of the second order from the Jacobian: as argued."""
    verdict = judged(9, small_noise=[noise_run(seed) for seed in range(5)])
    assert [part.outcome for part in verdict.parts] == [R, R]
    assert {part.dataset for part in verdict.parts} == {"digits"}
    assert verdict.parts[0].records == (RECORDED.source,)
    assert verdict.missing == ("MNIST", "CIFAR-bw")


def test_the_page_sums_up_by_outcome():
    """What the measurements bear out, and what has none, each with its own claims."""
    noise = [noise_run(seed) for seed in range(5)]
    verdicts = [judged(claim, small_noise=noise) for claim in (9, 7, 6)]
    first, second = arguments_in_short(verdicts).data.splitlines()
    assert first.startswith("- **Reproduced:**")
    assert "(claim 9, 2 of 2 agree" in first
    assert second.startswith("- **No records yet:**")
    assert "(claim 7," in second
    assert "(claim 6," in second


@pytest.mark.parametrize(
    ("changed", "outcomes"), [({"order": 3.0}, [N, R]), ({"residual": 8.0}, [R, N])]
)
def test_another_order_or_another_term_contradicts(changed, outcomes):
    """A rest of third order, or a second order that the residual has half of."""
    verdict = judged(9, small_noise=[noise_run(seed, **changed) for seed in range(5)])
    assert [part.outcome for part in verdict.parts] == outcomes


def test_the_plain_auto_encoder_is_not_what_is_judged():
    """Its net was trained without noise."""
    runs = [noise_run(seed) for seed in range(5)]
    runs += [noise_run(seed, model="ae", order=2.0) for seed in range(5)]
    assert judged(9, small_noise=runs).outcome == R


def test_denoising_has_to_err_more():
    """Claim 9 holds of runs whose DAE-g makes more mistakes, and not of those with fewer."""

    def mistakes(count):
        return [1] * count + [0] * (500 - count)

    for ours, outcome in ((50, R), (0, N)):
        runs = [
            make_record(model, seed, mistakes(count + seed % 2))
            for model, count in (("dae-g", ours), ("cae", 20))
            for seed in range(5)
        ]
        [part] = judged(9, runs).parts
        assert (part.dataset, part.outcome) == ("mnist", outcome)
        assert part.paper.value == pytest.approx(1.18 - 1.14)


@pytest.mark.parametrize(("difference", "outcome"), [(1e-6, R), (0.1, N)])
def test_linear_encoders(difference, outcome):
    """Equal kernels up to rounding, or not."""
    runs = [{"seed": seed, "difference": difference * (1 + 0.1 * seed)} for seed in range(5)]
    [part] = judged(6, linear_encoder=runs).parts
    assert part.outcome == outcome
    assert part.records == (RECORDED.source,)


def test_contraction_by_saturation():
    """Jacobian and saturation of the CAE beside AE's; the kernel is shown and judges nothing."""
    verdict = judged(6, agreeing())
    assert [part.outcome for part in verdict.parts] == [R, R, R]
    assert verdict.missing == ("the embedded 8x8 digits",)
    smaller = judged(6, altered(agreeing(), "cae", kernel_norm=[1.0]))
    assert [part.outcome for part in smaller.parts] == [R, R, N]
    assert smaller.outcome == R
    assert len(judged(6, altered(agreeing(), "cae", kernel_norm=None)).parts) == 2


def growth(penalty=0.5, power=1.0):
    """Rounds of penalty and reconstruction at two sizes, four times apart."""
    rounds = {
        "10x10": [[penalty * (1 + 0.01 * k), 1.0] for k in range(5)],
        "20x20": [[penalty * 4**power * (1 + 0.01 * k), 4.0] for k in range(5)],
    }
    return {"rows": [], "samples": {"growth": rounds}, "provenance": {}}


def test_cost():
    """Half the cost of the reconstruction, growing as it does; then dearer; then steeper."""
    verdict = judged(8, speeds=growth())
    assert [part.outcome for part in verdict.parts] == [R, R, R]
    assert verdict.is_final
    assert verdict.parts[-1].estimate.value == pytest.approx(1)
    assert {part.records for part in verdict.parts} == {(SOURCE,)}
    assert judged(8, speeds=growth(penalty=3.0)).parts[0].outcome == N
    assert judged(8, speeds=growth(penalty=0.1, power=2.0)).parts[-1].outcome == N
    assert not judged(8, speeds={"rows": [], "samples": {}}).parts


def test_sparse():
    """Jacobian, curve and spectrum of the sparse auto-encoder with those of AE."""
    runs = [
        make_record(
            model,
            seed,
            np.zeros(100),
            jacobian=jacobian * (1 + 0.01 * seed),
            ratio=[ratio] * 5,
            **measured(spectrum=spectrum(7)),
        )
        for model, jacobian, ratio in (("ae", 4e-4, 0.4), ("sae", 1e-4, 0.2))
        for seed in range(5)
    ]
    verdict = judged(7, runs)
    # Both have the same spectrum.
    assert [part.outcome for part in verdict.parts] == [R, R, C]
    assert [part.estimate.value for part in verdict.parts] == pytest.approx([4, 2, 0])
    assert verdict.missing == ("CIFAR-bw",)
    assert [part.outcome for part in judged(7, agreeing()).parts] == [R, R, R]
    assert [part.outcome for part in judged(7, altered(runs, "ae", spectrum=None)).parts] == [R, R]


def test_damaged_files_are_refused(tmp_path):
    """With the file's name; a missing one holds nothing."""
    arguments = dataclasses.replace(RECORDED, folder=tmp_path)
    assert arguments.read() == {}
    assert recorded_speeds(tmp_path) is None
    runs = [{"seed": 0, "model": "dae-g"}]
    arguments.write("small-noise", {"runs": runs, "provenance": {}})
    with pytest.raises(InputError, match=r"arguments\.json is damaged: small-noise lacks"):
        arguments.read()
    (tmp_path / "benchmark.json").write_text("{}")
    with pytest.raises(InputError, match=r"benchmark\.json is damaged: a part lacks rows"):
        recorded_speeds(tmp_path)
