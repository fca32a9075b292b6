"""`verdicts`: judge the paper's claims from the records."""

import argparse
import json

from replication.cli.verb import Verbs, new_verb
from replication.errors import InputError


def add(verbs: Verbs) -> None:
    """Add the verb.

    Args:
        verbs: All verbs.
    """
    parser = new_verb(
        verbs,
        "verdicts",
        show,
        "judge the paper's claims from the records",
        "Judge each claim of the paper by the rules of the protocol, as far as the records of "
        "final runs carry it: a line for each, or all about the ones that are named.",
    )
    parser.add_argument("claims", nargs="*", type=int, metavar="N", help="claims (all)")
    parser.add_argument(
        "--format",
        choices=("lines", "text", "json"),
        help="lines: one for each claim; text: with every comparison, its rule, estimate, interval "
        "and records (lines, or text where claims are named)",
    )
    parser.add_argument(
        "--write", action="store_true", help="replace the committed verdicts, data/verdicts.json"
    )


def show(options: argparse.Namespace) -> None:
    """Print the verdicts, or write them down.

    Args:
        options: Numbers of the `claims`, none for all; the `format`; and whether to `write`.

    Raises:
        InputError: There is no such claim, or a record is damaged.
    """
    from replication import paper
    from replication.summary.judge import judge, published_evidence
    from replication.verdicts import published
    from replication.verdicts.report import as_json, as_line, as_text

    claims = {claim.number: claim for claim in paper.claims()}
    for number in options.claims:
        if number not in claims:
            raise InputError(
                f"a claim is a number from {min(claims)} to {max(claims)}. Received: {number}"
            )
    verdicts = judge(published_evidence())
    if options.write:
        print(f"written to {published.write(verdicts)}")
        return
    shown = [v for v in verdicts if not options.claims or v.claim in options.claims]
    if options.format == "json":
        print(json.dumps(as_json(shown), indent=1))
    elif options.format == "text" or (options.claims and options.format is None):
        print("\n\n".join(as_text(verdict, claims[verdict.claim]) for verdict in shown))
    else:
        print("\n".join(as_line(verdict, claims[verdict.claim]) for verdict in shown))
