"""Edits across processes: after any of them, a warm build gives what a cold one gives.

Each build is a process of its own, with one job or several, and with a copy of paperblog whose
own code and theme are edited too.
"""

import os
import random
import shutil
import struct
import sys
import zlib
from pathlib import Path

import pytest
from effort import dice, tried, tries
from sites import ROOT, Result, Site, process

NOTES = 40
"""More than one process is given at a time."""
PLUGIN = '''"""A plugin: a word before each title, and a page that says what a file holds."""
from msgspec.structs import replace
from pathlib import Path
from paperblog.model.note import Phrase
from paperblog.plugins import Plugin

WORD = "{word}"

def add(note):
    file = Path(__file__).with_name("word.txt")
    words = WORD + (file.read_text() if file.exists() else "")
    return replace(note, title=Phrase(words + note.title.markup, words + note.title.plain))

plugin = Plugin("words", "1", transforms=(add,), inputs=("word.txt",))
'''
VERSIONS = [
    ("paperblog/steps/parser.py", "_SUMMARY = 200", "_SUMMARY = 60"),
    ("paperblog/adapters/highlighter.py", '"""', '"""\n# another version\n'),
    ("paperblog/_theme/note.html", "<article", '<article data-version="2"'),
    ("paperblog/_theme/assets/style.css", ":root", "html:root"),
]

KINDS = ["note", "note", "note", "remove", "rename", "image", "configuration", "plugin", "word"]
KINDS += ["template", "version"]


class Edited:
    """A site, a copy of paperblog that builds it, and edits of both."""

    def __init__(self, folder: Path, rng: random.Random) -> None:
        self.site = Site(folder / "blog")
        self.package = folder / "package"
        self._rng = rng
        source = ROOT / "src" / "paperblog"
        shutil.copytree(source, self.package / "paperblog", symlinks=True)
        if not (self.package / "paperblog" / "_theme").exists():
            shutil.copytree(ROOT / "templates", self.package / "paperblog" / "_theme")
        self.configure()
        self.site.write({f"notes/n{n}.md": self.note(n) for n in range(NOTES)})
        self.site.write(
            {"notes/n0.md": "---\ntitle: Zero\n---\n![p](p.png)\n", "notes/p.png": png(1)}
        )

    def build(self, *arguments: str) -> Result:
        return process(
            "build",
            str(self.site.root),
            "--keep-going",
            "--jobs",
            self._rng.choice("12"),
            *arguments,
            cwd=self.package,
            python=("-P", "-m", "paperblog"),
            PYTHONPATH=f"{self.package}{os.pathsep}{self.site.root}",
            PYTHONDONTWRITEBYTECODE="1",
        )

    def note(self, number: int) -> str:
        rng = self._rng
        return (
            f"---\ntitle: Note {rng.randrange(50)} on ${rng.choice('xyz')}$\n"
            f"date: 20{rng.randrange(10, 27)}-0{rng.randrange(1, 10)}-01\n"
            f"tags: [t{rng.randrange(4)}]\n{rng.choice(['', '', 'draft: true', 'series: S'])}\n"
            f"---\nSee [[n{rng.randrange(NOTES)}]]. {'Words. ' * rng.randrange(40)}\n\n"
            f"$\\E x_{{{rng.randrange(20)}}}$ and `code`.\n\n"
            f"```python\nx = {rng.randrange(20)}\n```\n"
        )

    def configure(self) -> None:
        rng = self._rng
        plugins = 'plugins = ["words"]\n' if rng.random() < 0.5 else ""
        self.site.write({"words.py": PLUGIN.format(word=rng.choice("ABC"))})
        text = (
            f'title = "T{rng.randrange(3)}"\nbase_url = "https://t.example/"\nsearch = false\n'
            "social_cards = false\n"
            f"notes_per_page = {rng.choice([3, 10])}\n{plugins}"
            f"[math.macros]\n'\\E' = '{rng.choice('EF')}'\n"
        )
        self.site.write({"paperblog.toml": text})

    def edit(self) -> str:
        """Change one thing, and say what."""
        rng, site = self._rng, self.site
        kind = rng.choice(KINDS)
        notes = sorted(path.name for path in (site.root / "notes").glob("n*.md"))
        name = f"notes/{rng.choice(notes)}"
        if kind == "note":
            site.write({f"notes/n{rng.randrange(1, NOTES + 3)}.md": self.note(rng.randrange(9))})
        elif kind == "remove" and len(notes) > 5:
            site.remove(name)
        elif kind == "rename":
            (site.root / name).rename(site.root / f"notes/n{rng.randrange(NOTES, 99)}.md")
        elif kind == "image":
            site.write({"notes/p.png": png(rng.randrange(4))})
        elif kind == "configuration":
            self.configure()
        elif kind == "plugin":
            site.write({"words.py": PLUGIN.format(word=rng.choice("ABC"))})
        elif kind == "word":
            site.write({"word.txt": rng.choice("DEF")})
        elif kind == "template":
            footer = "<footer>{{ frame.title }} " + rng.choice("xy") + "</footer>\n"
            site.write({"templates/parts/footer.html": footer})
        elif kind == "version":
            file, old, new = rng.choice(VERSIONS)
            path = self.package / file
            text = path.read_text(encoding="utf-8")
            assert old in text or new in text
            text = text.replace(new, old, 1) if new in text else text.replace(old, new, 1)
            path.write_text(text, encoding="utf-8")
        return kind


