"""Typeset: formulas become HTML and MathML, running ahead of the Markdown work."""

import re
from collections import deque
from collections.abc import Collection, Iterable, Mapping
from functools import partial
from html import escape
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from paperblog.model import codes
from paperblog.model.diagnostic import Diagnostic
from paperblog.model.formula import Formula, MathError, Typeset
from paperblog.model.note import Note
from paperblog.model.packing import pack, unpack
from paperblog.model.remembered import by_rows
from paperblog.model.site import Edition, Site
from paperblog.model.text import Text
from paperblog.ports import Files, MathEngine, Memory, Store, Workers
from paperblog.tex.advice import advice
from paperblog.tex.limits import LONGEST
from paperblog.tex.unknown import unknown_command

if TYPE_CHECKING:
    from concurrent.futures import Future

TYPESET = Memory("formula", str)
REFUSED = Memory("refused", MathError)
CLASSES = Memory("classes", str)

_ANNOTATION = '<annotation encoding="application/x-tex">'
_BATCH = 100
_PORTION = 1 << 22
"""Bytes of typeset formulas that go to the store together: each batch alone takes longer."""
_MOST_EXPANSIONS = 1000
_EXPLAINING = (codes.MATH_ENTITY.name, codes.MATH_OPTION.name)
"""Warnings of what KaTeX often refuses, in fewer words."""
_REFUSED = re.compile(r"(\\[A-Za-z]+) (?:is not allowed|may not lead)")
_UNDEFINED = re.compile(r"Undefined control sequence: (\\(?:[A-Za-z@]+|.))")


class Batch(Struct, frozen=True):
    """What became of some formulas, by key: packed as the store keeps it, or refused."""

    typeset: dict[str, bytes]
    classes: dict[str, bytes]
    refused: dict[str, MathError]


class Typesetter:
    """Has workers typeset formulas in batches; remembered ones are not touched.

    `submit` what is found, then `collect`.
    """

    def __init__(self, engine: MathEngine, store: Store, workers: Workers) -> None:
        self._engine = engine
        self._store = store
        self._workers = workers
        self._waiting: dict[str, Formula] = {}
        self._batches: deque[Future[Batch]] = deque()
        self._seen: set[str] = set()
        self._refused: dict[str, MathError] = {}
        self._kept = Batch({}, {}, {})
        self._kept_size = 0
        self._submitted = 0
        self.typeset_now = 0

    def submit(self, notes: Iterable[Note]) -> None:
        """Take the formulas of some notes to typeset, each key once."""
        notes = list(notes)
        keys = _keys((self._submitted,), notes)
        self._submitted += 1
        new = self._store.missing(TYPESET, keys) - self._seen
        self._seen |= new
        if new:
            formulas = (formula for note in notes for formula in note.formulas)
            self._waiting |= {f.key: f for f in formulas if f.key in new}
        if len(self._waiting) >= _BATCH:
            self._start()
        while self._batches and self._batches[0].done():
            self._keep(self._batches.popleft().result())

    def collect(self) -> Mapping[str, MathError]:
        """Wait for everything submitted; the refused formulas by key, the rest in the store."""
        self._start()
        while self._batches:
            self._keep(self._batches.popleft().result())
        self._put()
        return self._refused

    def _start(self) -> None:
        waiting, self._waiting = self._waiting, {}
        refused = self._store.get_many(REFUSED, waiting)
        self._refused |= refused
        batch = []
        for key, formula in waiting.items():
            if key in refused:
                continue
            if len(formula.tex) > LONGEST:
                self._refused[key] = _too_long(formula)
            else:
                batch.append(formula)
        for first in range(0, len(batch), _BATCH):
            part = pack(batch[first : first + _BATCH])
            work = partial(_typeset, self._engine)
            self._batches.append(self._workers.submit(work, part))

    def _keep(self, batch: Batch) -> None:
        self.typeset_now += len(batch.typeset) + len(batch.refused)
        self._kept.typeset.update(batch.typeset)
        self._kept.classes.update(batch.classes)
        self._kept.refused.update(batch.refused)
        self._kept_size += sum(map(len, batch.typeset.values()))
        if self._kept_size > _PORTION:
            self._put()

    def _put(self) -> None:
        kept, self._kept, self._kept_size = self._kept, Batch({}, {}, {}), 0
        self._store.put_packed(CLASSES, kept.classes)
        self._store.put_packed(TYPESET, kept.typeset)
        self._store.put_many(REFUSED, kept.refused)
        self._refused |= kept.refused


@by_rows
def _keys(submission: int, note: Note) -> frozenset[str]:
    return frozenset([formula.key for formula in note.formulas])


