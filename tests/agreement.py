"""Compare each formula of a folder of Markdown with bare KaTeX: `make agreement FOLDER=notes`.

Of each is told whether it has KaTeX's own bytes, is one that is rewritten (see `docs/math.md`), or
is refused, and then whether it is reported at the place that KaTeX names. Nothing is built.
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

from dialect import Parsed, parse
from py_mini_racer import MiniRacer
from test_differential import DRIVER, same

from paperblog.adapters.katex import Katex, katex_folder
from paperblog.model.formula import Formula, MathError, Outcome, Typeset
from paperblog.model.text import Text
from paperblog.steps.typeset import diagnose
from paperblog.tex.compatibility import MACROS

_SHOWN = 20
_WRONG = ("other than KaTeX's", "refused, though KaTeX takes it", "refused, at another place")


def main(arguments: Sequence[str] | None = None) -> int:
    """Print what became of the formulas; status 1 if any is not as it should be."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    folder: Path = parser.parse_args(arguments).folder
    counts: Counter[str] = Counter()
    wrong: list[str] = []
    distinct: set[tuple[str, bool]] = set()
    with closing(Katex(katex_folder(), MACROS)) as engine, closing(_bare()) as bare:
        files = sorted(folder.rglob("*.md"))
        for file in files:
            parsed = parse(file.read_text(encoding="utf-8", errors="replace"), path=file.name)
            distinct |= {(formula.tex, formula.display) for formula in parsed.formulas}
            for formula, what in _compare(engine, bare, parsed):
                counts[what] += 1
                if what in _WRONG:
                    wrong.append(f"{file}: {what}: {formula.tex}")
    total = counts.total()
    print(f"{len(files):,} files, {total:,} formulas, {len(distinct):,} of them distinct")
    for what, count in counts.most_common():
        print(f"{count:9,}  {what}")
    print("\n".join(wrong[:_SHOWN]))
    return 1 if wrong else 0


def _bare() -> MiniRacer:
    context = MiniRacer()
    for script in ("katex.min.js", "mhchem.js"):
        context.eval((katex_folder() / script).read_text(encoding="utf-8"))
    context.eval(DRIVER)
    return context


def _compare(engine: Katex, bare: MiniRacer, parsed: Parsed) -> Iterator[tuple[Formula, str]]:
    """Each formula of a note, with what became of it."""
    formulas = parsed.formulas
    outcomes = engine.typeset(formulas)
    texts = json.dumps([(formula.tex, formula.display) for formula in formulas])
    answers = json.loads(str(bare.call("direct", texts)))
    for formula, outcome, answer in zip(formulas, outcomes, answers, strict=True):
        yield formula, _judge(parsed, formula, outcome, answer)


def _judge(parsed: Parsed, formula: Formula, outcome: Outcome, answer: list[object]) -> str:
    # What needs trust is red text with KaTeX alone.
    is_taken = len(answer) == 1 and "#cc0000" not in str(answer[0])
    is_rewritten = formula.prepared != formula.tex or bool(formula.macros)
    if isinstance(outcome, Typeset):
        if not is_taken:
            return "rewritten, since KaTeX refuses it"
        if same(outcome.html, str(answer[0])):
            return "typeset with KaTeX's own bytes"
        return "rewritten" if is_rewritten else "other than KaTeX's"
    if is_taken and not is_rewritten:
        return "refused, though KaTeX takes it"
    is_same = len(answer) == 2 and answer[0] == outcome.message and answer[1] is not None
    if is_rewritten or not is_same:
        return "refused, with no place of KaTeX's to compare"
    return _judge_place(parsed, formula, outcome, int(str(answer[1])))


def _judge_place(parsed: Parsed, formula: Formula, error: MathError, position: int) -> str:
    """Whether the error is told where the character stands that KaTeX names."""
    at = len(formula.tex.encode("utf-16-le")[: 2 * position].decode("utf-16-le", "ignore"))
    text = Text("", parsed.source)
    # What is missing belongs behind the last character.
    expected = formula.source_offset(min(at, len(formula.tex) - 1)) + (at >= len(formula.tex))
    told, named = diagnose(formula, error, text, ()).span, text.span(expected, expected + 1)
    is_there = (told.line, told.column) == (named.line, named.column)
    return "refused, at KaTeX's own place" if is_there else "refused, at another place"


if __name__ == "__main__":
    sys.exit(main())
