"""Compiled templates, kept where Python keeps what it compiles of this package."""

import os
import sys
from contextlib import suppress
from importlib.util import cache_from_source
from pathlib import Path

import jinja2
from jinja2.bccache import Bucket, BytecodeCache

from paperblog.model.digest import digest

_SEAL = 32


class ThemeBytecode(BytecodeCache):
    """Keeps the compiled templates of a folder, our theme's; those of a site are compiled anew.

    They are code, so they do not lie in a site's cache, which may come from someone else's
    machine. What cannot be written is not kept, as Python does it. `program` names our own source.
    """

    def __init__(self, theme: Path, program: str) -> None:
        self._theme = theme
        self._program = program
        self._folder = Path(cache_from_source(__file__)).parent

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        """The name of a template's file; empty for a template that is not kept."""
        if filename is None or not Path(filename).is_relative_to(self._theme):
            return ""
        return f"template-{digest(name, filename)}"

    def get_source_checksum(self, source: str) -> str:
        """Names all that the compiled template depends on beside the version of Python."""
        return digest(jinja2.__version__, self._program, source)

    def load_bytecode(self, bucket: Bucket) -> None:
        """Read a compiled template, if it is there, whole and of this source."""
        if not bucket.key:
            return
        with suppress(OSError):
            data = self._path(bucket).read_bytes()
            if data[:_SEAL] == _seal(bucket, data[_SEAL:]):
                bucket.bytecode_from_string(data[_SEAL:])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep a compiled template."""
        if not bucket.key or sys.dont_write_bytecode:
            return
        code = bucket.bytecode_to_string()
        path = self._path(bucket)
        temporary = path.with_suffix(f".{os.getpid()}")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            temporary.write_bytes(_seal(bucket, code) + code)
            temporary.replace(path)
        except OSError:
            with suppress(OSError):
                temporary.unlink()

    def _path(self, bucket: Bucket) -> Path:
        return self._folder / bucket.key


def _seal(bucket: Bucket, code: bytes) -> bytes:
    """What compiled code begins with: a digest of it and of what it was compiled from."""
    return digest(bucket.checksum, code).encode()
