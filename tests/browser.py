"""The built book, and a browser to open it in."""

import contextlib
import os
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

HTML = Path(__file__).resolve().parents[1] / "book" / "_build" / "html"
PAGES = sorted(
    path.relative_to(HTML).as_posix()
    for path in HTML.rglob("*.html")
    if not {"_static", "_sources"} & set(path.relative_to(HTML).parts)
    and path != HTML / "index.html"  # leads on to the first page at once
)
LAPTOP = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_FLAGS = ("--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync")

no_book = pytest.mark.skipif(not PAGES, reason="no book has been built: make book")


@contextlib.contextmanager
def browsing():
    """Start the installed browser, or skip; yield what pages are opened in."""
    found = (shutil.which(name) for name in (os.environ.get("CHROMIUM", ""), *_NAMES) if name)
    path = next(filter(None, found), None)
    if path is None:
        pytest.skip("no Chromium is installed: the pages were not looked at")
    # A sandbox in a sandbox does not start.
    flags = [*_FLAGS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=flags)
        with (
            contextlib.closing(browser),
            contextlib.closing(browser.new_context(viewport=LAPTOP)) as context,
        ):
            yield context