def _typeset(engine: MathEngine, packed: bytes) -> Batch:
    """Typeset packed formulas."""
    formulas = unpack(list[Formula], packed)
    batch = Batch({}, {}, {})
    for formula, outcome in zip(formulas, engine.typeset(formulas), strict=True):
        if isinstance(outcome, Typeset):
            batch.typeset[formula.key] = pack(_with_annotation(outcome.html, formula))
            batch.classes[formula.key] = pack(outcome.classes)
        else:
            batch.refused[formula.key] = outcome
    return batch


def _with_annotation(html: str, formula: Formula) -> str:
    """The typeset formula with the author's TeX as its annotation, to be copied."""
    if formula.tex == formula.prepared:
        return html
    before, mark, rest = html.partition(_ANNOTATION)
    _, end, after = rest.partition("</annotation>")
    return f"{before}{mark}{escape(formula.tex, quote=False)}{end}{after}" if mark else html


def typeset(
    site: Site,
    notes: Iterable[Note],
    refused: Mapping[str, MathError],
    files: Files,
    commands: Collection[str],
) -> Edition:
    """The edition of a site whose formulas are typeset.

    `notes` are those to report on; `commands` are what the engine knows, for the nearest one.
    """
    diagnostics: list[Diagnostic] = []
    if refused:
        for note in notes:
            wrong = [formula for formula in note.formulas if formula.key in refused]
            if wrong:
                text = Text(note.path, files.text(note.path))
                known = [*commands, *note.macros, *(macro.name for macro in site.config.macros)]
                diagnostics += [
                    _warned(diagnose(f, refused[f.key], text, known), note) for f in wrong
                ]
    return Edition(site, refused, tuple(diagnostics))


def _warned(error: Diagnostic, note: Note) -> Diagnostic:
    """The error in the words of a warning at its place, which knows more of what is wrong there."""
    if error.code != codes.MATH_SYNTAX.name:
        return error
    place = error.span.line, error.span.column
    for warning in note.diagnostics:
        if warning.code in _EXPLAINING and (warning.span.line, warning.span.column) == place:
            return replace(error, message=warning.message, help=warning.help, span=warning.span)
    return error


def diagnose(formula: Formula, error: MathError, text: Text, known: Collection[str]) -> Diagnostic:
    """The author's place of an error that the engine found.

    Its position counts UTF-16 code units, and is trusted only where the source there holds what
    the message names: inside a macro it is an offset of the macro.
    """
    start, end = formula.start, formula.end
    undefined = _UNDEFINED.match(error.message)
    refused = _REFUSED.match(error.message)
    tex = formula.prepared
    at = tex.find(undefined[1]) if undefined else -1
    if refused and refused[1] in tex:
        start = formula.source_offset(tex.index(refused[1]))
        end = start + len(refused[1])
    elif error.position is not None:
        at = _code_points(tex, error.position)
        length = _code_points(tex, error.position + (error.length or 1)) - at
        if undefined:
            # KaTeX's length takes in the blank after a command.
            found = tex.startswith(undefined[1], at)
            at, length = at if found else tex.find(undefined[1]), len(undefined[1])
        if 0 <= at < len(tex):
            start = formula.source_offset(at)
            end = start + max(length, 1)
        elif at == len(tex) > 0:
            # What is missing belongs behind the last character.
            start = formula.source_offset(at - 1) + 1
            end = start + 1
    if undefined:
        message, help = unknown_command(undefined[1], known, tex, at)
        return codes.MATH_UNDEFINED.at(text.span(start, end), message, help)
    if refused:
        return codes.MATH_REFUSED.at(text.span(start, end), error.message)
    code = codes.MATH_LIMIT if _is_limit(error.message) else codes.MATH_SYNTAX
    offset = None if error.position is None else _code_points(tex, error.position)
    help = advice(error.message, tex, offset)
    return code.at(text.span(start, end), _sentence(error.message), help)


def _is_limit(message: str) -> bool:
    return "Too many expansions" in message or "longer than" in message or "too deep" in message


def _sentence(message: str) -> str:
    """KaTeX's message without the position and the excerpt that it ends with."""
    if "maxExpand" in message:
        return f"more than {_MOST_EXPANSIONS} macros are expanded in it"
    message = re.sub(r" at (?:position \d+|end of input): .*\Z", "", message, flags=re.DOTALL)
    return message[:1].lower() + message[1:]


def _code_points(text: str, units: int) -> int:
    """An offset in code points, given one in UTF-16 code units."""
    if text.isascii():
        return min(units, len(text))
    data = text.encode("utf-16-le", "surrogatepass")[: 2 * units]
    return len(data.decode("utf-16-le", "ignore"))


def _too_long(formula: Formula) -> MathError:
    return MathError(f"the formula is longer than {LONGEST} characters: it has {len(formula.tex)}")
