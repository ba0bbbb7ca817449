"""What the front matter says of addresses: the slug, former ones, the permanent id."""

import re

from paperblog.model import codes
from paperblog.model.slug import slugify
from paperblog.schema.readers import scalar
from paperblog.schema.values import Value, WrongError


def slug(value: Value) -> str:
    """The last part of a note's address."""
    text = scalar(value, "a slug").text.strip()
    if "/" in text or "\\" in text or text.strip(".") == "" or not slugify(text):
        raise WrongError(
            codes.WRONG_VALUE,
            value,
            f"{text!r} cannot be part of an address",
            f"use words joined by hyphens, such as {slugify(text) or 'reformer'}",
        )
    if any(ord(char) < 32 or char in '?#%"<>|*:' for char in text):
        raise WrongError(
            codes.WRONG_VALUE,
            value,
            f"{text!r} holds a sign that addresses cannot",
            f"try {slugify(text)}",
        )
    return text


def permanent_id(value: Value) -> str:
    """An IRI (RFC 3987), as Atom wants it."""
    text = scalar(value, "an id").text.strip()
    if re.fullmatch(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+", text):
        return text
    raise WrongError(
        codes.WRONG_VALUE,
        value,
        f"{text!r} is not a URI",
        "write it as urn:uuid:…, tag:example.org,2020:byol, or an address",
    )


def alias(value: Value) -> str:
    """A former address, below the site's root."""
    text = scalar(value, "an address").text.strip()
    parts = text.strip("/").split("/")
    if not text.strip("/") or any(part in ("", ".", "..") for part in parts) or "\\" in text:
        raise WrongError(
            codes.WRONG_VALUE,
            value,
            f"{text!r} is not an address below this site",
            "write it as /2020/07/linformer/",
        )
    if any(ord(char) < 32 or char in '?#"<>|*:' for char in text):
        raise WrongError(codes.WRONG_VALUE, value, f"{text!r} holds a sign that an alias cannot")
    return text
