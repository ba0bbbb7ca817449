"""What may import what, how long a module may be, and which diagnostics there are."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from graphlib import TopologicalSorter
from importlib import import_module
from typing import TypeGuard

import pytest
from msgspec import Struct
from sites import ROOT, MakeSite, process

from paperblog.model import codes

PACKAGE = ROOT / "src" / "paperblog"
MODULES = {
    ".".join(path.relative_to(PACKAGE).with_suffix("").parts).removesuffix(".__init__"): path
    for path in sorted(PACKAGE.rglob("*.py"))
}

# Each part of the package may import itself and what stands here. The root holds the version.
ROW = ["model", "ports", "plugins", "schema", "tex", "markdown", "steps", "pipeline"]
MAY_IMPORT = {part: {"__init__", *ROW[:number]} for number, part in enumerate(ROW)} | {
    "__init__": set(),
    "__main__": {"cli"},
    "freshness": set(),
    "features": {"__init__", "model", "ports", "plugins"},
    "adapters": {"__init__", "model", "ports", "cards", "lexing"},
    "cards": {"__init__", "model"},
    "lexing": set(),
    "importers": {"__init__", "model", "ports"},
    "links": {"__init__", "model", "ports"},
    "commands": {"__init__", *ROW, "freshness", "features", "adapters", "importers", "links"},
    "cli": {"__init__", "model", "commands"},
}
LONGEST = 350
LATE = {"jinja2", "markdown_it", "pygments", "yaml", "msgspec", "sqlite3", "py_mini_racer", "rich"}
LATE |= {
    "PIL",
    "pagefind",
    "cbor2",
    "starlette",
    "uvicorn",
    "watchdog",
    "email",
    "importlib.metadata",
    "dataclasses",
}


def imports(module: str) -> Iterator[str]:
    """The modules of ours that one names anywhere, be it only for types."""
    for node in ast.walk(ast.parse(MODULES[module].read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            inner = [f"{node.module}.{alias.name}" for alias in node.names]
            names = [name if name[10:] in MODULES else node.module for name in inner]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        else:
            assert not isinstance(node, ast.ImportFrom), f"{module} imports by a relative name"
            continue
        for name in names:
            if name.partition(".")[0] == "paperblog":
                yield name[10:] or "__init__"


def part(module: str) -> str:
    return module.partition(".")[0] or "__init__"


@pytest.mark.parametrize("module", MODULES)
def test_a_module_imports_only_what_stands_below_it(module: str) -> None:
    allowed = MAY_IMPORT[part(module)] | {part(module)}
    assert {name for name in imports(module) if part(name) not in allowed} == set()
    if part(module) == "adapters":
        assert [name for name in imports(module) if part(name) == "adapters"] == []


def test_the_gate_imports_nothing_of_ours() -> None:
    assert set(imports("freshness")) == set()
    assert set(imports("commands.location")) == {"freshness"}


def test_no_modules_import_each_other_in_a_circle() -> None:
    graph = {module: set(imports(module)) for module in MODULES}
    TopologicalSorter(graph).prepare()


@pytest.mark.parametrize("module", MODULES)
def test_a_module_is_short_enough_to_be_read(module: str) -> None:
    """Counted are lines of code, without blank ones, comments and docstrings."""
    source = MODULES[module].read_text(encoding="utf-8")
    lines: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.string.strip() and token.type != tokenize.COMMENT:
            lines.update(range(token.start[0], token.end[0] + 1))
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            lines -= set(range(node.lineno, (node.end_lineno or 0) + 1))
    assert len(lines) <= LONGEST


def test_a_build_with_nothing_to_do_imports_the_gate_and_no_more(make_site: MakeSite) -> None:
    site = make_site({"notes/a.md": "# A\n\n$x$ and `code`\n"})
    assert process("build", cwd=site.root).status == 0
    show = "import sys; from paperblog.cli import main; main(['build']); print(*sys.modules)"
    done = process(cwd=site.root, python=("-c", show))
    assert "0 written" in done.out
    loaded = set(done.out.splitlines()[-1].split())
    ours = {name for name in loaded if name.partition(".")[0] == "paperblog"}
    gate = {"cli", "freshness", "commands", "commands.build", "commands.closing"}
    gate |= {"model", "model.status"}
    gate |= {"commands.location"}
    assert ours == {"paperblog"} | {f"paperblog.{name}" for name in gate}
    assert loaded & LATE == set()


def test_the_garbage_collector_leaves_the_values_of_the_model_alone() -> None:
    """Frozen values make no circles, and there are hundreds of thousands of them to look at."""
    modules = [import_module(f"paperblog.{name}") for name in MODULES if name.startswith("model.")]
    kinds = {kind for module in modules for kind in vars(module).values() if _is_struct(kind)}
    assert len(kinds) > 60
    assert {kind.__name__ for kind in kinds if kind.__struct_config__.gc} == set()


def _is_struct(value: object) -> TypeGuard[type[Struct]]:
    return isinstance(value, type) and issubclass(value, Struct) and value is not Struct


def test_every_kind_of_diagnostic_is_said_somewhere() -> None:
    sources = "".join(
        path.read_text(encoding="utf-8") for name, path in MODULES.items() if name != "model.codes"
    )
    names = [name for name, value in vars(codes).items() if value in codes.ALL]
    assert [name for name in names if not re.search(rf"\bcodes\.{name}\b", sources)] == []


def test_no_two_kinds_of_diagnostic_share_a_name() -> None:
    names = [code.name for code in codes.ALL]
    assert len(names) == len(set(names))
    assert [name for name in names if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name)] == []


def test_every_kind_of_diagnostic_is_documented() -> None:
    text = (ROOT / "docs" / "diagnostics.md").read_text(encoding="utf-8")
    assert [code.name for code in codes.ALL if code.name not in text] == []
