"""Mentions: the sentence that a link to another note stands in, cut from the text around it."""

import re
from string import ascii_letters

import pytest
from dialect import parse, readable
from hypothesis import given
from hypothesis import strategies as st

CASES = {
    "a sentence of several": (
        "One. Two says [this](b.md) well. Three.",
        ["Two says <mark>this</mark> well."],
    ),
    "the first and the last": (
        "See [b](b.md) first. Then. At last [c](c.md)",
        ["See <mark>b</mark> first.", "At last <mark>c</mark>"],
    ),
    "questions and quotations": (
        "“Really?” Yes: [b](b.md)! And (more.) After it.",
        ["Yes: <mark>b</mark>!"],
    ),
    "a formula is whole, whatever it holds": (
        "As $x. Y$ and [b](b.md) say, $f(x) = 1$. Next.",
        ["As ⟨math: x. Y⟩ and <mark>b</mark> say, ⟨math: f(x) = 1⟩."],
    ),
    "a sentence ends before a formula": (
        "It ends. $x$ begins with [b](b.md).",
        ["⟨math: x⟩ begins with <mark>b</mark>."],
    ),
    "a displayed formula in a sentence is told in words": (
        "So [b](b.md) has $$x^2$$ in it.",
        ["So <mark>b</mark> has x² in it."],
    ),
    "code is whole": (
        "Run `a. B` as in [b](b.md).",
        ["Run <code>a. B</code> as in <mark>b</mark>."],
    ),
    "abbreviations and initials end nothing": (
        "By J. Doe et al. in Fig. 2, e.g. and i.e. Here [b](b.md) holds. No.",
        ["By J. Doe et al. in Fig. 2, e.g. and i.e. Here <mark>b</mark> holds."],
    ),
    "German": ("Erst. Das zeigt z. B. [b](b.md). Dann.", ["Das zeigt z. B. <mark>b</mark>."]),
    "Chinese": ("这是一句。见[b](b.md)的证明。完。", ["见<mark>b</mark>的证明。"]),
    "a number with a point": (
        "About 3.5 times as [b](b.md).",
        ["About 3.5 times as <mark>b</mark>."],
    ),
    "emphasis is left out, other links are text": (
        "A *very* [good](https://example.org/) look at [b **c**](b.md) and [d](#d).",
        ["A very good look at <mark>b c</mark> and d."],
    ),
    "lines of one paragraph": (
        "One line with\n[b](b.md)\nin it.",
        ["One line with <mark>b</mark> in it."],
    ),
    "an item of a list": ("- An item: [b](b.md).\n- Another.", ["An item: <mark>b</mark>."]),
    "a link alone says nothing": ("- [b](b.md)\n- [[c]]\n", []),
    "a heading": ("## On [b](b.md). And more", ["On <mark>b</mark>. And more"]),
    "a row of a table": (
        "| $a|b$ | c |\n|---|---|\n| One. Two | [b](b.md) |",
        ["One. Two · <mark>b</mark>"],
    ),
    "a caption": (
        '![a](https://x.example/p.png "After [b](b.md), $y$.")',
        ["After <mark>b</mark>, ⟨math: y⟩."],
    ),
    "a footnote": ("Text[^1].\n\n[^1]: Not here. As in [b](b.md).", ["As in <mark>b</mark>."]),
    "a callout": ("> [!NOTE]\n> Compare [b](b.md).", ["Compare <mark>b</mark>."]),
    "a wikilink": (
        "As [[b]] says, and [[c|that]].",
        [
            "As <mark>⟨title: b⟩</mark> says, and that.",
            "As ⟨title: b⟩ says, and <mark>that</mark>.",
        ],
    ),
    "a link without a text": ("As [](b.md#x) says.", ["As <mark>⟨title: b.md#x⟩</mark> says."]),
    "an equation of another note": (
        "By \\eqref{b:eq:one} it is zero.",
        ["By <mark>(⟨title: b:eq:one⟩)</mark> it is zero."],
    ),
    "markup is escaped": (
        "If a < b & [c > d](b.md).",
        ["If a &lt; b &amp; <mark>c &gt; d</mark>."],
    ),
    "files and ids of the note are no mentions": ("The [data](d.csv) and [here](#x).\n\n## X", []),
}


@pytest.mark.parametrize("name", CASES)
def test_a_mention_is_the_sentence_of_its_link(name: str) -> None:
    text, expected = CASES[name]
    note = parse(text).note
    assert [readable(note, mention.markup) for mention in note.mentions] == expected


def test_a_long_sentence_is_cut_between_words_around_the_link() -> None:
    words = " ".join(f"word{number}" for number in range(200))
    (mention,) = parse(f"{words} [the link](b.md) {words}.").note.mentions
    assert len(re.sub(r"<.*?>", "", mention.markup)) < 300
    assert re.fullmatch(r"… (word\d+ )+<mark>the link</mark>( word\d+)+ …", mention.markup), (
        mention.markup
    )


@given(
    st.lists(
        st.sampled_from(
            [
                "[l](b.md)",
                "$a. B$",
                ". ",
                "! ",
                " ",
                "*",
                "`",
                "[",
                "]",
                "\n",
                "|",
                *ascii_letters[:4],
                "A",
            ]
        ),
        max_size=40,
    ).map("".join)
)
def test_every_mention_holds_its_link_once_and_whole_formulas(text: str) -> None:
    note = parse(text).note
    for mention in note.mentions:
        assert mention.markup.count("<mark>") == mention.markup.count("</mark>") == 1
        assert mention.markup.count("\0") % 2 == 0
        assert note.references[mention.reference].target == "b.md"
