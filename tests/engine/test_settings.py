"""Settings: what is allowed, and the identity of a run."""

import dataclasses
import json

import pytest

from replication.engine import records
from replication.engine.settings import Settings
from replication.errors import InputError
from replication.kinds import KINDS, STRENGTHS

# A value of every field that no test's settings have.
CHANGED = {
    "dataset": "mnist",
    "model": "ae",
    "units": (999,),
    "seed": 1,
    "weight_decay": 0.2,
    "noise_level": 0.2,
    "contraction": 0.2,
    "curvature": 0.2,
    "draws": 3,
    "sparsity": 0.2,
    "sparsity_weight": 0.2,
    "gibbs_steps": 2,
    "svm_c": 2.0,
    "svm_gamma": 0.2,
    "pretrain_learning_rate": 0.2,
    "pretrain_batch_size": 7,
    "pretrain_epochs": 7,
    "finetune_learning_rate": 0.2,
    "finetune_batch_size": 7,
    "finetune_epochs": 7,
    "finetune_patience": 7,
    "train_examples": 7,
    "measure_examples": 7,
    "spectrum_examples": 7,
    "evaluate_test": False,
    "pretrain_optimizer": "adam",
    "initial_range": 1.0,
    "fault": "frozen-kernel",
    "backend": "tensorflow",
    "finetune_decay": True,
    "finetune_window": 7,
    "finetune_keep": "last",
    "finetune_examples": 70,
    "tangents": 7,
    "tangent_weight": 0.2,
    "precision": "tf32",
    "encoder": "conv",
    "activation": "relu",
    "finetune_optimizer": "adam",
    "finetune_dropout": 0.5,
    "finetune_jacobian": 0.1,
    "measure_robustness": True,
}
# Settings that go together: name -> the others that have to change with it.
TOGETHER = {"tangents": {"tangent_weight": 0.1}, "tangent_weight": {"tangents": 2}}
# Fields that came when there were records without them.
LATER = (
    "pretrain_optimizer",
    "initial_range",
    "fault",
    "backend",
    "finetune_decay",
    "finetune_window",
    "finetune_keep",
    "finetune_examples",
    "tangents",
    "tangent_weight",
    "precision",
    "encoder",
    "activation",
    "finetune_optimizer",
    "finetune_dropout",
    "finetune_jacobian",
    "measure_robustness",
)


def with_setting(name):
    """Settings of a model that has this one."""
    model = next((key for key, kind in KINDS.items() if name in kind.strength_names), "cae")
    return Settings(dataset="digits", model=model, **TOGETHER.get(name, {}), **own(name))


def own(name):
    """A value of one of the settings that go together, other than the table's; none of others."""
    return {name: 1} if name in TOGETHER else {}


def test_round_trip_keeps_the_identity():
    """Settings survive their JSON form, and equal settings have one id."""
    settings = Settings(dataset="digits", model="cae", contraction=1, units=[5, 4])
    again = Settings.from_dict(settings.to_dict())
    assert again == settings
    assert again.id == settings.id
    assert settings.depth == 2
    # 1 and 1.0 are the same strength.
    assert Settings(dataset="digits", model="cae", contraction=1.0, units=(5, 4)).id == settings.id


@pytest.mark.parametrize("name", [field.name for field in dataclasses.fields(Settings)])
def test_every_setting_changes_the_identity(name):
    """No two different settings share an id, whichever one differs; both survive their JSON form.

    A new field fails here until it is in the table above.
    """
    settings = with_setting(name)
    changes = {name: CHANGED[name]}
    if name == "model":
        changes["contraction"] = None
    other = dataclasses.replace(settings, **changes)
    assert getattr(other, name) != getattr(settings, name)
    assert other.id != settings.id
    for one in (settings, other):
        assert Settings.from_dict(json.loads(json.dumps(one.to_dict()))) == one


def test_strengths_are_fields():
    """What `kinds` declares can be set, and is None where nothing was asked for."""
    declared = {field.name: field.default for field in dataclasses.fields(Settings)}
    assert {declared[name] for name in STRENGTHS} == {None}


@pytest.mark.parametrize("name", LATER)
def test_later_settings_leave_old_identities_alone(name):
    """A run at the usual choices has the id that it had before they could be changed."""
    usual = Settings(dataset="digits", model="cae")
    assert name not in usual.to_dict()
    assert usual.id == "75f4542315d9677e"
    other = dataclasses.replace(usual, **{name: CHANGED[name]}, **TOGETHER.get(name, {}))
    assert other.to_dict()[name] == CHANGED[name]


