"""Figures to play with, in a real browser: by keyboard, against the tables below them."""

import contextlib
import re

import numpy as np
import pytest

from replication.studies.pictures.lambdas_page import lambda_play
from replication.studies.pictures.plane_page import plane_play
from replication.studies.pictures.toy import Toy, curve
from replication.studies.pictures.walks_page import walk_play
from replication.studies.table1_v2.budget_page import budget_play
from tests.browser import HTML, PAGES, PHONE, browsing

STATIC = HTML.parents[1] / "static"
FIGURES = ("plane", "lambda", "walk", "budget-1-mnist", "budget-2-mnist")
LARGEST = 150_000  # bytes of one figure


def made_up_plane():
    """Three nets in the plane that nobody trained."""
    draw = np.random.default_rng(0)
    points, grid, line = (curve(np.linspace(-1, 1, n)) for n in (5, 9, 20))
    return [
        Toy(
            contraction, draw.normal(size=(30, 2)), points, draw.normal(size=(5, 4, 2)), grid,
            grid / 2, line, line / (1 + contraction),
        )
        for contraction in (0.0, 0.3, 3.0)
    ]  # fmt: skip


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """A page with all of them, as the notebooks' cells write them."""
    shown = [
        plane_play(made_up_plane()), lambda_play(), walk_play(), budget_play(1), budget_play(2)
    ]  # fmt: skip
    for figure in shown:
        assert len(figure.data.encode()) < LARGEST
    path = tmp_path_factory.mktemp("play") / "play.html"
    style = (STATIC / "book.css").read_text()
    path.write_text(
        '<!doctype html><html lang="en"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width"><title>Play</title>'
        f"<style>{style}</style>{''.join(figure.data for figure in shown)}"
        f"<script>{(STATIC / 'play.js').read_text()}</script></html>"
    )
    return path


@pytest.fixture(scope="module")
def browser():
    """The installed browser."""
    with browsing() as context:
        yield context.browser


@pytest.fixture(scope="module")
def page(browser, written):
    """The page, opened; no script of it may fail."""
    with contextlib.closing(browser.new_context()) as context:
        opened, problems = context.new_page(), []
        opened.on("pageerror", lambda error: problems.append(str(error)))
        opened.goto(written.as_uri())
        assert problems == []
        yield opened
        assert problems == []


class Figure:
    """One of them, as a reader has it."""

    def __init__(self, page, name):
        self.root = page.locator(f"figure#{name}")
        self.controls = {
            label.locator("span").first.inner_text(): label.locator("input, select")
            for label in self.root.locator(".controls label").all()
        }
        self.tables = [
            [[cell.strip() for cell in row] for row in table]
            for table in self.root.locator("table").evaluate_all(
                "all => all.map(t => [...t.rows].map(r => [...r.cells].map(c => c.textContent)))"
            )
        ]

    def press(self, label, key):
        """Press a key on a control."""
        self.controls[label].press(key)

    @property
    def lines(self):
        """What it prints, line by line."""
        text = self.root.locator("output").evaluate("e => e.textContent")
        return [bare(line) for line in text.splitlines()]

    @property
    def drawing(self):
        """What is drawn."""
        return self.root.locator(".stage").evaluate(
            "e => e.innerHTML + [...e.querySelectorAll('canvas')].map(c => c.toDataURL()).join()"
        )

    def value(self, label):
        """What a control says of itself to who cannot see it."""
        return self.controls[label].evaluate(
            "e => e.getAttribute('aria-valuetext') || e.selectedOptions[0].textContent"
        )

    def row(self, number, *cells):
        """The one row of a table that starts so: head -> cell."""
        head, *rows = self.tables[number]
        (found,) = [row for row in rows if row[: len(cells)] == list(cells)]
        return dict(zip(head, found, strict=True))


def bare(text):
    """A text without blanks and brackets: a table breaks a line in their place."""
    return re.sub(r"[\s()]", "", text)


def listed(row, after=1):
    """What a figure prints of a row, but for its first cells."""
    return [bare(f"{head}: {cell}") for head, cell in list(row.items())[after:]]


