"""Measure the pages of the lab's blog as readers meet them: `make audit`.

Every kind of page, on a host that compresses and sends a Content-Security-Policy: how heavy it is,
whether axe, the Nu checker and html-validate find a fault, and what Lighthouse gives a phone.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
TOOLS = HERE / "node_modules"
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
sys.path[:0] = [str(HERE), str(HERE.parent)]

from heavy import heavy_note  # noqa: E402
from host import hosted  # noqa: E402

PAGES = {
    "home": "",
    "a note": "notes/linformer/",
    "every component": "notes/components/",
    "27 formulas": "notes/reformer/",
    "390 formulas": "notes/heavy/",
    "code": "notes/numpy-vs-matlab-reshape/",
    "a video": "notes/covid-per-capita/",
    "in Hebrew": "notes/hebrew/",
    "in Japanese": "notes/japanese/",
    "a page": "about/",
    "the archive": "archive/",
    "a year": "2020/",
    "a month": "2020/07/",
    "a category": "category/transformers/",
    "categories": "categories/",
    "tags": "tags/",
    "an author": "author/ou-tulsa-lab/",
    "papers": "papers/",
    "search": "search/",
    "nothing there": "nothing/there/",
}
# A missing address is answered with the status 404, as it must be: search engines leave that page
# out, and browsers log the status as an error.
EXEMPT = {("nothing there", "seo"), ("nothing there", "best-practices")}
LEAST = {"390 formulas": 0.95}
TWENTY = "27 formulas"
MOST_BYTES, MOST_REQUESTS = 120_000, 10
MOST_SCRIPT, MOST_EARLY = 10_000, 500
MOST_SHIFT = 0.02

# KaTeX lets a strut have less than no height, which browsers ignore.
OF_KATEX = "CSS: “height”: “-"
# The corner of a table in Markdown may be empty, and is a header all the same.
RULES_OF_AXE = {"empty-table-header": {"enabled": False}}


def main() -> None:
    """Print every figure; the status is 1 where one is not as promised."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=[name for name, _ in AUDITS], action="append")
    parser.add_argument("--page", choices=list(PAGES), action="append")
    wanted = parser.parse_args()
    pages = {name: PAGES[name] for name in wanted.page or PAGES}
    faults = 0
    with tempfile.TemporaryDirectory() as folder:
        site = build(Path(folder))
        with hosted(site) as (home, sent):
            for name, audit in AUDITS:
                if wanted.only is None or name in wanted.only:
                    print(f"\n== {name}", flush=True)
                    for page, line, holds in audit(pages, site, home, sent):
                        faults += not holds
                        mark = "   " if holds else "!! "
                        print(f"{mark}{page:16} {line}", flush=True)
    print(f"\n{faults} not as promised" if faults else "\neverything as promised")
    sys.exit(1 if faults else 0)


def build(folder: Path) -> Path:
    """The lab's blog, with notes that hold every component and one of 390 formulas."""
    for name in ("notes", "pages"):
        shutil.copytree(ROOT / name, folder / name)
    shutil.copytree(HERE / "notes", folder / "notes", dirs_exist_ok=True)
    shutil.copy(ROOT / "pyproject.toml", folder)
    (folder / "notes" / "heavy.md").write_text(heavy_note(ROOT), encoding="utf-8")
    command = [sys.executable, "-m", "paperblog", "build", str(folder), "-o", str(folder / "site")]
    environment = {**os.environ, "SOURCE_DATE_EPOCH": "1767225600"}
    subprocess.run([*command, "--base-url", "https://example.org/"], check=True, env=environment)
    return folder / "site"


Line = tuple[str, str, bool]
"""A page, what was found on it, and whether that is as promised."""


def weight(pages: dict[str, str], site: Path, home: str, sent: dict[str, int]) -> Iterator[Line]:
    """Bytes on the wire and requests, the shift of the layout, and who else is asked."""
    with browser() as chromium:
        for name, address in pages.items():
            tab = chromium.new_page(viewport={"width": 412, "height": 823})
            asked: list[str] = []
            violations: list[str] = []
            tab.on("request", lambda request, asked=asked: asked.append(request.url))
            tab.on("console", lambda said, v=violations: _note_violation(said.text, v))
            tab.add_init_script(
                "addEventListener('securitypolicyviolation', e => console.error("
                "'Content Security Policy: ' + e.violatedDirective + ' ' + e.blockedURI));"
                "window.shift = 0; new PerformanceObserver(list => {"
                "for (const e of list.getEntries()) if (!e.hadRecentInput) shift += e.value"
                "}).observe({type: 'layout-shift', buffered: true})"
            )
            tab.goto(home + address, wait_until="networkidle")
            tab.mouse.wheel(0, 4000)
            tab.wait_for_timeout(200)
            shift = tab.evaluate("shift")
            tab.close()
            own = [url for url in asked if url.startswith(home)]
            foreign = [url for url in asked if url not in own and not url.startswith("data:")]
            size = sum(sent.get(url.removeprefix(home.rstrip("/")), 0) for url in own)
            line = f"{size / 1000:6.1f} kB, {len(own):2} requests, layout shift {shift:.3f}"
            holds = not foreign and not violations and shift < MOST_SHIFT
            if name == TWENTY:
                holds = holds and size < MOST_BYTES and len(own) <= MOST_REQUESTS
            yield name, "; ".join([line, *foreign, *violations]), holds
    for kind, most in (("theme-early", MOST_EARLY), ("theme", MOST_SCRIPT)):
        path = next((site / "assets").glob(f"{kind}.*.js"))
        size = path.stat().st_size
        yield "script", f"{kind}.js {size} bytes", size < most


