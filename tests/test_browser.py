"""The built book in a real browser, cut off from the network."""

import contextlib
import dataclasses
import os
import re
import shutil
from pathlib import Path
from urllib.parse import unquote, urlsplit

import axe_playwright_python
import pytest
from playwright.sync_api import Page, sync_playwright

HTML = Path(__file__).resolve().parents[1] / "book" / "_build" / "html"
CONTRAST = "color-contrast"  # of all rules the one that takes longest
# Of elements with text that look the same, the first: what axe measures of each takes longest.
LOOKS = """() => {
    const looks = new Map();
    for (const element of document.querySelectorAll('body *')) {
        const text = Array.from(element.childNodes).some(n => n.nodeType == 3 && n.data.trim());
        if (!text || !element.getClientRects().length) continue;
        const style = getComputedStyle(element);
        const look = [element.tagName, element.className, style.color, style.fontSize,
                      style.fontWeight, style.textDecorationLine];
        for (let e = element; e; e = e.parentElement) {
            const { backgroundColor, backgroundImage, opacity } = getComputedStyle(e);
            look.push(opacity);
            if (backgroundImage != 'none') look.push(backgroundImage);
            if (backgroundColor != 'rgba(0, 0, 0, 0)') { look.push(backgroundColor); break; }
        }
        const key = look.join('|');
        if (!looks.has(key)) looks.set(key, element);
    }
    return Array.from(looks.values());
}"""
AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js")
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = ("--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync")
LAPTOP = {"width": 1280, "height": 720}
PHONE = {"width": 390, "height": 844}
PAGES = sorted(
    path.relative_to(HTML).as_posix()
    for path in HTML.rglob("*.html")
    if not {"_static", "_sources"} & set(path.relative_to(HTML).parts)
    and path != HTML / "index.html"  # leads on to the first page at once
)
# The theme's script says so whenever a reader has not yet chosen between light and dark.
HARMLESS = ("Got invalid theme mode: . Resetting to auto.",)
# What the theme itself does and no setting of ours changes: rule -> parts of the page.
THEME = {"aria-required-children": ('class="citation-list"',)}  # docutils's list of references

pytestmark = pytest.mark.skipif(not PAGES, reason="no book has been built: make book")


@dataclasses.dataclass
class Visit:
    """What was found on one page.

    Attributes:
        problems: Errors of scripts, failed requests and requests to other hosts.
        formulas: Elements with maths in the source.
        rendered: Of these, how many MathJax has typeset without an error.
        pictures: Source and alternative text of each picture of the content, and its width.
        links: Addresses of all links, as the browser resolves them.
        outputs: Text of each cell's outputs.
        light, dark: Violations of the serious and critical kind in either theme.
        overflow: Pixels by which the page is wider than a phone.
    """

    problems: list[str]
    formulas: int
    rendered: int
    pictures: list[tuple[str, str, int]]
    links: list[str]
    outputs: list[str]
    light: list[str]
    dark: list[str]
    overflow: int


def browser_path():
    """The installed browser, or None."""
    found = (shutil.which(name) for name in (os.environ.get("CHROMIUM", ""), *NAMES) if name)
    return next(filter(None, found), None)


@pytest.fixture(scope="module")
def visits():
    """Every page, visited once."""
    path = browser_path()
    if path is None:
        pytest.skip("no Chromium is installed: the pages were not looked at")
    # A sandbox in a sandbox does not start.
    flags = [*FLAGS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=flags)
        with (
            contextlib.closing(browser),
            # One page for all, as a reader would have: what they share is loaded once.
            contextlib.closing(browser.new_context()) as context,
        ):
            page, problems = context.new_page(), []
            listen(page, problems)
            yield {name: visit(page, name, problems) for name in PAGES}


def listen(page: Page, problems: list):
    """Collect errors of scripts, failed requests and requests to other hosts."""

    def only_files(route):
        if urlsplit(route.request.url).scheme in ("file", "data", "blob"):
            route.continue_()
        else:
            problems.append(f"outside: {route.request.url}")
            route.abort()

    page.on("pageerror", lambda error: problems.append(f"error: {error}"))
    page.on(
        "console",
        lambda message: (
            problems.append(f"console: {message.text}")
            if message.type == "error" and message.text not in HARMLESS
            else None
        ),
    )
    page.on("requestfailed", lambda request: problems.append(f"failed: {request.url}"))
    page.route("**/*", only_files)


