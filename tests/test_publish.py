"""`publish`: a site on a branch of a real remote, and nothing else touched."""

import os
import shutil
import stat
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from sites import Result, Site, process

from paperblog.commands.publish import change_of
from paperblog.model.diagnostic import PaperblogError

CONFIGURATION = 'title = "Notes"\nbase_url = "https://me.github.io/blog/"\nsearch = false\n'
NOTE = "---\ntitle: A note\ndate: 2020-01-01\n---\nText.\n"
WRONG = "---\ntitle: Wrong\ndate: 2020-01-01\n---\nText with $\\nosuch$.\n"


@pytest.fixture(autouse=True, scope="module")
def git_is_here(require: Callable[[object, str], None]) -> None:
    require(shutil.which("git"), "git")


class Blog(Site):
    """A site in a repository whose remote `origin` is a bare one."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder / "blog")
        self.remote = folder / "remote.git"
        git("init", "-q", "--bare", "-b", "main", str(self.remote), cwd=folder)
        git("init", "-q", "-b", "main", str(self.root), cwd=folder)
        git("config", "user.name", "Ada", cwd=self.root)
        git("config", "user.email", "ada@lab.example", cwd=self.root)
        git("remote", "add", "origin", str(self.remote), cwd=self.root)
        self.write({"paperblog.toml": CONFIGURATION, "notes/a.md": NOTE, ".gitignore": "/site/\n"})
        self.commit("One")
        git("push", "-q", "origin", "main", cwd=self.root)

    def commit(self, message: str) -> None:
        git("add", "--all", ":!.paperblog", cwd=self.root)
        git("commit", "-q", "-m", message, cwd=self.root)

    def publish(self, *arguments: str, **environment: str) -> Result:
        quiet = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
        return process("publish", *arguments, cwd=self.root, **quiet, **environment)

    def tip(self, branch: str = "gh-pages") -> str:
        return git("rev-parse", "--verify", "-q", branch, cwd=self.remote, status=None).strip()

    def files(self, branch: str = "gh-pages") -> set[str]:
        listing = git("ls-tree", "-r", "-z", "--name-only", branch, cwd=self.remote)
        return set(filter(None, listing.split("\0")))

    def text(self, path: str, branch: str = "gh-pages") -> str:
        return git("show", f"{branch}:{path}", cwd=self.remote)

    def history(self, branch: str = "gh-pages") -> list[str]:
        return git("log", "--format=%s", branch, cwd=self.remote).splitlines()

    def hook(self, name: str, script: str) -> None:
        path = self.remote / "hooks" / name
        path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)

    def put(self, files: dict[str, str], branch: str = "gh-pages") -> None:
        """Commit files to the remote's branch by hand, in a clone of its own."""
        clone = self.remote.parent / f"clone-{len(list(self.remote.parent.iterdir()))}"
        git("clone", "-q", str(self.remote), str(clone), cwd=self.remote.parent)
        switch = ["switch", "-q"] if self.tip(branch) else ["switch", "-q", "--orphan"]
        git(*switch, branch, cwd=clone)
        Site(clone).write(files)
        git("add", "--all", cwd=clone)
        who = ("-c", "user.name=Bob", "-c", "user.email=bob@lab.example")
        git(*who, "commit", "-q", "-m", "By hand", cwd=clone)
        git("push", "-q", "origin", branch, cwd=clone)


@pytest.fixture
def blog(tmp_path: Path) -> Blog:
    return Blog(tmp_path)


def git(*arguments: str, cwd: Path, status: int | None = 0) -> str:
    done = subprocess.run(
        ["git", *arguments], cwd=cwd, capture_output=True, text=True, timeout=60, check=False
    )
    assert status is None or done.returncode == status, done.stderr
    return done.stdout


def untouched(blog: Blog) -> dict[str, object]:
    """What publishing must leave alone, to the byte and the time of the index."""
    index = blog.root / ".git" / "index"
    return {
        "files": {
            name: content
            for name, content in blog.written(blog.root).items()
            if not name.startswith((".git/", ".paperblog/"))
        },
        "index": (index.read_bytes(), index.stat().st_mtime_ns),
        "head": (blog.root / ".git" / "HEAD").read_bytes(),
        "branches": git("for-each-ref", "refs/heads", cwd=blog.root),
        "stash": git("stash", "list", cwd=blog.root),
    }


