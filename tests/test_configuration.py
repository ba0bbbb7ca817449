"""The configuration: every key, its wrong values with their places, and what TOML does to TeX."""

from __future__ import annotations

import pytest

from paperblog.model.config import Author, Config, Macro, NavigationEntry
from paperblog.model.diagnostic import Diagnostic, Span
from paperblog.model.picture import ImageOptions
from paperblog.model.text import Text
from paperblog.schema import toml
from paperblog.schema.configuration import Keys, read_configuration
from paperblog.schema.site import read_base_url
from paperblog.schema.values import Listing, Scalar, Table, Value


def read(content: str, *table: str) -> tuple[Config | None, list[Diagnostic]]:
    diagnostics: list[Diagnostic] = []
    text = Text("paperblog.toml", content)
    return read_configuration(text, table, diagnostics), diagnostics


def said(diagnostics: list[Diagnostic]) -> list[str]:
    return [f"{d.span.line}:{d.span.column} {d.code} {d.message}" for d in diagnostics]


VALUES: dict[str, tuple[str, str, object]] = {
    "a title": ('title = "Lab"', "title", "Lab"),
    "a tagline": ("tagline = 'a  b'", "tagline", "a b"),
    "a description": ('description = """\na\nb"""', "description", "a b"),
    "an address": ('base_url = "https://a.org/b"', "base_url", "https://a.org/b/"),
    "a language": ('language = "de"', "language", "de"),
    "a zone": ('timezone = "America/Chicago"', "timezone", "America/Chicago"),
    "a licence": ('licence = "CC0"', "license", "CC0"),
    "a holder of the copyright": ('copyright = "The lab"', "copyright", "The lab"),
    "no credit": ("credit = ''", "credit", ""),
    "former homes": (
        'base_url = "https://a.org/b/"\n[links]\nown = ["http://old.org", "http://a.org/b/"]',
        "own",
        ("a.org/b/", "old.org/"),
    ),
    "authors": (
        '[authors.ada]\nname = "Ada"\norcid = "0000-0002-1825-0097"\nlinks.code = "https://a.org"',
        "authors",
        (Author("ada", "Ada", "", "0000-0002-1825-0097", (("code", "https://a.org"),)),),
    ),
    "authors in a line": (
        'authors = {b = {url = "https://b.org"}}',
        "authors",
        (Author("b", "b", "https://b.org"),),
    ),
    "a navigation": (
        '[[nav]]\ntitle = "A"\nurl = "/a/"\n[[nav]]\ntitle = "B"\nurl = "/b/"',
        "nav",
        (NavigationEntry("A", "/a/"), NavigationEntry("B", "/b/")),
    ),
    "an empty navigation": ("nav = []", "nav", ()),
    "notes a page": ("notes_per_page = 1_0", "notes_per_page", 10),
    "the home page": ('home = "full"', "home", "full"),
    "a pattern": ('address = "{year}/{month}/{slug}"', "address", "/{year}/{month}/{slug}/"),
    "a feed's length": ("feed_length = 5", "feed_length", 5),
    "dates": ('dates = "git"', "dates", "git"),
    "macros": (
        '[math.macros]\nKL = \'D_{KL}\'\n"\\\\R" = "\\\\mathbb R"',
        "macros",
        (Macro("\\KL", "D_{KL}", Span("")), Macro("\\R", "\\mathbb R", Span(""))),
    ),
    "double dollars of kramdown": (
        '[math]\ndouble_dollars = "kramdown"',
        "double_dollars",
        "kramdown",
    ),
    "the form of formulas": ('[math]\noutput = "mathml"', "math_output", "mathml"),
    "untrusted authors": ('[security]\nhtml = "sanitize"', "html", "sanitize"),
    "no search": ("search = false", "search", False),
    "images": (
        '[images]\nwidths = [400, 800]\nformats = ["webp"]\nquality = 70',
        "images",
        ImageOptions((400, 800), ("webp",), 70),
    ),
    "no social cards": ("social_cards = false", "social_cards", False),
    "codes to ignore": ('ignore = ["math-prose"]', "ignore", ("math-prose",)),
    "plugins": ('plugins = ["a", "b.c"]', "plugins", ("a", "b.c")),
    "a table of one's own": (
        "[extra]\na = 1\nb = [true, {c = 1.5}]\nd = 2020-07-02",
        "extra",
        {"a": 1, "b": [True, {"c": 1.5}], "d": "2020-07-02"},
    ),
}


@pytest.mark.parametrize(("content", "name", "value"), VALUES.values(), ids=VALUES.keys())
def test_the_configuration_holds(content: str, name: str, value: object) -> None:
    config, diagnostics = read(content)
    assert said(diagnostics) == []
    assert getattr(config, name) == value


def test_every_key_is_tried_here() -> None:
    tried = " ".join(content for content, _, _ in VALUES.values())
    names = [(field.name, field.also) for field in Keys(Text("a.toml", "")).all()]
    assert [
        name for name, also in names if name not in tried and (not also or also not in tried)
    ] == []


