"""The command line: what it says, where it writes, and its exit status."""

import json
import os
import re
import sys
from pathlib import Path

import pytest
from sites import TODAY, MakeSite, Site, process, run

NOTE = "---\ntitle: A note\ndate: 2020-01-01\n---\nText with $x$.\n"
WRONG = "---\ntitle: A wrong note\n---\nText with $\\nosuch$.\n"
CONFIGURATION = 'title = "Notes"\nbase_url = "https://notes.example/"\n'


@pytest.fixture
def site(make_site: MakeSite) -> Site:
    return make_site({"paperblog.toml": CONFIGURATION, "notes/a.md": NOTE})


def snapshot(folder: Path) -> dict[str, tuple[int, bytes]]:
    return {
        path.relative_to(folder).as_posix(): (path.stat().st_mtime_ns, path.read_bytes())
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


# ------------------------------------------------------------------ use


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["bild"],
        ["build", "--no-such-option"],
        ["build", "--jobs", "0"],
        ["build", "--jobs", "many"],
        ["build", "--format", "xml"],
        ["build", "one", "two"],
    ],
)
def test_wrong_use_is_explained_and_ends_with_2(arguments: list[str]) -> None:
    result = run(*arguments)
    assert result.status == 2
    assert result.err.startswith("paperblog")
    assert "usage:" in result.err
    assert result.out == ""


def test_help_names_every_command() -> None:
    result = run("--help")
    assert result.status == 0
    assert all(re.search(rf"^    {name} ", result.out, re.M) for name in ("build", "check"))


def test_the_version_is_told() -> None:
    result = run("--version")
    assert (result.status, result.out.split()[0]) == (0, "paperblog")


def test_it_runs_as_a_module(site: Site) -> None:
    result = process("build", "--jobs", "2", cwd=site.root)
    assert (result.status, result.err) == (0, "")
    assert site.has("notes/a/index.html")


# ------------------------------------------------------------------ where a site is