# ------------------------------------------------------------------ what is published


def test_the_site_gets_to_the_branch_and_nothing_else_is_touched(blog: Blog) -> None:
    blog.write({"notes/a.md": NOTE.replace("Text", "Changed"), "left.txt": "untracked"})
    git("add", "notes/a.md", cwd=blog.root)
    blog.write({"notes/a.md": NOTE.replace("Text", "Changed twice")})
    before = untouched(blog)
    done = blog.publish()
    assert done.status == 0, done.err
    assert {"index.html", "notes/a/index.html", "404.html", ".nojekyll"} <= blog.files()
    assert "Changed twice" in blog.text("notes/a/index.html")
    assert "https://me.github.io/blog/notes/a/" in blog.text("notes/a/index.html")
    assert untouched(blog) == before
    assert not blog.output.exists()


def test_the_branch_holds_the_very_bytes_of_a_build(blog: Blog) -> None:
    blog.write({".gitattributes": "* text eol=crlf\n*.html ident\n", "static/a.txt": "1\r\n2\n"})
    git("config", "core.autocrlf", "true", cwd=blog.root)
    assert blog.publish().status == 0
    assert blog.build().status == 0
    for name, content in blog.written().items():
        shown = subprocess.run(
            ["git", "show", f"gh-pages:{name}"], cwd=blog.remote, capture_output=True, check=True
        )
        assert shown.stdout == content


def test_what_changes_is_said_first_and_a_dry_run_stops_there(blog: Blog) -> None:
    first = blog.publish("--dry-run")
    assert (first.status, blog.tip()) == (0, "")
    assert "gh-pages of origin: " in first.out
    assert " added, 0 changed, 0 deleted\n" in first.out
    assert "  + notes/a/index.html\n" in first.out
    assert blog.publish().status == 0
    blog.remove("notes/a.md")
    blog.write({"notes/b.md": NOTE.replace("A note", "Another")})
    done = blog.publish("--dry-run")
    assert "  + notes/b/index.html\n" in done.out
    assert "  ~ index.html\n" in done.out
    assert "  - notes/a/index.html\n" in done.out
    assert len(blog.history()) == 1


def test_what_has_not_changed_makes_no_commit(blog: Blog) -> None:
    assert blog.publish().status == 0
    tip = blog.tip()
    done = blog.publish()
    assert (done.status, blog.tip()) == (0, tip)
    assert done.out == "gh-pages of origin is as it should be; there is nothing to publish\n"


def test_history_is_kept_or_replaced_as_asked(blog: Blog) -> None:
    assert blog.publish("--message", "First").status == 0
    for number in (2, 3):
        blog.write({"notes/a.md": NOTE.replace("Text", f"Text {number}")})
        history = "keep" if number == 2 else "replace"
        assert blog.publish("--message", f"Number {number}", "--history", history).status == 0
        expected = ["Number 2", "First"] if number == 2 else ["Number 3"]
        assert blog.history() == expected


def test_the_message_says_what_the_site_was_made_of(blog: Blog) -> None:
    assert blog.publish().status == 0
    commit = git("rev-parse", "HEAD", cwd=blog.root).strip()
    message = git("log", "-1", "--format=%B", "gh-pages", cwd=blog.remote)
    assert message.strip() == f"Publish 1 note\n\nMade of {commit}."
    blog.write({"notes/a.md": NOTE.replace("Text", "More")})
    assert blog.publish().status == 0
    message = git("log", "-1", "--format=%B", "gh-pages", cwd=blog.remote)
    assert f"{commit}, with changes that are not committed." in message


def test_drafts_and_notes_to_come_stay_here(blog: Blog) -> None:
    blog.write(
        {
            "notes/draft.md": NOTE.replace("date:", "draft: true\ndate:"),
            "notes/later.md": NOTE.replace("2020", "2030"),
        }
    )
    assert blog.build("--drafts", "--future").status == 0
    assert blog.publish().status == 0
    assert not [path for path in blog.files() if "draft" in path or "later" in path]


