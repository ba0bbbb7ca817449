"""Builds: what is done again and what is not, and what becomes of the output."""

import json
import os
import re
import sys
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path

import pytest
from sites import ROOT, MakeSite, Site, process

from paperblog.commands.location import find_site
from paperblog.commands.workshop import open_site, open_world, present
from paperblog.features.frame import frame_of
from paperblog.markdown.headings import FRAME_IDS
from paperblog.model.page import Recipe
from paperblog.model.view import RobotsView
from paperblog.pipeline import OnErrors, Options, Report, build
from paperblog.steps.resolve import Publication

BASE = "https://notes.example/"
MACROS = "[math.macros]\n'\\used' = 'u'\n'\\unused' = 'v'\n"
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def site(make_site: MakeSite) -> Site:
    """Three notes, each on a page of its own, so that one does not show on another's list."""
    return make_site(
        {
            "paperblog.toml": f'title = "T"\nbase_url = "{BASE}"\nnotes_per_page = 1\n{MACROS}',
            "notes/a.md": "---\ntitle: A\ndate: 2020-03-03\ntags: [x]\n---\nText $a$.\n\n"
            "<!--more-->\n\nMore of $a$ with $\\used$.\n",
            "notes/b/index.md": "---\ntitle: B\ndate: 2020-02-02\n---\nText $b$. ![](p.svg)\n",
            "notes/b/p.svg": "<svg/>",
            "notes/c.md": "---\ntitle: C\ndate: 2020-01-01\n---\nText $c$.\n",
            "pages/about.md": "# About\n",
            "static/file.txt": "static",
        }
    )


def report(site: Site, *arguments: str) -> dict[str, int]:
    """The counts of a build, done for real: the gate's manifest is taken away."""
    for manifest in (site.root / ".paperblog").glob("manifest-*.json"):
        manifest.unlink()
    result = site.build("--format", "json", *arguments)
    counts: dict[str, int] = json.loads(result.out)
    assert counts["status"] == result.status
    return counts


# ------------------------------------------------------------------ what is done again


def test_a_second_build_writes_renders_and_typesets_nothing(site: Site) -> None:
    first = report(site)
    assert first["written"] > 20
    assert first["rendered"] == first["pages"]
    second = report(site)
    assert second["written"] == second["deleted"] == second["rendered"] == second["typeset"] == 0
    assert second["unchanged"] == first["written"]
    assert "0 written" in site.build().out


def test_a_file_with_a_new_time_and_the_same_content_changes_nothing(site: Site) -> None:
    report(site)
    for path in site.root.glob("notes/**/*.*"):
        os.utime(path, (1_600_000_000, 1_600_000_000))
    again = report(site)
    assert again["written"] == again["rendered"] == again["typeset"] == 0


def test_a_change_below_the_excerpt_renders_the_note_and_its_feeds_alone(site: Site) -> None:
    report(site)
    before = site.written()
    text = (site.root / "notes/a.md").read_text()
    site.write({"notes/a.md": text.replace("More of", "Even more of")})
    assert report(site)["typeset"] == 0
    after = site.written()
    changed = {name for name in after if before.get(name) != after[name]}
    searched = {
        name for name in before | after if name.startswith(("assets/pagefind/", ".paperblog-"))
    }
    assert changed - searched == {
        "notes/a/index.html",
        "feed.json",
        "feed.xml",
        "tag/x/feed.xml",
    }
    assert before.keys() - searched == after.keys() - searched


def test_a_page_that_shows_an_excerpt_is_not_rendered_for_what_it_does_not_show(
    site: Site,
) -> None:
    report(site)
    text = (site.root / "notes/a.md").read_text()
    site.write({"notes/a.md": text.replace("More of", "Even more of")})
    # The note itself, the site's two feeds and the tag's: they hold the whole text.
    assert report(site)["rendered"] == 4


def test_new_formulas_alone_are_typeset(site: Site) -> None:
    report(site)
    site.write({"notes/c.md": "---\ntitle: C\ndate: 2020-01-01\n---\nText $c$ and $d$ and $b$.\n"})
    assert report(site)["typeset"] == 1


def test_a_changed_macro_touches_the_formulas_that_use_it(site: Site) -> None:
    report(site)
    text = (site.root / "paperblog.toml").read_text()
    site.write({"paperblog.toml": text.replace("= 'v'", "= 'w'")})
    assert report(site)["typeset"] == 0
    site.write({"paperblog.toml": text.replace("= 'u'", "= 'w'")})
    assert report(site)["typeset"] == 1


