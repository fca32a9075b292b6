"""`run`: train, measure and evaluate one model."""

import argparse
import dataclasses
import types
import typing

from replication.cli.verb import Verbs, new_verb
from replication.engine import environment, records
from replication.engine.settings import Settings
from replication.kinds import KINDS


def add(verbs: Verbs) -> None:
    """Add the verb.

    Args:
        verbs: All verbs.
    """
    parser = new_verb(
        verbs,
        "run",
        run_one,
        "train, measure, fine-tune and evaluate one model; write its record",
        "Pre-train, measure, fine-tune and evaluate one model. Settings that have a record are not "
        "run again.",
    )
    parser.add_argument("--experiment", default="single", help="folder of the record (%(default)s)")
    parser.add_argument("--again", action="store_true", help="run even if there is a record")
    for field in dataclasses.fields(Settings):
        _add_setting(parser, field)


def run_one(options: argparse.Namespace) -> None:
    """Do one run, or read its record, and print what came out.

    Args:
        options: The settings that were given, `experiment` and `again`.

    Raises:
        InputError: A setting is impossible, or the run cannot be done.
    """
    given = {
        field.name: getattr(options, field.name)
        for field in dataclasses.fields(Settings)
        if getattr(options, field.name) is not None
    }
    settings = Settings(**{"backend": environment.chosen_backend(), **given})
    path = records.path_of(options.experiment, settings)
    known = path.exists() and not options.again
    # Only now: Keras takes seconds to import, and a wrong setting or a known record needs none.
    if known:
        record = records.read(path)
    else:
        from replication.engine.run import run

        record = run(settings, options.experiment, again=options.again)
    row = records.table([record]).iloc[0]
    width = max(map(len, row.index))
    for name, value in row.items():
        shown = f"{value:.6g}" if isinstance(value, float) else value
        print(f"{name:<{width}}  {shown}")
    print(f"{'record':<{width}}  {path}{' (known already)' if known else ''}")


def _add_setting(parser: argparse.ArgumentParser, field: dataclasses.Field) -> None:
    flag = "--" + field.name.replace("_", "-")
    if field.name == "units":
        parser.add_argument(
            flag, type=int, nargs="+", metavar="N", help="hidden units of each layer (1000)"
        )
        return
    kinds = [k for k in typing.get_args(field.type) or (field.type,) if k is not types.NoneType]
    required = field.default is dataclasses.MISSING
    shown = "required" if required else "model's own" if field.default is None else field.default
    shown = {"train_examples": "all", "fault": "none", "backend": "KERAS_BACKEND, or jax"}.get(
        field.name, shown
    )
    if kinds[0] is bool:
        parser.add_argument(flag, action=argparse.BooleanOptionalAction, help=f"({shown})")
    elif field.name == "model":
        # Choices are checked by Settings, whose message is the same from every side.
        parser.add_argument(flag, required=required, help=", ".join(KINDS))
    else:
        parser.add_argument(
            flag, type=kinds[0], required=required, metavar=kinds[0].__name__, help=f"({shown})"
        )
