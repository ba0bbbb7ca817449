"""Parse: from sources to notes; what was parsed before comes from the store."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import partial

from msgspec import Struct

from paperblog.model import codes
from paperblog.model.diagnostic import Diagnostic, Span
from paperblog.model.digest import content_digest
from paperblog.model.note import Body, Note, Source
from paperblog.model.packing import pack, unpack
from paperblog.model.remembered import by_rows, kept, remembered
from paperblog.ports import Files, Memory, Store, Workers
from paperblog.steps.blocks import BLOCKS
from paperblog.steps.keys import tell_digest
from paperblog.steps.load import decode, not_utf8
from paperblog.steps.parser import Parser, Tools

NOTE = Memory("note", Note, warm=True)
BODY = Memory("body", Body)

_CHUNK = 32
_PORTION = 1 << 25
"""Parsed notes go to the store together: each alone would take long, and all much memory."""

_Blocks = Mapping[str, str]


class _Packed(Struct, frozen=True, gc=False):
    """A parsed note as it comes from a worker and goes to the store: few will look at its body.

    `digest` is that of the file as it was read. There are `blocks` only where they are others
    than were known.
    """

    path: str
    digest: str
    note: bytes
    body: bytes
    excerpt: bytes
    blocks: bytes

    @property
    def size(self) -> int:
        return len(self.note) + len(self.body) + len(self.excerpt) + len(self.blocks)


def parse(
    sources: Sequence[Source],
    files: Files,
    tools: Tools,
    store: Store,
    workers: Workers,
    on_notes: Callable[[Collection[Note]], None],
) -> tuple[tuple[Note, ...], tuple[Diagnostic, ...]]:
    """The notes of all sources, remembered ones from the store, and files that are no text.

    `workers` parse what is not remembered; `on_notes` is told of notes as soon as they are
    there, so that their formulas can be typeset meanwhile.
    """
    general = tools.key()
    keys = _keys((general,), sources)
    remembered = store.get_many(NOTE, keys)
    missing = [s for s, key in zip(sources, keys, strict=True) if key not in remembered]
    store.keep(BODY, [name for note in remembered.values() for name in (note.body, note.excerpt)])
    store.keep(BLOCKS, [source.path for source in sources])
    # The workers begin before `on_notes` may start a thread: a process forks only while alone.
    results = workers.map(partial(_parse_chunk, tools, files), _jobs(missing, store))
    on_notes(remembered.values())
    notes = {note.path: note for note in remembered.values()}
    for key, note in remembered.items():
        tell_digest(note, key)
    diagnostics: list[Diagnostic] = []
    waiting: list[tuple[Note, _Packed]] = []
    for parsed in results:
        fresh = [(unpack(Note, one.note), one) for one in parsed if isinstance(one, _Packed)]
        diagnostics += [one for one in parsed if isinstance(one, Diagnostic)]
        notes |= {note.path: note for note, _ in fresh}
        on_notes([note for note, _ in fresh])
        waiting += fresh
        if sum(packed.size for _, packed in waiting) > _PORTION:
            _keep(waiting, store, general)
            waiting.clear()
    _keep(waiting, store, general)
    found = [notes[source.path] for source in sources if source.path in notes]
    return tuple(found), tuple(diagnostics)


@by_rows
def _keys(general: str, source: Source) -> str:
    return _key(general, source.path, source.digest)


def _key(general: str, path: str, digest_of_file: str) -> str:
    # Two digests of a fixed length and a path: to digest these once more would name no more.
    return f"{general}{digest_of_file}{path}"


def _jobs(sources: Sequence[Source], store: Store) -> Iterator[list[tuple[Source, _Blocks]]]:
    """Sources in chunks, each with the code blocks that it showed when it was last parsed."""
    for at in range(0, len(sources), _CHUNK):
        chunk = sources[at : at + _CHUNK]
        known = store.get_many(BLOCKS, [source.path for source in chunk])
        yield [(source, known.get(source.path, {})) for source in chunk]


def _parse_chunk(
    tools: Tools, files: Files, jobs: Sequence[tuple[Source, _Blocks]]
) -> list[_Packed | Diagnostic]:
    parser = _parser(kept("tools", tools))
    return [_parse_one(parser, files, source, known) for source, known in jobs]


@remembered
def _parser(tools: Tools) -> Parser:
    return Parser(tools)


def _parse_one(
    parser: Parser, files: Files, source: Source, known: _Blocks
) -> _Packed | Diagnostic:
    """A parsed note, or what is wrong with a file that has no text.

    The file may have changed since it was looked at: it counts as what is read.
    """
    try:
        content = files.content(source.path)
        text = decode(content)
    except UnicodeDecodeError as error:
        return not_utf8(source.path, error.object)
    except OSError as error:
        message = f"cannot be read: {error.strerror}"
        return codes.UNREADABLE.at(Span(source.path), message)
    one = parser.parse(source, text, known)
    return _Packed(
        path=source.path,
        digest=content_digest(content),
        note=pack(one.note),
        body=pack(one.body),
        excerpt=pack(one.excerpt),
        blocks=pack(one.blocks) if one.blocks != known else b"",
    )


def _keep(parsed: Sequence[tuple[Note, _Packed]], store: Store, general: str) -> None:
    """Put parsed notes into the store, at the end what relies on the rest."""
    packed = [one for _, one in parsed]
    bodies = {note.excerpt: one.excerpt for note, one in parsed}
    store.put_packed(BLOCKS, {one.path: one.blocks for one in packed if one.blocks})
    store.put_packed(BODY, bodies | {note.body: one.body for note, one in parsed})
    keys = [_key(general, one.path, one.digest) for one in packed]
    notes = dict(zip(keys, [note for note, _ in parsed], strict=True))
    store.put_packed(NOTE, {key: one.note for key, one in zip(keys, packed, strict=True)}, notes)
    for key, note in notes.items():
        tell_digest(note, key)
