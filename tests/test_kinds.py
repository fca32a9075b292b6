"""The models, each declared once: what is declared is what its class takes."""

import inspect
import math

import pytest

from replication.errors import InputError
from replication.kinds import KINDS, STRENGTHS, Strength, kind_of

NETS = [kind for kind in KINDS.values() if kind.is_net]


def test_keys_and_labels_name_one_model():
    """No two models share either."""
    assert all(key == kind.key for key, kind in KINDS.items())
    assert len({kind.label for kind in KINDS.values()}) == len(KINDS)
    assert [key for key, kind in KINDS.items() if not kind.is_net] == ["svm"]


def test_there_is_no_other_model():
    """An unknown key is refused, with those that there are."""
    assert kind_of("cae") is KINDS["cae"]
    with pytest.raises(InputError, match="model must be one of ae, ae-wd, .*Received: model='vae'"):
        kind_of("vae")


def test_a_strength_s_default_is_in_its_range():
    """Every model's own; what several models call the same has one default."""
    defaults = {name: set() for name in STRENGTHS}
    for kind in KINDS.values():
        for strength in kind.strengths:
            assert strength.checked(strength.default) == strength.default
            defaults[strength.name].add(strength.default)
    assert {len(values) for values in defaults.values()} == {1}


@pytest.mark.parametrize("kind", NETS, ids=lambda kind: kind.key)
def test_a_net_s_class_takes_what_is_declared(kind):
    """Its strengths and arguments, at their defaults, as names of the class's own arguments."""
    from replication import models

    cls = getattr(models, kind.class_name)
    declared = {s.name: s.default for s in kind.strengths} | dict(kind.arguments)
    assert set(declared) <= set(inspect.signature(cls).parameters)
    net = cls(5, seed=0, **declared)
    for name, value in declared.items():
        assert getattr(net, name) == value


@pytest.mark.parametrize("kind", NETS, ids=lambda kind: kind.key)
def test_a_strength_s_range_is_the_class_s(kind):
    """What a setting may not be, the class refuses, too."""
    from replication import models

    cls = getattr(models, kind.class_name)
    for strength in kind.strengths:
        for value in outside(strength):
            with pytest.raises(InputError, match=strength.name):
                cls(5, seed=0, **{strength.name: value}, **kind.arguments)


@pytest.mark.parametrize(
    "strength",
    [pytest.param(one, id=f"{k.key} {one.name}") for k in KINDS.values() for one in k.strengths],
)
def test_a_strength_s_range_is_enforced(strength):
    """Below it, above it, at its ends where they are open, and what is no number at all."""
    for value in (*outside(strength), math.nan, math.inf, "1", True):
        with pytest.raises(InputError, match=f"{strength.name} must be .*Received: "):
            strength.checked(value)
    if not strength.open_ends:
        assert strength.checked(strength.low) == strength.low
    if not strength.open_ends:
        assert strength.checked(strength.high) == strength.high


def outside(strength):
    """Values that a strength may not have."""
    values = [strength.low - 1]
    values.append(2 * strength.high + 1)
    if strength.open_ends:
        values += [strength.low, strength.high]
    if strength.whole:
        values.append(strength.low + 0.5)
    return values


def test_a_whole_number_stays_one():
    """Others become what JSON writes in one way."""
    (gibbs_steps,) = KINDS["rbm"].strengths
    assert gibbs_steps.checked(3) == 3
    assert type(gibbs_steps.checked(3)) is int
    assert type(Strength(name="weight", default=1.0).checked(2)) is float
