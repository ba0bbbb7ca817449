"""What an author is told of delimiters and of what stands where formulas could."""

from paperblog.markdown.context import Context, Origin
from paperblog.markdown.delimiters import Found, Unclosed
from paperblog.markdown.doubts import doubt
from paperblog.markdown.lookalikes import lookalike
from paperblog.markdown.wordpress import Shortcode
from paperblog.model import codes
from paperblog.model.formula import source_offset

_CLOSING = {
    "$latex": "$",
    "[latex]": "[/latex]",
    "$$": "$$",
    "\\[": "\\]",
    "\\begin": "\\end{…}",
}


def say_unclosed(context: Context, unclosed: Unclosed, origin: Origin) -> None:
    """Report an opening delimiter that has no end."""
    start = origin.at(unclosed.start)
    text = " (or write [ for a bracket)" if unclosed.kind == "\\[" else ""
    context.say(
        codes.MATH_UNCLOSED,
        start,
        start + unclosed.end - unclosed.start,
        f"the formula that {unclosed.kind} opens is not closed",
        f"end it with {_CLOSING[unclosed.kind]} before the end of the paragraph{text}",
    )


def say_doubt(context: Context, text: str, found: Found, origin: Origin) -> None:
    """Report a formula that is hardly meant as one."""
    why = doubt(text, found)
    if why:
        start, end = origin.at(found.start), origin.at(found.end - 1) + 1
        help = "write \\$ for a dollar sign, [ for a bracket"
        context.say(codes.MATH_PROSE, start, end, why, help)


def say_no_formula(context: Context, text: str, at: int, end: int, origin: Origin) -> None:
    """Report what looks at `at` like a formula and is none."""
    if text[at : at + 6].lower() == "$latex":
        start = origin.at(at)
        message = "this is no formula: $latex needs a blank or = behind it"
        context.say(codes.MATH_LATEX_LEFT, start, start + 6, message, "write $latex x$")
        return
    alike = lookalike(text, at, end)
    if alike is None:
        return
    start = origin.at(at)
    if start < context.lookalikes_end:
        return
    last = context.lookalikes_end = origin.at(alike.end - 1) + 1
    if alike.message not in context.said_once:
        context.say(codes.MATH_LOOKALIKE, start, last, alike.message, alike.help)
    if alike.once:
        context.said_once.add(alike.message)


def say_displayed(context: Context, start: int, end: int, count: int) -> None:
    """Report, at the first of them, formulas that tear their sentences apart."""
    context.say(
        codes.MATH_DISPLAYED,
        start,
        end,
        f"$$ displays formulas in the middle of sentences, {count} in this note",
        'write $…$, or set double_dollars = "kramdown" under [math] in paperblog.toml',
    )


def say_refused(context: Context, shortcode: Shortcode) -> None:
    """Report what a formula of WordPress has in the place of options."""
    for first, last in shortcode.refused:
        start = source_offset(shortcode.pieces, first)
        end = source_offset(shortcode.pieces, last - 1) + 1
        option = shortcode.tex[first:last]
        form = "&s= takes a digit" if option.startswith("&s") else "a colour has six hex digits"
        context.say(codes.MATH_OPTION, start, end, f"{option} is no option of $latex", form)
