"""Names of contents: what equal values share and different values do not."""

from hashlib import blake2b


def digest(*parts: str | bytes) -> str:
    """32 hex digits naming a sequence of parts; moving a border between two parts changes it."""
    pieces: list[bytes] = []
    for part in parts:
        data = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        pieces += b"%d:" % len(data), data
    return blake2b(b"".join(pieces), digest_size=16).hexdigest()


def content_digest(content: bytes) -> str:
    """The digest that names a file of this content."""
    return blake2b(content, digest_size=16).hexdigest()
