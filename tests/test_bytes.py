"""Bytes: the same input is the same site, on another machine, in another place, on another day."""

import io
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from sites import MakeSite, Site

NOTE = """---
title: 'Note {number} on $x^{number}$'
date: 2020-0{month}-11 0{month}:30
tags: [t{third}, "Ünïcode", z]
category: C{third}
authors: [Ada, Ben]
paper: arxiv:1706.0{number:04}
---
A formula $\\E_{number}$ and $$\\sum_i x_i \\label{{eq:{number}}}$$ and \\eqref{{eq:{number}}}.

[[n{next}]] ![A picture](p.png) and `code`[^1].

## A heading

```python
x = {number}
```

[^1]: A note.
"""


def files() -> dict[str, bytes]:
    """A site with something of everything; more notes than one process reads."""
    picture = io.BytesIO()
    Image.effect_mandelbrot((1400, 300), (-2, -1, 1, 1), 20).save(picture, "PNG")
    found = {
        "paperblog.toml": b'title = "T"\nbase_url = "https://t.example/"\ndates = "git"\n'
        b"timezone = \"America/Chicago\"\n[math.macros]\n'\\E' = 'E'\n",
        "notes/p.png": picture.getvalue(),
        "notes/undated.md": b"# Undated\n\nText.\n",
        "notes/draft.md": b"---\ntitle: Draft\ndraft: true\n---\nText.\n",
        "notes/later.md": b"---\ntitle: Later\ndate: 2040-01-01\n---\nText.\n",
        "pages/about.md": b"---\ntitle: About\nnav: 1\n---\nText.\n",
        "static/b.txt": b"b",
        "static/a.txt": b"a",
    }
    for number in range(40):
        text = NOTE.format(
            number=number, next=(number * 7) % 40, third=number % 3, month=number % 9 + 1
        )
        found[f"notes/n{number}.md"] = text.encode()
    return found


def test_a_site_is_the_same_on_another_machine_and_another_day(
    tmp_path: Path, require: Callable[[object, str], None]
) -> None:
    require(shutil.which("git"), "git")
    origin = tmp_path / "origin"
    lay_out(origin, files(), shuffled=0)
    commit(origin)
    here, there = tmp_path / "here", tmp_path / "far away" / "thère"
    subprocess.run(["git", "clone", "-q", str(origin), str(here)], check=True)
    shutil.copytree(origin / ".git", there / ".git")
    lay_out(there, files(), shuffled=1)
    first = built(
        here,
        "--jobs=1",
        PYTHONHASHSEED="1",
        TZ="UTC",
        LC_ALL="C",
        SOURCE_DATE_EPOCH="1767225600",
    )
    second = built(
        there,
        "--jobs=3",
        umask=0o077,
        PYTHONHASHSEED="2",
        TZ="Asia/Kathmandu",
        LC_ALL="C.UTF-8",
        LANG="de_DE.UTF-8",
        HOME=str(tmp_path),
        USER="somebody",
        SOURCE_DATE_EPOCH="1900000000",
    )
    assert len(first) > 150
    assert first.keys() == second.keys()
    assert [name for name in first if first[name] != second[name]] == []


def lay_out(root: Path, contents: dict[str, bytes], shuffled: int) -> None:
    """Write files in an order and at times of their own, which folders and stats tell."""
    names = list(contents)
    random.Random(shuffled).shuffle(names)
    for number, name in enumerate(names):
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(contents[name])
        moment = 1_000_000_000 * (1 + shuffled) // 2 + number
        os.utime(path, (moment, moment))


def commit(root: Path) -> None:
    identity = {
        f"GIT_{role}_{name}": value
        for role in ("AUTHOR", "COMMITTER")
        for name, value in (
            ("NAME", "A"),
            ("EMAIL", "a@a.example"),
            ("DATE", "2021-05-06T23:30:00-0900"),
        )
    }
    for arguments in (["init", "-q"], ["add", "--all"], ["commit", "-q", "-m", "x"]):
        subprocess.run(["git", *arguments], cwd=root, check=True, env=os.environ | identity)


def built(root: Path, *arguments: str, umask: int = 0o022, **environment: str) -> dict[str, bytes]:
    """The files of a build in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "paperblog", "build", *arguments],
        cwd=root,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=120,
        umask=umask,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return Site(root).written()


def test_a_changed_rule_has_a_new_name_on_every_page(make_site: MakeSite) -> None:
    """A cache that keeps the old style sheet then never shows it with a new page."""
    notes = {f"notes/n{number}.md": f"# N {number}\n\n$x$\n" for number in range(3)}
    site = make_site({**notes, "templates/assets/style.css": "body { color: red }\n"})
    site.build()
    (first,) = site.output.glob("assets/style.*.css")
    pages = {path for path in site.written() if path.endswith(".html")}
    site.write({"templates/assets/style.css": "body { color: blue }\n"})
    site.build()
    (second,) = site.output.glob("assets/style.*.css")
    assert first.name != second.name
    assert not first.exists()
    styled = {name for name in pages if second.name in site.page(name)}
    assert len(styled) > 5
    # What has no style sheet leads on to another page.
    assert all('http-equiv="refresh"' in site.page(name) for name in pages - styled)
    assert all(first.name not in site.page(name) for name in pages)


@pytest.mark.parametrize("kind", ["css", "js", "woff2", "webp"])
def test_what_a_browser_keeps_for_long_is_named_by_its_content(
    make_site: MakeSite, kind: str
) -> None:
    picture = io.BytesIO()
    Image.effect_mandelbrot((1400, 300), (-2, -1, 1, 1), 20).save(picture, "PNG")
    site = make_site({"notes/a.md": "# A\n\n$x$ ![A](p.png)\n", "notes/p.png": picture.getvalue()})
    assert site.build().status == 0
    named = [name for name in site.written() if name.endswith(f".{kind}")]
    # Pagefind's program has fixed names; it asks for its index by the index's digest.
    own = [name for name in named if not name.startswith("assets/pagefind/")]
    assert own
    assert [name for name in own if not has_digest(name)] == []


def has_digest(name: str) -> bool:
    """Whether a path holds hexadecimal digits that only a content gives."""
    parts = name.replace("/", ".").replace("-", ".").split(".")
    return any(len(part) >= 8 and set(part) <= set("0123456789abcdef") for part in parts)
