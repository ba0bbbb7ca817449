"""Linking: how the addresses of a site become links of a page."""

import re
from urllib.parse import quote

from msgspec import Struct

from paperblog.model.page import Plan

_EXTERNAL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//")
_SAFE = "/:@!$&'()*+,;=~-._?"
_IS_SAFE = re.compile(r"[A-Za-z0-9/:@!$&'()*+,;=~\-._?]*")


class Linking(Struct, frozen=True):
    """How addresses become links: `portable` links name files, for reading from disk."""

    base_url: str
    portable: bool

    @property
    def base_path(self) -> str:
        """The path at which the site is published, `/` without a `base_url`."""
        path = "/" + self.base_url.partition("://")[2].partition("/")[2]
        return path if path.endswith("/") else path + "/"

    def prefix(self, plan: Plan) -> str:
        """What stands before an address on a page."""
        if plan.absolute:
            return self.base_path if plan.address.endswith(".html") else self.base_url
        return "../" * plan.address.count("/")

    def link(self, prefix: str, address: str) -> str:
        """The link from a page with a prefix to an address; other sites' addresses pass."""
        if _EXTERNAL.match(address):
            return address
        path, mark, fragment = address.partition("#")
        path = "" if path == "./" else path
        query = ""
        if fragment.startswith("?"):
            query, mark, fragment = fragment.partition("#")
        if not path and mark and not prefix and not query:
            return f"#{quoted(fragment)}"
        if self.portable and (not path or path.endswith("/")):
            path += "index.html"
        link = prefix + quoted(path)
        # A relative link whose first part holds a colon would read as a scheme.
        if not link or (":" in link.partition("/")[0] and not prefix):
            link = f"./{link}"
        return link + quote(query, safe=_SAFE + "%") + mark + quoted(fragment)

    def absolute(self, address: str) -> str:
        """The URL of an address of the site, empty without a `base_url`."""
        return self.link(self.base_url, address) if self.base_url else ""


def quoted(text: str) -> str:
    """A part of an address as it stands in a link (RFC 3986), its own signs kept."""
    return text if _IS_SAFE.fullmatch(text) else quote(text, safe=_SAFE)