def visit(page: Page, name, problems):
    """Look at one page in both themes and on a phone; what goes wrong lies in `problems`."""
    problems.clear()
    page.set_viewport_size(LAPTOP)
    page.emulate_media(color_scheme="light")
    page.goto((HTML / name).as_uri())
    page.wait_for_load_state("load")
    page.evaluate("() => window.MathJax?.startup?.promise")
    formulas, rendered = page.evaluate(
        """() => {
            const found = Array.from(document.querySelectorAll('.math'));
            const done = e => e.querySelector('mjx-container')
                && !e.querySelector('mjx-merror');
            return [found.length, found.filter(done).length];
        }"""
    )
    pictures = page.evaluate(
        """() => Array.from(document.querySelectorAll('article img')).map(
            e => [e.getAttribute('src').slice(0, 80), e.alt, e.naturalWidth])"""
    )
    links = page.evaluate("() => Array.from(document.links).map(e => e.href)")
    outputs = page.evaluate(
        "() => Array.from(document.querySelectorAll('.cell_output')).map(e => e.innerText)"
    )
    page.add_script_tag(path=AXE)
    light = violations(page, {"rules": {CONTRAST: {"enabled": False}}})
    light += contrasts(page)
    # Colours change at once, so that none is measured on its way.
    page.add_style_tag(content="*, *::before, *::after { transition: none !important; }")
    page.emulate_media(color_scheme="dark")
    page.wait_for_function("() => document.documentElement.dataset.theme == 'dark'")
    dark = contrasts(page)
    page.set_viewport_size(PHONE)
    overflow = page.evaluate(
        "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    return Visit(
        list(problems), formulas, rendered, pictures, links, outputs, light, dark, overflow
    )


def contrasts(page: Page):
    """Colours that are hard to read, once for each look that text has on the page."""
    return violations(page, {"runOnly": {"type": "rule", "values": [CONTRAST]}}, LOOKS)


def violations(page: Page, rules, elements="() => [document]"):
    """What axe-core finds of the serious and critical kind, a line for each element."""
    # Style sheets cannot be fetched a second time from a file; the applied styles are there.
    options = {"resultTypes": ["violations"], "preload": False, **rules}
    found = page.evaluate(f"options => axe.run({{include: ({elements})()}}, options)", options)
    found = found["violations"]
    return [
        f"{rule['id']}: {node['html'][:160]}"
        for rule in found
        if rule["impact"] in ("serious", "critical")
        for node in rule["nodes"]
        if not any(part in node["html"] for part in THEME.get(rule["id"], ()))
    ]


@pytest.mark.parametrize("name", PAGES)
def test_nothing_goes_wrong_and_nothing_is_asked_for(name, visits):
    """No error in the console, no missing file, no request to another host."""
    assert visits[name].problems == []


@pytest.mark.parametrize("name", PAGES)
def test_maths_is_rendered(name, visits):
    """Every formula is typeset."""
    assert visits[name].rendered == visits[name].formulas


@pytest.mark.parametrize("name", PAGES)
def test_pictures_appear_and_have_a_text(name, visits):
    """Every picture has loaded, and says what it shows to whoever can't see it."""
    assert [p for p in visits[name].pictures if not (p[1].strip() and p[2])] == []


@pytest.mark.parametrize("name", PAGES)
def test_no_output_is_an_objects_name(name, visits):
    """What has nothing to show shows nothing, rather than what Python calls it."""
    named = re.compile(r"<[\w.]+ (?:object|at 0x)|<Figure size")
    assert [text for text in visits[name].outputs if named.search(text)] == []


@pytest.mark.parametrize("name", PAGES)
def test_links_lead_somewhere(name, visits):
    """Every link into the book meets a file, and the part of it that it names."""
    broken = []
    for link in visits[name].links:
        parts = urlsplit(link)
        if parts.scheme != "file":
            continue
        path = Path(unquote(parts.path))
        text = path.read_text(errors="replace") if path.is_file() else None
        anchor = unquote(parts.fragment)
        if text is None or (anchor and f'id="{anchor}"' not in text):
            broken.append(link)
    assert broken == []


@pytest.mark.parametrize("name", PAGES)
def test_accessible_in_both_themes(name, visits):
    """No violation of the serious kind in light, no bad contrast in dark."""
    assert visits[name].light == []
    assert visits[name].dark == []


@pytest.mark.parametrize("name", PAGES)
def test_a_phone_need_not_scroll_sideways(name, visits):
    """Wide tables and formulas scroll inside their own box."""
    assert visits[name].overflow <= 1
