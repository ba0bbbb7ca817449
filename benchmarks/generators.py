"""The generators that are measured: how each is installed, given a blog, asked, and served."""

import json
import shutil
import subprocess
import sys
import time
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from corpus import Corpus, file_name, write_corpus

HERE = Path(__file__).parent
PEERS = HERE / "peers"
PACKAGES = HERE.parent / ".bench"
"""What is installed for the peers, out of git."""
_ASIDE = PACKAGES / "aside"

_STYLE = "body { max-width: 40rem; margin: auto }\n"


@dataclass(frozen=True)
class Generator:
    """A generator of sites; `notes` is the folder of the notes in a blog of its kind.

    `page` names the page that is made of a note, from the blog's folder; `served` the same where
    `serve` writes to another place. `note_address` is the path of a note when it is served.
    `serve` takes a port.
    """

    name: str
    notes: str
    page: str
    build: Sequence[str]
    write: Callable[[Path, Corpus], None]
    version: Callable[[], str]
    keeps: Sequence[str]
    serve: Callable[[int], Sequence[str]] | None = None
    served: str = ""
    note_address: str = ""
    environment: dict[str, str] = field(default_factory=dict)

    def note(self, blog: Path, number: int) -> Path:
        """The file of a note."""
        return blog / self.notes / file_name(number)

    def surroundings(self, blog: Path) -> dict[str, str]:
        """The environment that a blog is built in; an author's Python keeps what it compiles."""
        kept = {"PYTHONDONTWRITEBYTECODE": ""}
        return kept | {name: value.format(blog=blog) for name, value in self.environment.items()}

    def forget(self, blog: Path) -> None:
        """Make the next build a cold one."""
        for name in self.keeps:
            put_aside(blog / name)


def put_aside(path: Path) -> None:
    """Take a file or folder out of the way, to be deleted when nothing is measured any more.

    For minutes ext4 gives out no inode that was deleted, and looks for each new file's in vain
    where many were: a build behind a deletion takes up to twice the time.
    """
    if path.exists():
        _ASIDE.mkdir(parents=True, exist_ok=True)
        path.rename(_ASIDE / str(time.monotonic_ns()))


def clear_up() -> None:
    """Delete what was put aside."""
    shutil.rmtree(_ASIDE, ignore_errors=True)


class MissingError(Exception):
    """A peer cannot be installed here."""


def ours() -> Generator:
    """Paperblog, as it is in this checkout."""

    def write(blog: Path, corpus: Corpus) -> None:
        write_corpus(blog / "notes", corpus)
        configuration = (
            'title = "Benchmark"\nbase_url = "https://example.org/"\n'
            # The others neither index nor draw.
            "search = false\nsocial_cards = false\n"
        )
        (blog / "paperblog.toml").write_text(configuration, encoding="utf-8")

    program = [sys.executable, "-m", "paperblog"]
    return Generator(
        name="paperblog",
        notes="notes",
        page="site/notes/{}/index.html",
        build=[*program, "build"],
        write=write,
        version=lambda: _said([*program, "--version"]).split()[-1],
        keeps=["site", ".paperblog"],
        serve=lambda port: [*program, "serve", "--port", str(port)],
        served=".paperblog/serve/notes/{}/index.html",
        note_address="notes/{}/",
    )


def hugo() -> Generator:
    """Hugo with `transform.ToMath`, its caches in the blog's folder."""
    # The program itself, without the start of Python that the package puts before it.
    (program,) = map(str, _python_packages().glob("lib/*/site-packages/hugo/binaries/hugo"))

    def write(blog: Path, corpus: Corpus) -> None:
        shutil.copytree(PEERS / "hugo", blog, dirs_exist_ok=True)
        write_corpus(blog / "content" / "posts", corpus)
        (blog / "static").mkdir(exist_ok=True)
        (blog / "static" / "style.css").write_text(_STYLE)

    return Generator(
        name="Hugo",
        notes="content/posts",
        page="public/posts/{}/index.html",
        build=[program, "--cleanDestinationDir"],
        write=write,
        version=lambda: _said([program, "version"]).split()[1].partition("-")[0].lstrip("v"),
        keeps=["public", "resources", "cache"],
        serve=lambda port: [program, "server", "--port", str(port), "--renderToMemory=false"],
        served="public/posts/{}/index.html",
        note_address="posts/{}/",
        environment={"HUGO_CACHEDIR": "{blog}/cache"},
    )


