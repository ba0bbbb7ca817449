"""The math engine: KaTeX, in V8 inside this process."""

import json
import re
from collections.abc import Callable, Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING
from weakref import finalize

from paperblog.model.diagnostic import PaperblogError
from paperblog.model.digest import digest
from paperblog.model.formula import Formula, MathError, Outcome, Typeset

if TYPE_CHECKING:
    from py_mini_racer import MiniRacer

_OUTPUTS = {"html": "htmlAndMathml", "mathml": "mathml"}
_DRIVER = ("markup.js", "katex.js")
_SECONDS = 20.0
_ALONE_SECONDS = 5.0
_MEMORY = 512 * 2**20
_CHEMISTRY = ("\\ce", "\\pu", "\\tripledash")
"""What mhchem adds to KaTeX."""
_HAS_CHEMISTRY = re.compile(r"\\\\(?:ce|pu|tripledash)(?![A-Za-z])")
"""One of them in JSON."""
_V8_FLAGS = ("--no-turbofan",)
"""Without V8's last compiler, which takes longer than it saves: a site's formulas are too few."""


def katex_folder() -> Path:
    """Where KaTeX's script, style sheet and fonts lie.

    Raises:
        PaperblogError: the package was put together without them.
    """
    folder = Path(str(files("paperblog"))) / "_katex"
    if not (folder / "katex.min.js").is_file():
        raise PaperblogError(
            "KaTeX's files are missing from this installation of paperblog; "
            "in a checkout `make site` puts them there, else install it again"
        )
    return folder


class Katex:
    """KaTeX behind the port `MathEngine`. V8 starts with the first batch, in the thread of it.

    `macros` are definitions for all formulas, under those that a formula brings along. Sent to
    another process, it becomes that process's own engine.
    """

    def __init__(self, folder: Path, macros: Sequence[tuple[str, str]] = ()) -> None:
        self._folder = folder
        self._given = tuple(macros)
        self._macros = json.dumps(dict(macros))
        self._context: MiniRacer | None = None
        self._knows_chemistry = False
        self._driver = "".join(
            Path(__file__).with_name(name).read_text(encoding="utf-8") for name in _DRIVER
        )
        self._version = (folder / "VERSION").read_text(encoding="utf-8").strip()

    def __reduce__(self) -> tuple[Callable[..., "Katex"], tuple[object, ...]]:
        return _of_this_process, (self._folder, self._given)

    @property
    def identity(self) -> str:
        """KaTeX's version and our options, which the driver holds."""
        return f"katex {self._version} {digest(self._driver, self._macros, *_CHEMISTRY)}"

    def commands(self) -> Sequence[str]:
        """See the port; read off KaTeX's own script, which names each command once."""
        script = (self._folder / "katex.min.js").read_text(encoding="utf-8")
        names = re.findall(r'"\\\\([A-Za-z]{2,})"', script)
        own = {f"\\{name}" for name in names}
        return sorted(own | {*_CHEMISTRY[:2]} | set(json.loads(self._macros)))

    def typeset(self, formulas: Sequence[Formula]) -> Sequence[Outcome]:
        """Typeset a batch; one that takes too long or too much memory is tried one by one."""
        from py_mini_racer import JSOOMException, JSTimeoutException

        try:
            return self._batch(formulas, _SECONDS)
        except (JSTimeoutException, JSOOMException):
            self.close()
        outcomes: list[Outcome] = []
        for formula in formulas:
            try:
                outcomes += self._batch([formula], _ALONE_SECONDS)
            except (JSTimeoutException, JSOOMException):
                self.close()
                outcomes.append(MathError("the formula takes too long to typeset: too deep"))
        return outcomes

    def close(self) -> None:
        """End V8. It ends with the engine or the process too, but not before."""
        if self._context is not None:
            self._end()
            self._context = None
            self._knows_chemistry = False

    def _batch(self, formulas: Sequence[Formula], seconds: float) -> list[Outcome]:
        if self._context is None:
            self._context = self._start()
        batch = [
            (formula.prepared, formula.display, dict(formula.macros), _OUTPUTS[formula.output])
            for formula in formulas
        ]
        written = json.dumps(batch)
        if not self._knows_chemistry and _HAS_CHEMISTRY.search(written):
            self._context.eval((self._folder / "mhchem.js").read_text(encoding="utf-8"))
            self._knows_chemistry = True
        # Not `call`, which would make JSON of the answer on its way.
        answer = self._context.eval(
            f"typesetBatch({json.dumps(written)})",
            timeout_sec=seconds,
            max_memory=_MEMORY,
        )
        parts = str(answer).split("\0")
        return [*map(_outcome, parts[::2], parts[1::2])] if formulas else []

    def _start(self) -> "MiniRacer":
        from concurrent.futures import ThreadPoolExecutor

        from py_mini_racer import DEFAULT_V8_FLAGS, MiniRacer, init_mini_racer

        init_mini_racer(flags=(*DEFAULT_V8_FLAGS, *_V8_FLAGS), ignore_duplicate_init=True)
        # MiniRacer would run its calls on an event loop that already runs in its thread (that of a
        # notebook, say), where they cannot be bounded in time. A fresh thread has none.
        with ThreadPoolExecutor(1) as thread:
            context = thread.submit(MiniRacer).result()
        context.eval((self._folder / "katex.min.js").read_text(encoding="utf-8"))
        context.eval(self._driver)
        context.call("useMacros", self._macros)
        # Left to the interpreter's own end, it would wait for a thread that has ended before.
        self._end = finalize(self, context.close)
        return context


@cache
def _of_this_process(folder: Path, macros: tuple[tuple[str, str], ...]) -> Katex:
    """A worker's engine: V8 starts once in a process."""
    return Katex(folder, macros)


def _outcome(text: str, classes: str) -> Outcome:
    if not text.startswith("!"):
        return Typeset(text, classes)
    message, position, length = json.loads(text[1:])
    return MathError(
        str(message),
        position if isinstance(position, int) else None,
        length if isinstance(length, int) else None,
    )
