"""Tabs: code blocks between `::: tabs` and `:::`, of which a reader sees one at a time.

Each is a disclosure, of which a browser keeps one open. So they work without a script and by
keyboard, and a search in the page opens the one that holds what is found.
"""

import re
from collections.abc import Sequence

from markdown_it import MarkdownIt
from markdown_it.common.utils import unescapeAll
from markdown_it.renderer import RendererProtocol
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from mdit_py_plugins.container import container_plugin

from paperblog.markdown.context import Context
from paperblog.markdown.slots import attribute, slot
from paperblog.model import codes

_TITLE = re.compile(r'\btitle=(?:"([^"]*)"|(\S+))')


def tabs_plugin(md: MarkdownIt) -> None:
    """Teach a parser tabs."""
    container_plugin(md, "tabs")
    md.core.ruler.push("tabs", _tabs)
    for name, render in _RENDER.items():
        md.add_render_rule(name, render)


def _tabs(state: StateCore) -> None:
    """Put each code block of a group into a tab."""
    out: list[Token] = []
    group: Token | None = None
    count = 0
    for token in state.tokens:
        if token.type == "container_tabs_open":
            count += 1
            group = token
            group.meta = {"number": count, "tabs": 0}
        elif token.type == "container_tabs_close":
            group = None
        elif group is not None and token.level == group.level + 1:
            if token.type == "fence":
                meta = {"group": group.meta["number"], "first": not group.meta["tabs"]}
                group.meta["tabs"] += 1
                meta["label"] = _label(token)
                out += [Token("tab_open", "details", 1, meta=meta), token]
                out.append(Token("tab_close", "details", -1))
                continue
            if token.nesting >= 0:
                _say_stray(Context.of(state.env), token)
        out.append(token)
    state.tokens = out


def _label(token: Token) -> str:
    """What a tab is called: the title in its info string, else the language."""
    info = unescapeAll(token.info)
    if title := _TITLE.search(info):
        return title[1] or title[2] or ""
    return info.split()[0] if info.split() else "text"


def _say_stray(context: Context, token: Token) -> None:
    line = context.text.line_of(context.base) - 1 + (token.map[0] if token.map else 0)
    start = context.text.line_starts[line]
    end = context.text.content.find("\n", start)
    context.say(
        codes.STRAY_IN_TABS,
        start,
        end if end > start else start + 1,
        "between ::: tabs and ::: stand code blocks alone",
        "put what is not code before or after the tabs",
    )


def _open_group(
    self: RendererProtocol, tokens: Sequence[Token], number: int, options: OptionsDict, env: EnvType
) -> str:
    return '<div class="tabs">\n'


def _open_tab(
    self: RendererProtocol, tokens: Sequence[Token], number: int, options: OptionsDict, env: EnvType
) -> str:
    meta = tokens[number].meta
    name = slot("i", f"tabs-{meta['group']}")
    is_open = " open" if meta["first"] else ""
    label = attribute(meta["label"])
    return f'<details class="tab" name="{name}"{is_open}>\n<summary>{label}</summary>\n'


def _close_tab(
    self: RendererProtocol, tokens: Sequence[Token], number: int, options: OptionsDict, env: EnvType
) -> str:
    return "</details>\n"


_RENDER = {"container_tabs_open": _open_group, "tab_open": _open_tab, "tab_close": _close_tab}
