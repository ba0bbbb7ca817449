"""`check` with paths: notes checked alone, as an editor or a pre-commit hook asks for it."""

import re
from pathlib import Path

import pytest
import yaml
from sites import ROOT, MakeSite, Result, Site, process, run

CONFIGURATION = 'title = "Notes"\nsearch = false\n'
GOOD = "---\ntitle: Good\ndate: 2020-01-01\n---\nText with $x$, and [wrong](wrong.md#part).\n"
WRONG = "---\ntitle: Wrong\ndate: 2020-01-01\n---\n## Part\n\nText with $\\nosuch$.\n"
LOST = "---\ntitle: Lost\ndate: 2020-01-01\n---\n[Nowhere](nowhere.md), [no part](good.md#none).\n"


@pytest.fixture
def site(make_site: MakeSite, monkeypatch: pytest.MonkeyPatch) -> Site:
    site = make_site(
        {
            "paperblog.toml": CONFIGURATION,
            "notes/good.md": GOOD,
            "notes/wrong.md": WRONG,
            "notes/deep/lost.md": LOST.replace("](", "](../"),
            "notes/draft.md": WRONG.replace("date:", "draft: true\ndate:"),
            "pages/about.md": GOOD.replace("(wrong", "(../notes/wrong"),
            "README.md": "# No note\n",
            "static/a.txt": "",
        }
    )
    monkeypatch.chdir(site.root)
    return site


def check(*arguments: str) -> Result:
    return run("check", *arguments, "--jobs", "1")


def found(done: Result) -> set[str]:
    return set(re.findall(r"^([^ \n]+?):\d+:\d+: ", done.out, re.MULTILINE))


@pytest.mark.parametrize("warm", [False, True])
def test_only_the_named_notes_are_reported(site: Site, warm: bool) -> None:
    if warm:
        check()
    good = check("notes/good.md")
    assert (good.status, found(good)) == (0, set())
    assert good.out.startswith("1 note, 1 formula checked in ")
    wrong = check("notes/good.md", "notes/wrong.md")
    assert (wrong.status, found(wrong)) == (1, {"notes/wrong.md"})
    assert "2 notes, 2 formulas checked" in wrong.out


def test_links_are_looked_up_in_the_whole_site(site: Site) -> None:
    done = check("notes/deep/lost.md")
    assert done.status == 1
    assert "error[unknown-note]" in done.out
    assert "error[unknown-heading]" in done.out


def test_each_note_alone_says_what_it_says_among_all(site: Site) -> None:
    site.write({"paperblog.toml": CONFIGURATION + 'base_url = "https://a.example/"\n'})
    everything = check().out.rpartition("\n\n")[0]
    alone = [check(f"notes/{name}.md").out for name in ("deep/lost", "wrong")]
    assert "\n\n".join(text.rpartition("\n\n")[0] for text in alone) == everything


def test_formulas_of_other_notes_are_left_for_a_build(site: Site) -> None:
    check("notes/good.md")
    assert check("--format", "json").out.count('"typeset": 1') == 1


def test_what_is_no_note_is_passed_over(site: Site) -> None:
    done = check("README.md", "static/a.txt")
    assert (done.status, done.out) == (0, "no notes to check\n")
    assert found(check("README.md", "notes/wrong.md")) == {"notes/wrong.md"}
    outside = site.root.parent / "outside.md"
    outside.write_text("# Outside\n", encoding="utf-8")
    assert check(str(outside)).status == 0


def test_a_folder_means_the_notes_in_it(site: Site) -> None:
    assert found(check("notes/deep")) == {"notes/deep/lost.md"}
    assert found(check("notes")) == {"notes/deep/lost.md", "notes/wrong.md"}
    assert found(check(".", "README.md")) == {"notes/deep/lost.md", "notes/wrong.md"}


