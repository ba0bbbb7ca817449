"""Which form of a plural a whole number asks for, after CLDR's rules for cardinal numbers."""

from collections.abc import Callable

Rule = Callable[[int], str]


def plural_form(language: str, count: int) -> str:
    """`zero`, `one`, `two`, `few`, `many` or `other`; languages not named here go by English's."""
    primary = language.lower().partition("-")[0]
    return _RULES.get(primary, _one)(count)


def _other(count: int) -> str:
    return "other"


def _one(count: int) -> str:
    return "one" if count == 1 else "other"


def _one_or_none(count: int) -> str:
    return "one" if count in (0, 1) else "other"


def _hebrew(count: int) -> str:
    return {1: "one", 2: "two"}.get(count, "other")


def _arabic(count: int) -> str:
    if count <= 2:
        return ("zero", "one", "two")[count]
    return "few" if 3 <= count % 100 <= 10 else "many" if count % 100 >= 11 else "other"


def _east_slavic(count: int) -> str:
    if count % 10 == 1 and count % 100 != 11:
        return "one"
    return "few" if _ends_in_two_to_four(count) else "many"


def _south_slavic(count: int) -> str:
    form = _east_slavic(count)
    return "other" if form == "many" else form


def _polish(count: int) -> str:
    return "one" if count == 1 else "few" if _ends_in_two_to_four(count) else "many"


def _czech(count: int) -> str:
    return "one" if count == 1 else "few" if 2 <= count <= 4 else "other"


def _slovenian(count: int) -> str:
    return {1: "one", 2: "two", 3: "few", 4: "few"}.get(count % 100, "other")


def _lithuanian(count: int) -> str:
    if 11 <= count % 100 <= 19 or count % 10 == 0:
        return "other"
    return "one" if count % 10 == 1 else "few"


def _latvian(count: int) -> str:
    if 11 <= count % 100 <= 19 or count % 10 == 0:
        return "zero"
    return "one" if count % 10 == 1 else "other"


def _romanian(count: int) -> str:
    if count == 1:
        return "one"
    return "few" if count == 0 or 1 <= count % 100 <= 19 else "other"


def _ends_in_two_to_four(count: int) -> bool:
    return 2 <= count % 10 <= 4 and not 12 <= count % 100 <= 14


_LANGUAGES: tuple[tuple[Rule, str], ...] = (
    (_other, "id ja jv km ko lo ms my su th vi wo yo yue zh"),
    (_one_or_none, "am as bn fa ff fr gu hi hy kab kn pa pt zu"),
    (_east_slavic, "be ru uk"),
    (_south_slavic, "bs hr sh sr"),
    (_polish, "pl"),
    (_czech, "cs sk"),
    (_slovenian, "sl"),
    (_lithuanian, "lt"),
    (_latvian, "lv"),
    (_romanian, "mo ro"),
    (_arabic, "ar"),
    (_hebrew, "he"),
)
_RULES = {language: rule for rule, languages in _LANGUAGES for language in languages.split()}
