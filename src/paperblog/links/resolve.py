"""Resolve: what an address on a page of the output means, as a browser would read it."""

import posixpath
import re
from urllib.parse import unquote, unquote_to_bytes

from msgspec import Struct

from paperblog.links.scan import Address, Use
from paperblog.model import codes
from paperblog.model.diagnostic import Code

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_HOST = re.compile(r"(?:https?:)?//([^/?#]*)([^?#]*)", re.IGNORECASE)
_BAD_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")
_BAD_SIGN = re.compile(r"[\x00-\x20\\]")
NOT_FOUND = "404.html"
# What is read away from the site, with addresses in full.
_FEEDS = (".xml", ".json", ".atom", ".rss")
_WEB = ("http", "https")


class Mount(Struct, frozen=True):
    """Where a site is read: below the path of `base_url`, or from disk where it is `portable`."""

    base_url: str
    portable: bool

    @property
    def path(self) -> str:
        """The path of the site's root, between slashes."""
        return "/" + self.base_url.partition("://")[2].partition("/")[2]

    @property
    def host(self) -> str:
        """The host of `base_url`, empty without one."""
        return self.base_url.partition("://")[2].partition("/")[0].lower()


class Target(Struct, frozen=True):
    """A place in the site: a path from its root, decoded, and an id there.

    It is read `from_disk` where no server stands between.
    """

    path: str
    fragment: str = ""
    from_disk: bool = False


class Fault(Struct, frozen=True):
    """What is wrong with an address."""

    code: Code
    message: str
    help: str = ""


def resolve(page: str, base: str, address: Address, mount: Mount) -> Target | Fault | None:
    """The place that an address on a page means; None where it is of another site.

    `base` is what the page gives as the base of its addresses, mostly nothing.
    """
    url = address.url.strip(" \t\n\r\f")
    rest, _, fragment = url.partition("#")
    if sign := _BAD_SIGN.search(rest):
        shown = "a blank" if sign[0] == " " else "a backslash" if sign[0] == "\\" else "a line end"
        return Fault(codes.MALFORMED_LINK, f"the address {url} holds {shown}", "write it as %20")
    if _BAD_ESCAPE.search(rest):
        help = "a percent sign itself is written %25"
        return Fault(
            codes.MALFORMED_LINK, f"the address {url} holds a % that encodes nothing", help
        )
    if host := _HOST.match(rest):
        return _on_host(url, host[1].lower(), host[2] or "/", fragment, address.use, mount)
    if scheme := _SCHEME.match(rest):
        if scheme[1].lower() in _WEB:
            return Fault(codes.MALFORMED_LINK, f"the address {url} names no host")
        if scheme[1].lower() == "file":
            message = f"{url} is a file of the author's machine"
            return Fault(
                codes.OUTSIDE_LINK, message, "copy it beside the note and link to it there"
            )
        return None
    path = rest.partition("?")[0]
    if not path and not base:
        return Target(_decoded(page), _decoded(fragment))
    if host := _HOST.match(base):
        whole = posixpath.normpath(posixpath.join(posixpath.dirname(host[2]) or "/", path))
        return _on_host(url, host[1].lower(), whole, fragment, address.use, mount)
    return _on_site(page, base, path, fragment, mount)


def _on_host(
    url: str, host: str, path: str, fragment: str, use: Use, mount: Mount
) -> Target | Fault | None:
    if host == mount.host and (path + "/").startswith(mount.path):
        return _target(path[len(mount.path) :], fragment, url)
    if use is Use.LOADED:
        message = f"the page loads {url} from another host"
        help = "readers are known there, and it may change or go; keep a copy in the site"
        return Fault(codes.FOREIGN_RESOURCE, message, help)
    return None


def _on_site(page: str, base: str, path: str, fragment: str, mount: Mount) -> Target | Fault:
    served = not mount.portable or page == NOT_FOUND
    if path.startswith("/"):
        if not served:
            message = f"{path} begins at the root of a server, and there is none on disk"
            return Fault(codes.OUTSIDE_LINK, message, "write the link relative to the page")
        if not (path + "/").startswith(mount.path):
            message = f"{path} leaves the site, which is published below {mount.path}"
            help = f"write {mount.path.rstrip('/')}{path}, or the link relative to the page"
            return Fault(codes.OUTSIDE_LINK, message, help)
        return _target(path[len(mount.path) :], fragment, path)
    if page.endswith(_FEEDS):
        message = f"{path} is relative, and a feed is read away from the site"
        help = "Markdown links are made absolute; write it as one"
        return Fault(codes.RELATIVE_IN_FEED, message, help)
    if page == NOT_FOUND:
        message = f"{path} is relative, and the page of a missing address is read at any depth"
        return Fault(codes.OUTSIDE_LINK, message, f"begin it with {mount.path}")
    folder = (base if base else page).rpartition("/")[0]
    parts = folder.split("/") if folder else []
    steps = path.split("/")
    for step in steps:
        if step == "..":
            if not parts:
                message = f"{path} climbs above the root of the site"
                help = "it works at the root of a domain alone; take out one `../`"
                return Fault(codes.OUTSIDE_LINK, message, help)
            parts.pop()
        elif step not in ("", "."):
            parts.append(step)
    if steps[-1] in ("", ".", "..") and parts:
        parts.append("")
    return _target("/".join(parts), fragment, path, not served)


def _target(path: str, fragment: str, url: str, from_disk: bool = False) -> Target | Fault:
    try:
        decoded = unquote_to_bytes(path).decode()
    except UnicodeDecodeError:
        return Fault(codes.MALFORMED_LINK, f"the address {url} is not encoded as UTF-8")
    return Target(decoded.removeprefix("/"), _decoded(fragment), from_disk)


def _decoded(text: str) -> str:
    return unquote(text) if "%" in text else text
