"""The theme's texts: complete in every language, and the only words that templates show."""

import ast
import re
from collections.abc import Iterator

import pytest
from jinja2 import Environment, nodes
from sites import ROOT, MakeSite

from paperblog.adapters.theme import JinjaTheme
from paperblog.model.plurals import plural_form
from paperblog.model.texts import Catalogue, direction

THEME = ROOT / "templates"
TEMPLATES = [path for path in sorted(THEME.rglob("*")) if path.suffix in (".html", ".xml", ".txt")]
LANGUAGES = sorted(path.stem for path in (THEME / "texts").glob("*.toml"))

# Names and codes, which are the same in every language.
NO_WORDS = {"404", "ORCID"}
SPOKEN = ("alt", "aria-label", "placeholder", "title")


def catalogue(language: str = "en") -> Catalogue:
    return JinjaTheme(ROOT / "none", THEME, ROOT).texts(language)


def asked_by_templates() -> Iterator[str]:
    """The names that templates ask for; one that is put together ends with a star."""
    for path in TEMPLATES:
        tree = Environment(autoescape=True).parse(path.read_text(encoding="utf-8"))
        for call in tree.find_all(nodes.Call):
            if isinstance(call.node, nodes.Name) and call.node.name == "text":
                name = call.args[0]
                if isinstance(name, nodes.Concat):
                    name = name.nodes[0]
                    yield f"{name.value}*"  # type: ignore[attr-defined]
                else:
                    yield name.value  # type: ignore[attr-defined]


def asked_by_code() -> Iterator[str]:
    """Those that code asks for: `texts("…")`, and slots of the letter `w`."""
    yield from ("months", "months_short", "date", "month_of_year")
    for path in (ROOT / "src" / "paperblog").rglob("*.py"):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(call, ast.Call) or not call.args:
                continue
            function = ast.unparse(call.func).rpartition(".")[2]
            if function == "slot" and ast.unparse(call.args[0]) == "'w'":
                names = call.args[1]
                for name in (
                    (names.body, names.orelse) if isinstance(names, ast.IfExp) else (names,)
                ):
                    yield _written(name).partition(" ")[0]
            elif function in ("texts", "of()") and path.name != "pipeline.py":
                yield _written(call.args[0])


def _written(argument: ast.expr) -> str:
    if isinstance(argument, ast.Constant):
        return str(argument.value)
    if isinstance(argument, ast.JoinedStr) and isinstance(argument.values[0], ast.Constant):
        return f"{argument.values[0].value}*"
    return "*"


def names_of(language: str) -> set[str]:
    return set(catalogue().languages[language])


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_that_is_asked_for_is_in_every_catalogue(language: str) -> None:
    names = names_of(language)
    for asked in {*asked_by_templates(), *asked_by_code()}:
        if asked.endswith("*"):
            assert [name for name in names if name.startswith(asked[:-1])], asked
        else:
            assert asked in names
    assert names == names_of("en")


def test_no_text_stands_in_the_catalogue_in_vain() -> None:
    asked = {*asked_by_templates(), *asked_by_code()}
    dynamic = tuple(name[:-1] for name in asked if name.endswith("*") and name != "*")
    plurals_of_terms = {"categories", "tags", "authors"}
    unasked = {n for n in names_of("en") - asked if not n.startswith(dynamic)}
    assert unasked == plurals_of_terms - asked


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_a_template_has_no_words_of_its_own(path: object) -> None:
    source = path.read_text(encoding="utf-8")  # type: ignore[attr-defined]
    source = re.sub(r"{% block \w+_class %}.*", "", source)
    shown = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", "", source, flags=re.DOTALL)
    shown = re.sub(r"<\?.*?\?>|<(generator|id|name)\b.*?</\1>", "", shown)
    spoken = re.findall(rf'\b(?:{"|".join(SPOKEN)})="([^"]*)"', shown)
    words = {word for text in [re.sub(r"<[^>]*>", " ", shown), *spoken] for word in text.split()}
    if path.suffix == ".txt":  # type: ignore[attr-defined]
        words = {word for word in words if not re.match(r"[A-Z][\w-]*:", word)}
    assert {word for word in words if re.search(r"\w", word)} - NO_WORDS == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_forms_of_a_plural_are_those_of_the_language(language: str) -> None:
    forms = {plural_form(language, count) for count in range(200)}
    for name, word in catalogue().languages[language].items():
        if isinstance(word, dict):
            assert set(word) == forms, name


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", "other one other other other other"),
        ("de-AT", "other one other other other other"),
        ("fr", "one one other other other other"),
        ("ja", "other other other other other other"),
        ("ru", "many one few many many one"),
        ("pl", "many one few many many many"),
        ("cs", "other one few other other other"),
        ("ar", "zero one two few many many"),
        ("he", "other one two other other other"),
        ("lt", "other one few few other one"),
        ("lv", "zero one other other zero one"),
        ("sl", "other one two other other other"),
        ("ro", "few one few few few other"),
        ("hr", "other one few other other one"),
    ],
)
def test_a_number_asks_for_the_form_that_its_language_has(language: str, expected: str) -> None:
    assert [plural_form(language, n) for n in (0, 1, 2, 5, 11, 21)] == expected.split()


