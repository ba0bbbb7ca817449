"""JSON as templates write it: in a script element for machines, or as a file of its own."""

import json
import re
from collections.abc import Collection

from markupsafe import Markup

_UNSAFE = re.compile(r"[<>&\u2028\u2029]")


def json_text(value: object, keep: Collection[str] = ()) -> Markup:
    """JSON of a value without its empty parts but those named `keep`, safe in HTML and in XML.

    Signs that could end a script element, or open a comment in it, are written as escapes, which
    JSON reads as the same. A table that names nothing but its type is empty.
    """
    text = json.dumps(_filled(value, keep), ensure_ascii=False, separators=(",", ":"))
    return Markup(_UNSAFE.sub(lambda match: f"\\u{ord(match[0]):04x}", text))


def _filled(value: object, keep: Collection[str]) -> object:
    if isinstance(value, dict):
        parts = {key: _filled(item, keep) for key, item in value.items()}
        parts = {key: part for key, part in parts.items() if key in keep or _says(part)}
        return parts if parts.keys() - {"@type", "@context"} else None
    if isinstance(value, list | tuple):
        return [part for part in (_filled(item, keep) for item in value) if _says(part)]
    return str(value) if isinstance(value, str) else value


def _says(value: object) -> bool:
    return value is not None and value != "" and value != []
