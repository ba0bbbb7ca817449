"""The workflow for GitHub Pages: what `init` writes, and what a build hands on to its steps."""

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from sites import ROOT, TODAY, MakeSite, Site, process, run

FIRST = "---\ntitle: First\ndate: 2020-01-01\n---\nText.\n"
WRONG = "---\ntitle: Wrong\ndate: 2020-01-01\n---\nText with $\\nosuch$ and `` ``` ``.\n"
SOON = "---\ntitle: Soon\ndate: 2026-01-02\n---\nText.\n"
WORKFLOW = ".github/workflows/pages.yml"


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """An empty repository, its branch called trunk."""
    folder = tmp_path / "repository"
    subprocess.run(["git", "init", "-q", "-b", "trunk", str(folder)], check=True)
    return folder


def read(folder: Path) -> Any:
    return yaml.safe_load((folder / WORKFLOW).read_text(encoding="utf-8"))


def steps(workflow: Any, job: str = "build") -> dict[str, Any]:
    """The steps of a job, by what they use or run."""
    listed = workflow["jobs"][job]["steps"]
    return {step.get("uses", step.get("name", "")).partition("@")[0]: step for step in listed}


# ------------------------------------------------------------------ init


def test_init_writes_a_blog_with_its_workflow(repository: Path) -> None:
    done = run("init", str(repository), "--github-pages", "--install", "paperblog==0.1.0")
    assert done.status == 0
    assert (repository / "notes/a-first-note.md").exists()
    workflow = read(repository)
    assert workflow[True]["push"]["branches"] == ["trunk"]
    assert workflow["permissions"] == {}
    assert steps(workflow)["Install paperblog"]["env"]["PAPERBLOG"] == "paperblog==0.1.0"
    assert "fetch-depth" not in steps(workflow)["actions/checkout"]["with"]


def test_only_the_job_that_deploys_may_write(repository: Path) -> None:
    run("init", str(repository), "--github-pages", "--install", "paperblog==0.1.0")
    jobs = read(repository)["jobs"]
    assert jobs["build"]["permissions"] == {"contents": "read", "pages": "read"}
    assert jobs["deploy"]["permissions"] == {"pages": "write", "id-token": "write"}
    assert jobs["deploy"]["if"] == "needs.build.outputs.deploy == 'true'"


def test_a_blog_that_is_there_gets_the_workflow_alone(repository: Path) -> None:
    site = Site(repository / "my blog: 2")
    site.write({"paperblog.toml": 'dates = "git"\ntimezone = "Europe/Berlin"\n', "notes/a.md": ""})
    before = site.written(site.root)
    done = run("init", str(site.root), "--github-pages", "--install", "git+https://a.example/b@v1")
    assert done.status == 0
    assert site.written(site.root) == before
    workflow = read(repository)
    assert workflow[True]["schedule"] == [{"cron": "17 23 * * *"}]
    found = steps(workflow)
    assert found["actions/checkout"]["with"]["fetch-depth"] == 0
    assert found["actions/cache"]["with"]["path"] == "my blog: 2/.paperblog"
    assert found["actions/upload-pages-artifact"]["with"]["path"] == "my blog: 2/site"
    assert found["Build"]["run"].endswith(" 'my blog: 2'")
    assert found["Check every address in the site"]["run"].endswith(" 'my blog: 2'")


def test_a_workflow_is_never_overwritten(repository: Path) -> None:
    arguments = ["init", str(repository), "--github-pages", "--install", "paperblog==0.1.0"]
    assert run(*arguments).status == 0
    (repository / WORKFLOW).write_text("mine", encoding="utf-8")
    again = run(*arguments)
    assert again.status == 2
    assert WORKFLOW in again.err
    assert (repository / WORKFLOW).read_text(encoding="utf-8") == "mine"


def test_without_a_terminal_what_to_install_must_be_given(repository: Path) -> None:
    done = process("init", ".", "--github-pages", cwd=repository)
    assert (done.status, done.out) == (2, "")
    assert "needs --install" in done.err
    assert list(repository.iterdir()) == [repository / ".git"]


