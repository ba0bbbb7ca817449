"""A paper that a note is about, and its identifiers."""

import re

from msgspec import Struct

_ARXIV = re.compile(
    r"(?:arxiv:\s*|(?:https?://)?(?:www\.)?arxiv\.org/(?:abs|pdf)/)?"
    r"(?P<id>\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})(?P<version>v\d+)?(?:\.pdf)?",
    re.IGNORECASE,
)
_DOI = re.compile(r"(?:doi:\s*|(?:https?://)?(?:dx\.)?doi\.org/)?(?P<id>10\.\d{4,9}/\S+)", re.I)
_ISBN = re.compile(r"isbn:\s*(?P<id>[0-9Xx-]{10,17})", re.IGNORECASE)


class Identifier(Struct, frozen=True, gc=False, array_like=True):
    """A paper's identifier in a scheme: `arxiv`, `doi`, `isbn` or `url`; `version` is arXiv's."""

    scheme: str
    value: str
    version: str = ""

    @property
    def text(self) -> str:
        """How it is written for people."""
        names = {"arxiv": "arXiv:", "doi": "doi:", "isbn": "ISBN "}
        return names.get(self.scheme, "") + self.value + self.version

    @property
    def url(self) -> str:
        """Where it leads; empty where the scheme has no resolver."""
        bases = {"arxiv": "https://arxiv.org/abs/", "doi": "https://doi.org/", "url": ""}
        if self.scheme not in bases:
            return ""
        return bases[self.scheme] + self.value + self.version

    @property
    def pdf_url(self) -> str:
        """The PDF's address, where the identifier alone tells it."""
        return f"https://arxiv.org/pdf/{self.value}{self.version}" if self.scheme == "arxiv" else ""


class Paper(Struct, frozen=True, gc=False, array_like=True):
    """What a note says of a paper; everything but the identifier or the title may be missing."""

    identifier: Identifier | None = None
    title: str = ""
    authors: tuple[str, ...] = ()
    year: int | None = None
    venue: str = ""
    links: tuple[tuple[str, str], ...] = ()


def read_identifier(text: str) -> Identifier | None:
    """The identifier that a text writes, in its short or its URL form.

    Sources: arXiv's identifier scheme (both before and after April 2007), the DOI handbook's
    `10.prefix/suffix`. Returns None for anything else.
    """
    text = text.strip()
    if match := _ARXIV.fullmatch(text):
        return Identifier("arxiv", match["id"], (match["version"] or "").lower())
    if match := _DOI.fullmatch(text):
        return Identifier("doi", match["id"])
    if match := _ISBN.fullmatch(text):
        return Identifier("isbn", match["id"])
    if re.fullmatch(r"https?://\S+", text):
        return Identifier("url", text)
    return None


def paper_key(paper: Paper) -> str:
    """What makes two papers one: the identifier without its version, else the title."""
    if paper.identifier:
        return f"{paper.identifier.scheme}:{paper.identifier.value}".casefold()
    return paper.title.casefold()
