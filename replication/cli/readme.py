"""`readme`: write the results into README.md."""

import argparse

from replication.cli.verb import Verbs, new_verb


def add(verbs: Verbs) -> None:
    """Add the verb.

    Args:
        verbs: All verbs.
    """
    new_verb(
        verbs,
        "readme",
        write,
        "write the results into README.md",
        "Replace the results in README.md, and its picture, by what the records say.",
    )


def write(options: argparse.Namespace) -> None:
    """Replace the results in README.md, and its picture.

    Args:
        options: There are none.

    Raises:
        InputError: A record is damaged, or README.md has no place for the results.
    """
    # Only here: it draws, and the library for that takes a second to import.
    from replication.summary import readme
    from replication.summary.judge import judge, published_evidence, published_records

    records = published_records()
    readme.write(records, judge(published_evidence(records)))
    print(f"written to {readme.README} and {readme.PICTURE}")
