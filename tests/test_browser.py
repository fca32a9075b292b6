"""The built book in a real browser, cut off from the network."""

import dataclasses
import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

import axe_playwright_python
import pytest
from playwright.sync_api import Page

from tests.browser import HTML, LAPTOP, PAGES, PHONE, browsing, no_book

MEGABYTE = 1_000_000
CONTRAST = "color-contrast"  # of all rules the one that takes longest
# Of elements with text that look the same, the first, on whatever page: what axe measures of each
# takes longest. Elements go to `window.looks`; what they look like is returned.
LOOKS = """seen => {
    const known = new Set(seen), looks = new Map();
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
        if (!known.has(key) && !looks.has(key)) looks.set(key, element);
    }
    window.looks = Array.from(looks.values());
    return Array.from(looks.keys());
}"""
# What scrolls sideways in its own box, folded or not; formulas and code may.
CUT = """() => {
    const folded = Array.from(document.querySelectorAll('.bd-article details:not([open])'));
    folded.forEach(e => e.open = true);
    const cut = Array.from(document.querySelectorAll('.bd-article *'))
        .filter(e => e.scrollWidth > e.clientWidth + 1 && e.clientWidth
            && !e.closest('pre, .math, mjx-container, svg')
            && ['auto', 'scroll'].includes(getComputedStyle(e).overflowX))
        .map(e => `${e.className || e.tagName}: ${e.scrollWidth} > ${e.clientWidth}`);
    folded.forEach(e => e.open = false);
    return cut;
}"""
CUT_IN_PRINT = """() => {
    const content = document.querySelector('.bd-article') ?? document.body;
    const right = content.getBoundingClientRect().right;
    return Array.from(document.querySelectorAll('.bd-article table, .bd-article figure'))
        .filter(e => e.getBoundingClientRect().right > right + 2)
        .map(e => `${e.className || e.tagName}: ${e.innerText.slice(0, 80)}`);
}"""
BARE = """() => Array.from(document.querySelectorAll('.cell_output img, .cell_output svg'))
    .filter(e => !e.closest('button')
        && !e.closest('figure')?.querySelector('figcaption')?.textContent.trim())
    .map(e => e.outerHTML.slice(0, 80))"""
# Font Awesome draws circles that blink for an icon that it does not know.
ICONS = """() => Array.from(document.querySelectorAll('svg.svg-inline--fa'))
    .filter(e => !e.querySelector('path[d]') || e.querySelector('circle'))
    .map(e => e.dataset.icon)"""
AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js")
PAPER = {"width": 720, "height": 1000}  # A4 less its margins, at 96 pixels an inch
# The theme's script says so whenever a reader has not yet chosen between light and dark.
HARMLESS = ("Got invalid theme mode: . Resetting to auto.",)
# What the theme itself does and no setting of ours changes: rule -> parts of the page.
THEME = {"aria-required-children": ('class="citation-list"',)}  # docutils's list of references

pytestmark = no_book


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
        cut: Parts of the content that are wider than their place on a laptop.
        cut_in_print: Tables and figures that are wider than the paper.
        bare: Pictures of the outputs that have no caption.
        icons: Names of the theme's icons that have no drawing.
        size: Bytes of the page and its pictures.
        scripts: Bytes of the scripts that it loads.
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
    cut: list[str]
    cut_in_print: list[str]
    bare: list[str]
    icons: list[str]
    size: int
    scripts: int


@pytest.fixture(scope="module")
def visits():
    """Every page, visited once."""
    with browsing() as context:
        # One page for all, as a reader would have: what they share is loaded once.
        page, problems, looks = context.new_page(), [], set()
        listen(page, problems)
        yield {name: visit(page, name, problems, looks) for name in PAGES}


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


def visit(page: Page, name, problems, looks):
    """Look at one page in both themes and on a phone; what goes wrong lies in `problems`.

    `looks` of text that were measured on earlier pages are not measured again.
    """
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
    cut, bare, icons = (page.evaluate(script) for script in (CUT, BARE, ICONS))
    sources = page.evaluate(
        "() => [Array.from(document.images), Array.from(document.scripts)].map("
        "found => [...new Set(found.map(e => e.src))].filter(s => s.startsWith('file:')))"
    )
    images, scripts = (sum(map(size_of, found)) for found in sources)
    page.add_script_tag(path=AXE)
    light = violations(page, {"rules": {CONTRAST: {"enabled": False}}})
    light += contrasts(page, looks)
    # Colours change at once, so that none is measured on its way.
    page.add_style_tag(content="*, *::before, *::after { transition: none !important; }")
    page.emulate_media(color_scheme="dark")
    page.wait_for_function("() => document.documentElement.dataset.theme == 'dark'")
    dark = contrasts(page, looks)
    page.set_viewport_size(PAPER)
    page.emulate_media(media="print")
    cut_in_print = page.evaluate(CUT_IN_PRINT)
    page.emulate_media(media="screen")
    page.set_viewport_size(PHONE)
    overflow = page.evaluate(
        "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    return Visit(
        problems=list(problems),
        formulas=formulas,
        rendered=rendered,
        pictures=pictures,
        links=links,
        outputs=outputs,
        light=light,
        dark=dark,
        overflow=overflow,
        cut=cut,
        cut_in_print=cut_in_print,
        bare=bare,
        icons=icons,
        size=(HTML / name).stat().st_size + images,
        scripts=scripts,
    )


def size_of(address):
    """Bytes of the file at an address."""
    return Path(unquote(urlsplit(address).path)).stat().st_size


def contrasts(page: Page, looks):
    """Colours that are hard to read, once for each look that text has in the book."""
    new = page.evaluate(LOOKS, list(looks))
    looks.update(new)
    if not new:
        return []
    rules = {"runOnly": {"type": "rule", "values": [CONTRAST]}}
    return violations(page, rules, "window.looks")


def violations(page: Page, rules, elements="[document]"):
    """What axe-core finds of the serious and critical kind, a line for each element."""
    # Style sheets cannot be fetched a second time from a file; the applied styles are there.
    options = {"resultTypes": ["violations"], "preload": False, **rules}
    found = page.evaluate(f"options => axe.run({{include: {elements}}}, options)", options)
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


@pytest.mark.parametrize("name", PAGES)
def test_nothing_is_cut_off_on_a_laptop(name, visits):
    """Tables and figures fit beside the contents."""
    assert visits[name].cut == []


@pytest.mark.parametrize("name", PAGES)
def test_nothing_is_cut_off_on_paper(name, visits):
    """Nobody can scroll there."""
    assert visits[name].cut_in_print == []


@pytest.mark.parametrize("name", PAGES)
def test_every_picture_has_a_caption(name, visits):
    """It says what there is to see."""
    assert visits[name].bare == []


@pytest.mark.parametrize("name", PAGES)
def test_the_icons_are_there(name, visits):
    """The book keeps those that its pages show."""
    assert visits[name].icons == []


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_light(name, visits):
    """Read on a phone, far from any wire."""
    assert visits[name].size <= MEGABYTE
    assert visits[name].scripts <= 1.5 * MEGABYTE
