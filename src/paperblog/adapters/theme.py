"""The theme: Jinja templates and their files; a site's own stand before ours, one by one."""

import os
import tomllib
import traceback
from collections.abc import Callable, Mapping, MutableMapping, Sequence
from contextlib import suppress
from copy import copy
from difflib import get_close_matches
from functools import lru_cache
from hashlib import blake2b
from importlib.resources import files
from pathlib import Path
from types import FunctionType
from typing import Any

import jinja2
from jinja2 import (
    BytecodeCache,
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    PrefixLoader,
    StrictUndefined,
    TemplateError,
    TemplateNotFound,
    TemplateSyntaxError,
    nodes,
)
from jinja2.runtime import Context
from msgspec.structs import replace

from paperblog.model.diagnostic import PaperblogError
from paperblog.model.digest import digest
from paperblog.model.page import FilePlan
from paperblog.model.texts import Catalogue, Word, fault_of
from paperblog.ports import ForgottenError

ASSETS = "assets"
STYLE, OWN_STYLE = "style.css", "custom.css"
TEXTS = "texts"
SEARCHER = "search.js"
_FUNCTIONS = (FunctionType, type(lru_cache(int)))
_SUFFIXES = (".html", ".xml", ".svg", ".txt")


def theme_folder() -> Path:
    """Where our templates lie: in the installed package, else in the checkout."""
    package = Path(str(files("paperblog")))
    installed = package / "_theme"
    return installed if installed.is_dir() else package.parent.parent / "templates"


class _Context(Context):
    """A template's values, whose functions are called without being asked what they want.

    Jinja looks at each for the marks of those that take the context, which most of a page is.
    """

    def call(self, called: Callable[..., Any], /, *args: Any, **named: Any) -> Any:
        if isinstance(called, _FUNCTIONS) and not hasattr(called, "jinja_pass_arg"):
            named.pop("_block_vars", None)
            named.pop("_loop_vars", None)
            return called(*args, **named)
        return super().call(called, *args, **named)


