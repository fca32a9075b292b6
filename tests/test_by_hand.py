"""What a reader does on the pages of the built book: look, press keys, choose, open."""

import base64
import csv
import io
import re

import pytest

from tests.browser import HTML, LAPTOP, PAGES, PHONE, browsing, no_book

pytestmark = no_book
FRONT, CLAIMS = "_pages/index.html", "_pages/verdicts.html"


@pytest.fixture(scope="module")
def context():
    """One browser for all."""
    with browsing() as opened:
        yield opened


@pytest.fixture
def visit(context):
    """Open a page by its name."""
    page = context.new_page()

    def go(name, screen=LAPTOP):
        page.set_viewport_size(screen)
        page.goto((HTML / name).as_uri())
        return page

    yield go
    page.close()


@pytest.mark.parametrize(("screen", "screens"), [(LAPTOP, 1), (PHONE, 2)], ids=["laptop", "phone"])
def test_the_first_screen_is_the_answer(visit, screen, screens):
    """The three lines and a cell for each claim are in sight; the pictures begin."""
    page = visit(FRONT, screen)
    for selector in (".answer", ".strip"):
        box = page.locator(selector).bounding_box()
        assert box["y"] + box["height"] <= screens * screen["height"]
    assert page.locator(".pair").bounding_box()["y"] < screens * screen["height"]


def test_a_claim_opens_by_key(visit):
    """One at a time, with its text and a way on."""
    page = visit(FRONT)
    cells = page.locator(".strip summary")
    cells.nth(2).focus()
    page.keyboard.press("Enter")
    assert page.locator("#claim-3").is_visible()
    page.locator(".answer a").first.click()  # a title opens its cell
    assert not page.locator("#claim-3").is_visible()
    assert page.locator(".strip details[open]").count() == 1


def test_claims_are_chosen_by_verdict(visit):
    """The rows that are left have it, and their number is said."""
    page = visit(CLAIMS)
    rows = page.locator(".scoreboard tbody tr")
    verdicts = [rows.nth(i).get_attribute("data-verdict") for i in range(rows.count())]
    chosen = verdicts[0]
    page.get_by_label("Verdict").select_option(chosen)
    assert page.locator(".scoreboard tbody tr:visible").count() == verdicts.count(chosen)
    assert page.locator(".filter output").inner_text() == (
        f"{verdicts.count(chosen)} of {len(verdicts)} claims"
    )


def test_the_table_of_claims_leads_to_its_comparisons(visit):
    """A link into what is folded opens it."""
    page = visit(CLAIMS)
    page.locator("a[href^='#comparisons-']").first.click()
    page.wait_for_function("() => document.querySelector(location.hash).closest('details').open")


READABLE = [name for name in PAGES if 'class="drawing"' in (HTML / name).read_text("utf-8")]


@pytest.mark.parametrize("name", READABLE)
def test_values_are_read_by_key_and_are_those_of_the_data(visit, name):
    """What stands below a figure is in the file that the figure offers."""
    page = visit(name)
    figures = page.locator("figure.drawing:has(.readings):has(a.figure-data[href^='data:'])")
    for index in range(figures.count()):
        figure = figures.nth(index)
        if not figure.locator("input").is_visible():
            continue  # behind a tab, folded, or too small for it
        figure.locator("input").focus()
        page.keyboard.press("End")
        for _ in range(20):
            page.keyboard.press("ArrowLeft")
        said = figure.locator("output").inner_text()
        address = figure.locator("a.figure-data").get_attribute("href")
        rows = list(csv.DictReader(io.StringIO(base64.b64decode(address.split(",")[1]).decode())))
        if "series" not in rows[0]:
            continue  # the data is another table than the lines
        for line in filter(None, said.splitlines()):
            where, _, values = line.partition(": ")
            for value in filter(None, values.split("; ")):
                name, y, x = re.fullmatch(r"(.+?) (\S+)(?: at (\S+))?", value).groups()
                names = {name, f"{where.split(', ')[0]}: {name}"}  # what a panel has in common
                shown = pytest.approx([float(y), float(x or where.split()[-1])], rel=1e-3)
                points = [[float(r["y"]), float(r["x"])] for r in rows if r["series"] in names]
                assert any(point == shown for point in points), line
            assert values or line == "nothing is drawn here"
        assert said