@pytest.mark.parametrize(
    ("spec", "written"),
    [
        ("paperblog==1.2.3", "paperblog==1.2.3"),
        ("https://a.example/x/paperblog-1-py3-none-any.whl", None),
        ("git+https://a.example/b.git@0123abc", None),
        ("https://a.example/b.git@v1", "git+https://a.example/b.git@v1"),
        ("git@a.example:b/c.git@v1", "git+ssh://git@a.example/b/c.git@v1"),
        ("paperblog @ git+https://a.example/b@v1", None),
        ("dist/p.whl", "./dist/p.whl"),
        (".", "."),
    ],
)
def test_what_to_install_is_pinned_in_the_workflow(
    repository: Path, monkeypatch: pytest.MonkeyPatch, spec: str, written: str | None
) -> None:
    monkeypatch.chdir(repository)
    Site(repository).write({"dist/p.whl": "", "pyproject.toml": "[project]\n"})
    assert run("init", "--github-pages", "--install", spec).status == 0
    install = steps(read(repository))["Install paperblog"]
    assert install["env"]["PAPERBLOG"] == (written or spec)


@pytest.mark.parametrize(
    "spec",
    [
        "paperblog",
        "paperblog>=1",
        "paperblog==1.*",
        "git+https://a.example/b.git",
        "git+https://a.example/b.git@main",
        "https://a.example/page",
        "https://me:token@a.example/b.git@v1",
        "git+https://token@a.example/b.git@v1",
        "../elsewhere.whl",
        "notes",
        "; rm -rf ~",
    ],
)
def test_what_may_be_another_thing_tomorrow_or_tells_a_secret_is_refused(
    repository: Path, monkeypatch: pytest.MonkeyPatch, spec: str
) -> None:
    monkeypatch.chdir(repository)
    Site(repository).write({"../elsewhere.whl": "", "notes/a.md": FIRST})
    done = run("init", "--github-pages", "--install", spec)
    assert done.status == 2
    assert "--install" in done.err
    assert not (repository / WORKFLOW).exists()


