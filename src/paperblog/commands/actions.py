"""What a build hands on in a GitHub workflow: outputs for the next steps, a summary for people."""

import json
import os
import re
from collections.abc import Mapping
from hashlib import blake2b
from pathlib import Path

from paperblog.model.diagnostic import PaperblogError

# A summary may have 1 MiB, and nobody reads so far.
_LONGEST = 100_000
_PROPOSALS = ("pull_request", "pull_request_target", "merge_group")


def hand_on(words: Mapping[str, object], closing: str, output: str, published: str | None) -> None:
    """Write what later steps ask for, where this is a step of a workflow.

    The outputs are `fingerprint`, which names the bytes of the site, and `deploy`, which says
    whether they are to be published: not for a proposal, not from a branch beside the default
    one, and not by the clock while the site is the one whose fingerprint the file `published`
    holds. A build with errors has no outputs.

    Source: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
    """
    _summarize(words, closing)
    target = os.environ.get("GITHUB_OUTPUT")
    if not target or words["status"]:
        return
    fingerprint = fingerprint_of(Path(output))
    is_new = published is None or _content(published) != fingerprint
    deploy = _may_deploy() and (is_new or os.environ.get("GITHUB_EVENT_NAME") != "schedule")
    _append(target, f"fingerprint={fingerprint}\ndeploy={'true' if deploy else 'false'}\n")


def fingerprint_of(folder: Path) -> str:
    """Names the files of a folder and their bytes; hidden ones are not published."""
    hasher = blake2b(digest_size=16)
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and not any(part.startswith(".") for part in name.split("/")):
            content = path.read_bytes()
            hasher.update(f"{name}\0{len(content)}\0".encode(errors="surrogateescape"))
            hasher.update(content)
    return hasher.hexdigest()


def _summarize(words: Mapping[str, object], closing: str) -> None:
    target = os.environ.get("GITHUB_STEP_SUMMARY")
    if not target:
        return
    text = str(words["summary"])
    if len(text) > _LONGEST:
        text = text[:_LONGEST].rpartition("\n")[0] + "\n…\n"
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    block = f"\n{fence}text\n{text}{fence}\n" if text else ""
    _append(target, f"{closing[:1].upper()}{closing[1:]}.\n{block}")


def _may_deploy() -> bool:
    """Whether what is built here is what the site's readers are to see."""
    if os.environ.get("GITHUB_EVENT_NAME") in _PROPOSALS:
        return False
    default = _default_branch()
    return not default or os.environ.get("GITHUB_REF") == f"refs/heads/{default}"


def _default_branch() -> str:
    """The repository's default branch, where the event that began the workflow tells it."""
    try:
        with open(os.environ.get("GITHUB_EVENT_PATH", ""), encoding="utf-8") as file:
            return str(json.load(file)["repository"]["default_branch"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def _content(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""


def _append(path: str, text: str) -> None:
    try:
        with open(path, "a", encoding="utf-8", errors="backslashreplace") as file:
            file.write(text)
    except OSError as error:
        raise PaperblogError(f"{path} cannot be written: {error.strerror}") from error
