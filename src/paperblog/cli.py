"""The command line: from arguments to a command; each is imported only when it is called."""

import argparse
import atexit
import gc
import importlib
import sys
from collections.abc import Sequence
from typing import NoReturn

from paperblog import __version__
from paperblog.model.status import ERRORS, INTERRUPTED, MISUSE, OUR_BUG

_COMMANDS = ("init", "new", "build", "serve", "check", "publish")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return the exit status.

    0: clean. 1: errors in the notes. 2: wrong use, configuration or environment. 3: our bug, a
    traceback. 130: interrupted.
    """
    parsed = _parser().parse_args(arguments)
    # The end of the process frees all memory; Python would look through it for garbage before.
    atexit.register(gc.freeze)
    command = importlib.import_module(f"paperblog.commands.{parsed.command}")
    try:
        status: int = command.run(parsed)
        return status
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        sys.stderr.close()
        return ERRORS
    except Exception as error:
        from paperblog.model.diagnostic import PaperblogError

        if isinstance(error, PaperblogError):
            from paperblog.commands.printing import print_failure

            print_failure(error, getattr(parsed, "format", "text"))
            return MISUSE
        import traceback

        traceback.print_exc()
        print(
            "\nThis is a bug in paperblog, not in your notes. Please report it with these lines.",
            file=sys.stderr,
        )
        return OUR_BUG


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.exit(MISUSE, f"{self.prog}: {message}\n\n{self.format_usage()}")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="paperblog",
        description="A static site generator for notes on research papers, with typeset math.",
    )
    parser.add_argument("--version", action="version", version=f"paperblog {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name in _COMMANDS:
        _ADD[name](commands)
    return parser


def _add_init(commands: "argparse._SubParsersAction[_Parser]") -> None:
    parser = commands.add_parser("init", help="begin a new blog")
    parser.add_argument(
        "folder", nargs="?", default=".", metavar="DIR", help="where (default: here)"
    )
    parser.add_argument(
        "--github-pages",
        action="store_true",
        help="add a workflow that publishes the blog to GitHub Pages; to a blog that is there, too",
    )
    parser.add_argument(
        "--install",
        metavar="SPEC",
        help="what the workflow installs: paperblog==VERSION, a wheel, or git+https://…@TAG",
    )


def _add_new(commands: "argparse._SubParsersAction[_Parser]") -> None:
    parser = commands.add_parser("new", help="begin a new note")
    parser.add_argument("title", help="the note's title")
    _add_site(parser)


def _add_build(commands: "argparse._SubParsersAction[_Parser]") -> None:
    parser = commands.add_parser("build", help="build the site")
    _add_site(parser)
    parser.add_argument("-o", "--output", help="the output folder (default: site/ in the site)")
    _add_selection(parser)
    parser.add_argument(
        "--keep-going", action="store_true", help="write the site even with errors in the notes"
    )
    parser.add_argument(
        "--clean", action="store_true", help="delete what else is in the output folder"
    )
    parser.add_argument(
        "--portable",
        action="store_true",
        help="link to files, so that pages open from disk (without the search)",
    )
    parser.add_argument(
        "--verify",
        action="store_true",
        help="build cold beside the output too, and compare both byte for byte",
    )
    parser.add_argument(
        "--published",
        metavar="FILE",
        help="holds the fingerprint of the published site, to see whether this one differs",
    )


def _add_check(commands: "argparse._SubParsersAction[_Parser]") -> None:
    parser = commands.add_parser("check", help="report what is wrong, and write nothing")
    parser.add_argument(
        "paths",
        nargs="*",
        metavar="PATH",
        help="the site's folder, or notes to be checked alone (default: the site here or above)",
    )
    parser.add_argument(
        "--built",
        nargs="?",
        const="",
        metavar="FOLDER",
        help="look up every address in the built site, too (default: site/ in the site)",
    )
    parser.add_argument(
        "--online", action="store_true", help="ask for the links to other sites, too"
    )
    parser.add_argument(
        "--portable", action="store_true", help="with --built: as pages are opened from disk"
    )
    _add_selection(parser)


def _add_serve(commands: "argparse._SubParsersAction[_Parser]") -> None:
    parser = commands.add_parser("serve", help="build, serve and follow changes")
    _add_site(parser)
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on")
    parser.add_argument(
        "--port", type=_port, default=8000, help="the port (the next free one if it is taken)"
    )
    parser.add_argument("--search", action="store_true", help="index the site for its search too")


def _add_publish(commands: "argparse._SubParsersAction[_Parser]") -> None:
    parser = commands.add_parser("publish", help="commit the site to a branch of a git remote")
    _add_site(parser)
    parser.add_argument("--remote", default="origin", help="the remote, by its name or address")
    parser.add_argument("--branch", default="gh-pages", help="the branch")
    parser.add_argument("--base-url", metavar="URL", help="where the site is published")
    parser.add_argument(
        "--history",
        choices=("keep", "replace"),
        default="keep",
        help="add a commit to the branch, or replace all that it has by one",
    )
    parser.add_argument("--message", help="the message of the commit")
    parser.add_argument(
        "--dry-run", action="store_true", help="say what would change, and publish nothing"
    )
    parser.add_argument("--clean", action="store_true", help="delete what else is on the branch")


def _add_site(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "site", nargs="?", metavar="SITE", help="the site's folder (default: here or above)"
    )


def _add_selection(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--base-url", metavar="URL", help="where the site is published")
    parser.add_argument("--drafts", action="store_true", help="publish drafts too")
    parser.add_argument(
        "--future", action="store_true", help="publish notes whose date has not come"
    )
    parser.add_argument("--no-cache", action="store_true", help="remember nothing")
    parser.add_argument("--jobs", type=_jobs, metavar="N", help="processes (default: all cores)")
    parser.add_argument(
        "--format",
        choices=("text", "json", "github", "sarif"),
        default="text",
        help="how the report is written",
    )


def _jobs(text: str) -> int:
    if text.isdecimal() and 1 <= int(text) <= 256:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 to 256")


def _port(text: str) -> int:
    if text.isdecimal() and 0 <= int(text) <= 65535:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} is not a port")


_ADD = {
    "init": _add_init,
    "new": _add_new,
    "build": _add_build,
    "serve": _add_serve,
    "check": _add_check,
    "publish": _add_publish,
}
