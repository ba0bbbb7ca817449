"""`paperblog new`: begin a note, its front matter filled in."""

import argparse
from pathlib import Path

from paperblog.commands.location import find_site
from paperblog.commands.workshop import open_site, present
from paperblog.model.config import Config
from paperblog.model.diagnostic import PaperblogError
from paperblog.model.slug import slugify
from paperblog.steps.load import NOTES


def run(arguments: argparse.Namespace) -> int:
    """Write the note's file and print its path; nothing is ever overwritten."""
    site = open_site(find_site(arguments.site), arguments.site, None)
    title = " ".join(arguments.title.split())
    slug = slugify(title)
    if not slug:
        raise PaperblogError(f"{arguments.title!r} holds no letter or digit to make an address of")
    folder = site.root / NOTES
    rivals = [folder / f"{slug}.md", folder / slug / "index.md"]
    for rival in rivals:
        if rival.exists():
            raise PaperblogError(f"{_shown(rival)} is already there; choose another title")
    path = rivals[0]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(front_matter(title, site.config, f"{present(site.config):%Y-%m-%d}"))
    except OSError as error:
        raise PaperblogError(f"{_shown(path)} cannot be written: {error.strerror}") from error
    print(_shown(path))
    return 0


def front_matter(title: str, config: Config, day: str) -> str:
    """The text of a new note."""
    author = config.authors[0].slug if config.authors else ""
    quoted = title.replace("'", "''")
    return (
        "---\n"
        f"title: '{quoted}'\n"
        f"date: {day}\n" + (f"authors: {author}\n" if author else "") + "tags: []\n"
        "draft: true\n"
        "---\n\n"
    )


def _shown(path: Path) -> str:
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)
