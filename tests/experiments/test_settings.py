"""Settings: what is allowed, and the identity of a run."""

import pytest

from replication.errors import InputError
from replication.experiments.settings import Settings


def test_round_trip_keeps_the_identity():
    """Settings survive their JSON form, and equal settings have one id."""
    settings = Settings(dataset="digits", model="cae", contraction=1, units=[5, 4])
    again = Settings.from_dict(settings.to_dict())
    assert again == settings
    assert again.id == settings.id
    assert settings.depth == 2
    # 1 and 1.0 are the same strength.
    assert Settings(dataset="digits", model="cae", contraction=1.0, units=(5, 4)).id == settings.id


def test_every_setting_changes_the_identity():
    """No two different settings share an id."""
    changes = [
        {},
        {"seed": 1},
        {"contraction": 0.2},
        {"units": (999,)},
        {"finetune_patience": 3},
        {"train_examples": 10},
        {"evaluate_test": False},
    ]
    ids = {Settings(dataset="digits", model="cae", **change).id for change in changes}
    assert len(ids) == len(changes)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"dataset": "imagenet"}, "dataset must be one of mnist"),
        ({"model": "vae"}, "model must be one of ae, ae-wd"),
        ({"contraction": -0.1}, "contraction must be .* at least 0.*-0.1"),
        ({"contraction": float("nan")}, "contraction must be"),
        ({"model": "dae-g", "noise_level": 1.5}, "noise_level must be .*at most 1.*1.5"),
        ({"model": "dae-g", "contraction": 0.1}, "dae-g has no setting contraction"),
        ({"model": "sae", "sparsity": 1.0}, "sparsity must be .*below 1"),
        ({"units": (0,)}, "units must be a whole number of at least 1"),
        ({"units": ()}, "at least one layer"),
        ({"seed": -1}, "seed must be"),
        ({"pretrain_learning_rate": 0}, "pretrain_learning_rate must be .*above 0"),
        ({"finetune_epochs": 0}, "finetune_epochs must be"),
        ({"train_examples": 2.5}, "train_examples must be a whole number"),
    ],
)
def test_impossible_settings(values, message):
    """Every impossible value is refused with its name and what was received."""
    with pytest.raises(InputError, match=message):
        Settings(**{"dataset": "digits", "model": "cae", **values})


def test_unknown_names_in_a_record():
    """Settings from a file may hold nothing that this version does not know."""
    with pytest.raises(InputError, match="unknown settings: momentum"):
        Settings.from_dict({"dataset": "digits", "model": "ae", "momentum": 0.9})
