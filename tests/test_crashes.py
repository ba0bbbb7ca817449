"""Crashes: builds that are killed, are not alone, find no room, or a cache that is not sound."""

import io
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from effort import dice, tried, tries
from PIL import Image
from sites import MakeSite, Site, process

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="needs signals of POSIX"),
    pytest.mark.usefixtures("one_engine"),
]

NOTES = 34
"""More than one chunk of work, so that there are workers to be left behind."""
PLAIN = 'title = "T"\nsearch = false\nsocial_cards = false\n'
"""Without what takes long; an edit asks for it now and then."""

# Does something at the n-th step that touches the disk: a clock would seldom hit them.
AT_STEP = """
import os, signal, shutil, sys
left = [int(sys.argv.pop(1))]
def count(event, arguments):
    if event in ("os.rename", "os.remove", "os.mkdir", "os.rmdir", "sqlite3.connect") or (
        event == "open" and isinstance(arguments[1], str) and set(arguments[1]) & set("wa+")
    ):
        left[0] -= 1
        if left[0] == -1:
            {}
sys.addaudithook(count)
from paperblog.cli import main
sys.exit(main())
"""
KILL_AT_STEP = AT_STEP.format("os.kill(os.getpid(), signal.SIGKILL)")
DELETE_AT_STEP = AT_STEP.format("shutil.rmtree('site')")


def many_notes(rng: random.Random) -> dict[str, str]:
    return {f"notes/n{number}.md": text_of_a_note(rng, number) for number in range(NOTES)}


def text_of_a_note(rng: random.Random, number: int) -> str:
    other = rng.randrange(NOTES)
    return (
        f"---\ntitle: Note {rng.randrange(1000)}\ndate: 20{rng.randrange(10, 25)}-01-01\n"
        f"tags: [t{rng.randrange(4)}]\nslug: {rng.choice('abc')}{number}\n---\n"
        f"See [[n{other}]]. $x_{{{rng.randrange(100)}}}$\n\n```python\nx = {rng.random()}\n```\n"
    )


def edit(rng: random.Random, site: Site) -> None:
    """Change some notes, remove one or bring it back, and now and then what every page shows."""
    for number in rng.sample(range(NOTES), 3):
        site.write({f"notes/n{number}.md": text_of_a_note(rng, number)})
    extra = "notes/extra.md"
    if (site.root / extra).exists():
        site.remove(extra)
    else:
        site.write({extra: text_of_a_note(rng, NOTES)})
    if rng.random() < 0.3:
        title = f'title = "T{rng.randrange(100)}"\nbase_url = "https://t.example/"\n'
        site.write({"paperblog.toml": title})


def assert_right(site: Site) -> None:
    """The next build gives what a cold one gives, and leaves nothing lying about."""
    result = site.build("--keep-going")
    cold = site.root.parent / "cold"
    shutil.rmtree(cold, ignore_errors=True)
    fresh = site.build("--keep-going", "--no-cache", "-o", str(cold))
    assert (result.status, result.err) == (fresh.status, fresh.err)
    assert site.written() == site.written(cold)
    assert "0 written" in site.build("--keep-going").out


# ------------------------------------------------------------------ killed


@pytest.mark.katex
@pytest.mark.random
@pytest.mark.parametrize("way", ["by the clock", "at a step"])
def test_after_a_kill_at_any_moment_the_next_build_is_right(make_site: MakeSite, way: str) -> None:
    rng = dice(way)
    site = make_site({"paperblog.toml": PLAIN, **many_notes(rng)})
    begun = time.monotonic()
    assert start(site).wait(60) == 0
    longest = time.monotonic() - begun
    killed = 0
    for _ in range(tries(5)):
        if rng.random() < 0.3:
            site.remove(".paperblog")
        if rng.random() < 0.1:
            site.remove("site")
        edit(rng, site)
        before = killed
        for _ in range(rng.choice([1, 1, 2])):
            if way == "at a step":
                build = start(site, KILL_AT_STEP, str(int(rng.expovariate(1 / 60))))
                killed += build.wait(60) == -signal.SIGKILL
            else:
                build = start(site)
                with suppress(subprocess.TimeoutExpired):
                    build.wait(rng.uniform(0, longest))
                build.kill()
                killed += build.wait(60) == -signal.SIGKILL
            await_end_of_group(build.pid)
        assert_right(site)
        tried("builds killed", killed - before)
    assert killed


