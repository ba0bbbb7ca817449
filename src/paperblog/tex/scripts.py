r"""Scripts that MathJax takes without braces and KaTeX does not: `x_\boldsymbol{\mu}`, `x_\max`."""

from collections.abc import Sequence

from paperblog.tex.edits import Edit
from paperblog.tex.tokens import TexToken, TokenKind, read_argument

_ALONE = (
    "arg cos cosh deg det dim exp gcd inf ker lim ln log max min Pr sin sinh sum prod sup tan tanh "
    "argmax argmin limsup liminf"
)
_WITH_ARGUMENT = (
    "bar bm boldsymbol boxed breve check ddot dot hat mathop mathring operatorname overline pmb "
    "sqrt tilde underline vec widehat widetilde"
)
_ARGUMENTS = {
    **dict.fromkeys((f"\\{name}" for name in _ALONE.split()), 0),
    **dict.fromkeys((f"\\{name}" for name in _WITH_ARGUMENT.split()), 1),
}
"""How many arguments belong to a command."""

UNBRACED = rf"[_^]\s*\\(?:{'|'.join((*_ALONE.split(), *_WITH_ARGUMENT.split()))})(?![A-Za-z])"
"""A regular expression for what `script_edits` looks at."""


def script_edits(tokens: Sequence[TexToken], at: int) -> list[Edit]:
    """The braces around the command at index `at`, if it is a script without them."""
    command = tokens[at]
    if command.text not in _ARGUMENTS:
        return []
    before = at - 1
    while before > 0 and tokens[before].kind is TokenKind.BLANK:
        before -= 1
    if before < 0 or tokens[before].text not in ("_", "^"):
        return []
    after = at + 1
    if _ARGUMENTS[command.text]:
        argument = read_argument(tokens, after)
        if argument is None:
            return []
        after = argument.after
    end = tokens[after - 1].end
    return [(command.start, command.start, "{"), (end, end, "}")]