def test_a_changed_template_renders_the_pages_that_use_it(site: Site) -> None:
    pages = report(site)["pages"]
    override = '{% extends "theme/page.html" %}{% block title %}Ours{% endblock %}\n'
    site.write({"templates/page.html": override})
    assert report(site)["rendered"] == 1
    assert "<title>Ours</title>" in site.page("about/")
    site.write({"templates/parts/footer.html": "<footer>Ours</footer>\n"})
    assert 1 < report(site)["rendered"] < pages
    site.remove("templates")
    assert report(site)["rendered"] > 1
    assert "Ours" not in site.page("about/")


def test_code_that_stays_is_not_highlighted_again(site: Site) -> None:
    code = "\n```python\nfor x in {}: pass\n```\n"
    look = "import sys; from paperblog.cli import main; main(['build']); print(*sys.modules)"

    def lexers(text: str) -> bool:
        site.write({"notes/c.md": f"# C\n\n{text}"})
        return "pygments.lexers" in process(cwd=site.root, python=("-c", look)).out.split()

    assert lexers(f"Text.{code.format('y')}")
    assert not lexers(f"Other text.{code.format('y')}")
    page = site.page("notes/c/")
    assert "Other text." in page
    assert '<span class="k">for</span>' in page
    assert lexers(f"Other text.{code.format('z')}")
    assert '<span class="n">z</span>' in site.page("notes/c/")


def test_the_compiled_theme_is_kept_and_what_is_damaged_or_old_of_it_is_not_used(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "pycache_prefix", str(tmp_path / "compiled"))
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    site.write({"templates/parts/footer.html": "<footer>Ours</footer>\n"})
    site.build()
    kept = {path: path.read_bytes() for path in (tmp_path / "compiled").rglob("template-*")}
    assert kept
    assert not any(b"<footer>Ours" in content for content in kept.values())
    before = site.written()
    first, second = list(kept)[:2]
    first.write_bytes(kept[first][:-1] + b"?")
    second.write_bytes(kept[first])
    site.build("--no-cache", "-o", str(tmp_path / "again"))
    assert {path: path.read_bytes() for path in kept} == kept
    assert site.written(tmp_path / "again") == before


def test_changed_files_are_copied_again(site: Site) -> None:
    report(site)
    site.write({"notes/b/p.svg": "<svg></svg>", "static/file.txt": "STATIC"})
    assert report(site)["written"] == 2
    assert site.page("file.txt") == "STATIC"
    assert site.page("notes/b/p.svg") == "<svg></svg>"


def test_a_changed_configuration_is_followed(site: Site) -> None:
    report(site)
    text = (site.root / "paperblog.toml").read_text()
    site.write({"paperblog.toml": text.replace('"T"', '"Another"')})
    report(site)
    assert "Another" in site.page("")
    site.write({"paperblog.toml": f'title = "Another"\n{MACROS}'})
    report(site)
    assert not site.has("feed.xml")
    assert not site.has("page/2")


# ------------------------------------------------------------------ the output


def test_what_was_changed_or_deleted_in_the_output_is_put_right(site: Site) -> None:
    site.build()
    before = site.written()
    site.write({"site/notes/a/index.html": "vandal", "site/file.txt": "vandal"})
    site.remove("site/notes/c")
    site.remove("site/feed.xml")
    result = site.build()
    assert "5 written" in result.out
    assert site.written() == before


def test_the_pages_of_a_note_that_is_gone_go_with_their_folders(site: Site) -> None:
    site.build()
    site.remove("notes/b")
    assert site.build().status == 0
    assert not site.has("notes/b")
    assert not site.has("2020/02")
    assert not site.has("page/3")
    assert site.has("2020/03")


def test_a_note_that_moves_leaves_nothing_behind(site: Site) -> None:
    site.build()
    text = (site.root / "notes/c.md").read_text()
    site.remove("notes/c.md")
    site.write({"notes/deeper/d.md": text})
    site.build()
    assert site.has("notes/d/index.html")
    assert not site.has("notes/c")


