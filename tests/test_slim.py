"""Pages load what they show, and search where one searches."""

from book.slim import slimmed, without_search

ICONS = (
    'before({monero:[352,512,[],"f3d0","M0 1"],"magnifying-glass":[512,512,[128269,"search"],'
    '"f002","M2 3"],bars:[448,512,["navicon"],"f0c9",["M4","M5"]]})after'
)


def test_icons_that_no_page_names_are_left_out():
    """By any of their names, and what stands around them stays."""
    assert slimmed(ICONS, {"search"}) == (
        'before({"magnifying-glass":[512,512,[128269,"search"],"f002","M2 3"],})after'
    )
    assert (
        slimmed(ICONS, {"bars"}) == 'before({bars:[448,512,["navicon"],"f0c9",["M4","M5"]]})after'
    )
    assert slimmed(ICONS, {"monero", "search", "navicon"}) == ICONS
    assert slimmed(ICONS, set()) == "before({})after"


def test_pages_do_not_load_the_search():
    """Other scripts stay."""
    page = (
        '<script src="../_static/read.js?v=1"></script>\n'
        '    <script src="../_static/searchtools.js"></script>\n'
        '    <script src="../searchindex.js"></script>\n<body>'
    )
    assert without_search(page) == '<script src="../_static/read.js?v=1"></script>\n<body>'