@pytest.mark.parametrize(
    "experiment", sorted(path.name for path in records.FOLDER.iterdir() if path.is_dir())
)
def test_ids_of_old_records_are_still_theirs(experiment):
    """A handful of committed records of every experiment: their settings hash to their names."""
    paths = sorted((records.FOLDER / experiment).glob("*.json"))
    assert paths
    for path in paths[:: max(1, len(paths) // 5)]:
        content = json.loads(path.read_text())
        settings = Settings.from_dict(content["settings"])
        assert settings.id == path.stem == content["id"]
        assert settings.to_dict() == content["settings"]


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"dataset": "imagenet"}, "dataset must be one of mnist"),
        ({"model": "vae"}, "model must be one of ae, ae-wd"),
        ({"contraction": -0.1}, "contraction must be .* at least 0.*-0.1"),
        ({"contraction": float("nan")}, "contraction must be"),
        ({"model": "dae-b", "noise_level": 1.5}, "noise_level must be .*at most 1.*1.5"),
        ({"model": "dae-g", "contraction": 0.1}, "dae-g has no setting contraction"),
        ({"model": "sae", "sparsity": 1.0}, "sparsity must be .*below 1"),
        ({"units": (0,)}, "units must be a whole number of at least 1"),
        ({"units": ()}, "at least one layer"),
        ({"units": 5}, "must list at least one layer. Received: units=5"),
        ({"measure_robustness": 1}, "measure_robustness must be True or False. Received: .*=1"),
        ({"evaluate_test": "no"}, "evaluate_test must be True or False. Received: .*='no'"),
        ({"finetune_decay": None}, "finetune_decay must be True or False"),
        ({"seed": None}, "seed must be a whole number"),
        ({"tangents": None}, "tangents must be a whole number"),
        ({"measure_examples": None}, "measure_examples must be a whole number"),
        ({"seed": -1}, "seed must be"),
        ({"pretrain_learning_rate": 0}, "pretrain_learning_rate must be .*above 0"),
        ({"pretrain_optimizer": "rmsprop"}, "pretrain_optimizer must be one of sgd, adam"),
        ({"finetune_epochs": -1}, "finetune_epochs must be"),
        ({"finetune_keep": "first"}, "finetune_keep must be one of best, last"),
        ({"finetune_window": 0}, "finetune_window must be"),
        ({"train_examples": 2.5}, "train_examples must be a whole number"),
        ({"backend": "theano"}, "backend must be one of jax, tensorflow, torch"),
        ({"fault": "typo"}, "frozen-kernel, summed-code, floor-division"),
        ({"model": "ae", "fault": "frozen-kernel"}, "model cae"),
        ({"tangents": -1, "tangent_weight": 1}, "tangents must be a whole number"),
        ({"tangents": 3}, "both above 0, or neither. Received: tangents=3, tangent_weight=0"),
        ({"tangent_weight": 0.1}, "both above 0, or neither. Received: tangents=0"),
        (
            {"tangents": 3, "tangent_weight": 0.1, "pretrain_epochs": 0},
            "those of a pre-trained encoder.*pretrain_epochs=0",
        ),
        (
            {"model": "svm", "tangents": 3, "tangent_weight": 0.1},
            "those of a pre-trained encoder.*model='svm'",
        ),
        ({"encoder": "pooled"}, "encoder must be one of dense, conv"),
        ({"activation": "gelu"}, "activation must be one of sigmoid, tanh, softplus, relu"),
        ({"model": "rbm", "activation": "relu"}, "only ae, dae-g, dae-b, cae, without a fault"),
        ({"model": "cae-h", "encoder": "conv"}, "Received: model='cae-h'"),
        ({"fault": "frozen-kernel", "activation": "tanh"}, "Received: .*fault='frozen-kernel'"),
        ({"encoder": "conv", "units": (5, 4)}, r"one number of units.*units=\(5, 4\)"),
        ({"encoder": "conv", "initial_range": 1}, "no initial_range. Received: .*initial_range=1"),
        ({"finetune_optimizer": "lion"}, "finetune_optimizer must be one of sgd, adam"),
        ({"finetune_dropout": 1}, "finetune_dropout must be below 1"),
        ({"finetune_jacobian": -1}, "finetune_jacobian must be .*at least 0"),
        (
            {"finetune_jacobian": 0.1, "tangents": 3, "tangent_weight": 0.1},
            "tangents or a finetune_jacobian, not both",
        ),
        (
            {"measure_robustness": True, "evaluate_test": False},
            "tries a fine-tuned net on the test set.*evaluate_test=False",
        ),
        ({"measure_robustness": True, "finetune_epochs": 0}, "finetune_epochs=0"),
    ],
)
def test_impossible_settings(values, message):
    """Every impossible value is refused with its name and what was received."""
    with pytest.raises(InputError, match=message):
        Settings(**{"dataset": "digits", "model": "cae", **values})


def test_a_support_vector_machine_has_no_settings_of_nets():
    """They have no meaning for it and are no part of its identity; its backend is none either."""
    settings = Settings(dataset="digits", model="svm")
    for changes in ({"units": (3,)}, {"pretrain_epochs": 1}, {"backend": "tensorflow"}):
        assert dataclasses.replace(settings, **changes).id == settings.id


def test_unknown_names_in_a_record():
    """Settings from a file may hold nothing that this version does not know."""
    with pytest.raises(InputError, match="unknown settings: momentum"):
        Settings.from_dict({"dataset": "digits", "model": "ae", "momentum": 0.9})
    with pytest.raises(InputError, match="settings lack dataset"):
        Settings.from_dict({"model": "ae"})


def test_pretraining_is_what_pretraining_depends_on():
    """Runs that differ in the rest may share it; the words for its strength name the values."""
    settings = Settings(dataset="digits", model="sae", sparsity=0.15, sparsity_weight=0.3)
    for changes in (
        {"finetune_epochs": 3},
        {"measure_examples": 5},
        {"evaluate_test": False},
        {"tangents": 3, "tangent_weight": 0.1},
        {"finetune_dropout": 0.5, "finetune_optimizer": "adam", "finetune_jacobian": 0.1},
        {"measure_robustness": True},
    ):
        assert dataclasses.replace(settings, **changes).pretraining == settings.pretraining
    for changes in ({"seed": 3}, {"units": (5,)}, {"sparsity": 0.1}, {"pretrain_epochs": 3}):
        assert dataclasses.replace(settings, **changes).pretraining != settings.pretraining
    assert settings.strength == "sparsity 0.15, sparsity weight 0.3"
    assert Settings(dataset="digits", model="ae").strength == ""
