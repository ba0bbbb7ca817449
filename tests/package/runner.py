"""Runs a workflow's own steps in their order, with what GitHub gives to each; actions are played.

The steps' shell lines and expressions come from the YAML as it is. What GitHub's own actions do to
the files of the runner, as far as a site can see it, is done here.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

Values = dict[str, str]


@dataclass
class GitHub:
    """A repository on GitHub, with its caches and its published site."""

    repository: Path
    folder: Path
    base_url: str
    python: Path
    caches: dict[str, Path] = field(default_factory=dict)
    runs: int = 0

    @property
    def published(self) -> Path:
        """What readers see."""
        return self.folder / "published"

    def run(self, event: str, ref: str = "refs/heads/main", **environment: str) -> Run:
        """Run the repository's workflow for an event."""
        self.runs += 1
        run = Run(self, event, ref, self.runs, environment)
        run.all_jobs()
        return run


class StepError(Exception):
    """A step ended with another status than 0."""


class Run:
    """One run of the workflow; `log` is what its steps printed, `done` the jobs that ended well."""

    def __init__(
        self, github: GitHub, event: str, ref: str, number: int, environment: Mapping[str, str]
    ) -> None:
        self.github, self.event, self.ref, self.number = github, event, ref, number
        self.environment = environment
        self.place = github.folder / f"run-{number}"
        self.log = ""
        self.summary = ""
        self.done: list[str] = []
        self._known: Values = {"github.ref": ref, "github.run_id": str(number)}
        self._known |= {"github.run_attempt": "1", "github.event_name": event}
        self._artifact = self.place / "artifact"

    def all_jobs(self) -> None:
        """Run the jobs; one whose condition does not hold or whose need has failed is left out."""
        text = git("show", "HEAD:.github/workflows/pages.yml", cwd=self.github.repository)
        for name, job in yaml.safe_load(text)["jobs"].items():
            needed = job.get("needs")
            if (needed and needed not in self.done) or not self._holds(job):
                continue
            workspace = self.place / name
            workspace.mkdir(parents=True)
            saves: list[tuple[str, Path]] = []
            try:
                for number, step in enumerate(job["steps"]):
                    if self._holds(step):
                        self._step(step, workspace, f"{name}-{number}", saves)
            except StepError:
                continue
            for key, path in saves:
                self._save(key, path)
            for output, value in job.get("outputs", {}).items():
                self._known[f"needs.{name}.outputs.{output}"] = self._filled(value)
            self.done.append(name)

    def _holds(self, part: Mapping[str, Any]) -> bool:
        condition = part.get("if")
        if condition is None:
            return True
        name, _, value = condition.partition(" == ")
        return self._known.get(name, "") == value.strip("'")

    def _filled(self, text: str) -> str:
        return re.sub(r"\$\{\{ ([\w.-]+) \}\}", lambda m: self._known.get(m[1], ""), str(text))

    def _step(
        self, step: Mapping[str, Any], workspace: Path, name: str, saves: list[tuple[str, Path]]
    ) -> None:
        if "run" in step:
            self._shell(step, workspace, name)
            return
        given = {key: self._filled(value) for key, value in step.get("with", {}).items()}
        action = step["uses"].partition("@")[0]
        if action == "actions/checkout":
            depth = [] if given.get("fetch-depth") == "0" else ["--depth=1"]
            git("clone", "-q", *depth, self.github.repository.as_uri(), ".", cwd=workspace)
        elif action == "actions/configure-pages":
            self._known[f"steps.{step['id']}.outputs.base_url"] = self.github.base_url
        elif action in ("actions/cache", "actions/cache/restore"):
            self._restore(given, workspace)
            if action == "actions/cache":
                saves.append((given["key"], workspace / given["path"]))
        elif action == "actions/cache/save":
            self._save(given["key"], workspace / given["path"])
        elif action == "actions/upload-pages-artifact":
            hidden = shutil.ignore_patterns(".*")
            shutil.copytree(workspace / given["path"], self._artifact, ignore=hidden)
        elif action == "actions/deploy-pages":
            shutil.rmtree(self.github.published, ignore_errors=True)
            shutil.copytree(self._artifact, self.github.published)
        else:
            assert action == "actions/setup-python", f"an action that is not known: {action}"

    def _shell(self, step: Mapping[str, Any], workspace: Path, name: str) -> None:
        """A step that runs shell lines, with the shell and the variables that GitHub documents."""
        files = {key: self.place / f"{name}.{key}" for key in ("OUTPUT", "STEP_SUMMARY", "ENV")}
        for path in files.values():
            path.touch()
        event = self.place / "event.json"
        event.write_text(json.dumps({"repository": {"default_branch": "main"}}), encoding="utf-8")
        kept = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
        environment = kept | {
            "PATH": f"{self.github.python}:{os.environ['PATH']}",
            "CI": "true",
            "GITHUB_ACTIONS": "true",
            "GITHUB_EVENT_NAME": self.event,
            "GITHUB_EVENT_PATH": str(event),
            "GITHUB_REF": self.ref,
            "GITHUB_REPOSITORY": "octocat/blog",
            "GITHUB_RUN_ID": str(self.number),
            "GITHUB_SHA": git("rev-parse", "HEAD", cwd=self.github.repository).strip(),
            "GITHUB_WORKSPACE": str(workspace),
            **{f"GITHUB_{key}": str(path) for key, path in files.items()},
            **{key: self._filled(value) for key, value in step.get("env", {}).items()},
            **self.environment,
        }
        script = self.place / f"{name}.sh"
        script.write_text(self._filled(step["run"]), encoding="utf-8")
        done = subprocess.run(
            ["bash", "-e", str(script)],
            cwd=workspace,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=600,
            check=False,
        )
        self.log += done.stdout
        self.summary += files["STEP_SUMMARY"].read_text(encoding="utf-8")
        for line in files["OUTPUT"].read_text(encoding="utf-8").splitlines():
            key, _, value = line.partition("=")
            self._known[f"steps.{step['id']}.outputs.{key}"] = value
        if done.returncode:
            raise StepError

    def _restore(self, given: Mapping[str, str], workspace: Path) -> None:
        """The entry with the key, else the newest whose key begins as asked."""
        matching = [key for key in self.github.caches if key.startswith(given["restore-keys"])]
        keys = [given["key"]] if given["key"] in self.github.caches else matching[-1:]
        for key in keys:
            _copy(self.github.caches[key], workspace / given["path"])

    def _save(self, key: str, path: Path) -> None:
        assert key not in self.github.caches, "an entry of the cache cannot be changed"
        if path.exists():
            kept = self.github.folder / "caches" / key
            _copy(path, kept)
            self.github.caches[key] = kept


def git(*arguments: str, cwd: Path) -> str:
    """Run git and return what it printed."""
    return subprocess.run(
        ["git", *arguments], cwd=cwd, check=True, capture_output=True, text=True
    ).stdout


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target)
    else:
        shutil.copy(source, target)
