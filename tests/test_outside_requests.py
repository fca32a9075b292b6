"""What a page would load from other hosts is found; what it only links to is not."""

import pytest

from book.outside_requests import outside_requests


@pytest.mark.parametrize(
    "line",
    [
        '<script src="https://cdn.example/a.js"></script>',
        '<script src="//cdn.example/a.js"></script>',
        '<script>const THEBE_JS_URL = "https://cdn.example/index.js"</script>',
        '<link rel="stylesheet" href="http://cdn.example/a.css">',
        '<link rel="preconnect" href="https://cdn.example">',
        '<img src="https://cdn.example/a.png">',
        '<img srcset="a.png 1x, https://cdn.example/b.png 2x">',
        '<iframe src="https://cdn.example/"></iframe>',
        '<style>@import "https://cdn.example/a.css";</style>',
        '<div style="background: url(https://cdn.example/a.png)"></div>',
    ],
)
def test_a_request_is_found(tmp_path, line):
    """Each way to load something from another host is reported with its page."""
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "page.html").write_text(f"<html><body>{line}</body></html>")
    (found,) = outside_requests(tmp_path)
    assert found.startswith("sub/page.html: ")
    assert "//cdn.example" in found


def test_a_font_in_a_stylesheet_is_found(tmp_path):
    """Fonts are loaded from style sheets."""
    (tmp_path / "a.css").write_text("@font-face { src: url('https://fonts.example/a.woff2') }")
    assert outside_requests(tmp_path) == ["a.css: https://fonts.example/a.woff2"]


def test_links_and_local_files_are_no_requests(tmp_path):
    """A reader may follow a link to another host."""
    (tmp_path / "page.html").write_text(
        '<link rel="stylesheet" href="_static/a.css"><link rel="license" href="https://a.example">'
        '<script src="a.js"></script><a href="https://a.example/b.js">b</a><img src="data:,x">'
        '<script>var page = "https://a.example/paper";</script>'
        "<style>a { background: url(b.png) }</style><p>https://a.example/c.js</p>"
    )
    assert outside_requests(tmp_path) == []
