"""Downloads that end, whatever the server does."""

import time
from pathlib import Path
from typing import Any

from tqdm import tqdm

_SILENCE = 30.0  # seconds that a server may send nothing
_DEADLINE = 1800.0  # seconds for a whole file; the largest has 170 MB
_PIECE = 2**16  # bytes


class TooSlowError(OSError):
    """A server sends, but not enough."""


def download(address: str, target: str, registry: Any) -> None:
    """Download a file, with a progress bar; called by pooch.

    Args:
        address: Where it is.
        target: Path that it is written to.
        registry: pooch's; not used.

    Raises:
        OSError: It cannot be reached, cannot be written, or takes too long.
    """
    import requests
    import urllib3

    end = time.monotonic() + _DEADLINE
    with (
        requests.get(address, stream=True, timeout=_SILENCE) as response,
        open(target, "wb") as file,
    ):
        response.raise_for_status()
        size = int(response.headers.get("content-length", 0)) or None
        with tqdm(total=size, desc=Path(target).name, unit="B", unit_scale=True) as bar:
            # What has come so far, however little: a whole piece may be long in coming.
            while piece := _next(response.raw, urllib3.exceptions.HTTPError):
                file.write(piece)
                bar.update(len(piece))
                if time.monotonic() > end:
                    raise TooSlowError(f"only {bar.n} bytes in {_DEADLINE / 60:g} minutes")


def _next(raw: Any, kind: type[Exception]) -> bytes:
    """What has come since the last call; requests hands on its library's own errors here."""
    try:
        return raw.read1(_PIECE, decode_content=True)
    except kind as error:
        raise OSError("the connection broke or fell silent") from error