def test_names_of_all_kinds_arrive(blog: Blog) -> None:
    names = ["static/a b.txt", "static/ü.txt", 'static/"q".txt', "static/a\nb.txt", "static/#%.txt"]
    blog.write(dict.fromkeys(names, "x"))
    assert blog.publish().status == 0
    assert {name.removeprefix("static/") for name in names} <= blog.files()


# ------------------------------------------------------------------ what else is on the branch


def test_a_domain_that_only_the_branch_knows_is_kept(blog: Blog) -> None:
    assert blog.publish().status == 0
    blog.put({"CNAME": "me.github.io\n", "google123.html": "verified", ".well-known/x": "y"})
    blog.write({"notes/a.md": NOTE.replace("Text", "More")})
    done = blog.publish()
    assert done.status == 0, done.err
    assert {"CNAME", "google123.html", ".well-known/x"} <= blog.files()
    assert "(kept: .well-known/x, CNAME, google123.html)" in done.out
    assert blog.publish("--clean").status == 0
    assert {"CNAME", ".well-known/x"} <= blog.files()
    assert "google123.html" not in blog.files()


def test_another_domain_than_that_of_the_pages_is_refused(blog: Blog) -> None:
    blog.write({"static/CNAME": "notes.lab.example\n"})
    done = blog.publish()
    assert (done.status, blog.tip()) == (2, "")
    assert "CNAME says notes.lab.example, and the site is built for me.github.io" in done.err
    assert blog.publish("--base-url", "https://notes.lab.example").status == 0


def test_a_branch_of_others_is_not_taken_over(blog: Blog) -> None:
    done = blog.publish("--branch", "main")
    assert done.status == 2
    assert "files that paperblog did not publish (notes/a.md, paperblog.toml)" in done.err
    assert blog.history("main") == ["One"]
    assert blog.publish("--branch", "main", "--clean").status == 0
    assert "notes/a.md" not in blog.files("main")
    assert ".gitignore" in blog.files("main")


def test_a_file_in_the_way_of_a_folder_gives_way() -> None:
    change = change_of(
        {"notes": "1", "a/b": "2", "x": "3"}, set(), {"notes/c": "4", "a": "5"}, False
    )
    assert dict(change.files) == {"notes/c": "4", "a": "5", "x": "3"}
    assert change.deleted == ("a/b", "notes")


def test_only_a_marked_or_empty_branch_is_ours() -> None:
    assert change_of({".gitignore": "1", "CNAME": "2"}, None, {"a": "3"}, False).kept
    with pytest.raises(PaperblogError):
        change_of({"index.html": "1"}, None, {"a": "3"}, False)


# ------------------------------------------------------------------ what is refused


def test_a_site_with_errors_is_refused(blog: Blog) -> None:
    blog.write({"notes/wrong.md": WRONG})
    done = blog.publish()
    assert (done.status, blog.tip()) == (1, "")
    assert "error[math-undefined]" in done.err
    assert done.out == "nothing published: there are errors in the notes\n"


@pytest.mark.parametrize(
    "address",
    ["http://localhost:8000/", "http://127.0.0.1/", "http://[::1]/x/", "http://10.0.0.1/"],
)
def test_a_site_for_this_machine_is_refused(blog: Blog, address: str) -> None:
    done = blog.publish("--base-url", address)
    assert (done.status, blog.tip()) == (2, "")
    assert "only this machine or its network can read" in done.err


def sentence(done: Result) -> str:
    """The one sentence that a command failed with."""
    assert (done.status, done.out.count("published")) == (2, 0)
    (line,) = [line for line in done.err.splitlines() if line.startswith("paperblog: ")]
    return line


def test_an_author_without_a_name_is_told_how_to_get_one(blog: Blog) -> None:
    git("config", "--unset", "user.name", cwd=blog.root)
    git("config", "--unset", "user.email", cwd=blog.root)
    assert "git config user.name" in sentence(blog.publish(EMAIL=""))
    named = {"GIT_AUTHOR_NAME": "A", "GIT_AUTHOR_EMAIL": "a@a.example"}
    named |= {"GIT_COMMITTER_NAME": "A", "GIT_COMMITTER_EMAIL": "a@a.example"}
    assert blog.publish(**named).status == 0


