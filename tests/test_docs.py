"""What the documents say is so: generated parts, links, codes, dependencies, examples."""

import json
import re
import shutil
import sys
import tomllib
from collections.abc import Iterator
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest
from sites import MakeSite, Site, run

from paperblog.model import codes

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
HAND_WRITTEN = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "THIRD-PARTY.md")
DOCUMENTS = [*(ROOT / name for name in HAND_WRITTEN), *sorted(DOCS.glob("*.md"))]
EXTERNAL = ("http://", "https://", "mailto:")


@pytest.fixture(scope="module")
def generator() -> ModuleType:
    spec = spec_from_file_location("generate", DOCS / "generate.py")
    assert spec
    assert spec.loader
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.katex
@pytest.mark.parametrize("path", sorted(DOCS.glob("*.md")), ids=named)
def test_generated_parts_are_what_make_docs_writes(path: Path, generator: ModuleType) -> None:
    text = path.read_text(encoding="utf-8")
    assert text == generator.renewed(text), "run `make docs`"


def test_every_generated_part_stands_in_a_document(generator: ModuleType) -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in DOCS.glob("*.md"))
    assert sorted(re.findall(r"<!-- generated: ([\w-]+) -->", text)) == sorted(generator.PARTS)


@pytest.mark.parametrize("path", DOCUMENTS, ids=named)
def test_relative_links_lead_to_files_and_headings(path: Path) -> None:
    wrong = [link for link in links(path) if not leads_somewhere(path, link)]
    assert wrong == []


def test_every_code_has_a_section_among_the_diagnostics() -> None:
    assert {code.name for code in codes.ALL} <= headings(DOCS / "diagnostics.md")


@pytest.mark.katex
def test_every_way_out_and_every_example_belongs_to_a_code(generator: ModuleType) -> None:
    names = {code.name for code in codes.ALL}
    assert set(generator.CURES) <= names
    assert set(generator.printed_examples()) <= names


def test_every_template_is_listed_with_its_view(generator: ModuleType) -> None:
    templates = {path.name for path in (ROOT / "templates").glob("*.*")}
    assert set(generator.VIEWS) == templates - {"base.html"}


@pytest.mark.parametrize("name", ["dependencies", "dev", "build-system"])
def test_every_dependency_on_python_packages_is_named_in_the_readme(name: str) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    requirements = {
        "dependencies": project["project"]["dependencies"],
        "dev": project["project"]["optional-dependencies"]["dev"],
        "build-system": project["build-system"]["requires"],
    }[name]
    assert {re.split(r"[^\w.-]", line, maxsplit=1)[0] for line in requirements} <= in_code()


def test_every_dependency_on_npm_packages_is_named_in_the_readme() -> None:
    package = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
    audit = json.loads((ROOT / "tests/audit/package.json").read_text(encoding="utf-8"))
    assert {*package["dependencies"], *package["devDependencies"]} <= in_code()
    assert {*audit["devDependencies"]} <= in_code()


def test_the_versions_in_the_licences_are_the_locked_ones() -> None:
    package = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
    text = (ROOT / "THIRD-PARTY.md").read_text(encoding="utf-8")
    assert set(re.findall(r"KaTeX (\d[\d.]*\d)", text)) == {package["dependencies"]["katex"]}


@pytest.mark.katex
def test_the_note_of_the_readme_gives_the_message_of_the_readme(tmp_path: Path) -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    note, message, macros = (block(text, kind) for kind in ("markdown", "text", "yaml"))
    run("init", str(tmp_path / "blog"))
    site = Site(tmp_path / "blog")
    site.write({"notes/linformer.md": note})
    # What `init` writes is dated by the clock, which may be ahead of the tests' present.
    assert message in site.build("--future").err
    site.write({"notes/linformer.md": note.replace("date:", f"{macros}date:")})
    mended = site.build("--future")
    assert mended.status == 0
    counts = text.split("```text\n")[2].partition(" in ")[0]
    assert mended.counts == counts


@pytest.mark.katex
def test_the_example_plugin_does_what_it_is_shown_for(
    make_site: MakeSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(DOCS / "examples" / "plugin"))
    monkeypatch.delitem(sys.modules, "formula_index", raising=False)
    site = make_site(
        {
            "paperblog.toml": 'plugins = ["formula_index"]\n',
            "notes/water.md": "---\ntitle: Water\n---\nH~2~O and $x$.\n",
        }
    )
    result = site.build()
    assert "notes/water.md: warning[no-paper]: the note names no paper" in result.err
    assert "H<sub>2</sub>O" in site.page("notes/water/")
    assert "Notes by their formulas" in site.page("formulas/")


def test_the_example_templates_change_what_they_are_shown_for(make_site: MakeSite) -> None:
    site = make_site(
        {
            "notes/a.md": "---\ntitle: A\nextra: {code_review: Ada}\n---\nText.\n",
            "notes/b.md": "---\ntitle: B\n---\nText.\n",
        }
    )
    shutil.copytree(DOCS / "examples" / "templates", site.root / "templates")
    assert site.build().status == 0
    page = site.page("notes/a/")
    style = next((site.output / "assets").glob("style.*.css")).read_text(encoding="utf-8")
    assert style.rstrip().endswith("--column: 40rem;\n}")
    assert "--paper: light-dark(" in style
    assert not list((site.output / "assets").glob("custom.*"))
    assert "https://example.social/@lab" in page
    assert "Code reviewed by Ada" in page
    assert "1 min to read" in page


# ---------------------------------------------------------------- reading Markdown


def in_code() -> set[str]:
    """What the README names in code spans."""
    return set(re.findall(r"`([^`\n]+)`", (ROOT / "README.md").read_text(encoding="utf-8")))


def block(text: str, language: str) -> str:
    """The first fenced block in a language."""
    return text.split(f"```{language}\n", 1)[1].split("```\n", 1)[0]


def prose(path: Path) -> str:
    """A document without its fenced blocks."""
    text = path.read_text(encoding="utf-8")
    return re.sub(r"^```.*?^```$", "", text, flags=re.DOTALL | re.MULTILINE)


def links(path: Path) -> Iterator[str]:
    """The relative links of a document, images too."""
    text = re.sub(r"(?<!\[)`[^`\n]+`", "", prose(path))
    for link in re.findall(r"\]\(([^)\s]+)\)", text):
        if not link.startswith(EXTERNAL):
            yield link


def leads_somewhere(path: Path, link: str) -> bool:
    name, _, fragment = link.partition("#")
    target = (path.parent / name).resolve() if name else path
    if not target.exists() or not target.is_relative_to(ROOT):
        return False
    return not fragment or (target.suffix == ".md" and fragment in headings(target))


def headings(path: Path) -> set[str]:
    """The anchors that GitHub gives to a document's headings."""
    found: set[str] = set()
    for heading in re.findall(r"^#+ (.+)$", prose(path), flags=re.MULTILINE):
        words = re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
        number = next(n for n in range(99) if (f"{words}-{n}" if n else words) not in found)
        found.add(f"{words}-{number}" if number else words)
    return found


def test_the_page_of_performance_shows_what_was_recorded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "benchmarks"))
    results = pytest.importorskip("results", reason="the benchmarks are not in this copy")

    page = results.PAGE.read_text(encoding="utf-8")
    assert results.with_table(page) == page
    for name, svg in results.curves(results.read()).items():
        assert (results.DATA.parent / f"{name}.svg").read_text(encoding="utf-8") == svg
