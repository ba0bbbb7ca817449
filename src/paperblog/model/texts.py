"""The theme's texts by language: labels, names of months, forms of dates and plurals."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from string import Formatter

from msgspec import Struct

from paperblog.model.plurals import plural_form
from paperblog.model.remembered import remembered

Word = str | Sequence[str] | Mapping[str, str]
"""A text, the names of the months, or the forms of a plural by the names that CLDR gives them."""

_RIGHT_TO_LEFT = ("ar", "ckb", "dv", "fa", "he", "ks", "ps", "sd", "syr", "ug", "ur", "yi")
_RIGHT_TO_LEFT_SCRIPTS = ("adlm", "arab", "hebr", "nkoo", "syrc", "thaa")


class Texts(Struct, frozen=True, gc=False):
    """The texts for one language: what it lacks is in the languages behind it in the chain."""

    chain: tuple[tuple[str, Mapping[str, Word]], ...]

    def __call__(self, name: str, count: int | None = None, /, **values: object) -> str:
        """A text with what its braces ask for; `count` chooses the plural's form.

        Raises:
            KeyError: there is no such text.
        """
        if count is not None:
            values["count"] = count
        return self.pattern(name, count).format(**values)

    def pattern(self, name: str, count: int | None = None) -> str:
        """A text with its braces.

        Raises:
            KeyError: there is no such text.
        """
        language, word = self._find(name)
        if isinstance(word, Mapping):
            form = plural_form(language, count or 0)
            return word.get(form) or word["other"]
        return word if isinstance(word, str) else ", ".join(word)

    def date(self, date: datetime) -> str:
        """A day as it is written out: 1 August 2020."""
        return self("date", day=date.day, month=self.month(date.month), year=date.year)

    def month(self, number: int, short: bool = False) -> str:
        """The name of a month, from 1."""
        return self._find("months_short" if short else "months")[1][number - 1]  # type: ignore[index]

    def month_of_year(self, year: int, month: int) -> str:
        """A month as it is written out: August 2020."""
        return self("month_of_year", month=self.month(month), year=year)

    def _find(self, name: str) -> tuple[str, Word]:
        for language, words in self.chain:
            if name in words:
                return language, words[name]
        raise KeyError(f"the theme has no text {name}")


class Catalogue(Struct, frozen=True, gc=False):
    """The texts of all languages that the theme and the site know; `language` is the site's."""

    languages: Mapping[str, Mapping[str, Word]]
    language: str

    def of(self, language: str = "") -> Texts:
        """The texts for a language tag, the site's without one."""
        return _texts(self, language)


@remembered
def _texts(catalogue: Catalogue, language: str) -> Texts:
    known = catalogue.languages
    wanted = dict.fromkeys([*_with_ranges(language), *_with_ranges(catalogue.language), "en"])
    return Texts(tuple((tag, known[tag]) for tag in wanted if tag in known))


def direction(language: str) -> str:
    """`rtl` for a language tag that is written from right to left, else `ltr`."""
    primary, *subtags = language.lower().replace("_", "-").split("-")
    script = next((part for part in subtags if len(part) == 4 and part.isalpha()), "")
    if script:
        return "rtl" if script in _RIGHT_TO_LEFT_SCRIPTS else "ltr"
    return "rtl" if primary in _RIGHT_TO_LEFT else "ltr"


def _with_ranges(language: str) -> list[str]:
    """A tag with what it is a kind of, nearest first (RFC 4647): `pt-BR`, `pt`."""
    parts = language.lower().replace("_", "-").split("-")
    return ["-".join(parts[:length]) for length in range(len(parts), 0, -1)]


def fault_of(word: object, like: Word) -> str:
    """What keeps a word from standing where one like another is expected; empty if nothing does."""
    if isinstance(like, list):
        months = isinstance(word, list) and all(isinstance(part, str) for part in word)
        return "" if months and len(word) == len(like) else f"has to be {len(like)} texts"  # type: ignore[arg-type]
    forms = word if isinstance(word, dict) and "other" in word else {"other": word}
    if not all(isinstance(form, str) for form in forms.values()):
        return "is neither a text nor the forms of one, other among them"
    given = set[str]().union(*map(_fields, like.values() if isinstance(like, dict) else [like]))
    for form in forms.values():
        try:
            unknown = _fields(form) - given
        except ValueError as error:
            return f"cannot be read: {error}"
        if unknown:
            return f"names {{{min(unknown)}}}, which is not given there"
    return ""


def _fields(text: object) -> set[str]:
    """The names in braces in a text."""
    return {name for _, name, _, _ in Formatter().parse(str(text)) if name is not None}