def test_this_repository_has_the_workflow_that_init_writes(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", "-b", "main", str(tmp_path)], check=True)
    (tmp_path / "pyproject.toml").write_bytes((ROOT / "pyproject.toml").read_bytes())
    done = process("init", "--github-pages", "--install", ".", cwd=tmp_path)
    assert done.status == 0
    assert (ROOT / WORKFLOW).read_bytes() == (tmp_path / WORKFLOW).read_bytes()


# ------------------------------------------------------------------ what a build hands on


class Steps:
    """A workflow's run, in which each build is a step."""

    def __init__(self, site: Site, folder: Path) -> None:
        self.site = site
        self.folder = folder
        self.event = folder / "event.json"
        self.event.write_text('{"repository": {"default_branch": "main"}}', encoding="utf-8")
        self.published = folder / "published.txt"
        self.number = 0

    def build(self, event: str = "push", ref: str = "refs/heads/main", **more: str) -> Any:
        """Build as one step; its exit status, outputs, summary and what it printed."""
        self.number += 1
        files = {name: self.folder / f"{name}-{self.number}" for name in ("OUTPUT", "STEP_SUMMARY")}
        done = process(
            *("build", "--format", "github", "--published", str(self.published), "--jobs", "1"),
            cwd=self.site.root,
            **{f"GITHUB_{name}": str(path) for name, path in files.items()},
            **{"GITHUB_EVENT_NAME": event, "GITHUB_REF": ref, "GITHUB_ACTIONS": "true"},
            **{"GITHUB_EVENT_PATH": str(self.event), **more},
        )
        said = [
            path.read_text(encoding="utf-8") if path.exists() else "" for path in files.values()
        ]
        outputs: Mapping[str, str] = dict(line.split("=", 1) for line in said[0].splitlines())
        return done, outputs, said[1]


@pytest.fixture
def in_steps(make_site: MakeSite, tmp_path: Path) -> Steps:
    return Steps(make_site({"paperblog.toml": "", "notes/a.md": FIRST}), tmp_path)


def test_a_push_to_the_default_branch_is_deployed(in_steps: Steps) -> None:
    done, outputs, summary = in_steps.build()
    assert done.status == 0
    assert outputs["deploy"] == "true"
    assert len(outputs["fingerprint"]) == 32
    assert summary.startswith("1 note, ")


@pytest.mark.parametrize(
    ("event", "ref"),
    [
        ("pull_request", "refs/pull/1/merge"),
        ("pull_request", "refs/heads/main"),
        ("push", "refs/heads/other"),
        ("workflow_dispatch", "refs/heads/other"),
        ("push", "refs/tags/v1"),
    ],
)
def test_a_proposal_is_built_and_not_deployed(in_steps: Steps, event: str, ref: str) -> None:
    done, outputs, _ = in_steps.build(event, ref)
    assert (done.status, outputs["deploy"]) == (0, "false")


def test_a_daily_run_deploys_only_what_is_new(in_steps: Steps) -> None:
    in_steps.site.write({"notes/b.md": SOON})
    _, first, summary = in_steps.build("schedule")
    assert first["deploy"] == "true"
    assert "The next note is due on 2026-01-02 00:00 (UTC)." in summary
    in_steps.published.write_text(first["fingerprint"] + "\n", encoding="utf-8")
    assert in_steps.build("schedule")[1]["deploy"] == "false"
    assert in_steps.build("push")[1]["deploy"] == "true"
    tomorrow = str(int(TODAY) + 86400)
    _, later, _ = in_steps.build("schedule", SOURCE_DATE_EPOCH=tomorrow)
    assert later["deploy"] == "true"
    assert later["fingerprint"] != first["fingerprint"]


def test_the_fingerprint_is_that_of_the_bytes(in_steps: Steps, tmp_path: Path) -> None:
    _, cold, _ = in_steps.build()
    _, warm, _ = in_steps.build()
    os.rename(in_steps.site.root, tmp_path / "elsewhere")
    in_steps.site.root = tmp_path / "elsewhere"
    _, moved, _ = in_steps.build()
    assert cold["fingerprint"] == warm["fingerprint"] == moved["fingerprint"]
    _, other, _ = in_steps.build(PAPERBLOG_BASE_URL="https://me.github.io/blog")
    assert other["fingerprint"] != cold["fingerprint"]


def test_errors_are_annotated_summarised_and_never_deployed(in_steps: Steps) -> None:
    in_steps.site.write({"notes/b.md": WRONG})
    done, outputs, summary = in_steps.build(PAPERBLOG_BASE_URL="https://me.github.io/blog")
    assert (done.status, outputs) == (1, {})
    assert "::error file=notes/b.md,line=5," in done.out
    assert "````text\nnotes/b.md:5:12: error[math-undefined]" in summary


def test_a_wrong_configuration_is_annotated_too(in_steps: Steps) -> None:
    in_steps.site.write({"paperblog.toml": "timezone = 'Nowhere'\n"})
    done, outputs, _ = in_steps.build()
    assert (done.status, outputs) == (2, {})
    assert "::error file=paperblog.toml,line=1," in done.out
    assert "::error title=paperblog::paperblog.toml must be mended" in done.out


def test_the_address_of_the_environment_stands_between_the_two_others(in_steps: Steps) -> None:
    site = in_steps.site
    site.write({"paperblog.toml": 'base_url = "https://configured.example/"\n'})
    in_steps.build(PAPERBLOG_BASE_URL="https://me.github.io/blog")
    assert "https://me.github.io/blog/notes/a/" in site.page("sitemap.xml")
    assert 'href="/blog/' in site.page("404.html")
    in_steps.build(PAPERBLOG_BASE_URL="")
    assert "https://configured.example/notes/a/" in site.page("sitemap.xml")
    process(
        *("build", "--jobs", "1", "--base-url", "https://given.example/"),
        cwd=site.root,
        PAPERBLOG_BASE_URL="https://me.github.io/blog",
    )
    assert "https://given.example/notes/a/" in site.page("sitemap.xml")


def test_a_wrong_address_in_the_environment_is_named(in_steps: Steps) -> None:
    done, _, _ = in_steps.build(PAPERBLOG_BASE_URL="me.github.io")
    assert done.status == 2
    assert "paperblog: PAPERBLOG_BASE_URL: " in done.err


def test_outside_of_a_workflow_nothing_is_handed_on(in_steps: Steps) -> None:
    before = sorted(in_steps.folder.iterdir())
    done = process("build", "--format", "github", "--jobs", "1", cwd=in_steps.site.root)
    assert done.status == 0
    assert sorted(in_steps.folder.iterdir()) == before


# ------------------------------------------------------------------ dates from git


def test_dates_from_git_are_refused_in_a_part_of_the_history(repository: Path) -> None:
    Site(repository).write({"paperblog.toml": 'dates = "git"\n', "notes/a.md": "# A\n\nText.\n"})
    who = ["-c", "user.name=A", "-c", "user.email=a@a.example"]
    for command in (["add", "."], [*who, "commit", "-qm", "One"], [*who, "commit", "-qm", "Two"]):
        allowed = ["--allow-empty"] if "commit" in command else []
        subprocess.run(["git", *command, *allowed], cwd=repository, check=True)
    part = repository.parent / "part"
    subprocess.run(["git", "clone", "-q", "--depth=1", repository.as_uri(), part], check=True)
    assert run("check", str(repository), "--jobs", "1").status == 0
    done = run("check", str(part), "--jobs", "1")
    assert done.status == 2
    assert "this clone is shallow" in done.err
