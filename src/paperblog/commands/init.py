"""`paperblog init`: begin a blog, or add to one the workflow that publishes it."""

import argparse
import contextlib
import sys
from importlib.resources import files
from pathlib import Path

from paperblog.commands.location import find_site
from paperblog.commands.workflow import WORKFLOW, read_install, repository_of, workflow
from paperblog.commands.workshop import open_site, present
from paperblog.model.config import Config
from paperblog.model.diagnostic import PaperblogError

# What a new blog holds, and the file of `skeleton/` that each begins as.
_FILES = {
    "paperblog.toml": "paperblog.toml",
    "notes/a-first-note.md": "a-first-note.md",
    "templates/README.md": "templates.md",
    ".gitignore": "gitignore",
}
_QUESTION = """\
What shall the workflow install? An exact version (paperblog==0.1.0), the address or file of
a wheel, or a tag or commit of a repository (git+https://…@v0.1.0): """


def run(arguments: argparse.Namespace) -> int:
    """Write the files of a new blog, or of what was asked for; nothing is ever overwritten."""
    folder = Path(arguments.folder)
    if arguments.install and not arguments.github_pages:
        raise PaperblogError("--install is for the workflow that --github-pages writes")
    is_there = arguments.github_pages and find_site(arguments.folder) is not None
    new = {} if is_there else {folder / name: _text(name) for name in _FILES}
    if arguments.github_pages:
        new |= _publishing(folder, is_there, arguments.install)
    if there := [_shown(path, folder) for path in new if path.exists()]:
        raise PaperblogError(
            f"{folder} already holds {', '.join(there)}; nothing was written. "
            + ("Move it away first" if is_there else "Begin elsewhere, or move what is there")
        )
    try:
        for path, text in new.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise PaperblogError(f"{error.filename} cannot be written: {error.strerror}") from error
    if not is_there:
        step = f"cd {folder} && " if arguments.folder != "." else ""
        print(f"A new blog is in {folder}/. Next: {step}paperblog serve")
    if arguments.github_pages:
        print(
            f"{_shown(repository_of(folder) / WORKFLOW, Path())} publishes the blog whenever it is "
            "pushed to GitHub. Once, in the repository's settings: Pages, Source, GitHub Actions."
        )
    return 0


def _text(name: str) -> str:
    """A file of the skeleton; today is that of a new blog's time zone, lest the note be early."""
    text = (files("paperblog") / "skeleton" / _FILES[name]).read_text(encoding="utf-8")
    return text.replace("DATE", f"{present(Config()):%Y-%m-%d}")


def _publishing(folder: Path, is_there: bool, install: str | None) -> dict[Path, str]:
    """The workflow by its path, for a blog that is there or is about to be."""
    repository = repository_of(folder)
    config = open_site(find_site(str(folder)), None, None).config if is_there else Config()
    install = install or _asked()
    text = workflow(folder, config, read_install(install, repository))
    return {repository / WORKFLOW: text}


def _asked() -> str:
    """What the workflow is to install, from whoever sits at the terminal."""
    if sys.stdin.isatty():
        with contextlib.suppress(EOFError):
            return input(_QUESTION)
    raise PaperblogError(
        "--github-pages needs --install: what the workflow installs, such as paperblog==0.1.0, "
        "a wheel, or git+https://…@v0.1.0"
    )


def _shown(path: Path, base: Path) -> str:
    """A path as seen from a folder."""
    resolved, above = path.resolve(), base.resolve()
    return str(resolved.relative_to(above) if resolved.is_relative_to(above) else path)
