"""Find what a browser would fetch from other hosts to show a page."""

import re
from html.parser import HTMLParser
from pathlib import Path

_ADDRESS = re.compile(r"(?:https?:)?//", re.IGNORECASE)
_IN_STYLE = re.compile(r"""(?:url\(|@import)\s*["']?((?:https?:)?//[^"')\s;]+)""", re.IGNORECASE)
# Inline scripts name files to load later (thebe does); plain links in them are harmless.
_IN_SCRIPT = re.compile(r"""(?:https?:)?//[^"'`\s\\]+\.(?:m?js|css|woff2?|ttf)\b""", re.IGNORECASE)
_LINKS_THAT_LOAD = {
    "stylesheet",
    "preload",
    "modulepreload",
    "prefetch",
    "preconnect",
    "dns-prefetch",
    "icon",
    "apple-touch-icon",
    "manifest",
}


def outside_requests(html_folder: Path) -> list[str]:
    """List the requests to other hosts that opening the pages of a folder would cause.

    Scripts, stylesheets, pictures, fonts, frames and media are requests; links that a reader may
    follow are not. Style sheets are searched too, scripts only where they stand inside a page.

    Args:
        html_folder: Folder with the built site, searched with everything below it.

    Returns:
        One line "page: address" for each, sorted, without duplicates; empty when all is local.
    """
    found = set()
    for path in html_folder.rglob("*.html"):
        page = _Page()
        page.feed(path.read_text(encoding="utf-8"))
        found |= {(path, address) for address in page.addresses}
    for path in html_folder.rglob("*.css"):
        style = path.read_text(encoding="utf-8")
        found |= {(path, address) for address in _IN_STYLE.findall(style)}
    return sorted(f"{path.relative_to(html_folder)}: {address}" for path, address in found)


class _Page(HTMLParser):
    """Collects the addresses that one page loads."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self._inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self._inside = tag
        sources = [given.get(name, "") for name in ("src", "poster", "data")]
        sources += [part.strip() for part in given.get("srcset", "").split(",")]
        if tag == "link" and _LINKS_THAT_LOAD & set(given.get("rel", "").lower().split()):
            sources.append(given.get("href", ""))
        self.addresses += [source.split()[0] for source in sources if _ADDRESS.match(source)]
        self.addresses += _IN_STYLE.findall(given.get("style", ""))

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside == "style":
            self.addresses += _IN_STYLE.findall(data)
        elif self._inside == "script":
            self.addresses += _IN_SCRIPT.findall(data)
