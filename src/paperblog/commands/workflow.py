"""The GitHub workflow that publishes a site: where it goes, what it installs, what it says."""

import json
import re
import shlex
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

from paperblog.adapters.git import Git
from paperblog.model.config import Config
from paperblog.model.diagnostic import PaperblogError

WORKFLOW = ".github/workflows/pages.yml"

_BUILD = "paperblog build --format github --published published.txt"
_CHECK = "paperblog check --built --format github"
_VERSION = re.compile(r"[A-Za-z0-9][\w.-]*(\[[\w.,\s-]+\])?\s*===?\s*[\w.!+-]+")
_YAML_WORDS = {"true", "false", "null", "yes", "no", "on", "off", "y", "n"}
_MOVING = {"HEAD", "main", "master", "develop", "trunk"}
_FORMS = (
    "name an exact version (paperblog==0.1.0), the address or file of a wheel, "
    "or a tag or commit of a repository (git+https://…@v0.1.0)"
)


def repository_of(folder: Path) -> Path:
    """The root of the repository that holds a folder; the folder itself where there is none."""
    return Git(_nearest(folder)).root() or folder.resolve()


def workflow(folder: Path, config: Config, install: str) -> str:
    """The workflow for the site in a folder; `install` is what `read_install` gives."""
    repository = repository_of(folder)
    inner = folder.resolve().relative_to(repository).as_posix()
    prefix = "" if inner == "." else f"{inner}/"
    argument = f" {shlex.quote(inner)}" if prefix else ""
    text = (files("paperblog") / "skeleton" / "pages.yml").read_text(encoding="utf-8")
    values = {
        "__BRANCH__": _quoted(Git(repository).default_branch() or "main"),
        "__CRON__": _cron(config),
        "__ZONE__": config.timezone,
        "__DEPTH__": "fetch-depth: 0 # the dates of notes come from git\n          "
        if config.dates == "git"
        else "",
        "__INSTALL__": _quoted(install),
        "__SITE__.paperblog": _quoted(f"{prefix}.paperblog"),
        "__SITE__site": _quoted(f"{prefix}site"),
        "__BUILD__": _quoted(_BUILD + argument),
        "__CHECK__": _quoted(_CHECK + argument),
    }
    for mark, value in values.items():
        text = text.replace(mark, value)
    return text


def read_install(spec: str, repository: Path) -> str:
    """What pip is to install, so that every run installs the same; a file by its path in there.

    Raises:
        PaperblogError: it is nothing that pip installs, or may be another thing tomorrow.
    """
    spec = spec.strip()
    if re.match(r"[\w.-]+\s*@\s", spec):
        name, _, address = spec.partition("@")
        return f"{name.strip()} @ {read_install(address, repository)}"
    if re.match(r"git\+|\S+@\S+:|\w+://\S+\.git(@|$)", spec):
        return _git_address(spec)
    if re.match(r"https?://", spec):
        _without_secrets(spec)
        if PurePosixPath(urlsplit(spec).path).suffix in (".whl", ".gz", ".zip"):
            return spec
    elif Path(spec).exists():
        return _file(Path(spec), repository)
    elif _VERSION.fullmatch(spec):
        return spec
    raise PaperblogError(f"--install {spec}: {_FORMS}")


def _nearest(folder: Path) -> Path:
    """The folder, or the first above it that is there."""
    return next(path for path in (folder.resolve(), *folder.resolve().parents) if path.is_dir())


def _git_address(spec: str) -> str:
    address = spec.removeprefix("git+")
    if "://" not in address:
        host, _, path = address.partition(":")
        address = f"ssh://{host}/{path}"
    _without_secrets(address)
    path, _, revision = urlsplit(address).path.rpartition("@")
    if not path or not revision or revision in _MOVING:
        raise PaperblogError(f"--install {spec} may be another thing tomorrow: {_FORMS}")
    return f"git+{address}"


def _without_secrets(address: str) -> None:
    parts = urlsplit(address)
    if parts.password or (parts.username and parts.scheme in ("http", "https")):
        raise PaperblogError("--install holds a password or token, which a workflow must not show")


def _file(path: Path, repository: Path) -> str:
    is_source = (path / "pyproject.toml").is_file()
    if not is_source and not (path.is_file() and path.suffix in (".whl", ".gz", ".zip")):
        raise PaperblogError(f"--install {path}: {_FORMS}")
    if not path.resolve().is_relative_to(repository):
        raise PaperblogError(f"--install {path} is not in the repository, so no workflow finds it")
    inner = path.resolve().relative_to(repository).as_posix()
    return "." if inner == "." else f"./{inner}"


def _cron(config: Config) -> str:
    """Once a day, after midnight in the site's zone both in winter and in summer."""
    zone = config.zone()
    hours = [
        datetime(2025, month, 15, tzinfo=zone).astimezone(UTC).strftime("%H:%M") for month in (1, 7)
    ]
    first, second = sorted(hours)
    # Where one of them is before midnight in UTC and the other after it, the latter is later.
    late = first if int(second[:2]) - int(first[:2]) > 12 else second
    minute = int(late[:2]) * 60 + int(late[3:]) + 17
    return f"{minute % 60} {minute // 60 % 24} * * *"


def _quoted(text: str) -> str:
    """A YAML scalar: plain where nothing in it has a meaning, else as JSON, which YAML includes."""
    if re.fullmatch(r"[A-Za-z./][\w./ =-]*", text) and text.lower() not in _YAML_WORDS:
        return text
    return json.dumps(text, ensure_ascii=False)