def test_a_site_is_found_in_the_current_folder_and_above(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.write({"notes/deep/er/b.md": NOTE})
    monkeypatch.chdir(site.root / "notes/deep/er")
    assert run("build", "--jobs", "1").status == 0
    assert site.has("notes/b/index.html")


def test_the_nearest_site_above_is_the_one(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.write({"inner/notes/b.md": NOTE, "inner/pyproject.toml": "[project]\nname = 'x'\n"})
    monkeypatch.chdir(site.root / "inner")
    assert run("build", "--jobs", "1").status == 0
    assert (site.root / "inner/site/notes/b/index.html").exists()
    assert not site.output.exists()


def test_a_project_without_our_table_is_no_site(
    make_site: MakeSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = make_site({"pyproject.toml": "[project]\nname = 'x'\n", "folder/file": ""})
    monkeypatch.chdir(site.root / "folder")
    result = run("check")
    assert result.status == 2
    assert "there is no site here or in a folder above" in result.err


def test_a_given_folder_is_not_left_for_one_above(site: Site) -> None:
    result = run("build", str(site.root / "notes"))
    assert result.status == 2
    assert f"there is no site in {site.root / 'notes'}" in result.err


@pytest.mark.parametrize("command", ["build", "check"])
def test_a_folder_that_is_not_there_is_wrong_use(tmp_path: Path, command: str) -> None:
    assert run(command, str(tmp_path / "nowhere")).status == 2


# ------------------------------------------------------------------ build


def test_a_build_ends_with_its_counts_and_the_time(site: Site) -> None:
    result = site.build()
    assert result.status == 0
    assert re.fullmatch(
        r"1 note, \d+ pages, 1 formula: \d+ written, 0 unchanged, 0 deleted in \d+\.\d s"
        r"( and \d+\.\d s for the search)?\n",
        result.out,
    )
    assert result.err == ""


def test_the_output_goes_where_it_is_asked_to_go(site: Site, tmp_path: Path) -> None:
    assert site.build("-o", str(tmp_path / "else/where")).status == 0
    assert (tmp_path / "else/where/notes/a/index.html").exists()
    assert not site.output.exists()


def test_an_output_is_relative_to_the_current_folder(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert site.build("-o", "public").status == 0
    assert (tmp_path / "public/index.html").exists()


def test_base_url_on_the_command_line_wins(site: Site) -> None:
    assert site.build("--base-url", "https://else.example/repo").status == 0
    assert "https://else.example/repo/notes/a/" in site.page("feed.xml")
    assert "notes.example" not in "".join(map(str, site.written().values()))


@pytest.mark.parametrize("address", ["example.org", "ftp://example.org/", "https://", "/repo/"])
def test_a_base_url_that_is_none_is_wrong_use(site: Site, address: str) -> None:
    result = site.build("--base-url", address)
    assert result.status == 2
    assert "--base-url" in result.err
    assert not site.output.exists()


def test_errors_in_notes_leave_the_last_good_site_as_it_is(site: Site) -> None:
    site.build()
    before = snapshot(site.output)
    site.write({"notes/b.md": WRONG, "notes/c.md": "![none](none.png)\n", "notes/a.md": "# New\n"})
    result = site.build()
    assert result.status == 1
    assert snapshot(site.output) == before
    assert "notes/b.md:4:12: error[math-undefined]" in result.err
    assert "notes/c.md:1:9: error[unknown-file]" in result.err
    assert "2 errors" in result.err
    assert "nothing written, the last good site stays" in result.out


def test_errors_in_the_first_build_write_no_site(make_site: MakeSite) -> None:
    site = make_site({"notes/b.md": WRONG})
    assert site.build().status == 1
    assert not site.output.exists()


def test_errors_are_said_again_by_the_gate_of_an_unchanged_site(site: Site) -> None:
    site.write({"notes/b.md": WRONG})
    first, second = site.build(), site.build()
    assert (second.status, second.err, second.counts) == (first.status, first.err, first.counts)


def test_keep_going_writes_with_the_wrong_formula_marked_and_still_ends_with_1(site: Site) -> None:
    site.write({"notes/b.md": WRONG})
    result = site.build("--keep-going")
    assert result.status == 1
    assert 'class="math-error"' in site.page("notes/b/")
    assert "\\nosuch" in site.page("notes/b/")
    assert 'class="katex"' in site.page("notes/a/")


def test_an_error_after_keep_going_does_not_pass_the_gate(site: Site) -> None:
    site.write({"notes/b.md": WRONG})
    site.build("--keep-going")
    assert site.build().status == 1
    assert site.build("--keep-going").status == 1


def test_drafts_and_future_notes_are_built_on_demand(site: Site) -> None:
    site.write({"notes/draft.md": "---\ndraft: true\n---\n# Draft\n"})
    site.write({"notes/late.md": "---\ndate: 2030-01-01\n---\n# Late\n"})
    for arguments, pages in [
        ((), (False, False)),
        (("--drafts",), (True, False)),
        (("--future",), (False, True)),
        (("--drafts", "--future"), (True, True)),
        ((), (False, False)),
    ]:
        assert site.build(*arguments).status == 0
        assert (site.has("notes/draft"), site.has("notes/late")) == pages


def test_a_note_appears_when_its_date_comes(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.write({"notes/b.md": "---\ndate: 2026-01-01T12:00:00Z\n---\n# At noon\n"})
    noon = int(TODAY) + 12 * 3600
    seen = []
    for now in (int(TODAY), noon - 1, noon, noon - 1):
        monkeypatch.setenv("SOURCE_DATE_EPOCH", str(now))
        result = site.build()
        seen.append((site.has("notes/b"), "is due on 2026-01-01 12:00 (UTC)" in result.err))
    assert seen == [(False, True), (False, True), (True, False), (False, True)]


def test_without_a_cache_nothing_is_left_but_the_site(site: Site) -> None:
    assert site.build("--no-cache").status == 0
    assert not (site.root / ".paperblog").exists()
    assert site.build("--no-cache").status == 0


def test_verify_proves_that_a_cold_build_gives_the_same(site: Site) -> None:
    site.write({"static/CNAME": "t.example", "static/.nojekyll": ""})
    for arguments in ((), ("--portable",), ("--keep-going", "--drafts", "--no-cache")):
        assert site.build(*arguments).status == 0
        result = site.build("--verify", *arguments)
        assert result.status == 0, result.err
        assert result.err.endswith("verified: a cold build gives the same files, byte for byte\n")
        assert "0 written" in result.out
    assert [path.name for path in site.root.glob(".*")] == [".paperblog"]


def test_verify_names_each_file_that_differs(site: Site) -> None:
    site.build()
    page = site.output / "notes/a/index.html"
    good = page.read_bytes()
    for manifest in (site.root / ".paperblog").glob("manifest-*"):
        manifest.unlink()
    stat = page.stat()
    page.write_bytes(good.replace(b"</main>", b"</MAIN>"))
    os.utime(page, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    (site.output / "extra.html").write_text("not ours")
    result = site.build("--verify")
    line = good[: good.index(b"</main>")].count(b"\n") + 1
    assert result.status == 1
    assert f"error: {page}:{line}:" in result.err
    assert f"error: {site.output / 'extra.html'} is not of this site" in result.err
    assert "help: " in result.err
    differences = json.loads(site.build("--verify", "--format", "json").out)["differences"]
    assert len(differences) == 2
    assert site.build("--clean", "--verify").status == 1
    assert not site.has("extra.html")


def test_verify_compares_nothing_where_nothing_was_written(site: Site) -> None:
    site.write({"notes/b.md": WRONG})
    result = site.build("--verify")
    assert result.status == 1
    assert "verified" not in result.err


def test_jobs_are_taken(site: Site) -> None:
    assert process("build", "--jobs", "2", cwd=site.root).status == 0


def test_portable_pages_link_to_files(site: Site) -> None:
    assert site.build("--portable").status == 0
    assert 'href="notes/a/index.html"' in site.page("")


# ------------------------------------------------------------------ reports


def test_check_says_what_a_build_would_say_and_writes_no_site(site: Site) -> None:
    site.write({"notes/b.md": WRONG, "notes/c.md": "---\ntitle: C\ntagz: a\n---\n[[nobody]]\n"})
    check = site.check()
    build = site.build()
    assert check.status == 1
    assert check.out.startswith(build.err)
    assert check.out.splitlines()[-1].startswith("3 notes, 2 formulas checked in ")
    assert not site.output.exists()


def test_check_of_a_clean_site_ends_with_0(site: Site) -> None:
    result = site.check()
    assert (result.status, result.err) == (0, "")
    assert not site.output.exists()


def test_check_says_what_drafts_and_future_would_say(site: Site) -> None:
    site.write({"notes/b.md": "---\ntitle: B\ndraft: true\n---\n$\\nosuch$\n"})
    site.write({"notes/c.md": "---\ntitle: C\ndate: 2030-01-01\n---\n$\\other$\n"})
    assert "nosuch" not in site.check().out
    assert "nosuch" in site.check("--drafts").out


@pytest.mark.parametrize("command", ["build", "check"])
def test_a_report_in_json_holds_places_and_counts(site: Site, command: str) -> None:
    site.write({"notes/b.md": WRONG})
    result = run(command, str(site.root), "--format", "json", "--jobs", "1")
    report = json.loads(result.out)
    assert (result.status, report["status"], result.err) == (1, 1, "")
    assert (report["notes"], report["formulas"]) == (2, 2)
    (diagnostic,) = report["diagnostics"]
    assert diagnostic == {
        "severity": "error",
        "code": "math-undefined",
        "message": "unknown command \\nosuch",
        "help": diagnostic["help"],
        "file": "notes/b.md",
        "line": 4,
        "column": 12,
        "endLine": 4,
        "endColumn": 19,
    }


def test_the_gate_repeats_a_report_in_the_form_that_is_asked_for(site: Site) -> None:
    site.write({"notes/b.md": "Without a title.\n"})
    json_first = json.loads(site.build("--format", "json").out)
    text = site.build()
    json_again = json.loads(site.build("--format", "json").out)
    assert json_again["diagnostics"] == json_first["diagnostics"] != []
    assert "warning[no-title]" in text.err


def test_colours_are_for_terminals_or_on_demand(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.write({"notes/b.md": WRONG})
    assert "\033[" not in site.build().err
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\033[31m" in site.build().err
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\033[" not in site.build().err


def test_what_stands_in_a_note_cannot_drive_the_terminal(site: Site) -> None:
    site.write({"notes/b.md": "$\\no\u202esuch$ \033[2J ![x](\u202enone.png)\n"})
    assert not set("\033\u202e") & set(site.build().err)


# ------------------------------------------------------------------ configuration and environment


@pytest.mark.parametrize(
    ("configuration", "said"),
    [
        ("title = \n", "paperblog.toml:1:"),
        ("notes_per_page = 0\n", "paperblog.toml:1:18: error[wrong-value]"),
        ('title = "A"\ntimezone = "Mars/Base"\n', "paperblog.toml:2:12: error[wrong-value]"),
        ('address = "/{yaer}/{slug}/"\n', "paperblog.toml:1:11: error[address-pattern]"),
        ('address = "/../{slug}/"\n', "paperblog.toml:1:11: error[address-pattern]"),
        ('plugins = ["no.such.module"]\n', "the plugin no.such.module cannot be imported"),
    ],
)
def test_a_wrong_configuration_ends_with_2(site: Site, configuration: str, said: str) -> None:
    site.build()
    before = snapshot(site.output)
    site.write({"paperblog.toml": configuration})
    for result in (site.build(), site.check()):
        assert result.status == 2
        assert said in result.err
        assert "Traceback" not in result.err
    assert snapshot(site.output) == before


def test_a_configuration_that_is_not_utf8_ends_with_2(site: Site) -> None:
    site.write({"paperblog.toml": b'title = "caf\xe9"\n'})
    result = site.build()
    assert result.status == 2
    assert "paperblog.toml is not UTF-8" in result.err


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("{% if %}\n", "templates/note.html:1"),
        ("{% extends 'no-such.html' %}\n", "no-such.html"),
        ("{{ 1 / 0 }}\n", "templates/note.html:1: division by zero"),
        ("{{ view.nothing_of_that_name }}\n", "note.html"),
        ("{{ view.title.markup.nothing() }}\n", "note.html"),
    ],
)
def test_a_broken_template_ends_with_2_and_the_last_good_site_stays(
    site: Site, template: str, said: str
) -> None:
    site.build()
    before = snapshot(site.output)
    site.write({"templates/note.html": template})
    result = site.build()
    assert result.status == 2
    assert said in result.err
    assert "Traceback" not in result.err
    assert snapshot(site.output) == before


@pytest.mark.parametrize("epoch", ["soon", "-1", "1e9"])
def test_a_present_that_is_no_time_ends_with_2(
    site: Site, epoch: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
    result = site.build()
    assert result.status == 2
    assert "SOURCE_DATE_EPOCH" in result.err


def test_a_bug_of_ours_is_a_traceback_and_ends_with_3(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("from a test")

    monkeypatch.setattr("paperblog.pipeline.build", fail)
    result = site.build()
    assert result.status == 3
    assert "RuntimeError: from a test" in result.err
    assert "This is a bug in paperblog" in result.err


def test_an_interrupted_build_ends_with_130(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("paperblog.pipeline.build", interrupt)
    result = site.build()
    assert (result.status, result.err) == (130, "interrupted\n")


# ------------------------------------------------------------------ the output folder


def test_a_folder_that_is_not_ours_is_refused_and_its_files_are_named(site: Site) -> None:
    site.write({"site/thesis.tex": "x", "site/photos/one.jpg": "y"})
    before = snapshot(site.output)
    result = site.build()
    assert result.status == 2
    assert "thesis.tex" in result.err
    assert "photos/one.jpg" in result.err
    assert snapshot(site.output) == before


def test_an_empty_folder_and_one_with_the_hosts_files_are_taken(site: Site) -> None:
    site.write({"site/.nojekyll": "", "site/CNAME": "notes.example", "site/.git/HEAD": "x"})
    assert site.build().status == 0
    assert site.page("CNAME") == "notes.example"
    assert site.has(".nojekyll")
    assert site.has(".git/HEAD")


def test_a_build_deletes_what_the_last_one_wrote_and_nothing_else(site: Site) -> None:
    site.write({"notes/b.md": "---\ntitle: B\ntags: [x]\n---\n"})
    site.build()
    site.write({"site/stranger.txt": "mine", "site/tag/x/stranger.txt": "mine"})
    site.remove("notes/b.md")
    assert ", 0 deleted" not in site.build().out
    assert not site.has("notes/b")
    assert not site.has("tag/x/index.html")
    assert site.has("stranger.txt")
    assert site.has("tag/x/stranger.txt")


def test_our_own_folder_is_known_by_its_mark_when_the_cache_is_gone(site: Site) -> None:
    site.build()
    site.remove(".paperblog")
    site.write({"site/stranger.txt": "mine"})
    assert site.build().status == 0
    assert site.has("stranger.txt")


def test_clean_removes_leftovers_but_never_what_belongs_to_the_host(site: Site) -> None:
    site.write(
        {
            "site/left.html": "x",
            "site/left/over.html": "x",
            "site/.nojekyll": "",
            "site/.well-known/security.txt": "x",
            "site/CNAME": "notes.example",
        }
    )
    assert site.build("--clean").status == 0
    assert not site.has("left.html")
    assert not site.has("left")
    assert site.has(".nojekyll")
    assert site.has(".well-known/security.txt")
    assert site.has("CNAME")
    assert site.has("notes/a/index.html")


@pytest.mark.parametrize("output", [".", "notes", "..", "static", "pages/inner"])
def test_clean_never_deletes_the_sites_own_files(site: Site, output: str) -> None:
    site.write({"static/logo.svg": "<svg/>", "pages/about.md": "# About\n"})
    before = set(snapshot(site.root))
    result = site.build("--clean", "-o", os.path.normpath(site.root / output))
    assert result.status == 2
    assert before <= set(snapshot(site.root))


def test_an_output_that_cannot_be_a_folder_ends_with_2(site: Site) -> None:
    site.write({"file": "x"})
    for output in ("file", "file/below"):
        result = site.build("-o", str(site.root / output))
        assert result.status == 2
        assert "Traceback" not in result.err
    assert (site.root / "file").read_text() == "x"


def test_a_site_that_is_moved_builds_as_before(site: Site, tmp_path: Path) -> None:
    site.build()
    before = site.written()
    site.root.rename(tmp_path / "moved")
    moved = Site(tmp_path / "moved")
    assert moved.build().status == 0
    assert moved.written() == before


# ------------------------------------------------------------------ what authors do


@pytest.mark.parametrize(
    "text",
    [
        "",
        "---",
        "---\n---",
        "---\n- a list\n---\n",
        "---\n&a [*a]\n---\n",
        "---\ntitle: !!python/object:os.system x\n---\n",
        "---\nextra: " + "[" * 500 + "\n---\n",
        "\0\0\0",
        "\ufeff# A mark\r\rOld lines\r",
        "> " * 2000 + "deep\n",
        "- " * 500 + "deep\n",
        "[" * 5000 + "\n",
        "*" * 5000 + "\n",
        "$" * 5001 + "\n",
        "<" * 3000 + "\n",
        "`" * 3001 + "\n",
        "| a |\n|---|\n" + "|" * 3000 + "\n",
        "[^" * 2000 + "\n",
        "[[" * 2000 + "\n",
        "$" + "{" * 5000 + "}" * 5000 + "$\n",
        "---\ntags: [" + "a" * 300 + "]\n---\n",
        "---\nslug: " + "a" * 300 + "\n---\n",
        "---\naliases: [/../../../evil/, /a//b/, //evil.example/x, '/a\\b/', '/%2e%2e/x/']\n---\n",
        "---\nslug: ../../evil\n---\n",
        "---\ntags: [.., ., '/', '<script>', '%']\n---\n",
        "---\nseries: [a]\nlang: '\"><script>'\nid: ' '\n---\n",
        "---\ndate: 0001-01-01\nupdated: 9999-12-31T23:59:59-12:00\n---\n",
        "---\ndate: 9999-12-31T23:59:59-12:00\n---\n",
        "[a](<\n>) ![](../../../etc/passwd) [x](file:///etc/passwd) [y](%00) [z](#%FF)\n",
    ],
    ids=lambda text: ascii(text[:24]),
)
def test_nothing_an_author_writes_ends_in_a_traceback(site: Site, text: str) -> None:
    site.write({"notes/odd.md": text, "pages/odd.md": text})
    before = set(snapshot(site.root.parent))
    result = site.build("--keep-going", "--drafts", "--future")
    assert result.status in (0, 1), result.err
    assert "Traceback" not in result.err
    new = set(snapshot(site.root.parent)) - before
    assert {name for name in new if not re.match(r"blog/(site|\.paperblog)/", name)} == set()


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such names themselves")
def test_a_name_that_is_not_utf_8_is_told_and_nothing_else_is_lost(site: Site) -> None:
    (site.root / "notes" / os.fsdecode(b"a\xff.md")).write_text("# A\n")
    site.write({"notes/b.md": "# B\n"})
    result = site.build("--keep-going")
    assert result.status == 1
    assert r"notes/a\xff.md: error[unreadable]: the file's name is not UTF-8" in result.err
    assert site.has("notes/b/index.html")


def test_links_in_circles_end_in_messages(site: Site) -> None:
    (site.root / "notes/one.md").symlink_to("two.md")
    (site.root / "notes/two.md").symlink_to("one.md")
    result = site.build("--keep-going")
    assert result.err.count("a symbolic link leads nowhere") == 2


def test_odd_files_end_in_messages(site: Site, tmp_path: Path) -> None:
    (tmp_path / "secret.md").write_text("# Secret\n")
    (site.root / "notes/out.md").symlink_to(tmp_path / "secret.md")
    (site.root / "notes/circle").symlink_to(site.root / "notes")
    (site.root / "notes/dangling.md").symlink_to(site.root / "nowhere")
    (site.root / "notes/folder.md").mkdir()
    site.write({"notes/.md": "x", "notes/a b & c?.md": "# Odd\n", "notes/new\nline.md": "# N\n"})
    site.write({"notes/---.md": "# Dashes\n", "notes/2020-01-01.md": "# A day\n"})
    result = site.build()
    assert result.status == 1
    assert "Traceback" not in result.err
    assert "notes/out.md: error[unreadable]: a symbolic link leads out of the site" in result.err
    assert "notes/circle: error[unreadable]: a symbolic link to a folder is not" in result.err
    assert "notes/dangling.md: error[unreadable]: a symbolic link leads nowhere" in result.err
    for name in ("out.md", "circle", "dangling.md"):
        (site.root / "notes" / name).unlink()
    result = site.build()
    assert result.status == 0, result.err
    assert site.has("notes/a-b-c/index.html")
