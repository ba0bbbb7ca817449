"""The last words of a build or check; imported before the gate, so it imports nothing of weight."""

import sys
from collections.abc import Mapping
from typing import TextIO


def say(
    words: Mapping[str, object], form: str, closing: str, seconds: float, people: TextIO
) -> int:
    """Print a report in its form, and return the exit status.

    What programs read is on standard output; `people` is where text for people goes. The closing
    line is on standard output too, but where that must be one document.
    """
    status = words["status"]
    assert isinstance(status, int)
    if form == "json":
        import json

        print(json.dumps({**words, "seconds": round(seconds, 3)}, indent=2))
        return status
    stream = people if form == "text" else sys.stdout
    stream.write(str(words["text"]))
    stream.flush()
    print(
        f"{closing} in {_time(words, seconds)}", file=sys.stderr if form == "sarif" else sys.stdout
    )
    return status


def _time(words: Mapping[str, object], seconds: float) -> str:
    """The time in seconds; that of the search apart, where its index was made."""
    search = words.get("searchSeconds")
    if not isinstance(search, float) or not search:
        return f"{seconds:.1f} s"
    return f"{seconds - search:.1f} s and {search:.1f} s for the search"


def built(words: Mapping[str, object]) -> str:
    """What a build counted and did."""
    left_out = f" ({words['unpublished']} unpublished)" if words["unpublished"] else ""
    rest = ", ".join(_count(words, name) for name in ("page", "formula"))
    counts = f"{_count(words, 'note')}{left_out}, {rest}"
    if words["status"] and not words["wrote"]:
        return f"{counts}: nothing written, the last good site stays"
    written, unchanged, deleted = words["written"], words["unchanged"], words["deleted"]
    return f"{counts}: {written} written, {unchanged} unchanged, {deleted} deleted"


def checked(words: Mapping[str, object]) -> str:
    """What a check counted."""
    counts = [_count(words, name) for name in ("note", "formula")]
    if "addresses" in words:
        counts.append(f"{words['addresses']:,} addresses in {words['files']:,} files")
    if "links" in words:
        counts.append(f"{_count(words, 'link')} to other sites ({words['asked']} asked for)")
    left_out = words["unpublished"]
    kept = f", {left_out} left out until published" if left_out else ""
    return f"{', '.join(counts)} checked{kept}"


def _count(words: Mapping[str, object], name: str) -> str:
    number = words[f"{name}s"]
    return f"{number} {name}" if number == 1 else f"{number} {name}s"