def test_a_changed_configuration_concerns_every_note(site: Site) -> None:
    done = check("notes/good.md", "paperblog.toml")
    assert (done.status, found(done)) == (1, {"notes/deep/lost.md", "notes/wrong.md"})


def test_a_site_is_found_from_its_notes(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(site.root.parent)
    assert found(check("blog/notes/wrong.md")) == {"notes/wrong.md"}
    monkeypatch.chdir(site.root / "notes/deep")
    assert found(check("../wrong.md")) == {"notes/wrong.md"}


def test_drafts_are_checked_where_that_is_asked_for(site: Site) -> None:
    hidden = check("notes/draft.md")
    assert hidden.status == 0
    assert "0 notes, 0 formulas checked, 1 left out until published in " in hidden.out
    shown = check("notes/draft.md", "--drafts")
    assert found(shown) == {"notes/draft.md"}
    assert "left out" not in shown.out


def test_a_note_with_a_broken_front_matter_is_told_of_its_formulas_too(site: Site) -> None:
    site.write({"notes/wrong.md": WRONG.replace("2020-01-01", "2020-13-01")})
    done = check("notes/wrong.md")
    assert "notes/wrong.md:3:7: error[wrong-date]" in done.out
    assert "notes/wrong.md:7:12: error[math-undefined]" in done.out


def test_a_note_that_shares_an_address_is_told(site: Site) -> None:
    site.write({"notes/good-2.md": GOOD.replace("date:", "slug: good\ndate:")})
    done = check("notes/good.md", "notes/good-2.md")
    assert "error[duplicate-address]" in done.out


def test_wrong_use_is_explained(site: Site) -> None:
    assert "there is no notes/none.md" in check("notes/none.md").err
    other = Site(site.root.parent / "other")
    other.write({"notes/a.md": GOOD})
    done = check("notes/good.md", str(other.root / "notes/a.md"))
    assert done.status == 2
    assert "several sites" in done.err
    assert "--built looks at a whole site" in check("notes/good.md", "--built").err


# ------------------------------------------------------------------ the hook


def hook() -> dict[str, str]:
    (entry,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    return dict(entry)


def test_the_hook_gets_the_notes_of_a_repository_and_nothing_else(site: Site) -> None:
    names = ["README.md", *(path.relative_to(site.root).as_posix() for path in notes(site.root))]
    names += ["blog/notes/a.md", "notes/a/figure.png", "footnotes/a.md", "static/notes.txt"]
    chosen = [name for name in names if re.search(hook()["files"], name)]
    assert chosen == [
        "notes/deep/lost.md",
        "notes/draft.md",
        "notes/good.md",
        "notes/wrong.md",
        "pages/about.md",
        "paperblog.toml",
        "blog/notes/a.md",
    ]


def test_the_hook_fails_for_a_wrong_note_and_passes_for_a_good_one(site: Site) -> None:
    command = [*hook()["entry"].split()[1:]]
    assert process(*command, "notes/good.md", cwd=site.root).status == 0
    assert process(*command, "notes/wrong.md", cwd=site.root).status == 1


def test_a_changed_note_is_checked_in_the_time_of_a_blink(lab: Site) -> None:
    """Of the processor's time: what else the machine does is not counted."""
    note = lab.root / "notes/linformer.md"
    assert process("check", cwd=lab.root).status == 0
    spent = []
    for number in range(3):
        with note.open("a", encoding="utf-8") as file:
            file.write(f"\nMore, {number}.\n")
        before = time_of_children()
        assert process("check", "notes/linformer.md", cwd=lab.root).status == 0
        spent.append(time_of_children() - before)
    assert min(spent) < 0.8


def time_of_children() -> float:
    resource = pytest.importorskip("resource")
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return float(usage.ru_utime + usage.ru_stime)


def notes(root: Path) -> list[Path]:
    listed = [*root.rglob("*.md"), root / "paperblog.toml"]
    return sorted(path for path in listed if path.name != "README.md")
