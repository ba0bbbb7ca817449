"""Task lists: items that begin with `[ ]` or `[x]`."""

import re

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from paperblog.markdown.context import Context
from paperblog.markdown.slots import slot

_BOX = re.compile(r"\[([ xX])\](?=[ \t\n])")


def tasks_plugin(md: MarkdownIt) -> None:
    """Teach a parser task lists."""
    md.core.ruler.before("inline", "tasks", _tasks)


def _tasks(state: StateCore) -> None:
    context = Context.of(state.env)
    lists: list[Token] = []
    for number, token in enumerate(state.tokens):
        if token.type in ("bullet_list_open", "ordered_list_open"):
            lists.append(token)
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            lists.pop()
        elif token.type == "list_item_open" and number + 2 < len(state.tokens):
            paragraph, inline = state.tokens[number + 1 : number + 3]
            box = _BOX.match(inline.content) if paragraph.type == "paragraph_open" else None
            if box:
                _check(context, inline, box)
                token.attrSet("class", "task-list-item")
                lists[-1].attrSet("class", "contains-task-list")


def _check(context: Context, inline: Token, box: re.Match[str]) -> None:
    """Put a checkbox in the place of the brackets."""
    checked = ' checked="checked"' if box[1] != " " else ""
    label = slot("w", "task_done" if checked else "task_open")
    checkbox = Token("html_inline", "", 0)
    checkbox.content = (
        f'<input class="task-list-item-checkbox" aria-label="{label}"{checked} '
        'disabled="disabled" type="checkbox">'
    )
    inline.meta["origin"] = context.origin_of(inline).shifted(box.end())
    inline.content = inline.content[box.end() :]
    inline.children = [checkbox]
