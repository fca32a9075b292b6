"""Inject each known fault into a copy of the checkout and see the tests fail."""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from xml.etree import ElementTree

from faults import FAULTS, OWN_FAULTS, TESTS, Fault  # this script's own folder is on the path
from tqdm import tqdm

ROOT = Path(__file__).parents[2]
RECORD = ROOT / "data" / "mutants.json"  # what the book says of the tests
PYTEST = ("-m", "pytest", "-q", "-x", "-p", "no:cacheprovider")
AT_ONCE = min(2, os.cpu_count() or 1)


def main() -> int:
    """Print who was caught by what; return 0 if every fault was caught as recorded, else 1."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help=f"record it in data/{RECORD.name}")
    write = parser.parse_args().write
    caught, faults = {}, (*FAULTS, *OWN_FAULTS)
    with (
        tqdm(total=1 + len(faults), desc="mutants", unit="run") as bar,
        ThreadPoolExecutor(AT_ONCE, "mutants") as pool,
    ):
        results = pool.map(examine, (None, *faults))  # without a fault all tests run: first
        status, detail = next(results)
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
    elif not RECORD.exists() or json.loads(RECORD.read_text()) != caught:
        print(f"data/{RECORD.name} names other tests; write it again with {sys.argv[0]} --write")
        return 1
    return 0


def examine(fault: Fault | None) -> tuple[str, str]:
    """Run the tests on a copy with the fault.

    A fault counts as caught only if a comparison failed: a mutant that cannot be imported, or
    stops with an error of its own, is broken and proves nothing about the tests.

    Returns:
        "passed", "caught" or "broken", and the test that failed or what went wrong.
    """
    with tempfile.TemporaryDirectory(prefix="mutant-") as name:
        copy = Path(name)
        for folder in ("replication", "tests"):
            shutil.copytree(
                ROOT / folder, copy / folder, ignore=shutil.ignore_patterns("__pycache__")
            )
        shutil.copy(ROOT / "pyproject.toml", copy)
        if fault:
            fault.inject(copy)
        report = copy / "report.xml"
        done = subprocess.run(
            [sys.executable, *PYTEST, f"--junitxml={report}", *(fault.tests if fault else TESTS)],
            cwd=copy,
            env=os.environ | {"OMP_NUM_THREADS": "1", **_compiled()},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode == 0:
            return "passed", "no test failed"
        if done.returncode == 1:
            for case in ElementTree.parse(report).iter("testcase"):
                for failure in case.iter("failure"):
                    message = failure.get("message", "").splitlines()[0]
                    if message.startswith(("AssertionError", "Failed: DID NOT RAISE")):
                        return "caught", case.get("name", "")
                    return "broken", f"{case.get('name')}: {message}"
        return "broken", f"pytest ended with {done.returncode}: {done.stdout[-2000:]}"


def _compiled() -> dict[str, str]:
    """Variables that let the runs of one thread share what JAX compiled, one after the other."""
    variable = "JAX_COMPILATION_CACHE_DIR"
    if variable not in os.environ:
        return {}
    return {variable: str(Path(os.environ[variable]) / threading.current_thread().name)}


if __name__ == "__main__":
    sys.exit(main())
