"""Shortcuts past markdown-it: where ours asks it less, the answer is the same."""

from itertools import product

import pytest
from effort import dice, tries
from markdown_it import MarkdownIt
from markdown_it.common.normalize_url import normalizeLink, normalizeLinkText
from markdown_it.rules_inline import StateInline

from paperblog.markdown.cjk import sides
from paperblog.markdown.links import unless_plain

SIGNS = [chr(code) for code in range(9, 127)] + list("éß–—“”…«»¿§€∈×\u00a0\u2003\u200b한글☃🙂")
PIECES = [
    *("https://", "http://", "HTTP://", "//", "mailto:", "a.example/", "xn--fsq.example/", "b.c"),
    *("/", "..", "./", "-", "~", "_", "é", "%41", "%", "?", "#", ":", "@", " ", "A", "9"),
]


def test_marks_of_emphasis_flank_what_they_flank_in_commonmark() -> None:
    md = MarkdownIt()
    for mark, before, after in product("*_", SIGNS, SIGNS):
        if mark not in (before, after):
            scanned = StateInline(before + mark + after, md, {}, []).scanDelims(1, mark == "*")
            assert sides(mark, before, after) == (scanned.can_open, scanned.can_close)


@pytest.mark.random
def test_an_address_that_is_passed_over_is_in_its_normal_form() -> None:
    rng = dice("addresses")
    passed = 0

    def count(address: str) -> str:
        nonlocal passed
        passed -= 1
        return address

    for _ in range(tries(3000)):
        address = "".join(rng.choices(PIECES, k=rng.randrange(1, 6)))
        for normalize in (normalizeLink, normalizeLinkText):
            assert unless_plain(normalize)(address) == normalize(address)
        passed += 1
        unless_plain(count)(address)
    assert passed > 0


def test_usual_addresses_are_passed_over() -> None:
    def fail(address: str) -> str:
        raise AssertionError(address)

    for address in ("note.md", "../a/b-c.png", "https://arxiv.org/abs/1706.03760", "./"):
        assert unless_plain(fail)(address) == address