class _Environment(Environment):
    context_class = _Context

    def make_globals(self, own: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """One table, since the chain of two that Jinja makes is gone through for each template."""
        return {**self.globals, **(own or {})}


class JinjaTheme:
    """Our theme under a site's `templates/`; see the port `Theme`."""

    def __init__(
        self,
        own: Path,
        ours: Path,
        katex: Path,
        live: bool = False,
        compiled: BytecodeCache | None = None,
    ) -> None:
        self.live = live
        _refuse_links_out(own)
        self._places = own, ours
        self._stamps = _stamps(self._places)
        self._identity = ""
        self._folders = [folder for folder in (own, ours) if folder.is_dir()]
        self._katex = katex
        self._environment = _Environment(
            loader=ChoiceLoader(
                [
                    *(FileSystemLoader(folder) for folder in self._folders),
                    # So that a site's template can extend the one that it stands before.
                    PrefixLoader({"theme": FileSystemLoader(ours)}),
                ]
            ),
            autoescape=lambda name: name is None or name.endswith((".html", ".xml", ".svg")),
            undefined=StrictUndefined,
            auto_reload=False,
            bytecode_cache=compiled,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
        )
        self._assets = self._find_assets()
        self._digests: dict[str, str] = {}
        self._texts: dict[str, Catalogue] = {}
        self._trees: dict[str, tuple[str, nodes.Template]] = {}
        self._katex_files: tuple[FilePlan, ...] | None = None
        self._sheet = ""
        self._fonts: tuple[str, ...] = ()

    @property
    def identity(self) -> str:
        """See the port."""
        if not self._identity:
            parts: list[str | bytes] = [jinja2.__version__, "live" if self.live else ""]
            for path, _, _ in self._stamps:
                parts += [path, Path(path).read_bytes()]
            self._identity = digest(*parts)
        return self._identity

    def is_current(self) -> bool:
        """Whether its files are still as they were when it was made."""
        return self._stamps == _stamps(self._places)

    def digest(self, template: str) -> str:
        """See the port."""
        if template not in self._digests:
            seen: dict[str, str] = {}
            self._follow(template, seen)
            self._digests[template] = digest(*(part for pair in seen.items() for part in pair))
        return self._digests[template]

    def render(self, template: str, values: Mapping[str, object]) -> str:
        """See the port."""
        try:
            return self._environment.get_template(template).render(values)
        except (PaperblogError, ForgottenError):
            raise
        except Exception as error:
            # Whatever a template runs into is its author's to mend, not a fault of ours.
            raise PaperblogError(_explain(template, error)) from error

    def texts(self, language: str) -> Catalogue:
        """See the port."""
        if language in self._texts:
            return self._texts[language]
        languages: dict[str, dict[str, Word]] = {}
        for folder in reversed(self._folders):
            for path in sorted((folder / TEXTS).glob("*.toml")):
                known = languages.get("en", {})
                languages.setdefault(path.stem.lower(), {}).update(_read_texts(path, known))
        self._texts[language] = Catalogue(languages, language)
        return self._texts[language]

    def files(self, math: bool, search: bool) -> Sequence[FilePlan]:
        """See the port."""
        own = [plan for name, plan in self._assets.items() if search or name != SEARCHER]
        return [*own, *(self._katex_plans() if math else ())]

    def asset(self, name: str) -> str:
        """See the port."""
        if name not in self._assets:
            raise PaperblogError(f"the theme has no file {ASSETS}/{name}")
        return self._assets[name].address

    def katex_css(self) -> str:
        """See the port."""
        return self._katex_plans()[0].address

    def _find_assets(self) -> dict[str, FilePlan]:
        """The theme's files by name, published under names that hold their digest.

        A name with a digest is never served stale: hosts and browsers may keep it for ever. Those
        of a live theme have none.
        """
        found: dict[str, Path] = {}
        for folder in reversed(self._folders):
            for path in sorted((folder / ASSETS).rglob("*")):
                if path.is_file() and not path.name.startswith("."):
                    found[path.relative_to(folder / ASSETS).as_posix()] = path
        contents = {name: path.read_bytes() for name, path in found.items()}
        # A site's few rules need no file of their own, and so no request.
        if STYLE in contents and OWN_STYLE in contents:
            contents[STYLE] += b"\n" + contents.pop(OWN_STYLE)
        plans = {name: _plan(name, content) for name, content in contents.items()}
        if not self.live:
            return plans
        return {name: replace(plan, address=f"{ASSETS}/{name}") for name, plan in plans.items()}

    def katex_font(self, face: str) -> str:
        """See the port."""
        name = f"/KaTeX_{face}.woff2"
        return next((f.address for f in self._katex_plans() if f.address.endswith(name)), "")

    def math_sheet(self) -> str:
        """See the port."""
        return (self._katex / "katex.min.css").read_text(encoding="utf-8")

    def with_math_sheet(self, sheet: str, fonts: Sequence[str]) -> "JinjaTheme":
        """See the port."""
        other = copy(self)
        other._sheet, other._fonts, other._katex_files = sheet, tuple(fonts), None
        return other

    def _katex_plans(self) -> tuple[FilePlan, ...]:
        """The style sheet of formulas, first, its fonts and licence, in a folder of their own.

        The folder is named by a digest, as the theme's files are.
        """
        if self._katex_files is None:
            version = (self._katex / "VERSION").read_text(encoding="utf-8").strip()
            name = digest(self._sheet, version)
            folder = f"{ASSETS}/katex" if self.live else f"{ASSETS}/katex-{name[:8]}"
            sheet = FilePlan(f"{folder}/katex.min.css", name, content=self._sheet.encode())
            own = [f"fonts/{font}" for font in self._fonts] + ["LICENSE"]
            self._katex_files = (
                sheet,
                *(FilePlan(f"{folder}/{path}", name, str(self._katex / path)) for path in own),
            )
        return self._katex_files

    def _follow(self, template: str, seen: dict[str, str]) -> None:
        """Gather the digests of a template and of all that it names, by static calls too."""
        if template in seen:
            return
        seen[template], tree = self._parsed(template)
        for node in tree.find_all((nodes.Include, nodes.Extends, nodes.Import, nodes.FromImport)):
            self._follow_expression(node.template, seen)  # type: ignore[attr-defined]
        for call in tree.find_all(nodes.Call):
            if isinstance(call.node, nodes.Name) and call.args:
                if call.node.name in ("shared", "repeated"):
                    self._follow_expression(call.args[0], seen)
                elif call.node.name == "asset":
                    self._follow_asset(call.args[0], seen)

    def _parsed(self, template: str) -> tuple[str, nodes.Template]:
        """The digest of a template's source, and its tree; each is parsed once."""
        if template not in self._trees:
            try:
                loader = self._environment.loader
                assert loader is not None
                source, _, _ = loader.get_source(self._environment, template)
                tree = self._environment.parse(source, template)
            except TemplateError as error:
                raise PaperblogError(_explain(template, error)) from error
            self._trees[template] = digest(source), tree
        return self._trees[template]

    def _follow_expression(self, expression: nodes.Expr, seen: dict[str, str]) -> None:
        """Follow a template's name; where it is not written out, all templates count."""
        if isinstance(expression, nodes.Const) and isinstance(expression.value, str):
            self._follow(expression.value, seen)
            return
        for name in self._environment.list_templates(filter_func=_is_template):
            self._follow(name, seen)

    def _follow_asset(self, expression: nodes.Expr, seen: dict[str, str]) -> None:
        named = expression.value if isinstance(expression, nodes.Const) else None
        for name, plan in self._assets.items():
            if named in (None, name):
                seen[f"{ASSETS}/{name}"] = plan.address


def _refuse_links_out(folder: Path) -> None:
    """See that a site's theme publishes no file from elsewhere by a symbolic link.

    Raises:
        PaperblogError: it has such a link.
    """
    whole = folder.parent.resolve()
    for path in (folder, *sorted(folder.rglob("*"))):
        if path.is_symlink() and not Path(os.path.realpath(path)).is_relative_to(whole):
            raise PaperblogError(
                f"{path} is a symbolic link that leads out of the site; copy the file there"
            )


def _stamps(folders: Sequence[Path]) -> list[tuple[str, int, int]]:
    """The files below some folders, each with its time and size."""
    found = []
    for folder in folders:
        for place, inner, names in os.walk(folder):
            inner.sort()
            for path in sorted(os.path.join(place, name) for name in names):
                with suppress(OSError):
                    stat = os.stat(path)
                    found.append((path, stat.st_mtime_ns, stat.st_size))
    return found


def _is_template(name: str) -> bool:
    return not name.startswith(f"{ASSETS}/") and name.endswith(_SUFFIXES)


def _plan(name: str, content: bytes) -> FilePlan:
    key = blake2b(content, digest_size=16).hexdigest()
    stem, dot, suffix = name.rpartition(".")
    published = f"{stem}.{key[:8]}.{suffix}" if dot else f"{name}.{key[:8]}"
    return FilePlan(f"{ASSETS}/{published}", key, content=content)


def _read_texts(path: Path, known: Mapping[str, Word]) -> dict[str, Word]:
    """The texts of a file; what is nearly the name of a known one is taken for a slip."""
    place = f"templates/{TEXTS}/{path.name}"
    try:
        words = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as error:
        raise PaperblogError(f"{place}: {error}") from error
    for name, word in words.items():
        near = get_close_matches(name, known, 1, 0.8) if known and name not in known else ()
        if near:
            raise PaperblogError(f"{place}: there is no text {name}; did you mean {near[0]}?")
        if fault := fault_of(word, known.get(name, word)):
            raise PaperblogError(f"{place}: {name} {fault}")
    return words


def _explain(template: str, error: Exception) -> str:
    """What went wrong in which line of which template."""
    if isinstance(error, TemplateNotFound):
        return f"there is no template {error.name} (for {template})"
    if isinstance(error, TemplateSyntaxError):
        return f"templates/{error.name or template}:{error.lineno}: {error.message}"
    frames = traceback.extract_tb(error.__traceback__)
    inner = [frame for frame in frames if frame.filename.endswith(_SUFFIXES)]
    place = f"{inner[-1].filename}:{inner[-1].lineno}" if inner else f"templates/{template}"
    return f"{place}: {error or type(error).__name__} (while {template} was rendered)"