def test_what_a_language_lacks_is_in_the_sites_and_then_in_english() -> None:
    known = catalogue("de")
    assert known.of("de-AT")("archive") == "Archiv"
    assert known.of("he")("archive") == "Archiv"
    assert known.of("en")("archive") == "Archive"
    assert catalogue("he").of()("archive") == "Archive"
    with pytest.raises(KeyError):
        known.of()("nothing_of_the_kind")


def test_the_direction_of_a_language_goes_by_its_script() -> None:
    assert [direction(tag) for tag in ("he", "ar-EG", "fa", "az-Arab")] == ["rtl"] * 4
    assert [direction(tag) for tag in ("en", "ja", "ku", "pa-Guru", "ur-Latn")] == ["ltr"] * 5


NOTES = {
    "notes/a.md": "---\ntitle: A\ndate: 2020-03-01\nlang: de\n---\nText[^1].\n\n> [!TIP]\n> x\n\n"
    "[^1]: Fußnote.\n",
    "notes/b.md": "---\ntitle: B\ndate: 2020-03-02\n---\nText[^1].\n\n[^1]: Footnote.\n",
}


def test_a_notes_page_speaks_its_language_within_the_frame_of_the_site(
    make_site: MakeSite,
) -> None:
    site = make_site(NOTES)
    assert site.build().status == 0
    page, home = site.page("notes/a/"), site.page("")
    assert '<html lang="de">' in page
    for words in ("Mär", "neuer", "Zurück zum Verweis 1", "Tipp", 'aria-label="Fußnoten"'):
        assert words in page
    assert page.count('<div class="apart" lang="en" dir="ltr">') == 3
    assert "# recent" not in page
    assert ">Recent<" in page
    assert '<div class="prose" lang="de" dir="ltr">' in home
    assert "Continue reading" in home or "1 min" in home
    assert "Back to reference 1" in site.page("notes/b/")


def test_titles_of_notes_say_their_language_on_a_page_in_another(make_site: MakeSite) -> None:
    note = "---\ntitle: {}\ndate: {}\nseries: Reading\n{}---\nText.\n"
    site = make_site(
        {
            "paperblog.toml": 'language = "en"\nsearch = false\n',
            "notes/one.md": note.format("One in $O(n)$", "2020-01-01", ""),
            "notes/two.md": note.format("שתיים $x$", "2020-01-02", "lang: he\n"),
        }
    )
    assert site.build().status == 0
    page = site.page("notes/two/")
    parts = re.findall(r' lang="en" dir="ltr">(?:<[^>]*>)*One in', page)
    assert len(parts) == 2  # in the series, and as the older note
    current = re.search(r'<li aria-current="page">(.*?)</li>', page, re.DOTALL)
    # One element, so that the list lays out a title with a formula as one.
    assert current is not None
    assert current[1].startswith("<span>")
    assert current[1].endswith("</span>")


def test_a_site_in_another_language_has_no_english_labels(make_site: MakeSite) -> None:
    site = make_site(NOTES | {"paperblog.toml": 'title = "Heft"\nlanguage = "de"\n'})
    assert site.build().status == 0
    for address in ("", "notes/b/", "archive/", "2020/03/", "404.html"):
        page = re.sub(r"<[^>]*>", " ", site.page(address))
        found = re.findall(r"\b(?:Archive|Recent|older|newer|March|Skip|menu|Theme)\b", page)
        assert found == [], address
    assert "März 2020" in site.page("archive/")


def test_a_site_replaces_one_text(make_site: MakeSite) -> None:
    site = make_site(NOTES)
    assert site.build().status == 0
    site.write({"templates/texts/en.toml": 'recent = "Fresh <ink>"\n'})
    assert site.build().status == 0
    assert "<h2>Fresh &lt;ink&gt;</h2>" in site.page("")
    assert "<h2>Archive</h2>" in site.page("")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('recant = "x"', "there is no text recant; did you mean recent?"),
        ('minutes = "{minutes} min"', "minutes names {minutes}, which is not given there"),
        ('minutes = "{count"', "minutes cannot be read: expected '}' before end of string"),
        ("minutes = 3", "minutes is neither a text nor the forms of one, other among them"),
        ('equations = { one = "x" }', "equations is neither a text nor the forms of one"),
        ('months = ["a", "b"]', "months has to be 12 texts"),
        ("minutes", "Expected '=' after a key"),
    ],
)
def test_a_wrong_text_is_said_with_its_file(
    make_site: MakeSite, content: str, message: str
) -> None:
    site = make_site({"notes/a.md": "# A\n", "templates/texts/en.toml": f"{content}\n"})
    result = site.build()
    assert result.status == 2
    assert "templates/texts/en.toml: " in result.err
    assert message in result.err


def test_a_site_adds_a_language_and_texts_of_its_own(make_site: MakeSite) -> None:
    site = make_site(
        {
            "paperblog.toml": 'language = "fr"\n',
            "notes/a.md": "# A\n",
            "templates/texts/fr.toml": 'archive = "Archives"\nmotto = "Encre {colour}"\n',
            "templates/404.html": '{% extends "theme/404.html" %}'
            '{% block main %}{{ text("motto", colour="noire") }}{% endblock %}',
        }
    )
    assert site.build().status == 0
    assert "Encre noire" in site.page("404.html")
    assert "Recent" in site.page("")
