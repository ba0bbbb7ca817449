"""Papers and links as authors write them in the front matter."""

from paperblog.model import codes
from paperblog.model.paper import Identifier, Paper, read_identifier
from paperblog.schema.readers import (
    Reader,
    integer,
    line,
    pairs,
    scalar,
    several,
    web_address,
)
from paperblog.schema.values import Listing, Table, Value, WrongError

LINK_KINDS = ("paper", "pdf", "code", "video", "website", "thread")


def read_links(value: Value) -> tuple[tuple[str, str], ...]:
    """A table of addresses by the kind of what they lead to."""
    found = pairs(web_address, "links")(value)
    for (name, _), (key, _) in zip(
        found, value.entries if isinstance(value, Table) else (), strict=True
    ):
        if name not in LINK_KINDS:
            raise WrongError(
                codes.WRONG_VALUE,
                key,
                f"{name!r} is not a kind of link",
                "the kinds are " + ", ".join(LINK_KINDS),
            )
    return found


def read_paper(tex: Reader[str]) -> Reader[Paper]:
    """A paper, whose title may hold TeX."""

    def read(value: Value) -> Paper:
        if isinstance(value, Listing):
            raise WrongError(
                codes.WRONG_VALUE, value, "a paper is an identifier or a table, not a list"
            )
        return _paper_of(value, tex) if isinstance(value, Table) else Paper(_identifier(value))

    return read


def _identifier(value: Value) -> Identifier:
    text = scalar(value, "an identifier").text
    identifier = read_identifier(text)
    if identifier is None:
        raise WrongError(
            codes.WRONG_VALUE,
            value,
            f"{text!r} is no identifier of a paper",
            "write arxiv:2006.04768, a DOI such as 10.1145/3292500, an address, or a table "
            "with a title",
        )
    return identifier


def _paper_of(table: Table, tex: Reader[str]) -> Paper:
    values: dict[str, Value] = {key.text: item for key, item in table.entries}
    known = ("id", "title", "authors", "year", "venue", "links")
    for key, _ in table.entries:
        if key.text not in known:
            raise WrongError(
                codes.WRONG_VALUE,
                key,
                f"unknown key {key.text} of a paper",
                "the keys are " + ", ".join(known),
            )
    identifier = _identifier(values["id"]) if "id" in values else None
    title = tex(values["title"]) if "title" in values else ""
    if identifier is None and not title:
        raise WrongError(codes.WRONG_VALUE, table, "a paper needs an id or a title")
    return Paper(
        identifier,
        title,
        several(line)(values["authors"]) if "authors" in values else (),
        integer(1000, 2999)(values["year"]) if "year" in values else None,
        line(values["venue"]) if "venue" in values else "",
        read_links(values["links"]) if "links" in values else (),
    )
