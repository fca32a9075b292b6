"""Find the public repository that this checkout belongs to."""

import os
import re
import subprocess
from pathlib import Path

_ON_GITHUB = re.compile(r"github\.com[:/]([\w.-]+/[\w.-]+?)(?:\.git)?/?$")


def public_repository(checkout: Path) -> str | None:
    """Return "OWNER/NAME" on GitHub, or None where no public repository is known.

    A workflow on GitHub says it in GITHUB_REPOSITORY; elsewhere the remote "origin" does.

    Args:
        checkout: Folder of the checkout.
    """
    if named := os.environ.get("GITHUB_REPOSITORY"):
        return named
    asked = subprocess.run(
        ["git", "-C", checkout, "remote", "get-url", "origin"], capture_output=True, text=True
    )
    found = _ON_GITHUB.search(asked.stdout.strip())
    return found and found[1]
