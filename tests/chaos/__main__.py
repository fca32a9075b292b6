"""Try to lose records and to confuse the programs: `python -m tests.chaos [--write]`."""

import argparse
import sys
import time
from collections.abc import Callable

from replication.engine import provenance
from replication.engine.measurements import Measurements
from tests.chaos import command_lines, damage, kills, parameters
from tests.chaos.tally import COUNTS, Tally

RECORDED = Measurements("chaos", needs=("tries", *COUNTS, "provenance"))
KINDS: dict[str, Callable[[], Tally]] = {
    "wrong command lines": command_lines.tries,
    "damaged records and data files": damage.tries,
    "wrong parameters of notebooks": parameters.tries,
    "kills in writes": lambda: kills.of_writers(50),
    "kills in sweeps": lambda: kills.of_sweeps(30),
    "kills in populations": lambda: kills.of_populations(20),
}


def main() -> int:
    """Print what came of each kind of tries; return 0 if nothing went wrong, else 1."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help=f"record it in {RECORDED.source}")
    parser.add_argument("kinds", nargs="*", metavar="KIND", help=f"some of {', '.join(KINDS)}")
    options = parser.parse_args()
    if unknown := set(options.kinds) - set(KINDS):
        parser.error(f"unknown: {', '.join(unknown)}")
    print(f"{'':<32}{'tries':>8}" + "".join(f"{count:>12}" for count in COUNTS), flush=True)
    clean = True
    for name in options.kinds or KINDS:
        started = time.perf_counter()
        tally = KINDS[name]()
        counts = {count: getattr(tally, count) for count in ("tries", *COUNTS)}
        print(f"{name:<32}{counts['tries']:>8}" + "".join(f"{counts[c]:>12}" for c in COUNTS))
        for failure in tally.failures:
            print(f"  {failure}")
        if options.write:
            RECORDED.write(name, {**counts, "provenance": _provenance(started)})
        clean = clean and tally.is_clean
    return 0 if clean else 1


def _provenance(started: float) -> dict[str, object]:
    commit, dirty = provenance.code_version()
    return {
        "commit": commit,
        "dirty": dirty,
        "date": provenance.now(),
        "seconds": round(time.perf_counter() - started, 1),
    }


if __name__ == "__main__":
    sys.exit(main())
