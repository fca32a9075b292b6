"""`verify`: check the store, recompute the verdicts, and train some recorded runs again."""

import argparse
import secrets
import time
from typing import TYPE_CHECKING

from replication.checks import check_count
from replication.cli.verb import Verbs, new_verb
from replication.engine import records
from replication.engine.provenance import code_version
from replication.engine.verification.kept import VERIFIED, write_verification
from replication.errors import InputError
from replication.studies.table1 import plan as table1

if TYPE_CHECKING:
    import pandas as pd


def add(verbs: Verbs) -> None:
    """Add the verb.

    Args:
        verbs: All verbs.
    """
    parser = new_verb(
        verbs,
        "verify",
        verify_all,
        "check the store, recompute the verdicts, train some recorded runs again, and compare",
        "Check that what was chosen is the best of its trials, that the store holds no other final "
        "runs than the studies list, and that test errors are those of the recorded mistakes. "
        "Recompute every verdict from the records and compare with the committed ones. Then train "
        "some recorded runs again with the same settings and compare the results. Exits with 1 if "
        "something disagrees.",
    )
    which = parser.add_mutually_exclusive_group()
    which.add_argument(
        "--experiment",
        help=f"choose among the records of this experiment ({table1.REDUCED}, the small copies "
        f"of the final runs; {records.REFERENCE} while there are none)",
    )
    which.add_argument(
        "--fast",
        action="store_true",
        help=f"choose among the records of the experiment '{records.REFERENCE}', which need no "
        "data files",
    )
    parser.add_argument(
        "--count", type=int, metavar="N", help="how many records (2; all of them with --fast)"
    )
    parser.add_argument("--seed", type=int, help="seed of the choice (another one each time)")
    parser.add_argument(
        "--write",
        action="store_true",
        help=f"record what was found in {VERIFIED.source}, which pages quote (needs a checkout in "
        "which the package has no uncommitted changes)",
    )


def verify_all(options: argparse.Namespace) -> int:
    """Check everything that can be checked, the slowest last.

    Args:
        options: The `experiment` to choose from, None for the usual one; whether to be `fast`;
            the `count` of records and the `seed` of the choice, None for the usual ones; whether
            to `write` down what was found.

    Returns:
        The exit status: 1 if something disagrees, else 0.

    Raises:
        InputError: An option is impossible, a file is damaged, or there is nothing to verify.
    """
    if options.write and code_version()[1]:
        raise InputError(
            "--write names the commit that was verified, so the package must have no uncommitted "
            "changes"
        )
    if options.count is not None:
        check_count("count", options.count)
    if options.seed is not None:
        check_count("seed", options.seed, low=0)
    if options.experiment is not None and not records.read_all(options.experiment, most=1):
        raise InputError(f"there are no records to verify in experiment {options.experiment!r}")
    started = time.perf_counter()
    store = _report(
        _inconsistencies(), "the choices, the final runs and the test errors", "the store"
    )
    verdicts = _report(_changed_verdicts(), "the committed verdicts", "the records")
    experiment, table = _trained_again(options)
    if options.write:
        seconds = time.perf_counter() - started
        write_verification(experiment, table, store=store, verdicts=verdicts, seconds=seconds)
    return 0 if store and verdicts and table["agrees"].all() else 1


def _inconsistencies() -> list[str]:
    from replication.summary import consistency

    return consistency.inconsistencies()


def _changed_verdicts() -> list[str]:
    from replication.summary.judge import judge, published_evidence
    from replication.verdicts import published

    return published.differences(judge(published_evidence()))


def _report(found: list[str], what: str, with_what: str) -> bool:
    """Print what was found; say whether it was nothing."""
    for line in found:
        print(line)
    print(what + (f" DISAGREE with {with_what}" if found else " agree"), flush=True)
    return not found


def _trained_again(options: argparse.Namespace) -> tuple[str, "pd.DataFrame"]:
    seed = options.seed
    if seed is None:
        seed = secrets.randbelow(2**16)
        print(f"records chosen with --seed {seed}", flush=True)
    experiment = records.REFERENCE if options.fast else options.experiment
    if experiment is None:
        experiment = table1.REDUCED if records.read_all(table1.REDUCED) else records.REFERENCE
    count = options.count
    if count is None and not options.fast:
        count = 2
    from replication.engine.verification.verify import verify

    table = verify(experiment, count, seed)
    print(table.to_string(index=False, float_format=lambda value: f"{value:.4g}"))
    every = table["id"].nunique()
    differ = table.loc[~table["agrees"], "id"].nunique()
    print(f"{every - differ} of {every} records agree")
    return experiment, table
