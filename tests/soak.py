"""Try random input for a long time: `make soak MINUTES=60`.

Runs every test that is marked `random`, round after round, each with more examples than usual and
another seed, until the time is over or one fails. A failure says how it is had again.
"""

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

_FIRST_EFFORT = 20
_GRACE = 120
"""Seconds to let a failure that is being narrowed down come to its end."""
_FOUND_NOTHING, _INTERRUPTED = 0, 2


def main() -> int:
    """Run rounds, and return the status of the first that fails."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=30.0)
    parser.add_argument("--effort", type=int, default=_FIRST_EFFORT, help="examples, as a multiple")
    parser.add_argument("--seed", type=int, help="of the first round (default: by the clock)")
    parser.add_argument("tests", nargs="*", help="files or options of pytest (default: all)")
    arguments = parser.parse_args()
    begun = time.monotonic()
    end = begun + arguments.minutes * 60
    seed = time.time_ns() % 1_000_000 if arguments.seed is None else arguments.seed
    rounds = 0
    tally = Path(tempfile.mkstemp(prefix="paperblog-soak-")[1])
    os.environ["PAPERBLOG_TALLY"] = str(tally)
    while time.monotonic() < end:
        print(f"round {rounds + 1}, seed {seed}, effort {arguments.effort}", flush=True)
        status = _round(arguments.tests, arguments.effort, seed, end)
        if status == _INTERRUPTED and time.monotonic() >= end:
            break
        if status != _FOUND_NOTHING:
            print(f"once more: make soak ARGS='--seed {seed} --effort {arguments.effort}'")
            return status
        rounds += 1
        seed += 1
    minutes = (time.monotonic() - begun) / 60
    print(f"{rounds} whole rounds in {minutes:.0f} minutes, and nothing was found")
    print(_figures(tally))
    tally.unlink()
    return 0


def _figures(tally: Path) -> str:
    """How often each thing was tried, of which the tests tell a line each."""
    counts: Counter[str] = Counter()
    for line in tally.read_text(encoding="utf-8").splitlines():
        count, _, what = line.partition(" ")
        counts[what] += int(count)
    return ", ".join(f"{count:,} {what}" for what, count in sorted(counts.items()))


def _round(tests: list[str], effort: int, seed: int, end: float) -> int:
    """The status of pytest; it is interrupted when the time is over."""
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-m", "random", "-n", "auto"]
    cache = Path(tempfile.mkdtemp(prefix="paperblog-soak-"))
    command += [f"--hypothesis-seed={seed}", "--dist=worksteal", "-o", f"cache_dir={cache}", *tests]
    environment = {"PAPERBLOG_EFFORT": str(effort), "PAPERBLOG_SEED": str(seed)}
    process = subprocess.Popen(
        command,
        cwd=Path(__file__).parents[1],
        env=os.environ | environment,
        start_new_session=True,
    )
    try:
        return process.wait(max(0.0, end - time.monotonic()))
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGINT)
    try:
        process.wait(_GRACE)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    # One that is interrupted does not say by its status whether it had found something.
    failed = (cache / "v" / "cache" / "lastfailed").exists()
    return 1 if failed else _INTERRUPTED


if __name__ == "__main__":
    sys.exit(main())
