"""Inject each known fault into a copy of the checkout and see the tests fail."""

import argparse
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from xml.etree import ElementTree

import pytest
from faults import FAULTS, OWN_FAULTS, Fault  # this script's own folder is on the path
from forked import run_pytest
from tqdm import tqdm

ROOT = Path(__file__).parents[2]
RECORD = ROOT / "data" / "mutants.json"  # what the book says of the tests
PYTEST = ("-q", "-x", "-p", "no:cacheprovider")
NONE_OF_THAT_NAME = int(pytest.ExitCode.NO_TESTS_COLLECTED)
AT_ONCE = min(2, os.cpu_count() or 1)


def main() -> int:
    """Print who was caught by what; return 0 if every fault was caught as recorded, else 1."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help=f"record it in data/{RECORD.name}")
    write = parser.parse_args().write
    recorded = json.loads(RECORD.read_text()) if RECORD.exists() else {}
    known = {name: entry["test"] for name, entry in recorded.items()}
    caught, faults = {}, (*FAULTS, *OWN_FAULTS)
    with (
        tqdm(total=1 + len(faults), desc="mutants", unit="run") as bar,
        ThreadPoolExecutor(AT_ONCE, "mutants") as pool,
    ):
        first = pool.submit(examine_without_fault, tuple(known.values()))
        results = pool.map(examine, faults, (known.get(fault.name) for fault in faults))
        status, detail = first.result()
        bar.update()
        if status != "passed":
            pool.shutdown(cancel_futures=True)
            bar.close()
            print(f"the tests do not pass without a fault: {detail}")
            return 1
        for fault, (status, detail) in zip(faults, results, strict=True):
            if status == "caught":
                caught[fault.name] = {"test": detail}
            bar.write(f"{status:<8}{fault.name}: {detail}", file=sys.stdout)
            bar.update()
    print(f"{len(caught)} of {len(faults)} caught")
    if len(caught) < len(faults):
        return 1
    if write:
        RECORD.write_text(json.dumps(caught, indent=1, sort_keys=True) + "\n")
    elif recorded != caught:
        print(f"data/{RECORD.name} names other tests; write it again with {sys.argv[0]} --write")
        return 1
    return 0


def examine_without_fault(known: tuple[str, ...]) -> tuple[str, str]:
    """Run the tests that are known to catch a fault where there is none: what `examine` returns."""
    files = sorted({file for fault in (*FAULTS, *OWN_FAULTS) for file in fault.tests})
    return _examine(None, files, known)


def examine(fault: Fault, known: str | None) -> tuple[str, str]:
    """Run the tests on a copy with the fault, first the one that is `known` to catch it.

    A fault counts as caught only if a comparison failed: a mutant that cannot be imported, or
    stops with an error of its own, is broken and proves nothing about the tests.

    Returns:
        "passed", "caught" or "broken", and the test that failed or what went wrong.
    """
    if known:
        status, detail = _examine(fault, fault.tests, (known,))
        if status == "caught":
            return status, detail
    return _examine(fault, fault.tests)


def _examine(
    fault: Fault | None, files: Iterable[str], names: tuple[str, ...] = ()
) -> tuple[str, str]:
    """Run the tests of these files, of these names if there are any, until one fails."""
    with tempfile.TemporaryDirectory(prefix="mutant-") as name:
        copy = Path(name)
        for folder in ("replication", "tests"):  # with their times, so what is compiled stays valid
            shutil.copytree(ROOT / folder, copy / folder)
        shutil.copy(ROOT / "pyproject.toml", copy)
        if fault:
            fault.inject(copy)
        report = copy / "report.xml"
        chosen = ("-k", " or ".join(sorted(set(names)))) if names else ()
        code, output = run_pytest([*PYTEST, f"--junitxml={report}", *chosen, *files], copy)
        if code == 0 or (names and code == NONE_OF_THAT_NAME):
            return "passed", "no test failed"
        if code == 1:
            for case in ElementTree.parse(report).iter("testcase"):
                for failure in case.iter("failure"):
                    message = failure.get("message", "").splitlines()[0]
                    if message.startswith(("AssertionError", "Failed: DID NOT RAISE")):
                        return "caught", case.get("name", "")
                    return "broken", f"{case.get('name')}: {message}"
        return "broken", f"pytest ended with {code}: {output[-2000:]}"


if __name__ == "__main__":
    sys.exit(main())