def test_an_empty_configuration_holds_the_defaults() -> None:
    assert read("# nothing\n") == (Config(), [])


def test_a_table_may_hold_the_configuration() -> None:
    content = '[project]\nname = "a"\n[tool.paperblog]\ntitle = "b"\ntitel = "c"\n'
    config, diagnostics = read(content, "tool", "paperblog")
    assert config is not None
    assert config.title == "b"
    assert said(diagnostics) == ["5:1 unknown-key unknown key titel in the configuration"]
    assert read(content, "tool", "other") == (None, [])
    assert read("tool = 1", "tool", "paperblog") == (None, [])


WRONG = {
    "a title that is a list": (
        'title = ["a"]',
        "1:9 wrong-value title: a text is expected here, not a list",
    ),
    "an address of another kind": (
        'base_url = "ftp://a.org"',
        "1:12 wrong-value base_url: 'ftp://a.org' is not a web address",
    ),
    "an address with a query": (
        "base_url = 'https://a.org/?b'",
        "1:12 wrong-value base_url: 'https://a.org/?b' is not an address such as https://example.org/blog/",
    ),
    "a zone": (
        'timezone = "Mars/Base"',
        "1:12 wrong-value timezone: 'Mars/Base' is not a time zone",
    ),
    "a number": (
        "notes_per_page = 0",
        "1:18 wrong-value notes_per_page: a whole number from 1 to 1000 is expected here, not '0'",
    ),
    "a number in words": (
        'feed_length = "ten"',
        "1:15 wrong-value feed_length: a whole number from 1 to 1000 is expected here, not 'ten'",
    ),
    "a word of a few": (
        'home = "fulll"',
        "1:8 wrong-value home: one of excerpt, full is expected here, not 'fulll'",
    ),
    "a part of a pattern": (
        'address = "/{slg}/"',
        "1:11 address-pattern address: {slg} is not a part of an address",
    ),
    "a pattern without a slug": (
        'address = "/{year}/"',
        "1:11 address-pattern address: '/{year}/' is not a pattern of addresses",
    ),
    "a pattern above the site": (
        'address = "/../{slug}/"',
        "1:11 address-pattern address: an address cannot hold ..",
    ),
    "an author's key": (
        '[authors.ada]\nname = "Ada"\nmail = "x"',
        "3:1 wrong-value authors: unknown key mail of an author",
    ),
    "an author's iD": (
        "[authors.ada]\norcid = '0000-0002-1825-0098'",
        "2:9 wrong-value authors: '0000-0002-1825-0098' is not an ORCID iD",
    ),
    "an author's address in a line": (
        'authors = {ada = {name = "Ada", url = "x"}}',
        "1:39 wrong-value authors: 'x' is not a web address",
    ),
    "an author that is a word": (
        'authors.ada = "Ada"',
        "1:15 wrong-value authors: a table [authors.ada] is expected here",
    ),
    "an entry of the navigation": (
        '[[nav]]\ntitle = "A"\nurl = "/"\n\n[[nav]]\ntitle = "B"',
        "5:1 wrong-value nav: an entry of the navigation has a title and a url",
    ),
    "an entry of the navigation in a line": (
        'nav = [\n  {title = "A", url = "/"},\n  {titel = "B"},\n]',
        "3:3 wrong-value nav: an entry of the navigation has a title and a url",
    ),
    "an item of a list": (
        'plugins = ["a",\n  {}]',
        "2:3 wrong-value plugins: a text is expected here, not a table",
    ),
    "math that is no table": (
        "math = 1",
        "1:8 wrong-value math: a table is expected here, such as [math] with macros",
    ),
    "a key of math": (
        "[math]\nmacros.K = 'x'\nmacro = 1",
        "3:1 wrong-value math: unknown key math.macro",
    ),
    "a macro's name": (
        "[math.macros]\nK1 = 'x'",
        "2:1 wrong-value math: 'K1' cannot be a macro's name",
    ),
    "an unknown key": ('a = 1\ntitel = "a"', "1:1 unknown-key unknown key a in the configuration"),
    "an unknown key in quotes": (
        "'ti tle' = 1",
        "1:1 unknown-key unknown key ti tle in the configuration",
    ),
    "an unknown table": (
        "title = 'a'\n[tilte]\na = 1",
        "2:1 unknown-key unknown key tilte in the configuration",
    ),
    "a value that is not there": ("title =", "1:8 toml-syntax invalid value"),
    "a key that stands twice": (
        "title = 'a'\ntitle = 'b'",
        "2:12 toml-syntax cannot overwrite a value",
    ),
    "nesting without end": ("extra = " + "[" * 5_000, "1:1 toml-syntax this is nested too deep"),
}


@pytest.mark.parametrize(("content", "problem"), WRONG.values(), ids=WRONG.keys())
def test_the_place_is_named_of(content: str, problem: str) -> None:
    config, diagnostics = read(content)
    assert config is not None
    assert said(diagnostics)[0] == problem


