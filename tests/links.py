"""Where the links of built pages lead: every one of them must find a file, and its id on it."""

from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

_LINKING = {"href", "src", "poster", "data"}


class PageLinks(HTMLParser):
    """The links and ids of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        self.links += [given[name] for name in _LINKING & given.keys()]
        self.links += [part.split()[0] for part in given.get("srcset", "").split(",") if part]
        if given.get("http-equiv", "").lower() == "refresh":
            self.links.append(given["content"].partition("url=")[2])
        if "id" in given:
            self.ids.append(given["id"])


def broken_links(folder: Path, base_url: str, portable: bool = False) -> Iterator[str]:
    """Links of the site in a folder, published at `base_url`, that lead nowhere in it.

    Links to other sites pass. `portable` pages are opened from disk, where a folder has no page.
    """
    pages = {
        path.relative_to(folder).as_posix(): PageLinks(path.read_text(encoding="utf-8"))
        for path in sorted(folder.rglob("*.html"))
    }
    for name, page in pages.items():
        for link in page.links:
            url = urlsplit(urljoin(base_url + name, link))
            target = f"{url.scheme}://{url.netloc}{url.path}"
            if url.scheme not in ("http", "https") or url.netloc != urlsplit(base_url).netloc:
                continue
            if not target.startswith(base_url):
                yield f"{name}: {link} leaves the site"
                continue
            path = unquote(target.removeprefix(base_url))
            from_disk = portable and not urlsplit(link).scheme
            if (path == "" or path.endswith("/")) and not from_disk:
                path += "index.html"
            if not (folder / path).is_file():
                yield f"{name}: {link} finds nothing"
            elif url.fragment and unquote(url.fragment) not in [*pages[path].ids, "top"]:
                yield f"{name}: {link} finds no such id"
