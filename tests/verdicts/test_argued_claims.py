"""The rules on what section 4 argues, on measurements whose truth is known."""

import numpy as np
import pytest

from replication.errors import InputError
from replication.experiments import speeds
from replication.verdicts.claims import judge
from replication.verdicts.verdict import Outcome

from .conftest import make_record


def verdict_on(claim, records=()):
    """The verdict on one claim."""
    return next(v for v in judge(list(records)) if v.claim == claim)


def noise_run(seed, model="dae-g", order=4.0, residual=0.1):
    """What small noise was measured to add to one net's loss."""
    values = {"noise_level": [0.01, 0.02], "extra": [0.1, 0.4], "jacobian": 10.0}
    return {"seed": seed, "model": model, **values, "residual": residual + 0.01 * seed} | {
        "order": order + 0.001 * seed
    }


def test_nothing_measured_is_no_verdict(measured):
    """Without files and records all four wait."""
    for claim in (6, 7, 8, 9):
        assert verdict_on(claim).outcome == Outcome.NO_RECORDS


def test_small_noise_penalises_the_reconstruction(measured):
    """Fourth order beyond, nearly all of the second order from the Jacobian: as argued."""
    measured(noise=[noise_run(seed) for seed in range(5)])
    verdict = verdict_on(9)
    assert [part.outcome for part in verdict.parts] == [Outcome.REPRODUCED] * 2
    assert verdict.parts[0].where == "the embedded 8x8 digits"
    assert verdict.parts[0].records == ("data/arguments.json",)
    assert verdict.missing == ("MNIST", "CIFAR-bw")


@pytest.mark.parametrize("changed", [{"order": 3.0}, {"residual": 8.0}])
def test_another_order_or_another_term_contradicts(measured, changed):
    """A rest of third order, or a second order that the residual has half of."""
    measured(noise=[noise_run(seed, **changed) for seed in range(5)])
    outcomes = {part.outcome for part in verdict_on(9).parts}
    assert outcomes == {Outcome.REPRODUCED, Outcome.NOT_REPRODUCED}


def test_the_plain_auto_encoder_is_not_what_is_judged(measured):
    """Its net was trained without noise."""
    runs = [noise_run(seed) for seed in range(5)]
    runs += [noise_run(seed, model="ae", order=2.0) for seed in range(5)]
    measured(noise=runs)
    assert verdict_on(9).outcome == Outcome.REPRODUCED


def test_linear_encoders(measured):
    """Equal kernels up to rounding, or not."""
    for difference, outcome in ((1e-6, Outcome.REPRODUCED), (0.1, Outcome.NOT_REPRODUCED)):
        runs = [{"seed": seed, "difference": difference * (1 + 0.1 * seed)} for seed in range(5)]
        measured(linear=runs)
        assert verdict_on(6).parts[-1].outcome == outcome


def growth(penalty=0.5, power=1.0):
    """Rounds of penalty and reconstruction at two sizes, four times apart."""
    return {
        "10x10": [[penalty * (1 + 0.01 * k), 1.0] for k in range(5)],
        "20x20": [[penalty * 4**power * (1 + 0.01 * k), 4.0] for k in range(5)],
    }


def test_cost(measured):
    """Half the cost of the reconstruction, growing as it does; then dearer; then steeper."""
    measured(growth=growth())
    verdict = verdict_on(8)
    assert verdict.outcome == Outcome.REPRODUCED
    assert verdict.is_final
    assert verdict.parts[-1].estimate.value == pytest.approx(1)
    measured(growth=growth(penalty=3.0))
    assert verdict_on(8).parts[0].outcome == Outcome.NOT_REPRODUCED
    measured(growth=growth(penalty=0.1, power=2.0))
    assert verdict_on(8).parts[-1].outcome == Outcome.NOT_REPRODUCED


def test_sparse(measured):
    """Jacobian, curve and spectrum of the sparse auto-encoder with those of AE."""
    none = np.zeros(100, bool)
    runs = [
        make_record(model, seed, none, jacobian=j * (1 + 0.01 * seed), ratio=(r, r, r, r, r))
        for model, j, r in (("ae", 4e-4, 0.4), ("sae", 1e-4, 0.2))
        for seed in range(5)
    ]
    verdict = verdict_on(7, runs)
    assert [part.statement.split(",")[0] for part in verdict.parts] == [
        "mean squared Jacobian entry",
        "contraction ratio next to the data",
        "singular values above 0.5",
    ]
    # Both have the same spectrum.
    outcomes = [part.outcome for part in verdict.parts]
    assert outcomes == [Outcome.REPRODUCED, Outcome.REPRODUCED, Outcome.CANNOT_TELL]
    assert verdict.missing == ("CIFAR-bw",)


def test_damaged_files_are_refused(measured):
    """With the file's name."""
    measured(noise=[{"seed": 0, "model": "dae-g"}])
    with pytest.raises(InputError, match=r"arguments\.json is damaged: small-noise lacks"):
        judge([])
    measured()
    speeds.FILE.write_text("{}")
    with pytest.raises(InputError, match=r"benchmark\.json is damaged: it lacks rows"):
        judge([])
