"""When the book was built, from which commit, and what was last verified."""

import datetime
import os
import subprocess
from pathlib import Path


def built_line(checkout: Path) -> str:
    """Say when and from which commit the book was built, and whether by continuous integration.

    A workflow on GitHub names itself in its environment; the line then links to its run.

    Args:
        checkout: Folder of the checkout.
    """
    asked = subprocess.run(
        ["git", "-C", checkout, "rev-parse", "--short=9", "HEAD"], capture_output=True, text=True
    )
    commit = asked.stdout.strip() or "unknown"
    today = datetime.datetime.now(datetime.UTC).date().isoformat()
    server, repository, run = (
        os.environ.get(f"GITHUB_{name}") for name in ("SERVER_URL", "REPOSITORY", "RUN_ID")
    )
    by = "on somebody's machine"
    if server and repository and run:
        by = f"by [continuous integration]({server}/{repository}/actions/runs/{run})"
    return f"*Built {by} on {today} from commit `{commit}`.*"
