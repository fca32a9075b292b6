"""`records`: print the records as a tidy table."""

import argparse
import json

from replication.cli.verb import Verbs, new_verb
from replication.engine import records


def add(verbs: Verbs) -> None:
    """Add the verb.

    Args:
        verbs: All verbs.
    """
    parser = new_verb(verbs, "records", show, "print the records as a tidy table")
    parser.add_argument("--experiment", help="only this experiment")
    parser.add_argument("--format", choices=("text", "csv", "json"), default="text")


def show(options: argparse.Namespace) -> None:
    """Print the records.

    Args:
        options: The `experiment`, None for all, and the `format`.

    Raises:
        InputError: A record is damaged.
    """
    table = records.table(records.read_all(options.experiment))
    if options.format == "csv":
        print(table.to_csv(index=False), end="")
    elif options.format == "json":
        print(json.dumps(json.loads(table.to_json(orient="records")), indent=1))
    else:
        print(table.to_string(index=False) if len(table) else "no records")
