"""Try to lose records and to confuse the programs: `python -m tests.chaos [--write]`."""

import argparse
import datetime
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

from replication.engine import provenance
from replication.whole import write_whole
from tests.chaos import command_lines, damage, kills, parameters
from tests.chaos.tally import COUNTS, Tally

RECORD = Path(__file__).parents[2] / "data" / "chaos.json"
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
    parser.add_argument("--write", action="store_true", help=f"record it in data/{RECORD.name}")
    parser.add_argument("kinds", nargs="*", metavar="KIND", help=f"some of {', '.join(KINDS)}")
    options = parser.parse_args()
    if unknown := set(options.kinds) - set(KINDS):
        parser.error(f"unknown: {', '.join(unknown)}")
    started = time.perf_counter()
    found = {name: tries() for name, tries in KINDS.items() if name in (options.kinds or KINDS)}
    print(f"{'':<32}{'tries':>8}" + "".join(f"{count:>12}" for count in COUNTS))
    for name, tally in found.items():
        print(f"{name:<32}{tally.tries:>8}" + "".join(f"{getattr(tally, c):>12}" for c in COUNTS))
        for failure in tally.failures:
            print(f"  {failure}")
    if options.write and not options.kinds:
        content = _content(found, time.perf_counter() - started)
        write_whole(RECORD, json.dumps(content, indent=1) + "\n")
    return 0 if all(tally.is_clean for tally in found.values()) else 1


def _content(found: dict[str, Tally], seconds: float) -> dict[str, object]:
    commit, dirty = provenance.code_version()
    return {
        "tries": {
            name: {"tries": tally.tries} | {count: getattr(tally, count) for count in COUNTS}
            for name, tally in found.items()
        },
        "provenance": {
            "commit": commit,
            "dirty": dirty,
            "date": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
            "seconds": round(seconds, 1),
        },
    }


if __name__ == "__main__":
    sys.exit(main())
