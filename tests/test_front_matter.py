"""The front matter: every key, its wrong values with their places, and what YAML does to TeX."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from dialect import parse

from paperblog.model.config import Config, Macro
from paperblog.model.diagnostic import Diagnostic, Span
from paperblog.model.paper import Identifier, Paper, read_identifier
from paperblog.model.text import Text
from paperblog.schema.front_matter import FrontMatter, Keys, read_front_matter


def read(front_matter: str, zone: str = "UTC") -> tuple[FrontMatter, list[Diagnostic]]:
    """What the lines between the two `---` say, and what is wrong with them."""
    return read_file(f"---\n{front_matter}\n---\ntext\n", zone)


def read_file(content: str, zone: str = "UTC") -> tuple[FrontMatter, list[Diagnostic]]:
    diagnostics: list[Diagnostic] = []
    text = Text("notes/a.md", content)
    return read_front_matter(text, Config(timezone=zone).zone(), diagnostics), diagnostics


def said(diagnostics: list[Diagnostic]) -> list[str]:
    return [f"{d.span.line}:{d.span.column} {d.code} {d.message}" for d in diagnostics]


VALUES: dict[str, tuple[str, str, object]] = {
    "a title": ("title: On BYOL", "title", "On BYOL"),
    "a title of digits": ("title: 1984", "title", "1984"),
    "a title that YAML would read as false": ("title: no", "title", "no"),
    "a title in single quotes": ("title: 'it''s: $\\nabla$'", "title", "it's: $\\nabla$"),
    "a title in double quotes": ('title: "a \\"b\\" \\\\alpha"', "title", 'a "b" \\alpha'),
    "a title over lines": ("title: a\n  b", "title", "a b"),
    "an update": ("updated: 2020-07-02", "updated", datetime(2020, 7, 2, tzinfo=UTC)),
    "the form of formulas": ("math: mathml", "math", "mathml"),
    "codes to ignore": ("ignore: math-prose", "ignore", ("math-prose",)),
    "one author": ("authors: Ada", "authors", ("Ada",)),
    "authors": ("authors: [Ada, 'B, C']", "authors", ("Ada", "B, C")),
    "an author under the other name": ("author: Ada", "authors", ("Ada",)),
    "a category": ("category: Vision", "categories", ("Vision",)),
    "categories": ("categories:\n  - a\n  - b c", "categories", ("a", "b c")),
    "tags with commas": ("tags: a, b c,", "tags", ("a", "b c")),
    "a tag with a comma in quotes": ("tags: 'a, b'", "tags", ("a, b",)),
    "a slug": ("slug: linformer", "slug", "linformer"),
    "a draft": ("draft: yes", "draft", True),
    "no draft": ("draft: off", "draft", False),
    "a description": ("description: >\n  a\n  b", "description", "a b"),
    "an alias": ("aliases: /2020/07/a/", "aliases", ("/2020/07/a/",)),
    "an id": ("id: https://example.org/?p=1", "id", "https://example.org/?p=1"),
    "unlisted": ("unlisted: true", "unlisted", True),
    "links": (
        "links:\n  code: https://example.org/a",
        "links",
        (("code", "https://example.org/a"),),
    ),
    "macros": (
        "macros:\n  KL: 'D_{\\mathrm{KL}}'\n  '\\R': '\\mathbb R'",
        "macros",
        (Macro("\\KL", "D_{\\mathrm{KL}}", Span("")), Macro("\\R", "\\mathbb R", Span(""))),
    ),
    "an image": ("image: a.png", "image", "a.png"),
    "a language": ("lang: de", "lang", "de"),
    "a language that YAML would read as false": ("lang: no", "lang", "no"),
    "a series": ("series: Attention", "series", "Attention"),
    "a licence": ("licence: CC BY 4.0", "license", "CC BY 4.0"),
    "a place in the navigation": ("nav: -3", "nav", -3),
    "keys of one's own": (
        "extra: {a: 1, b: 1.5, c: true, d: [x, '2'], e: {f: ~}, g: 1706.03760, h: 007}",
        "extra",
        {
            "a": 1,
            "b": 1.5,
            "c": True,
            "d": ["x", "2"],
            "e": {"f": None},
            "g": 1706.0376,
            "h": "007",
        },
    ),
    "a paper": ("paper: arxiv:1706.03762", "papers", (Paper(Identifier("arxiv", "1706.03762")),)),
    "a paper that YAML would read as a number": (
        "paper: 1706.03760",
        "papers",
        (Paper(Identifier("arxiv", "1706.03760")),),
    ),
    "papers": (
        "papers: [1706.03762v5, https://example.org/a.pdf]",
        "papers",
        (
            Paper(Identifier("arxiv", "1706.03762", "v5")),
            Paper(Identifier("url", "https://example.org/a.pdf")),
        ),
    ),
    "a paper with its facts": (
        "paper:\n  title: 'On $\\nabla$'\n  authors: [A, B]\n  year: 2020\n  venue: ICML\n"
        "  links: {pdf: https://example.org/a.pdf}",
        "papers",
        (
            Paper(
                None,
                "On $\\nabla$",
                ("A", "B"),
                2020,
                "ICML",
                (("pdf", "https://example.org/a.pdf"),),
            ),
        ),
    ),
}


@pytest.mark.parametrize(("text", "name", "value"), VALUES.values(), ids=VALUES.keys())
def test_the_front_matter_holds(text: str, name: str, value: object) -> None:
    matter, diagnostics = read(text)
    assert said(diagnostics) == []
    assert getattr(matter, name) == value


def test_every_key_is_tried_here() -> None:
    keys = Keys(Text("a.md", ""), Config().zone())
    tried = {text.partition(":")[0] for text, _, _ in VALUES.values()} | {"date"}
    names = {field.name for field in keys.all()}
    also = {field.name: field.also for field in keys.all()}
    assert {name for name in names if name not in tried and also[name] not in tried} == set()


WRONG = {
    "a title that is a list": (
        "title: [a]",
        "2:8 wrong-value title: a text is expected here, not a list",
    ),
    "a title that is a table": (
        "title: {a: b}",
        "2:8 wrong-value title: a text is expected here, not a table",
    ),
    "a draft that is neither": (
        "draft: maybe",
        "2:8 wrong-value draft: true or false is expected here, not 'maybe'",
    ),
    "a draft in quotes with nothing": (
        'draft: ""',
        "2:8 wrong-value draft: true or false is expected here, not ''",
    ),
    "an item of a list": (
        "authors: [Ada, [B]]",
        "2:16 wrong-value authors: a text is expected here, not a list",
    ),
    "a slug with a slash": (
        "slug: a/b",
        "2:7 wrong-value slug: 'a/b' cannot be part of an address",
    ),
    "a slug with a question mark": (
        "slug: a?",
        "2:7 wrong-value slug: 'a?' holds a sign that addresses cannot",
    ),
    "a slug of dots": ("slug: ..", "2:7 wrong-value slug: '..' cannot be part of an address"),
    "an alias above the site": (
        "aliases: [/a/, /../b]",
        "2:16 wrong-value aliases: '/../b' is not an address below this site",
    ),
    "a kind of link": (
        "links: {paper: https://a.org, blog: https://b.org}",
        "2:31 wrong-value links: 'blog' is not a kind of link",
    ),
    "a link that is not whole": (
        "links:\n  code: github.com/a",
        "3:9 wrong-value links: 'github.com/a' is not a web address",
    ),
    "macros that are a list": (
        "macros: [a]",
        "2:9 wrong-value macros: macros are expected here, as a table",
    ),
    "a macro's name": (
        "macros: {a1: b}",
        "2:10 wrong-value macros: 'a1' cannot be a macro's name",
    ),
    "a place in the navigation": (
        "nav: first",
        "2:6 wrong-value nav: a whole number from -999 to 999 is expected here, not 'first'",
    ),
    "extra that is a word": (
        "extra: a",
        "2:8 wrong-value extra: a table of keys and values is expected here",
    ),
    "a paper that is none": (
        "paper: Attention",
        "2:8 wrong-value paper: 'Attention' is no identifier of a paper",
    ),
    "a paper with neither id nor title": (
        "paper: {year: 2020}",
        "2:8 wrong-value paper: a paper needs an id or a title",
    ),
    "a paper's key": (
        "paper: {id: 1706.03762, journal: x}",
        "2:25 wrong-value paper: unknown key journal of a paper",
    ),
    "a paper's year": (
        "paper: {title: a, year: 20}",
        "2:25 wrong-value paper: a whole number from 1000 to 2999 is expected here, not '20'",
    ),
    "a paper's id": (
        "paper:\n  id: x",
        "3:7 wrong-value paper: 'x' is no identifier of a paper",
    ),
    "a paper in a list of lists": (
        "papers: [[1706.03762]]",
        "2:10 wrong-value papers: a paper is an identifier or a table, not a list",
    ),
    "a key that stands twice": (
        "title: a\ntitle: b",
        "3:1 duplicate-key the key title stands twice",
    ),
    "an unknown key": ("titel: a", "2:1 unknown-key unknown key titel in the front matter"),
    "an update that is no date": ("updated: soon", "2:10 wrong-date updated: 'soon' is not a date"),
    "a list that is not closed": (
        "tags: [a, b",
        "2:12 yaml-syntax ",
    ),
    "a colon in a value": (
        "title: BYOL: a method",
        "2:12 yaml-syntax ",
    ),
    "a tab": ("tags:\n\t- b", "3:1 yaml-syntax "),
    "a special character": (
        "title: @a",
        "2:8 yaml-syntax ",
    ),
    "an alias of YAML": (
        "title: &a b\nslug: *a",
        "3:7 yaml-syntax anchors and aliases (& and *) are not supported here",
    ),
    "no keys": ("a text", "2:1 yaml-syntax the front matter is not a list of keys and values"),
    "a list": ("- a", "2:1 yaml-syntax the front matter is not a list of keys and values"),
    "a key that is a list": ("[a]: b", "2:1 yaml-syntax a key must be a word"),
    "a control character": ("title: a\x07", "2:9 yaml-syntax "),
}


@pytest.mark.parametrize(("text", "problem"), WRONG.values(), ids=WRONG.keys())
def test_the_place_is_named_of(text: str, problem: str) -> None:
    _, diagnostics = read(text)
    (line,) = said(diagnostics)
    assert line.startswith(problem) if problem.endswith(" ") else line == problem


@pytest.mark.parametrize(
    ("key", "near"),
    [("titel", "title"), ("Tags", "tags"), ("catagories", "categories"), ("papper", "paper")],
)
def test_an_unknown_key_is_told_the_nearest_one(key: str, near: str) -> None:
    _, (diagnostic,) = read(f"{key}: a")
    assert diagnostic.help == f"did you mean {near}?"


def test_an_unknown_key_near_none_is_told_of_extra() -> None:
    _, (diagnostic,) = read("quux: a")
    assert "extra" in diagnostic.help


@pytest.mark.parametrize("text", ["titel: a", "tags: {a: b}", "updated: x", "title: a\nslug: /"])
def test_what_does_not_decide_on_publication_leaves_a_note_trusted(text: str) -> None:
    matter, diagnostics = read(text)
    assert diagnostics
    assert matter.trusted


@pytest.mark.parametrize(
    "text",
    ["draft: maybe", "date: soon", "title: [", "drafts: true", "Draft: yes", "date: 1\ndate: 2"],
)
def test_what_may_decide_on_publication_makes_a_draft_of_a_note(text: str) -> None:
    parsed = parse(f"---\n{text}\n---\ntext\n")
    assert not parsed.note.trusted
    assert parsed.note.draft


# ------------------------------------------------------------ backslashes


@pytest.mark.parametrize(
    "command", ["nabla", "tau", "alpha", "beta", "rho", "frac", "epsilon", "vec"]
)
@pytest.mark.parametrize("key", ["title", "description", "macros: {K", "paper: {title"])
def test_double_quotes_that_eat_a_backslash_are_an_error(key: str, command: str) -> None:
    value = f'"a \\{command} b"' + ("}" if "{" in key else "")
    _, diagnostics = read(f"{key}: {value}")
    (diagnostic,) = diagnostics
    assert diagnostic.code == "eaten-backslash"
    assert (diagnostic.span.line, diagnostic.span.column) == (2, len(key) + 6)
    assert diagnostic.span.end_column - diagnostic.span.column == len(command) + 1
    assert f"\\{command}" in diagnostic.message
    assert "single quotes" in diagnostic.help


@pytest.mark.parametrize("command", ["sigma", "mathbb", "xi", "upsilon", "(x"])
def test_double_quotes_that_yaml_refuses_are_explained(command: str) -> None:
    matter, (diagnostic,) = read(f'title: "a \\{command}"')
    assert diagnostic.code == "yaml-syntax"
    assert "single quotes" in diagnostic.help
    assert diagnostic.span.line == 2
    assert not matter.trusted


@pytest.mark.parametrize("value", ["'\\nabla'", "\\nabla", '"\\\\nabla"', "|-\n  \\nabla"])
def test_other_ways_of_writing_keep_a_backslash(value: str) -> None:
    matter, diagnostics = read(f"title: {value}")
    assert diagnostics == []
    assert matter.title == "\\nabla"


def test_an_escaped_backslash_before_a_letter_is_no_escape() -> None:
    matter, diagnostics = read('title: "\\\\\\\\nabla and \\\\tau"')
    assert diagnostics == []
    assert matter.title == "\\\\nabla and \\tau"


def test_an_escape_cannot_write_the_mark_of_slots() -> None:
    parsed = parse('---\ntitle: "a\\x00fb\\x00"\nseries: "\\0"\n---\n')
    assert "\0" not in parsed.note.title.markup + parsed.note.title.plain + parsed.note.series


# ------------------------------------------------------------ files


@pytest.mark.parametrize(
    ("content", "title", "body"),
    [
        ("---\ntitle: a\n---\nb", "a", "b"),
        ("---\ntitle: a\n...\nb", "a", "b"),
        ("---  \ntitle: a\n---\t\nb", "a", "b"),
        ("---\ntitle: a\n---", "a", ""),
        ("---\n---\nb", "", "b"),
        ("---\n# only a comment\n---\nb", "", "b"),
        ("b\n---\ntitle: a\n---\n", "", "b\n---\ntitle: a\n---\n"),
        ("", "", ""),
        ("---", "", "---"),
        ("---\n", "", "---\n"),
        ("----\ntitle: a\n----\n", "", "----\ntitle: a\n----\n"),
        (" ---\ntitle: a\n---\n", "", " ---\ntitle: a\n---\n"),
        ("---\n\nb", "", "---\n\nb"),
        ("---\ntitle: a --- b\n---\nc", "a --- b", "c"),
    ],
)
def test_the_front_matter_ends_and_the_text_begins(content: str, title: str, body: str) -> None:
    matter, diagnostics = read_file(content)
    assert said(diagnostics) == []
    assert (matter.title, content[matter.body :]) == (title, body)


def test_front_matter_that_is_not_closed_is_an_error_at_the_start() -> None:
    matter, diagnostics = read_file("---\ntitle: a\ntext")
    assert said(diagnostics) == ["1:1 yaml-syntax the front matter is opened and not closed"]
    assert not matter.trusted


@pytest.mark.parametrize(
    "content", ["\ufeff---\r\ntitle: a\r\ntitel: b\r\n---\r\nc", "---\rtitle: a\rtitel: b\r---\rc"]
)
def test_a_byte_order_mark_and_other_line_ends_change_no_place(content: str) -> None:
    parsed = parse(content)
    assert parsed.note.title.plain == "a"
    assert parsed.problems == ["3:1 unknown-key unknown key titel in the front matter"]
    assert parsed.html == "<p>c</p>\n"


def test_what_is_wrong_with_one_key_does_not_hide_another() -> None:
    matter, diagnostics = read("date: x\ntags: {a: b}\nslug: ok\nnav: y")
    assert [d.span.line for d in diagnostics] == [2, 3, 5]
    assert matter.slug == "ok"


# ------------------------------------------------------------ dates

DATES = {
    "2020-07-02": datetime(2020, 7, 2, tzinfo=UTC),
    "'2020-07-02'": datetime(2020, 7, 2, tzinfo=UTC),
    "2020-07-02 14:30": datetime(2020, 7, 2, 14, 30, tzinfo=UTC),
    "2020-07-02 9:05": datetime(2020, 7, 2, 9, 5, tzinfo=UTC),
    "2020-07-02T14:30:59": datetime(2020, 7, 2, 14, 30, 59, tzinfo=UTC),
    "2020-07-02T14:30:59Z": datetime(2020, 7, 2, 14, 30, 59, tzinfo=UTC),
    "2020-07-02 14:30 +02:00": datetime(2020, 7, 2, 12, 30, tzinfo=UTC),
    "2020-07-02T23:30:00-05:00": datetime(2020, 7, 3, 4, 30, tzinfo=UTC),
    "2020-07-02 14:30 +0530": datetime(2020, 7, 2, 9, 0, tzinfo=UTC),
    "2020-02-29": datetime(2020, 2, 29, tzinfo=UTC),
}


@pytest.mark.parametrize(("text", "moment"), DATES.items())
def test_a_date_is_the_moment_that_it_names(text: str, moment: datetime) -> None:
    matter, diagnostics = read(f"date: {text}")
    assert said(diagnostics) == []
    assert matter.date == moment
    assert matter.trusted


def test_a_date_without_a_zone_is_in_the_site_s() -> None:
    matter, _ = read("date: 2020-07-02\nupdated: 2020-12-02 8:00", "America/Chicago")
    assert matter.date == datetime(2020, 7, 2, tzinfo=timezone(timedelta(hours=-5)))
    assert matter.updated == datetime(2020, 12, 2, 8, tzinfo=timezone(timedelta(hours=-6)))


@pytest.mark.parametrize(
    "text",
    [
        *("2020-13-01", "2019-02-29", "2020-7-2", "July 2, 2020", "02.07.2020", "2020-07-02 25:00"),
        *("2020-07-02 14", "2020", "2020-07", "0000-01-01", "tomorrow", "2020-07-02 14:30 Berlin"),
        *("0001-01-01T00:00:00+12:00", "9999-12-31T23:59:00-12:00", "2020-07-02x"),
    ],
)
def test_what_is_no_date_is_an_error_with_a_way_out(text: str) -> None:
    matter, (diagnostic,) = read(f"date: {text}")
    assert diagnostic.code == "wrong-date"
    assert (diagnostic.span.line, diagnostic.span.column) == (2, 7)
    assert diagnostic.span.end_column == 7 + len(text)
    assert "2020-07-02" in diagnostic.help
    assert matter.date is None
    assert not matter.trusted


def test_an_empty_date_is_none() -> None:
    matter, diagnostics = read("date:\ntitle:")
    assert diagnostics == []
    assert matter.date is None
    assert matter.trusted


# ------------------------------------------------------------ papers

IDENTIFIERS = {
    "1706.03762": ("arxiv", "1706.03762", ""),
    "1706.03762v5": ("arxiv", "1706.03762", "v5"),
    "0704.0001": ("arxiv", "0704.0001", ""),
    "arXiv:2006.04768V2": ("arxiv", "2006.04768", "v2"),
    "arxiv: 2006.04768": ("arxiv", "2006.04768", ""),
    "hep-th/9901001": ("arxiv", "hep-th/9901001", ""),
    "math.GT/0309136v1": ("arxiv", "math.GT/0309136", "v1"),
    "https://arxiv.org/abs/2006.04768v2": ("arxiv", "2006.04768", "v2"),
    "http://www.arxiv.org/pdf/2006.04768.pdf": ("arxiv", "2006.04768", ""),
    "https://arxiv.org/pdf/hep-th/9901001v3": ("arxiv", "hep-th/9901001", "v3"),
    "10.1145/3292500.3330919": ("doi", "10.1145/3292500.3330919", ""),
    "doi:10.1000/182": ("doi", "10.1000/182", ""),
    "https://doi.org/10.1038/nature14539": ("doi", "10.1038/nature14539", ""),
    "http://dx.doi.org/10.1002/(SICI)1097-0258(19980815/30)17:15/16<1661::AID-SIM968>3.0.CO;2-2": (
        "doi",
        "10.1002/(SICI)1097-0258(19980815/30)17:15/16<1661::AID-SIM968>3.0.CO;2-2",
        "",
    ),
    "isbn: 978-0-262-03561-3": ("isbn", "978-0-262-03561-3", ""),
    "ISBN:080442957X": ("isbn", "080442957X", ""),
    "https://example.org/paper.pdf": ("url", "https://example.org/paper.pdf", ""),
    "https://openreview.net/forum?id=abc": ("url", "https://openreview.net/forum?id=abc", ""),
}


@pytest.mark.parametrize(("text", "parts"), IDENTIFIERS.items())
def test_an_identifier_is_read_in_its_short_and_its_long_form(
    text: str, parts: tuple[str, str, str]
) -> None:
    assert read_identifier(text) == Identifier(*parts)
    matter, diagnostics = read(f"paper: '{text}'")
    assert diagnostics == []
    assert matter.papers == (Paper(Identifier(*parts)),)


@pytest.mark.parametrize(
    "text", ["", "1706", "1706.037621", "10.1/x", "arxiv:abc", "isbn: 12", "ftp://a.org/b", "a b"]
)
def test_what_is_no_identifier_is_none(text: str) -> None:
    assert read_identifier(text) is None