def _note_violation(said: str, violations: list[str]) -> None:
    if "Content Security Policy" in said:
        violations.append(said)


def accessibility(
    pages: dict[str, str], site: Path, home: str, sent: dict[str, int]
) -> Iterator[Line]:
    """What axe finds: light, dark, and 320 pixels wide."""
    with browser() as chromium:
        for name, address in pages.items():
            found = []
            for scheme, width in (("light", 1280), ("dark", 1280), ("light", 320)):
                context = chromium.new_context(
                    viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True
                )
                tab = context.new_page()
                tab.goto(home + address)
                tab.add_script_tag(path=str(AXE))
                result = tab.evaluate("rules => axe.run({rules})", RULES_OF_AXE)
                found += [
                    f"{scheme} {width}: {fault['id']} {fault['nodes'][0]['html'][:90]}"
                    for fault in result["violations"]
                ]
                context.close()
            yield name, "; ".join(found) or "no violation", not found


def markup(pages: dict[str, str], site: Path, home: str, sent: dict[str, int]) -> Iterator[Line]:
    """What the Nu checker and html-validate say of every HTML file."""
    files = {name: site / address / "index.html" for name, address in pages.items()}
    files = {name: path if path.exists() else site / "404.html" for name, path in files.items()}
    yield from _nu(files)
    program = TOOLS / "html-validate" / "bin" / "html-validate.mjs"
    options = ["--formatter=json", f"--config={HERE / 'htmlvalidate.json'}"]
    done = subprocess.run(
        ["node", str(program), *options, *map(str, files.values())],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode not in (0, 1):
        raise SystemExit(f"html-validate failed: {done.stderr}")
    found = {entry["filePath"]: entry["messages"] for entry in json.loads(done.stdout)}
    for name, path in files.items():
        said = [f"{m['ruleId']}:{m['line']} {m['message'][:110]}" for m in found.get(str(path), [])]
        yield name, "html-validate: " + ("; ".join(dict.fromkeys(said)) or "no error"), not said


def _nu(files: dict[str, Path]) -> Iterator[Line]:
    if shutil.which("java") is None:
        yield "every page", "Nu checker: skipped, Java is not here", True
        return
    jar = TOOLS / "vnu-jar" / "build" / "dist" / "vnu.jar"
    command = ["java", "-Xss4m", "-jar", str(jar), "--format", "json", "--exit-zero-always"]
    done = subprocess.run(
        [*command, *map(str, files.values())], capture_output=True, text=True, check=True
    )
    messages = [
        message
        for message in json.loads(done.stderr)["messages"]
        if message["type"] == "error" and not message["message"].startswith(OF_KATEX)
    ]
    for name, path in files.items():
        said = [
            f"{message.get('lastLine')}: {message['message'][:120]}"
            for message in messages
            if message.get("url", "").endswith(str(path))
        ]
        yield name, "Nu checker: " + ("; ".join(dict.fromkeys(said)) or "no error"), not said


def lighthouse(
    pages: dict[str, str], site: Path, home: str, sent: dict[str, int]
) -> Iterator[Line]:
    """Lighthouse's four figures for a phone; the best of three where a load gets in the way."""
    for name, address in pages.items():
        best: dict[str, float] = {}
        for _ in range(3):
            scores = _scores(home + address)
            best = {key: max(value, best.get(key, 0)) for key, value in scores.items()}
            if best["performance"] >= LEAST.get(name, 1):
                break
        wanted = {key: 1.0 for key in best if (name, key) not in EXEMPT}
        wanted["performance"] = LEAST.get(name, 1.0)
        holds = all(best[key] >= least for key, least in wanted.items())
        yield name, ", ".join(f"{key} {value:.2f}" for key, value in best.items()), holds


def _scores(url: str) -> dict[str, float]:
    with tempfile.NamedTemporaryFile(suffix=".json") as report:
        subprocess.run(
            [
                "node",
                str(TOOLS / "lighthouse" / "cli" / "index.js"),
                url,
                "--quiet",
                "--output=json",
                f"--output-path={report.name}",
                "--only-categories=performance,accessibility,best-practices,seo",
                "--ignore-status-code",
                "--chrome-flags=--headless --no-sandbox --disable-gpu",
            ],
            check=True,
            capture_output=True,
            env={**os.environ, "CHROME_PATH": _chromium()},
        )
        categories = json.load(report)["categories"]
    return {key: category["score"] or 0 for key, category in categories.items()}


@contextmanager
def browser() -> Iterator[Any]:
    """A browser for as long as it is needed."""
    with sync_playwright() as driver:
        chromium = driver.chromium.launch(
            executable_path=_chromium(), args=["--no-sandbox", "--disable-gpu"]
        )
        yield chromium
        chromium.close()


def _chromium() -> str:
    found = filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome")))
    return next(found)


AUDITS: list[tuple[str, Callable[..., Iterator[Line]]]] = [
    ("weight", weight),
    ("accessibility", accessibility),
    ("markup", markup),
    ("lighthouse", lighthouse),
]


if __name__ == "__main__":
    main()