@pytest.mark.parametrize(
    ("first", "second"),
    [("/old.html", "/old.html/new/"), ("/old.html/new/", "/old.html"), ("/x/", "/x/y.html")],
)
def test_a_file_may_become_a_folder_and_back(site: Site, first: str, second: str) -> None:
    for alias in (first, second, first):
        site.write({"notes/a.md": f"---\ntitle: A\naliases: ['{alias}']\n---\n"})
        result = site.build()
        assert result.status == 0, result.err
        cold = site.root.parent / f"cold-{len(list(site.root.parent.iterdir()))}"
        site.build("--no-cache", "-o", str(cold))
        assert site.written() == site.written(cold)


def test_two_outputs_of_one_site_do_not_disturb_each_other(site: Site, tmp_path: Path) -> None:
    other = tmp_path / "other"
    for _ in range(2):
        site.build()
        site.build("--portable", "-o", str(other))
    site.remove("notes/c.md")
    site.build("--portable", "-o", str(other))
    assert not (other / "notes/c").exists()
    assert site.has("notes/c")
    assert "0 written" in site.build("--portable", "-o", str(other)).out
    site.build()
    assert not site.has("notes/c")


def test_a_build_that_breaks_while_writing_is_finished_by_the_next(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    writes = 0
    replace = os.replace

    def fail_later(source: str, target: str) -> None:
        nonlocal writes
        writes += 1
        if writes > 3:
            raise OSError(28, "No space left on device", str(target))
        replace(source, target)

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", fail_later)
        result = site.build()
    assert result.status == 2
    assert "cannot be written: No space left on device" in result.err
    assert not list(site.output.rglob(".paperblog-new"))
    site.remove("notes/a.md")
    assert site.build().status == 0
    cold = site.root.parent / "cold"
    site.build("--no-cache", "-o", str(cold))
    assert site.written() == site.written(cold)


def test_a_new_folder_moves_to_its_place_with_all_that_it_holds(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    moved: list[str] = []
    replace = os.replace

    def look(source: str | Path, target: str | Path) -> None:
        if Path(target).is_relative_to(site.output):
            moved.append(Path(target).relative_to(site.output).as_posix())
        replace(source, target)

    made: list[str] = []
    mkdir = os.mkdir

    def note(path: str | Path, *arguments: int) -> None:
        made.append(str(path).partition(".paperblog-new/")[2])
        mkdir(path, *arguments)

    monkeypatch.setattr(os, "replace", look)
    monkeypatch.setattr(os, "mkdir", note)
    site.build()
    assert moved.count("notes") == 1
    assert not [path for path in moved if "/" in path]
    moved.clear()
    made.clear()
    site.write({"notes/new.md": "# New\n", "notes/a.md": "# Another title\n"})
    site.build()
    assert {"notes/new", "notes/a/index.html"} <= set(moved)
    assert not {"notes", "notes/a"} & set(moved)
    assert "notes/new" in made
    assert "notes/a" not in made


@pytest.mark.parametrize("arguments", [("--no-cache",), ()])
def test_what_is_stale_is_deleted_without_a_cache(site: Site, arguments: tuple[str, ...]) -> None:
    site.build()
    (site.output / "own.txt").write_text("the host's")
    site.remove("notes/c.md")
    if not arguments:
        site.remove(".paperblog")
    assert "1 deleted" not in site.build(*arguments).out
    assert not site.has("notes/c")
    assert site.has("own.txt")


def test_what_a_build_without_a_cache_added_is_deleted_by_the_next(site: Site) -> None:
    """Nothing but the page of the unlisted draft changes, and the gate must see that."""
    draft = "---\ntitle: D\ndraft: true\nunlisted: true\n---\n"
    site.write({"notes/draft.md": draft})
    site.build()
    before = site.written()
    site.build("--no-cache", "--drafts")
    assert site.written().keys() - before.keys() == {
        "notes/draft/index.html",
        "notes/draft/social-card.png",
    }
    site.build()
    assert site.written() == before


def test_a_list_that_names_files_elsewhere_deletes_nothing_there(site: Site) -> None:
    site.build()
    victim = site.root / "notes/a.md"
    (site.output / "out").symlink_to(site.root / "notes", target_is_directory=True)
    with (site.output / ".paperblog-output").open("a") as marker:
        marker.write(f'"../notes/a.md"\n"{victim}"\n"out/a.md"\n"damaged\n[1]\n\n')
    for arguments in ((), ("--no-cache",)):
        assert site.build(*arguments).status == 0
        assert victim.exists()


def test_nothing_is_written_through_a_link_in_the_output_folder(site: Site, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    site.output.mkdir()
    (site.output / "notes").symlink_to(elsewhere)
    result = site.build("--clean")
    assert result.status == 2
    assert "by a symbolic link; remove the link" in result.err
    assert list(elsewhere.iterdir()) == []


@pytest.mark.parametrize("name", ["404.html", "assets/style.css"])
def test_a_theme_may_not_publish_a_file_from_elsewhere(
    site: Site, tmp_path: Path, name: str
) -> None:
    (tmp_path / "secret").write_text("secret")
    link = site.root / "templates" / name
    link.parent.mkdir(parents=True, exist_ok=True)
    link.symlink_to(tmp_path / "secret")
    result = site.build()
    assert result.status == 2
    assert f"templates/{name} is a symbolic link that leads out of the site" in result.err


def test_a_template_that_fails_leaves_the_site_as_it_was(site: Site) -> None:
    site.build()
    before = site.written()
    site.write({"notes/a.md": "# New\n", "templates/archive.html": "{{ nothing }}"})
    assert site.build().status == 2
    assert site.written() == before
    assert not site.has(".paperblog-new")


def test_the_last_good_page_of_a_broken_note_is_held_where_that_is_asked_for(site: Site) -> None:
    def hold() -> Report:
        place = open_site(find_site(str(site.root)), None, None)
        options = Options(site.root, site.output, Publication(present(place.config)), OnErrors.HOLD)
        with open_world(place) as world:
            return build(place.config, options, world, place.plugins, frame_of)

    assert not hold().has_errors
    good = site.page("notes/c/")
    site.write({"notes/c.md": "---\ntitle: Broken\n---\n$\\nosuch$\n", "notes/d.md": "# D\n"})
    assert hold().has_errors
    assert site.page("notes/c/") == good
    assert site.has("notes/d/index.html")
    site.write({"notes/c.md": "---\ntitle: Mended\n---\n$m$\n"})
    assert not hold().has_errors
    assert "Mended" in site.page("notes/c/")


# ------------------------------------------------------------------ the same on every machine


def test_a_build_never_opens_a_connection(site: Site) -> None:
    script = (
        "import sys\n"
        "def refuse(event, arguments):\n"
        "    if event in ('socket.connect', 'socket.bind', 'socket.getaddrinfo'):\n"
        "        raise RuntimeError(event)\n"
        "sys.addaudithook(refuse)\n"
        "from paperblog.cli import main\n"
        "sys.exit(main(['build', '--jobs', '1']))\n"
    )
    result = process(cwd=site.root, python=("-c", script))
    assert result.status == 0, result.err


# ------------------------------------------------------------------ the lab's blog


MODES = {
    "domain": ("https://lab.example/", ()),
    "path": ("https://lab.example/deep/repo/", ()),
    "portable": ("https://lab.example/", ("--portable",)),
}


@pytest.fixture(scope="session", params=MODES)
def built(
    request: pytest.FixtureRequest, lab: Site, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, str, bool]:
    base_url, options = MODES[request.param]
    output = tmp_path_factory.mktemp("output") / request.param
    result = lab.build("-o", str(output), "--base-url", base_url, *options)
    assert result.status == 0, result.err
    return output, base_url, bool(options)


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (
            "static/Notes",
            "notes/2020-01-01-b.md:1:1: error[duplicate-address]: /Notes and /notes/b/ would be a "
            "file and a folder of one name; one is the address of static/Notes\n",
        ),
        (
            "static/archive",
            "static/archive: error[duplicate-address]: /archive and /archive/ would be a file and "
            "a folder of one name; one is the address of a page of the site\n",
        ),
        (
            "static/robots.txt/x",
            "static/robots.txt/x: error[duplicate-address]: /robots.txt/x and /robots.txt would be "
            "a file and a folder of one name; one is the address of a page of the site\n",
        ),
    ],
)
def test_a_file_and_a_folder_of_one_name_are_told(
    make_site: MakeSite, file: str, said: str
) -> None:
    site = make_site({"notes/a.md": "# A\n", "notes/2020-01-01-b.md": "# B\n", file: "x"})
    result = site.build()
    assert result.status == 1
    assert said in result.err
    assert result.err.endswith("\n1 error\n")


def test_every_address_of_the_labs_blog_leads_somewhere(
    lab: Site, built: tuple[Path, str, bool]
) -> None:
    folder, base_url, portable = built
    options = ("--portable",) if portable else ()
    result = lab.check("--built", str(folder), "--base-url", base_url, *options)
    assert (result.status, result.out.count("\n")) == (0, 1), result.out
    assert int(re.findall(r"([\d,]+) addresses", result.out)[0].replace(",", "")) > 3000


def test_the_feeds_of_the_labs_blog_are_named_by_their_addresses(
    built: tuple[Path, str, bool],
) -> None:
    folder, base_url, _ = built
    feeds = sorted(folder.rglob("feed.xml"))
    assert len(feeds) > 10
    for path in feeds:
        feed = ET.parse(path).getroot()
        assert feed.findtext(f"{ATOM}id") == base_url + path.relative_to(folder).as_posix()
        ids = [entry.findtext(f"{ATOM}id") for entry in feed.iter(f"{ATOM}entry")]
        assert len(ids) == len(set(ids)) > 0


# ------------------------------------------------------------------ plugins

PLUGIN = """
from msgspec.structs import replace
from pathlib import Path

from paperblog.model.codes import UNKNOWN_FILE
from paperblog.model.diagnostic import Span
from paperblog.model.page import Plan
from paperblog.model.view import RobotsView
from paperblog.plugins import Plugin


def count(note):
    words = [path.read_text() for path in sorted((Path(__file__).parent / "blog").glob("data/**/*"))
             if path.is_file()]
    return replace(note, description=" ".join(words) or "none")


def shout(note):
    word = (Path(__file__).parent / "blog/word.txt").read_text()
    return replace(note, description=f"{word} {note.slug}")


def complain(site):
    yield UNKNOWN_FILE.at(Span("notes/a.md", 1, 1), "from a check")


def emit(edition, frame):
    yield Plan("plugged.txt", "robots.txt", RobotsView("from a plugin"))


def fail(*_):
    raise RuntimeError("from a hook")


plugin = Plugin("shouting", "1", HOOKS, inputs=("word.txt", "PATTERN"))
"""


@pytest.fixture
def plug(site: Site, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Write a plugin with some hooks as a module, and name it in the configuration."""

    def plug(name: str, hooks: str, pattern: str = "none") -> None:
        monkeypatch.syspath_prepend(site.root.parent)
        text = PLUGIN.replace("HOOKS", hooks).replace("PATTERN", pattern)
        (site.root.parent / f"{name}.py").write_text(text)
        site.write(
            {
                "word.txt": "Loud",
                "paperblog.toml": f'base_url = "{BASE}"\nplugins = ["{name}"]\n{MACROS}',
            }
        )

    return plug


def test_a_plugin_changes_notes_and_adds_pages(site: Site, plug: Callable[..., None]) -> None:
    plug("a_working_plugin", "transforms=(shout,), emitters=(emit,)")
    result = site.build()
    assert result.status == 0, result.err
    assert "from a plugin" in site.page("plugged.txt")
    assert 'content="Loud a"' in site.page("notes/a/")
    assert "0 written" in site.build().out


RECIPES = """
from paperblog.model.page import Plan, Recipe
from paperblog.model.view import RobotsView
from paperblog.plugins import Plugin

made = []


def name(title, words):
    made.append(title)
    return RobotsView(f"called {title}")


def emit(edition, frame):
    for entry in edition.site.notes:
        given = (entry.note.title.plain, entry.note.words)
        yield Plan(f"{entry.note.slug}.txt", "robots.txt", Recipe(name, given))


plugin = Plugin("naming", "1", emitters=(emit,))
"""


def test_a_view_is_made_where_what_it_is_made_of_has_changed(
    site: Site, plug: Callable[..., None]
) -> None:
    plug("a_plugin_with_recipes", "")
    module = site.root.parent / "a_plugin_with_recipes.py"
    module.write_text(RECIPES)
    report(site)
    made = sys.modules["a_plugin_with_recipes"].made
    assert sorted(made) == ["A", "B", "C"]
    made.clear()
    rendered = report(site)["rendered"]
    assert (made, rendered) == ([], 0)
    text = (site.root / "notes/a.md").read_text()
    site.write({"notes/a.md": text.replace("More of", "Even more of")})
    # The view that comes of it is the same, so the note alone is rendered, and its feeds.
    assert (report(site)["rendered"], made) == (4, ["A"])
    made.clear()
    site.write({"notes/a.md": text.replace("title: A", "title: D")})
    report(site)
    assert made == ["D"]
    assert "called D" in site.page("a.txt")


def test_a_recipe_is_a_function_of_a_module() -> None:
    with pytest.raises(TypeError, match="no function of a module"):
        Recipe(lambda: RobotsView(""), ())


def test_what_a_plugin_declares_to_read_is_followed(site: Site, plug: Callable[..., None]) -> None:
    plug("a_reading_plugin", "transforms=(shout,)")
    site.build()
    site.write({"word.txt": "Quiet"})
    site.build()
    assert 'content="Quiet a"' in site.page("notes/a/")


@pytest.mark.parametrize(
    ("pattern", "file"),
    [
        ("data/one.txt", "data/one.txt"),
        ("data/*.txt", "data/one.txt"),
        ("data/**/*.txt", "data/part/one.txt"),
        ("data/*/one.txt", "data/part/one.txt"),
    ],
)
def test_a_file_that_a_plugin_waits_for_is_noticed_when_it_comes_and_when_it_goes(
    site: Site, plug: Callable[..., None], pattern: str, file: str
) -> None:
    plug(f"a_waiting_plugin_{sum(map(ord, pattern))}", "transforms=(count,)", pattern)
    (site.root / file).parent.mkdir(parents=True)
    for _ in range(2):
        site.build()
        assert 'content="none"' in site.page("notes/a/")
        site.write({file: "Here"})
        site.build()
        assert 'content="Here"' in site.page("notes/a/")
        site.remove(file)


def test_a_plugins_check_is_reported(site: Site, plug: Callable[..., None]) -> None:
    plug("a_checking_plugin", "checks=(complain,)")
    result = site.build()
    assert result.status == 1
    assert "notes/a.md:1:1: error[unknown-file]: from a check" in result.err


@pytest.mark.parametrize("kind", ["transforms", "checks", "emitters", "syntaxes"])
def test_a_hook_that_fails_is_reported_with_its_plugin(
    site: Site, plug: Callable[..., None], kind: str
) -> None:
    plug(f"a_failing_plugin_of_{kind}", f"{kind}=(fail,)")
    result = site.build()
    assert result.status in (1, 2)
    assert "shouting" in result.err
    assert "from a hook" in result.err
    assert not site.output.exists()


@pytest.mark.parametrize("address", ["../out.txt", "/out.txt", "a/../../out.txt"])
def test_a_plugins_page_outside_the_output_is_refused(
    site: Site, plug: Callable[..., None], address: str
) -> None:
    name = f"a_straying_plugin_{len(address)}"
    plug(name, "emitters=(emit,)")
    module = site.root.parent / f"{name}.py"
    module.write_text(module.read_text().replace('"plugged.txt"', repr(address)))
    result = site.build("--keep-going")
    assert f"error[plugin-failed]: a plugin plans a page at {address!r}" in result.err
    assert not list(site.root.parent.rglob("out.txt"))
    assert site.has("index.html")


def test_a_module_that_is_no_plugin_is_wrong_configuration(site: Site) -> None:
    site.write({"paperblog.toml": 'plugins = ["json"]\n'})
    result = site.build()
    assert result.status == 2
    assert "json offers no plugin" in result.err


RULES = """
from markdown_it import MarkdownIt
from paperblog.plugins import Plugin


def shouting(md):
    def rule(state):
        if "!!!" in state.src:
            raise ValueError("not so loud")
    md.core.ruler.push("shouting", rule)


def smiling(md):
    def rule(state, silent):
        if not state.src.startswith(":)", state.pos):
            return False
        if not silent:
            state.push("smile", "", 0)
        state.pos += 2
        return True
    md.inline.ruler.push("smile", rule)
    md.add_render_rule("smile", lambda self, tokens, index, options, env: "\\u263a")


plugin = Plugin("rules", "1", syntaxes=(shouting, smiling))
"""


def test_a_syntax_that_fails_is_reported_with_its_plugin_and_the_note(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(site.root.parent)
    (site.root.parent / "a_plugin_of_rules.py").write_text(RULES)
    site.write(
        {
            "paperblog.toml": f'base_url = "{BASE}"\nplugins = ["a_plugin_of_rules"]\n{MACROS}',
            "notes/smile.md": "---\ntitle: Smile\ndate: 2020-01-01\n---\nText :) and $x$.\n",
        }
    )
    assert site.build().status == 0
    assert "Text \u263a and" in site.page("notes/smile/")
    site.write({"notes/loud.md": "---\ntitle: Loud\ndate: 2020-01-01\n---\nOh!!! $\\nosuch$\n"})
    result = site.build()
    assert result.status == 1
    told = "the plugin rules failed on this note: ValueError('not so loud') "
    assert f"notes/loud.md: error[plugin-failed]: {told}(a_plugin_of_rules.py:9)" in result.err
    assert "notes/loud.md:5:8: error[math-undefined]" in result.err


def test_a_hook_that_gives_something_else_is_reported(
    site: Site, plug: Callable[..., None]
) -> None:
    plug("a_careless_plugin", "transforms=(lambda n: None,), emitters=(lambda e, f: [1],)")
    result = site.build()
    assert result.status == 1
    assert "the plugin shouting failed on this note: TypeError('it gives None" in result.err
    assert "the plugin shouting failed: TypeError('it gives 1, which is no Plan')" in result.err


def test_a_plugin_that_cannot_be_imported_says_why(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(site.root.parent)
    (site.root.parent / "a_broken_plugin.py").write_text("plugin = nothing\n")
    site.write({"paperblog.toml": 'plugins = ["a_broken_plugin"]\n'})
    result = site.build()
    assert result.status == 2
    assert "the plugin a_broken_plugin cannot be imported: NameError(" in result.err


def test_a_changed_plugin_is_noticed(site: Site, plug: Callable[..., None]) -> None:
    package = site.root.parent / "a_growing_plugin"
    package.mkdir()
    site.write({"paperblog.toml": f'plugins = ["a_growing_plugin"]\n{MACROS}'})
    text = (
        "from msgspec.structs import replace\nfrom pathlib import Path\n"
        "from paperblog.plugins import Plugin\n"
        "word = (Path(__file__).parent / 'word.txt').read_text()\n"
        "def say(note):\n    return replace(note, description=f'{word} WORD')\n"
        "plugin = Plugin('growing', '1', transforms=(say,))\n"
    )

    def build(code: str, data: str) -> None:
        (package / "__init__.py").write_text(text.replace("WORD", code))
        (package / "word.txt").write_text(data)
        where = str(site.root.parent)
        done = process("build", "--jobs", "1", cwd=site.root, PYTHONPATH=where)
        assert done.status == 0, done.err
        assert f'content="{data} {code}"' in site.page("notes/a/")

    build("one", "first")
    build("two", "first")
    build("two", "other")


@pytest.mark.katex
def test_the_query_of_a_link_into_the_site_stays(make_site: MakeSite) -> None:
    text = "# A\n\n[b](b.md?x=1#part) [data](/d.csv?v=2) [home](/?q) [here](#aa)\n\n## Aa\n"
    site = make_site({"notes/a.md": text, "notes/b.md": "# B\n\n## Part\n", "static/d.csv": "1"})
    result = site.build()
    assert result.status == 0, result.err
    page = site.page("notes/a/")
    for link in ("../../notes/b/?x=1#part", "../../d.csv?v=2", "../../?q", "#aa"):
        assert f'href="{link}"' in page
    assert "Notes that link here" in site.page("notes/b/")
    assert site.build("--portable").status == 0
    page = site.page("notes/a/")
    assert 'href="../../notes/b/index.html?x=1#part"' in page
    assert 'href="../../index.html?q"' in page


def test_a_sidebar_names_those_of_many_categories_that_have_the_most_notes(
    make_site: MakeSite,
) -> None:
    names = [f"Topic {number:02}" for number in range(30)]
    notes = {
        f"notes/{name}-{copy}.md": f"---\ntitle: A\ncategory: {name}\n---\nText.\n".lower()
        for number, name in enumerate(names)
        for copy in range(2 if number >= 20 else 1)
    }
    site = make_site(notes)
    assert site.build().status == 0
    sidebar = site.page("").partition('<aside class="sidebar"')[2]
    named = re.findall(r'href="category/[^"]*">([^<]*)<', sidebar)
    assert len(named) == 15
    assert named == sorted(named)
    assert {f"topic {number}" for number in range(20, 30)} < set(named)
    assert '<a href="categories/">all 30</a>' in sidebar


def test_every_id_of_the_templates_is_kept_from_headings() -> None:
    templates = (ROOT / "templates").rglob("*.html")
    ids = re.findall(r' id="([^"{]+)"', "".join(path.read_text("utf-8") for path in templates))
    assert sorted(ids) == sorted(FRAME_IDS)
