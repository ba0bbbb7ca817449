"""How much random tests try: a little each time, and as much as there is time for in `make soak`.

A random test bears the marker `random` and takes the number of its examples through `tries`.
"""

import os
import random


def tries(usual: int) -> int:
    """How many examples to try, given how many are usual."""
    return usual * int(os.environ.get("PAPERBLOG_EFFORT", "1"))


def dice(name: str) -> random.Random:
    """A source of chance of a test's own; `make soak` seeds it differently in each round."""
    return random.Random(f"{name} {os.environ.get('PAPERBLOG_SEED', '0')}")


def tried(what: str, count: int = 1) -> None:
    """Tell `make soak`, for its figures, that something was tried and found right."""
    if tally := os.environ.get("PAPERBLOG_TALLY"):
        with open(tally, "a", encoding="utf-8") as file:
            file.write(f"{count} {what}\n")