def test_an_unknown_key_is_told_the_nearest_one() -> None:
    _, diagnostics = read("titel = 'a'\nbase-url = 'b'\nquux = 1")
    helps = [diagnostic.help for diagnostic in diagnostics]
    assert helps[:2] == ["did you mean title?", "did you mean base_url?"]
    assert "extra" in helps[2]


# ------------------------------------------------------------ backslashes

EATEN = {
    "a title": ('title = "a \\nabla"', (1, 12)),
    "a tagline": ('tagline = "\\tau"', (1, 12)),
    "a macro": ('[math.macros]\nK = "\\frac 1 2"', (2, 6)),
    "a macro in a line": ('math.macros = {K = "a", L = "\\beta"}', (1, 30)),
    "a macro in a table in a line": ('math = { macros = {K = "\\rho"} }', (1, 25)),
    "a macro over lines": ('[math.macros]\nK = """a\n\\nabla"""', (3, 1)),
    "a macro's name": ('[math.macros]\n"\\nu" = "a"', (2, 2)),
}


@pytest.mark.parametrize(("content", "place"), EATEN.values(), ids=EATEN.keys())
def test_double_quotes_that_eat_a_backslash_are_an_error_in(
    content: str, place: tuple[int, int]
) -> None:
    _, (diagnostic,) = read(content)
    assert diagnostic.code == "eaten-backslash"
    assert (diagnostic.span.line, diagnostic.span.column) == place
    assert "single quotes" in diagnostic.help


@pytest.mark.parametrize("command", ["alpha", "sigma", "mathbb", "xi"])
def test_double_quotes_that_toml_refuses_are_explained(command: str) -> None:
    _, (diagnostic,) = read(f'[math.macros]\nK = "\\{command}"')
    assert diagnostic.code == "toml-syntax"
    assert diagnostic.span.line == 2
    assert "single quotes" in diagnostic.help


@pytest.mark.parametrize("value", ["'\\nabla'", '"\\\\nabla"', "'''\\nabla'''"])
def test_other_ways_of_writing_keep_a_backslash(value: str) -> None:
    config, diagnostics = read(f"[math.macros]\nK = {value}")
    assert diagnostics == []
    assert config is not None
    assert config.macros == (Macro("\\K", "\\nabla", Span("")),)


# ------------------------------------------------------------ places

TOML = """\
# a = 1
a = "x # y" # b = 2
'b c'."d\\"e" = 'f'
g = [1, "h", [ # i = 3
  {j = 'k', l.m = '''n
o = "p"'''},
]]

[q.r]
s = 1979-05-27 07:32:00
[[q.t]]
u = 1
[[q.t]]
u = 2
[q.t.v]
w = 3
[[q.t.x]]
y = 4
"""


def places(content: str, value: Value, path: str = "") -> dict[str, str]:
    """What stands in the text at the place of each value, by the path of keys to it."""
    if isinstance(value, Scalar):
        return {path: content[value.start : value.end]}
    found: dict[str, str] = {}
    if isinstance(value, Listing):
        for number, item in enumerate(value.items):
            found |= places(content, item, f"{path}[{number}]")
    if isinstance(value, Table):
        for key, item in value.entries:
            found[f"{path}/{key.text}:"] = content[key.start : key.end]
            found |= places(content, item, f"{path}/{key.text}")
    return found


def test_every_key_and_value_of_toml_stands_where_it_says() -> None:
    table = toml.read(TOML)
    assert table is not None
    found = places(TOML, table)
    values = {path: text for path, text in found.items() if not path.endswith(":")}
    assert values == {
        "/a": '"x # y"',
        '/b c/d"e': "'f'",
        "/g[0]": "1",
        "/g[1]": '"h"',
        "/g[2][0]/j": "'k'",
        "/g[2][0]/l/m": "'''n\no = \"p\"'''",
        "/q/r/s": "1979-05-27 07:32:00",
        "/q/t[0]/u": "1",
        "/q/t[1]/u": "2",
        "/q/t[1]/v/w": "3",
        "/q/t[1]/x[0]/y": "4",
    }
    for path in (
        "/a:",
        "/g:",
        "/g[2][0]/j:",
        "/q/r/s:",
        "/q/t[0]/u:",
        "/q/t[1]/u:",
        "/q/t[1]/v/w:",
    ):
        assert found[path] == path.rpartition("/")[2][:-1]


def test_this_repository_s_own_configuration_is_right(request: pytest.FixtureRequest) -> None:
    content = (request.config.rootpath / "pyproject.toml").read_text(encoding="utf-8")
    config, diagnostics = read(content, "tool", "paperblog")
    assert said(diagnostics) == []
    assert config is not None
    assert config.authors


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("https://a.org", "https://a.org/"),
        ("http://a.org/b/", "http://a.org/b/"),
        ("https://a.org:8080/b", "https://a.org:8080/b/"),
    ],
)
def test_a_base_url_ends_in_a_slash(text: str, address: str) -> None:
    assert read_base_url(text) == address


@pytest.mark.parametrize(
    "text", ["", "a.org", "https://", "https://a.org/?b", "https://a.org/#b", "https://a b"]
)
def test_what_is_no_base_url_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not an address"):
        read_base_url(text)
