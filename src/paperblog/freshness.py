"""Has anything changed at all? The gate that a build passes before everything is imported.

A build with nothing to do imports this module and no other of the steps: it compares the stat of
every input and output, the arguments and the rest of what a build depends on with a manifest that
the last build left, and repeats that build's words.
"""

import contextlib
import json
import os
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from hashlib import blake2b

Stat = list[int]

INPUT_FOLDERS = ("notes", "pages", "static", "templates")
CONFIGURATIONS = ("paperblog.toml", "pyproject.toml")
_ENVIRONMENT = ("SOURCE_DATE_EPOCH", "TZ", "PYTHONPATH", "PAPERBLOG_BASE_URL")
_LAYOUT = 3
_SEAL = 16
# Two changes within the clock's resolution leave one time stamp: inputs this young are not trusted.
_RACY_NS = 20_000_000


def cache_folder(root: str) -> str:
    """Where a site keeps what it remembers."""
    return os.path.join(root, ".paperblog")


def look(root: str) -> dict[str, Stat]:
    """The stat of every file that a site is made of, to be taken before a build reads them."""
    found: dict[str, Stat] = {}
    for name in INPUT_FOLDERS:
        for path, stat in _tree(os.path.join(root, name)).items():
            found[f"{name}/{path}"] = stat
    return found | look_at(root, CONFIGURATIONS)


def look_at(root: str, names: Iterable[str]) -> dict[str, Stat]:
    """The stat of those of some files that are there."""
    found = ((name, _stat(os.path.join(root, name))) for name in names)
    return {name: stat for name, stat in found if stat is not None}


def recall(
    root: str, output: str, arguments: list[str], inputs: dict[str, Stat]
) -> dict[str, object] | None:
    """What the last build of this site into this folder said, if nothing has changed since.

    `inputs` are what the site is made of now.
    """
    try:
        with open(_manifest_path(root, output), "rb") as file:
            data = file.read()
        if data[:_SEAL] != _seal(data[_SEAL:]):
            return None
        # Where an input has changed, which one line tells, the many outputs need not be read.
        first, _, rest = data[_SEAL:].partition(b"\n")
        manifest = json.loads(first)
        if manifest["circumstances"] != _circumstances(arguments):
            return None
        if not manifest["from"] <= _now() < manifest["until"]:
            return None
        extra = manifest["extra"]
        if manifest["inputs"] != _name(inputs | look_at(root, extra)):
            return None
        for path, stat in json.loads(rest).items():
            if _stat(f"{output}/{path}") != stat:
                return None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    words: dict[str, object] = manifest["words"]
    return words


def remember(
    root: str,
    output: str,
    arguments: list[str],
    begun_ns: int,
    inputs: dict[str, Stat],
    extra: list[str],
    outputs: Mapping[str, Sequence[int]],
    period: tuple[float, float],
    words: dict[str, object],
) -> None:
    """Leave a manifest for `recall`, if the disk has room for it.

    `inputs`, those of the `extra` names among them, were taken before the build read them. If one
    of them changed after `begun_ns`, or so shortly before that it may have changed once more
    unseen, nothing is left. `outputs` are the stats of the output's files as the build left them;
    `period` is the time, from and until, in which the same notes are published.
    """
    path = _manifest_path(root, output)
    youngest = max((stat[0] for stat in inputs.values()), default=0)
    if youngest > begun_ns - _RACY_NS:
        _remove(path)
        return
    manifest = {
        "circumstances": _circumstances(arguments),
        "from": period[0],
        "until": period[1],
        "inputs": _name(inputs),
        "extra": extra,
        "words": words,
    }
    # `dump` would encode in Python, which takes ten times as long.
    data = b"\n".join([json.dumps(part).encode() for part in (manifest, outputs)])
    temporary = f"{path}.tmp"
    try:
        with open(temporary, "wb") as file:
            file.write(_seal(data) + data)
        os.replace(temporary, path)
    except OSError:
        _remove(temporary)
        _remove(path)


def _name(inputs: dict[str, Stat]) -> str:
    """Names some files and their stats."""
    lines = [f"{path}:{stat[0]}:{stat[1]}" for path, stat in inputs.items()]
    data = "\0".join(sorted(lines)).encode("utf-8", "surrogateescape")
    return blake2b(data, digest_size=16).hexdigest()


def _seal(data: bytes) -> bytes:
    """A digest that a manifest begins with, so that a damaged one is none."""
    return blake2b(data, digest_size=_SEAL).digest()


def _manifest_path(root: str, output: str) -> str:
    name = blake2b(os.path.abspath(output).encode(), digest_size=8).hexdigest()
    return os.path.join(cache_folder(root), f"manifest-{_LAYOUT}-{name}.json")


def _circumstances(arguments: list[str]) -> list[object]:
    """All that a build depends on beside its files: who builds, with what, and how it is asked."""
    package = os.path.dirname(os.path.abspath(__file__))
    theme = os.path.join(os.path.dirname(os.path.dirname(package)), "templates")
    return [
        _LAYOUT,
        arguments,
        [os.environ.get(name) for name in _ENVIRONMENT],
        sys.version,
        sys.platform,
        _tree(package),
        _tree(theme),
        _distributions(),
    ]


def _distributions() -> list[str]:
    """The installed distributions, by the folders that name them with their versions."""
    found = []
    for folder in dict.fromkeys(sys.path):
        try:
            names = os.listdir(folder or ".")
        except OSError:
            continue
        found += [name for name in names if name.endswith((".dist-info", ".egg-link", ".pth"))]
    return sorted(found)


def _tree(folder: str) -> dict[str, Stat]:
    """The stat of every file below a folder, by its path."""
    found: dict[str, Stat] = {}
    waiting = [""]
    while waiting:
        inner = waiting.pop()
        try:
            entries = list(os.scandir(os.path.join(folder, inner)))
        except OSError:
            continue
        for entry in entries:
            if entry.name.startswith(".") or entry.name == "__pycache__":
                continue
            path = f"{inner}/{entry.name}" if inner else entry.name
            if entry.is_dir(follow_symlinks=False):
                waiting.append(path)
                continue
            try:
                stat = entry.stat()
            except OSError:
                continue
            found[path] = [stat.st_mtime_ns, stat.st_size]
    return found


def _stat(path: str) -> Stat | None:
    try:
        stat = os.stat(path)
    except OSError:
        return None
    return [stat.st_mtime_ns, stat.st_size]


def _now() -> float:
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    return float(epoch) if epoch.isdecimal() else time.time()


def _remove(path: str) -> None:
    with contextlib.suppress(OSError):
        os.remove(path)
