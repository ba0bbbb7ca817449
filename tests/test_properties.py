"""Properties: cold equals warm, a second build does nothing, no two pages share an address."""

import gc
import io
import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from effort import tried, tries
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from sites import Files, Site, process

from paperblog.adapters.katex import katex_folder
from paperblog.adapters.theme import JinjaTheme, theme_folder
from paperblog.commands.location import find_site
from paperblog.commands.report import words_of
from paperblog.commands.workshop import Workplace, open_site, open_world, present
from paperblog.features.frame import frame_of
from paperblog.pipeline import OnErrors, Options, World, build
from paperblog.steps.resolve import Publication

pytestmark = pytest.mark.usefixtures("one_engine")

FEW = settings(
    max_examples=tries(25),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)

BASE = {
    "paperblog.toml": 'title = "T"\nbase_url = "https://t.example/"\nnotes_per_page = 2\n'
    "[math.macros]\n'\\E' = 'E'\n",
    "notes/a.md": "---\ntitle: A\ndate: 2020-01-01\ntags: [x]\n---\n[[b]], $\\E x$ ![](p.svg)\n",
    "notes/b/index.md": "---\ntitle: B\ndate: 2020-02-01\n---\n![](q.svg) $y$\n\n## Part\n\nX\n",
    "notes/b/q.svg": "<svg/>",
    "notes/p.svg": "<svg/>",
    "pages/about.md": "---\ntitle: About\nnav: 1\n---\n$z$\n",
    "static/x.txt": "x",
}

# So many that few of them are changed at a time.
MANY = BASE | {
    f"notes/n{number:02}.md": f"---\ntitle: N{number}\ndate: 2020-03-{number + 1:02}\n"
    f"tags: [{'xyz'[number % 3]}]\n---\n[[n{(number + 7) % 20:02}]] and $n_{{{number}}}$\n"
    for number in range(20)
}

# Every edit leaves whole files, and most of them sites without errors.
NAMES = st.sampled_from(["a", "c", "2020-03-04-d", "deep/e", "n03", "n11"])
LINES = st.sampled_from(
    [
        "Plain.",
        "$x$ and $\\E y$",
        "$$\\sum_i x_i$$",
        "[[b#part]]",
        "[b](b/index.md)",
        "<!--more-->",
        "## Part",
        "`code`[^1]\n\n[^1]: Note.",
        "```python\nx = 1\n```",
        "[[a]]",
        "$\\nosuch$",
        "![](p.svg)",
    ]
)
KEYS = st.fixed_dictionaries(
    {},
    optional={
        "title": st.sampled_from(["A", "B", "On $x^2$", "Ünïcode & <b>"]),
        # The last two are one moment, and not one day.
        "date": st.sampled_from(
            [
                "2020-01-01",
                "2020-02-29",
                "2027-01-01",
                "2020-01-01 23:30Z",
                "2020-01-02 08:30+09:00",
            ]
        ),
        "tags": st.sampled_from(["[x]", "[x, y]", "[Y]"]),
        "category": st.sampled_from(["One", "one", "Two"]),
        "authors": st.sampled_from(["Ada", "[Ada, Ben]"]),
        "slug": st.sampled_from(["a", "b", "s"]),
        "aliases": st.sampled_from(["[/old/]", "[/notes/a/]", "[nick]"]),
        "draft": st.just("true"),
        "unlisted": st.just("true"),
        "series": st.just("S"),
        "macros": st.sampled_from(["{'\\E': 'F'}", "{'\\nosuch': 'N'}"]),
        "lang": st.just("de"),
    },
)
CONFIGURATIONS = st.sampled_from(
    [
        BASE["paperblog.toml"],
        BASE["paperblog.toml"].replace("= 'E'", "= 'G'"),
        BASE["paperblog.toml"].replace('"T"', '"Another"'),
        "title = \"T\"\nhome = \"full\"\n[math.macros]\n'\\E' = 'E'\n",
        'address = "/{category}/{slug}/"\n' + BASE["paperblog.toml"],
        'timezone = "Asia/Tokyo"\n' + BASE["paperblog.toml"],
        'language = "fr"\n' + BASE["paperblog.toml"],
    ]
)
TEMPLATES = st.sampled_from(
    [
        ("templates/page.html", '{% extends "theme/page.html" %}{% block title %}X{% endblock %}'),
        ("templates/parts/footer.html", "<footer>{{ frame.years }}</footer>"),
        ("templates/parts/footer.html", "<footer>ours</footer>"),
        ("templates/assets/style.css", "body { color: red }"),
        ("templates/assets/style.css", "body { color: blue }"),
    ]
)


