"""Names of contents: what equal values share and different values do not."""

from hashlib import blake2b


def digest(*parts: str | bytes) -> str:
    """32 hex digits naming a sequence of parts; moving a border between two parts changes it."""
    hasher = blake2b(digest_size=16)
    for part in parts:
        data = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        hasher.update(b"%d:" % len(data))
        hasher.update(data)
    return hasher.hexdigest()
