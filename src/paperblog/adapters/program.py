"""The name of our own source code, which every remembered value depends on."""

from functools import cache
from importlib.resources import files
from pathlib import Path

from paperblog.model.digest import digest


@cache
def program_digest() -> str:
    """Names the source of this package; a change of any line makes everything anew."""
    package = Path(str(files("paperblog")))
    parts: list[str | bytes] = []
    for path in sorted(package.rglob("*")):
        if (
            path.suffix in (".py", ".js")
            and not {"_katex", "_fonts"} & set(path.parts)
            and "_theme" not in path.parts
        ):
            parts += [path.relative_to(package).as_posix(), path.read_bytes()]
    return digest(*parts)