@st.composite
def notes(draw: st.DrawFn) -> tuple[str, str]:
    keys = "".join(f"{key}: {value}\n" for key, value in draw(KEYS).items())
    text = "\n\n".join(draw(st.lists(LINES, max_size=4)))
    return f"notes/{draw(NAMES)}.md", f"---\n{keys}---\n{text}\n"


EDITS = st.one_of(
    notes().map(lambda pair: ("write", *pair)),
    notes().map(lambda pair: ("write", *pair)),
    NAMES.map(lambda name: ("remove", f"notes/{name}.md")),
    st.tuples(st.just("rename"), NAMES, NAMES),
    CONFIGURATIONS.map(lambda text: ("write", "paperblog.toml", text)),
    TEMPLATES.map(lambda pair: ("write", *pair)),
    st.just(("remove", "templates")),
    st.sampled_from(["<svg/>", "<svg></svg>"]).map(lambda text: ("write", "notes/b/q.svg", text)),
    st.sampled_from(["x", "y"]).map(lambda text: ("write", "static/x.txt", text)),
    st.just(("remove", "static")),
    st.just(("spoil", "notes/b/index.html")),
)


def apply(site: Site, edit: tuple[str, ...]) -> None:
    kind, name, *rest = edit
    if kind == "write":
        site.write({name: rest[0]})
    elif kind == "remove" and (site.root / name).exists():
        site.remove(name)
    elif kind == "rename" and (site.root / f"notes/{name}.md").exists():
        text = (site.root / f"notes/{name}.md").read_text(encoding="utf-8")
        site.remove(f"notes/{name}.md")
        site.write({f"notes/{rest[0]}.md": text})
    elif kind == "spoil" and site.has(name):
        site.write({f"site/{name}": "spoilt"})


@contextmanager
def a_site(files: Files = BASE) -> Iterator[Site]:
    """A site of an example's own; a fixture would be one for all examples."""
    with tempfile.TemporaryDirectory() as folder:
        site = Site(Path(folder) / "blog")
        site.write(files)
        yield site


@pytest.mark.katex
@pytest.mark.random
@FEW
@given(st.lists(EDITS, min_size=1, max_size=4))
def test_a_warm_build_leaves_what_a_cold_one_would(edits: list[tuple[str, ...]]) -> None:
    with a_site() as site:
        cold = site.root.parent / "cold"
        assert site.build("--keep-going").status == 0
        for edit in edits:
            note(edit)
            apply(site, edit)
            before = site.stamps()
            warm = site.build("--keep-going")
            after = site.stamps()
            same = {path for path in after if before.get(path, (b"", 0))[0] == after[path][0]}
            assert [path for path in same if before[path] != after[path]] == []
            assert site.build("--keep-going").err == warm.err  # said by the gate
            shutil.rmtree(cold, ignore_errors=True)
            fresh = site.build("--keep-going", "--no-cache", "-o", str(cold))
            assert (warm.status, warm.err) == (fresh.status, fresh.err)
            assert site.written() == site.written(cold)
            tried("edits in one process")
        tried("sequences of those")


@pytest.mark.katex
@pytest.mark.random
@FEW
@given(st.lists(EDITS, min_size=1, max_size=5))
def test_a_process_that_goes_on_building_leaves_what_a_cold_build_would(
    edits: list[tuple[str, ...]],
) -> None:
    """As `serve` does it: what was made for one build is at hand for the next."""
    # All at once before any cold build, which would have this process forget what it made.
    with a_site(MANY) as site, open_world(opened(site)) as world:
        theme = the_theme(site)
        built = []
        for edit in [("keep", ""), *edits]:
            note(edit)
            apply(site, edit)
            theme = theme if theme.is_current() else the_theme(site)
            built.append(build_on(site, replace(world, theme=theme), touched(edit)))
            tried("edits in one process")
        tried("sequences of those")
    with a_site(MANY) as site:
        cold = site.root.parent / "cold"
        for edit, found in zip([("keep", ""), *edits], built, strict=True):
            apply(site, edit)
            shutil.rmtree(cold, ignore_errors=True)
            fresh = site.build("--keep-going", "--no-cache", "-o", str(cold))
            assert found == (fresh.status, fresh.err, site.written(cold))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("extra: {n: 1}", "extra: {n: true}"),
        ("extra: {n: 1}", "extra: {n: 1.0}"),
        ("extra: {n: 1, m: 2}", "extra: {m: 2, n: 1}"),
    ],
)
def test_a_process_that_goes_on_sees_what_python_calls_equal(one: str, other: str) -> None:
    shown = '{% extends "theme/note.html" %}{% block head_extra %}{{ view.extra }}{% endblock %}'
    with a_site() as site, open_world(opened(site)) as world:
        site.write({"templates/note.html": shown})
        world = replace(world, theme=the_theme(site))
        written = []
        for key in (one, other):
            site.write({"notes/c.md": f"---\ntitle: C\ntags: [x]\n{key}\n---\n[[b]]\n"})
            written.append(build_on(site, world)[2])
        assert written[0] != written[1]