@pytest.mark.katex
@pytest.mark.random
def test_an_output_folder_that_vanishes_during_a_build_is_named_in_one_sentence(
    make_site: MakeSite,
) -> None:
    rng = dice("vanishing")
    site = make_site({"paperblog.toml": PLAIN, **many_notes(rng)})
    said = ""
    for _ in range(tries(3)):
        assert site.build("--keep-going").status == 0
        edit(rng, site)
        arguments = (str(int(rng.uniform(0, 100))), "build", "--keep-going", "--jobs", "1")
        result = process(*arguments, cwd=site.root, python=("-c", DELETE_AT_STEP))
        assert result.status in (0, 2), result.err
        if result.status == 2:
            assert len(result.err.splitlines()) == 1
            assert str(site.output) in result.err
            said = result.err
        assert_right(site)
        tried("output folders deleted during a build")
    assert said


def start(site: Site, script: str = "", *arguments: str) -> "subprocess.Popen[bytes]":
    python = ["-c", script, *arguments] if script else ["-m", "paperblog"]
    return subprocess.Popen(
        [sys.executable, *python, "build", "--keep-going", "--jobs", "2"],
        cwd=site.root,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def await_end_of_group(group: int) -> None:
    """Workers end soon after the build that they worked for."""
    end = time.monotonic() + 20
    while time.monotonic() < end:
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return
        time.sleep(0.02)
    os.killpg(group, signal.SIGKILL)
    pytest.fail("workers stay behind")


# ------------------------------------------------------------------ not alone


@pytest.mark.katex
def test_builds_at_the_same_time_take_turns(make_site: MakeSite) -> None:
    rng = dice("turns")
    site = make_site({"paperblog.toml": PLAIN, **many_notes(rng)})
    for _ in range(2):
        builds = [start(site) for _ in range(3)]
        assert [build.wait(120) for build in builds] == [0, 0, 0]
        edit(rng, site)
    assert_right(site)


def test_a_build_that_waits_says_so(make_site: MakeSite) -> None:
    site = make_site({"notes/a.md": "# A\n"})
    assert site.build().status == 0
    site.write({"notes/a.md": "# B\n"})
    hold = (
        "from pathlib import Path; from paperblog.adapters.turn import take_turn\n"
        "with take_turn(Path('.paperblog'), lambda: None): print(flush=True); input()"
    )
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with (
        subprocess.Popen([sys.executable, "-c", hold], cwd=site.root, **pipes) as held,
        subprocess.Popen([sys.executable, "-m", "paperblog", "build"], cwd=site.root, **pipes) as b,
    ):
        assert held.stdout
        assert b.stderr
        held.stdout.readline()
        said = b.stderr.readline()
        assert said == b"Another build of this site is at work; this one waits for it.\n"
        assert b.poll() is None
        held.communicate(b"\n")
        assert b.wait(60) == 0
    assert "B" in site.page("notes/a/")


# ------------------------------------------------------------------ no room


@pytest.fixture
def small_disk(require: Callable[[object, str], None]) -> Iterator[Callable[[int], Path]]:
    """A file system of some kilobytes, where this user may mount one."""
    with tempfile.TemporaryDirectory() as folder:

        def mount(kilobytes: int) -> Path:
            options = ["-o", f"size={kilobytes}k", "tmpfs", folder]
            command = ["mount", "-t", "tmpfs", *options]
            done = (
                shutil.which("mount")
                and not subprocess.run(command, capture_output=True).returncode
            )
            require(done, "the right to mount a file system")
            return Path(folder)

        yield mount
        subprocess.run(["umount", "--lazy", folder], capture_output=True, check=False)


@pytest.mark.katex
@pytest.mark.parametrize("options", [(), ("--no-cache",)])
def test_a_full_disk_is_one_sentence_and_leaves_the_last_good_site(
    small_disk: Callable[[int], Path], options: tuple[str, ...]
) -> None:
    rng = dice("disk")
    site = Site(small_disk(6000) / "blog")
    site.write({"paperblog.toml": PLAIN, **many_notes(rng)})
    assert site.build("--keep-going", *options).status == 0
    before = site.written()
    edit(rng, site)
    site.write({"paperblog.toml": 'title = "Another title"\n'})
    filling = site.root / "filling"
    with filling.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(bytes(4096))
    result = site.build("--keep-going", *options)
    assert result.status == 2
    assert "cannot be written: " in result.err
    assert len(result.err.splitlines()) == 1
    assert site.written() == before
    filling.unlink()
    result = site.build("--keep-going", *options)
    assert result.status == 0
    assert "Another title" in site.page("")


@pytest.mark.katex
@pytest.mark.parametrize("kilobytes", [0, 8, 100])
def test_a_file_that_may_not_grow_is_one_sentence(make_site: MakeSite, kilobytes: int) -> None:
    rng = dice("limit")
    site = make_site({"paperblog.toml": PLAIN, **many_notes(rng)})
    assert site.build("--keep-going").status == 0
    before = site.written()
    edit(rng, site)
    site.write({"paperblog.toml": 'title = "Another title"\n'})
    limit = (
        "import resource, sys; from paperblog.cli import main; "
        f"resource.setrlimit(resource.RLIMIT_FSIZE, ({kilobytes * 1024},) * 2); sys.exit(main())"
    )
    result = process("build", "--keep-going", cwd=site.root, python=("-c", limit))
    assert result.status in (0, 2), result.err
    if result.status == 2:
        assert len(result.err.splitlines()) == 1
        assert "cannot be written: " in result.err
        assert site.written() == before
    assert_right(site)


@pytest.fixture
def read_only(require: Callable[[object, str], None]) -> Iterator[Callable[[Path], None]]:
    """Makes a folder unwritable; the superuser heeds no modes, so it gets a mount."""
    mounted: list[Path] = []

    def protect(folder: Path) -> None:
        if os.getuid():
            for path in [folder, *folder.rglob("*")]:
                path.chmod(0o555 if path.is_dir() else 0o444)
            return
        mount = ["mount", "--bind", str(folder), str(folder)]
        done = shutil.which("mount") and not subprocess.run(mount, capture_output=True).returncode
        require(done, "the right to mount a file system")
        mounted.append(folder)
        subprocess.run(["mount", "-o", "remount,ro,bind", str(folder)], check=True)

    yield protect
    for folder in mounted:
        subprocess.run(["umount", str(folder)], check=True)


@pytest.mark.katex
@pytest.mark.parametrize("name", ["site", ".paperblog", "."])
def test_a_folder_that_may_not_be_written_is_one_sentence(
    make_site: MakeSite, read_only: Callable[[Path], None], name: str
) -> None:
    site = make_site({"notes/a.md": "# A\n\n$x$\n"})
    assert site.build().status == 0
    before = site.written()
    site.write({"notes/a.md": "# B\n\n$y$\n"})
    read_only(site.root / name)
    result = process("build", cwd=site.root)
    assert result.status == 2, (result.out, result.err)
    assert len(result.err.splitlines()) == 1
    assert "cannot be written: " in result.err
    assert site.written() == before
    elsewhere = site.root.parent / "elsewhere"
    assert process("build", "--no-cache", "-o", str(elsewhere), cwd=site.root).status == 0


# ------------------------------------------------------------------ unsound


@pytest.mark.katex
@pytest.mark.random
def test_whatever_is_damaged_of_what_a_build_keeps_the_next_is_right(make_site: MakeSite) -> None:
    rng = dice("damage")
    site = make_site({"paperblog.toml": 'title = "T"\nsocial_cards = false\n', **many_notes(rng)})
    site.write({"notes/n0.md": "# Zero\n\n![p](p.png)\n", "notes/p.png": picture()})
    assert site.build("--keep-going").status == 0
    for _ in range(tries(6)):
        if rng.random() < 0.7:
            edit(rng, site)
        kept = [path for path in (site.root / ".paperblog").rglob("*") if path.is_file()]
        folders = sorted({path.parent for path in kept})
        beside = [path for path in kept if path.parent == rng.choice(folders)]
        damage(rng, rng.choice(sorted([*beside, site.output / ".paperblog-output"])))
        if rng.random() < 0.3:
            # What is there already is not made again of what is damaged.
            site.remove("site")
        assert_right(site)
        tried("files damaged")


def picture() -> bytes:
    """A photograph that has smaller forms."""
    file = io.BytesIO()
    noise = random.Random(0).randbytes(900 * 90)
    Image.frombytes("L", (900, 90), noise).save(file, "PNG")
    return file.getvalue()


def damage(rng: random.Random, path: Path) -> None:
    """Flip bits, overwrite a stretch, cut the end off, or repeat it."""
    data = bytearray(path.read_bytes())
    kind = rng.choice(["flip", "flip", "stretch", "cut", "repeat"])
    if kind == "flip":
        for _ in range(rng.choice([1, 10, 100])):
            if data:
                data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
    elif kind == "stretch" and data:
        at = rng.randrange(len(data))
        data[at : at + 500] = rng.randbytes(len(data[at : at + 500]))
    elif kind == "cut":
        del data[rng.randrange(len(data) + 1) :]
    else:
        data += data[-4096:]
    path.write_bytes(data)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: text + text[text.rindex('\n"') + 1 :],
        lambda text: "x" + text,
        lambda text: text.replace('"404.html"', '"404.html'),
        lambda text: text + '"../outside"\n',
    ],
    ids=["a line twice", "another head", "a broken line", "a path that leads out"],
)
def test_a_list_of_what_was_written_that_holds_more_or_less_is_written_anew(
    make_site: MakeSite, spoil: Callable[[str], str]
) -> None:
    site = make_site({"notes/a.md": "# A\n"})
    assert site.build().status == 0
    before = site.written()
    marker = site.output / ".paperblog-output"
    marker.write_text(spoil(marker.read_text()))
    assert site.build().status == 0
    assert site.written() == before
