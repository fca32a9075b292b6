"""`records`: print the records as a tidy table."""

import argparse
import json

import pandas as pd

from replication.cli.verb import Verbs, new_verb
from replication.engine import records
from replication.errors import InputError
from replication.studies.catalogue import protocol_of


def add(verbs: Verbs) -> None:
    """Add the verb.

    Args:
        verbs: All verbs.
    """
    parser = new_verb(verbs, "records", show, "print the records as a tidy table")
    parser.add_argument("--experiment", help="only this experiment")
    parser.add_argument(
        "--format",
        choices=("text", "csv", "json"),
        default="text",
        help="text: what came out; csv and json: all settings, backend, precision, version of the "
        "protocol and origin as well (text)",
    )


def show(options: argparse.Namespace) -> None:
    """Print the records.

    Args:
        options: The `experiment`, None for all, and the `format`.

    Raises:
        InputError: A record is damaged, or there is no such experiment.
    """
    found = records.read_all(options.experiment)
    if options.experiment is not None and not found:
        known = ", ".join(records.experiments()) or "none"
        raise InputError(
            f"no record belongs to experiment {options.experiment!r}; there are records of: {known}"
        )
    if options.format == "text":
        table = records.table(found)
        print(table.to_string(index=False) if len(table) else "no records")
        return
    table = records.full_table(found)
    versions = [protocol_of(record.experiment) for record in found]
    table.insert(1, "protocol", pd.array(versions, dtype="Int64"))
    if options.format == "csv":
        print(table.to_csv(index=False), end="")
    else:
        print(json.dumps(json.loads(table.to_json(orient="records")), indent=1))