def eleventy() -> Generator:
    """Eleventy with markdown-it and KaTeX."""
    modules = _node_packages()
    program = ["node", str(modules / "@11ty/eleventy/cmd.cjs")]

    def write(blog: Path, corpus: Corpus) -> None:
        shutil.copytree(PEERS / "eleventy", blog, dirs_exist_ok=True)
        (blog / "package.json").write_text('{"type": "module"}')
        (blog / "content" / "style.css").write_text(_STYLE)
        write_corpus(blog / "content" / "posts", corpus)
        if not (blog / "node_modules").exists():
            (blog / "node_modules").symlink_to(modules)

    return Generator(
        name="Eleventy",
        notes="content/posts",
        page="_site/posts/{}/index.html",
        build=[*program, "--quiet"],
        write=write,
        version=lambda: json.loads((modules / "@11ty/eleventy/package.json").read_text())[
            "version"
        ],
        keeps=["_site"],
        serve=lambda port: [*program, "--serve", "--incremental", "--quiet", f"--port={port}"],
        served="_site/posts/{}/index.html",
        note_address="posts/{}/",
    )


def pelican() -> Generator:
    """Pelican with pelican-katex and its cache."""
    program = str(_python_packages() / "bin" / "pelican")

    def write(blog: Path, corpus: Corpus) -> None:
        shutil.copytree(PEERS / "pelican", blog, dirs_exist_ok=True)
        write_corpus(blog / "content", corpus, link="{{filename}}{}", front_matter="plain")

    return Generator(
        name="Pelican",
        notes="content",
        page="output/notes/{}.html",
        build=[program, "--quiet"],
        write=write,
        version=lambda: _said([program, "--version"]),
        keeps=["output", "cache"],
    )


GENERATORS: dict[str, Callable[[], Generator]] = {
    "paperblog": ours,
    "eleventy": eleventy,
    "hugo": hugo,
    "pelican": pelican,
}


def _python_packages() -> Path:
    folder = PACKAGES / "python"
    wanted = [f"{name}=={version}" for name, version in _versions("pypi").items()]

    def install() -> None:
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(folder)], check=True)
        pip = [str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet"]
        subprocess.run([*pip, "--disable-pip-version-check", *wanted], check=True)

    return _installed(folder, wanted, install)


def _node_packages() -> Path:
    folder = PACKAGES / "node"
    wanted = [f"{name}@{version}" for name, version in _versions("npm").items()]

    def install() -> None:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "package.json").write_text('{"private": true, "type": "module"}')
        npm = ["npm", "install", "--save-exact", "--ignore-scripts", "--no-audit", "--no-fund"]
        subprocess.run([*npm, "--loglevel=error", *wanted], cwd=folder, check=True)

    return _installed(folder, wanted, install) / "node_modules"


def _installed(folder: Path, wanted: list[str], install: Callable[[], None]) -> Path:
    """A folder of packages, installed anew where other versions are wanted."""
    stamp = folder / "wanted.json"
    if not stamp.is_file() or json.loads(stamp.read_text()) != wanted:
        print(f"Installing {', '.join(wanted)} …", file=sys.stderr)
        try:
            install()
        except (OSError, subprocess.CalledProcessError) as error:
            raise MissingError(f"cannot be installed here: {error}") from error
        stamp.write_text(json.dumps(wanted))
    return folder


def _versions(registry: str) -> dict[str, str]:
    with (PEERS / "versions.toml").open("rb") as file:
        versions: dict[str, str] = tomllib.load(file)[registry]
    return versions


def _said(command: list[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return done.stdout.strip()