def test_a_message_shows_the_file_as_it_is_now() -> None:
    with a_site() as site, open_world(opened(site)) as world:
        site.write({"paperblog.toml": 'address = "/{year}/{slug}/"\n'})
        for first in ("One.", "Two."):
            site.write({"notes/c.md": f"{first}\n\n# C\n"})
            assert f"1 │ {first}" in str(build_on(site, world)[1])


def test_what_renders_a_build_does_not_stay_until_garbage_is_looked_for() -> None:
    with a_site() as site, open_world(opened(site)) as world:
        build_on(site, world)
        site.write({"notes/c.md": "# C\n\n$c$\n"})
        gc.collect()
        gc.disable()
        gc.set_debug(gc.DEBUG_SAVEALL)
        try:
            build_on(site, world)
            gc.collect()
            modules = {type(each).__module__ for each in gc.garbage}
        finally:
            gc.set_debug(0)
            gc.garbage.clear()
            gc.enable()
    assert "paperblog.steps.render" not in modules


def touched(edit: tuple[str, ...]) -> list[str] | None:
    """The files that a watcher would name; None where it would not tell of everything."""
    kind, name, *rest = edit
    if kind == "rename":
        return [f"notes/{name}.md", f"notes/{rest[0]}.md"]
    return [name] if kind in ("write", "remove") else None


def build_on(
    site: Site, world: World, touched: list[str] | None = None
) -> tuple[object, object, dict[str, bytes]]:
    """Build in a process that goes on: the status, what is said, and what is written."""
    place = opened(site)
    options = Options(
        root=site.root,
        output=site.output,
        publication=Publication(present(place.config)),
        on_errors=OnErrors.MARK,
        touched=touched,
    )
    report = build(place.config, options, world, place.plugins, frame_of)
    said = words_of(report, place, "text", io.StringIO())
    return said["status"], said["text"], site.written()


def opened(site: Site) -> Workplace:
    return open_site(find_site(str(site.root)), None, None)


def the_theme(site: Site) -> JinjaTheme:
    return JinjaTheme(site.root / "templates", theme_folder(), katex_folder())


@pytest.mark.katex
@FEW
@given(st.lists(EDITS, max_size=3))
def test_a_second_build_writes_renders_and_typesets_nothing(edits: list[tuple[str, ...]]) -> None:
    with a_site() as site:
        for edit in edits:
            apply(site, edit)
        site.build("--keep-going")
        for manifest in (site.root / ".paperblog").glob("manifest-*.json"):
            manifest.unlink()
        report = json.loads(site.build("--keep-going", "--format", "json").out)
        for count in ("written", "deleted", "rendered", "typeset"):
            assert report[count] == 0, count


@pytest.mark.random
@FEW
@given(st.lists(notes(), min_size=1, max_size=6))
def test_every_published_note_has_a_page_of_its_own_or_a_message(
    pairs: list[tuple[str, str]],
) -> None:
    with a_site() as site:
        site.write(dict(pairs))
        report = json.loads(site.build("--keep-going", "--format", "json", "--drafts").out)
        clashes = {d["file"] for d in report["diagnostics"] if d["code"] == "duplicate-address"}
        pages = [
            path
            for path in site.output.glob("notes/*/index.html")
            if 'class="note"' in path.read_text(encoding="utf-8")
        ]
        assert len(pages) <= report["notes"] <= len(pages) + len(clashes)


@pytest.mark.parametrize("count", [70])
def test_the_number_of_processes_does_not_change_a_byte(count: int, tmp_path: Path) -> None:
    """Seventy notes are three chunks of work; formulas and errors stand in all of them."""
    site = Site(tmp_path / "blog")
    site.write(BASE)
    for number in range(count):
        wrong = "$\\nosuch$" if number % 9 == 0 else ""
        site.write(
            {
                f"notes/n{number}.md": f"---\ntitle: N {number}\ntags: [t{number % 7}]\n---\n"
                f"$x_{number % 11}$ {wrong} [[n{(number * 7) % count}]]\n\n```python\nx\n```\n"
            }
        )
    outcomes = []
    for jobs in ("1", "2", "3"):
        output = tmp_path / jobs
        asked = ("--keep-going", "--no-cache", "--jobs", jobs, "-o", str(output))
        result = process("build", *asked, cwd=site.root)
        outcomes.append((result.status, result.err, site.written(output)))
    assert outcomes[0][0] == 1
    assert outcomes[0] == outcomes[1] == outcomes[2]