def test_a_remote_that_is_not_there_is_named(blog: Blog) -> None:
    assert "no remote upstream (it has origin)" in sentence(blog.publish("--remote", "upstream"))
    gone = blog.publish("--remote", str(blog.root.parent / "gone.git"))
    assert "gone.git cannot be read: " in sentence(gone)
    assert "cannot be the name of a branch" in sentence(blog.publish("--branch", "a..b"))


def test_a_folder_without_a_repository_is_told(blog: Blog) -> None:
    shutil.rmtree(blog.root / ".git")
    assert "is in no git repository" in sentence(blog.publish())


def test_a_rejected_push_says_why(blog: Blog) -> None:
    blog.hook("pre-receive", "echo 'the quota is used up' >&2; exit 1")
    done = sentence(blog.publish())
    assert "origin refuses the push: pre-receive hook declined; the quota is used up" in done
    assert blog.tip() == ""


@pytest.mark.parametrize("history", ["keep", "replace"])
def test_a_push_of_someone_else_meanwhile_is_not_overwritten(blog: Blog, history: str) -> None:
    assert blog.publish().status == 0
    blog.write({"notes/a.md": NOTE.replace("Text", "Mine")})
    # A plugin that takes its time during the build gives the other push its moment.
    blog.write(
        {
            "paperblog.toml": CONFIGURATION + 'plugins = ["slow"]\n',
            "slow.py": "import pathlib, time\nfrom paperblog.plugins import Plugin\n"
            "def wait(site):\n"
            "    pathlib.Path('building').touch()\n"
            "    while not pathlib.Path('pushed').exists():\n"
            "        time.sleep(0.01)\n"
            "    return ()\n"
            "plugin = Plugin('slow', '1', checks=(wait,))\n",
        }
    )
    results: list[Result] = []

    def publish() -> None:
        results.append(blog.publish("--history", history, PYTHONPATH="."))

    thread = threading.Thread(target=publish)
    thread.start()
    while not (blog.root / "building").exists() and thread.is_alive():
        thread.join(0.05)
    blog.put({"theirs.html": "theirs"})
    (blog.root / "pushed").touch()
    thread.join(60)
    assert "was changed meanwhile by someone else" in sentence(results[0])
    assert blog.history()[0] == "By hand"
    assert "Mine" not in blog.text("notes/a/index.html")
    assert blog.publish(PYTHONPATH=".").status == 0
    assert "theirs.html" in blog.files()


# ------------------------------------------------------------------ clones of all kinds


def test_detached_and_shallow_clones_publish_too(blog: Blog, tmp_path: Path) -> None:
    blog.write({"notes/b.md": NOTE.replace("A note", "B")})
    blog.commit("Two")
    git("push", "-q", "origin", "main", cwd=blog.root)
    assert blog.publish().status == 0
    first = blog.tip()
    clone = Site(tmp_path / "shallow")
    git("clone", "-q", "--depth=1", blog.remote.as_uri(), str(clone.root), cwd=tmp_path)
    git("checkout", "-q", "--detach", cwd=clone.root)
    git("config", "user.name", "Ada", cwd=clone.root)
    git("config", "user.email", "ada@lab.example", cwd=clone.root)
    clone.write({"notes/c.md": NOTE.replace("A note", "C")})
    blog.root = clone.root
    assert blog.publish().status == 0
    assert git("rev-parse", "gh-pages~1", cwd=blog.remote).strip() == first
    assert "notes/c/index.html" in blog.files()
    assert git("rev-parse", "--is-shallow-repository", cwd=clone.root).strip() == "true"


def test_a_site_in_a_folder_of_its_repository_is_published_by_itself(blog: Blog) -> None:
    (blog.root / "inner").mkdir()
    for name in ("notes", "paperblog.toml"):
        (blog.root / name).rename(blog.root / "inner" / name)
    assert blog.publish("inner").status == 0
    assert "notes/a/index.html" in blog.files()