def png(width: int) -> bytes:
    """A picture of some width, a pixel high."""

    def chunk(name: bytes, data: bytes) -> bytes:
        checked = name + data
        return struct.pack(">I", len(data)) + checked + struct.pack(">I", zlib.crc32(checked))

    header = struct.pack(">IIBBBBB", width + 1, 1, 8, 0, 0, 0, 0)
    pixels = zlib.compress(bytes(width + 2))
    start = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header)
    return start + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


@pytest.mark.katex
@pytest.mark.random
@pytest.mark.skipif(sys.platform == "win32", reason="copies the package with its links")
def test_across_processes_a_warm_build_leaves_what_a_cold_one_would(tmp_path: Path) -> None:
    rng = dice("edits")
    for sequence in range(tries(1)):
        edited = Edited(tmp_path / str(sequence), rng)
        site, cold = edited.site, tmp_path / str(sequence) / "cold"
        assert edited.build().status in (0, 1)
        done = []
        for _ in range(5):
            done += [edited.edit() for _ in range(rng.choice([1, 1, 3]))]
            before = site.stamps()
            warm = edited.build()
            after = site.stamps()
            shutil.rmtree(cold, ignore_errors=True)
            fresh = edited.build("--no-cache", "-o", str(cold))
            assert (warm.status, warm.err) == (fresh.status, fresh.err), done
            assert site.written() == site.written(cold), done
            kept = {
                path
                for path, (content, _) in after.items()
                if before.get(path, (b"",))[0] == content
            }
            assert [path for path in kept if before[path] != after[path]] == [], done
            assert "0 written" in edited.build().out, done
        tried("edits across processes", len(done))
        tried("sequences of these")
        shutil.rmtree(tmp_path / str(sequence))


def test_a_plugin_that_is_edited_while_a_process_goes_on_spoils_no_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As `serve` does: the code that was loaded stays, so what it makes is remembered as its."""
    site = Site(tmp_path / "blog")
    monkeypatch.syspath_prepend(str(site.root))
    monkeypatch.delitem(sys.modules, "words", raising=False)
    site.write({"paperblog.toml": 'plugins = ["words"]\nsearch = false\nsocial_cards = false\n'})
    site.write({"words.py": PLUGIN.format(word="Old"), "notes/a.md": "# A\n"})
    assert site.build().status == 0
    site.write({"words.py": PLUGIN.format(word="New"), "notes/b.md": "# B\n"})
    assert site.build().status == 0
    assert "OldB" in site.page("notes/b/")
    monkeypatch.delitem(sys.modules, "words")
    site.write({"notes/c.md": "# C\n"})
    assert site.build().status == 0
    assert [name for name in "abc" if f"New{name.upper()}" in site.page(f"notes/{name}/")] == [
        *"abc"
    ]
    monkeypatch.delitem(sys.modules, "words")