def expected(figure):
    """What the tables say at the place where the controls stand."""
    if "settings tried" in figure.controls:
        return listed(figure.row(0, figure.value("settings tried")))
    if "distance" in figure.controls:
        lambda_, distance = figure.value("λ"), figure.value("distance")
        ratio = figure.row(0, distance)[f"λ = {lambda_}"]
        return [bare(f"ratio at distance {distance}: {ratio}"), *listed(figure.row(1, lambda_))]
    if "t" in figure.controls:
        row = figure.row(0, *(figure.value(label) for label in ("digit", "net", "direction")))
        head = "stretch of a small step"
        moved = f"t = {figure.value('t')}: the code has moved {row['t = ' + figure.value('t')]}"
        return [bare(moved), bare(f"{head}: {row[head]}")]
    return listed(figure.row(0, figure.value("λ")))


@pytest.mark.parametrize("name", FIGURES)
def test_each_place_of_each_slider_says_what_the_table_says(page, name):
    """Reached by the arrow keys, from one end to the other; the drawing changes each time."""
    figure = Figure(page, name)
    sliders = [
        label
        for label, control in figure.controls.items()
        if control.get_attribute("type") == "range"
    ]
    assert sliders
    for label in sliders:
        figure.press(label, "Home")
        seen, count = [figure.drawing], int(figure.controls[label].get_attribute("max"))
        assert figure.lines == expected(figure)
        for _ in range(count):
            figure.press(label, "ArrowRight")
            assert figure.lines == expected(figure)
            seen.append(figure.drawing)
        figure.press(label, "ArrowRight")  # beyond the end
        assert figure.drawing == seen[-1]
        assert len(set(seen)) == count + 1


def test_menus_work_by_keyboard(page):
    """Another digit, net or direction is drawn, and printed as in the table."""
    figure = Figure(page, "walk")
    for label in ("digit", "net", "direction"):
        before = figure.drawing
        figure.press(label, "Home")
        first = figure.value(label)
        figure.press(label, "ArrowDown")
        assert figure.value(label) != first
        assert figure.lines == expected(figure)
        figure.press(label, "End")
        assert figure.lines == expected(figure)
        figure.press(label, "Home")
        assert figure.value(label) == first
        assert before
    figure.press("direction", "End")
    assert figure.lines == expected(figure)


def test_controls_are_reached_in_turn_and_have_names(page):
    """By the Tab key, in the order in which they are seen."""
    figure = Figure(page, "lambda")
    figure.controls["λ"].focus()
    page.keyboard.press("Tab")
    focused = page.evaluate("document.activeElement.labels[0].firstChild.textContent")
    assert focused == "distance"
    for control in figure.controls.values():
        assert control.get_attribute("aria-valuetext")


def test_nothing_scrolls_sideways_on_a_phone(page):
    """Tables scroll in their own box when they are opened."""
    page.set_viewport_size(PHONE)
    try:
        for details in page.locator("details").all():
            details.evaluate("e => { e.open = true; }")
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"] + 1
    finally:
        page.locator("details").evaluate_all("all => all.forEach(e => { e.open = false; })")
        page.set_viewport_size({"width": 1400, "height": 900})


def test_without_scripts_picture_words_and_tables_stand_there(browser, written):
    """All that a reader needs to understand the figure, but for the controls."""
    with contextlib.closing(browser.new_context(java_script_enabled=False)) as context:
        page = context.new_page()
        page.goto(written.as_uri())
        for name in FIGURES:
            figure = page.locator(f"figure#{name}")
            assert figure.locator(".still svg").is_visible()
            assert figure.locator("figcaption").inner_text().strip()
            assert figure.locator("details").count() >= 1
            assert figure.locator("input, select").count() == 0


@pytest.mark.parametrize(
    "name", [name for name in PAGES if 'class="play"' in (HTML / name).read_text()] or [None]
)
def test_the_book_starts_them(browser, name):
    """Each figure of a page of the built book has its controls, and says something."""
    if name is None:
        pytest.skip("no book with such a figure has been built: make book")
    with contextlib.closing(browser.new_context()) as context:
        page = context.new_page()
        page.goto((HTML / name).as_uri())
        page.wait_for_load_state("load")
        for figure in page.locator("figure.play").all():
            assert figure.locator(".controls label").count() >= 1
            assert figure.locator("output").text_content().strip()
            assert figure.locator(".still").count() == 0
