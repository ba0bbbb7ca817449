"""A site's configuration: its keys, each with how it is read and what it means."""

from typing import cast

from paperblog.model import codes
from paperblog.model.config import Config, without_scheme
from paperblog.model.diagnostic import Diagnostic
from paperblog.model.text import Text
from paperblog.schema import site, toml
from paperblog.schema.front_matter import ignorable
from paperblog.schema.readers import (
    Field,
    Fields,
    anything,
    boolean,
    integer,
    line,
    one_of,
    optional,
    several,
    tex_line,
)
from paperblog.schema.values import UnreadableError

_DEFAULT = Config()
_NO_EXTRA: dict[str, object] = {}


class Keys:
    """The keys of the configuration; macros need the file's text to see what quotes did."""

    def __init__(self, text: Text) -> None:
        tex = tex_line(text)
        self.title = Field("title", tex, _DEFAULT.title, "text", "The site's name.")
        self.tagline = Field("tagline", tex, "", "text", "A few words under the name.")
        self.description = Field(
            "description", tex, "", "text", "What the site is, for search engines and the sidebar."
        )
        self.base_url = Field(
            "base_url",
            site.base_url,
            "",
            "address",
            "Where the site is published. Feeds, the sitemap and canonical links need it; "
            "pages do not.",
        )
        self.language = Field("language", line, "en", "language tag", "The language of the site.")
        self.timezone = Field(
            "timezone",
            site.timezone,
            "UTC",
            "IANA zone name",
            "The zone of dates that name none, such as `America/Chicago`.",
        )
        self.license = Field(
            "license",
            line,
            "",
            "text",
            "The licence of the notes, shown in the footer.",
            also="licence",
        )
        self.copyright = Field(
            "copyright", line, "", "text", "Who holds the copyright; else the title."
        )
        self.credit = Field(
            "credit",
            optional(line),
            None,
            "text",
            'What stands at the end of the footer. Without it, what the site is made with; `""` '
            "leaves it out.",
        )
        self.authors = Field(
            "authors",
            site.authors,
            _DEFAULT.authors,
            "tables `[authors.<slug>]`",
            "The authors: `name`, `url`, `orcid`, `links` (a table of names and addresses).",
        )
        self.nav = Field(
            "nav",
            optional(several(site.navigation_entry)),
            None,
            "tables `[[nav]]`",
            "The navigation, entry by entry: `title` and `url`. Without it the site's own sections "
            "are listed.",
        )
        self.notes_per_page = Field(
            "notes_per_page",
            integer(1, 1000),
            10,
            "whole number",
            "How many notes a page of a list holds.",
        )
        self.home = Field(
            "home",
            one_of("excerpt", "full"),
            "excerpt",
            "`excerpt` or `full`",
            "What lists show of a note.",
        )
        self.address = Field(
            "address",
            site.address,
            _DEFAULT.address,
            "pattern",
            "The address of a note, from `{year} {month} {day} {slug} {category}`; WordPress's is "
            "`/{year}/{month}/{slug}/`.",
        )
        self.feed_length = Field(
            "feed_length", integer(1, 1000), 20, "whole number", "How many notes a feed holds."
        )
        self.social_cards = Field(
            "social_cards",
            boolean,
            _DEFAULT.social_cards,
            "true or false",
            "Draws a picture for each note without an `image`, which other sites show beside links "
            "to it. `serve` draws none.",
        )
        self.dates = Field(
            "dates",
            one_of("front-matter", "git"),
            "front-matter",
            "`front-matter` or `git`",
            "Where dates come from when a note names none: nowhere, or from its commits.",
        )
        self.math = Field(
            "math",
            site.math(text),
            (_DEFAULT.macros, _DEFAULT.math_output, _DEFAULT.double_dollars),
            "table `[math]`",
            "`macros`, a table: TeX macros for every note. `output`: `html`, the default (KaTeX's "
            "HTML with MathML for screen readers), or `mathml` (MathML alone, set by the browser). "
            "`double_dollars`: what `$$…$$` is in a sentence: `display`, the default, or "
            "`kramdown` (a formula within the line, as Jekyll has it).",
        )
        self.security = Field(
            "security",
            site.security,
            _DEFAULT.html,
            "table `[security]`",
            "`html`: `trust`, or `sanitize` where not every author is trusted: raw HTML in notes "
            "then loses what could do more than be read.",
        )
        self.search = Field(
            "search", boolean, True, "true or false", "Whether the site has a search of its own."
        )
        self.images = Field(
            "images",
            site.images,
            _DEFAULT.images,
            "table `[images]`",
            "How images are made smaller for browsers. `widths`, in pixels: `[480, 960, 1440]`. "
            "`formats`: `avif` and `webp`, the preferred one first; `[]` makes none. `quality`, "
            "from 20 to 100: 80.",
        )
        self.links = Field(
            "links",
            site.links,
            (_DEFAULT.own, _DEFAULT.links_ignored, _DEFAULT.links_anchors),
            "table `[links]`",
            "`own`: addresses that mean this site beside `base_url`, such as the one it had before "
            "it moved. What `check --online` does: `ignore`, addresses not to ask for, `*` "
            "standing for anything; `anchors`, whether to read pages and look for the ids that "
            "links name.",
        )
        self.ignore = Field(
            "ignore",
            several(ignorable),
            _DEFAULT.ignore,
            "list of codes",
            "Warnings and hints that are not to be reported, by their codes.",
        )
        self.plugins = Field(
            "plugins",
            several(line),
            _DEFAULT.plugins,
            "list of names",
            "Plugins to load: names of installed ones, or modules.",
        )
        self.extra = Field(
            "extra", anything, _NO_EXTRA, "table", "Anything of your own, passed to templates."
        )

    def all(self) -> tuple[Field[object], ...]:
        """Every key, in the order of the reference."""
        return tuple(cast("Field[object]", field) for field in vars(self).values())


def read_configuration(
    text: Text, table: tuple[str, ...], diagnostics: list[Diagnostic]
) -> Config | None:
    """The configuration in a TOML text (in its `table`), or None where there is none.

    What is wrong with it is added to `diagnostics`; the rest holds.
    """
    try:
        values = toml.read(text.content, table)
    except UnreadableError as problem:
        span = text.span(problem.offset, problem.offset + 1)
        diagnostics.append(codes.TOML_SYNTAX.at(span, problem.message, problem.help))
        return _DEFAULT
    if values is None:
        return None
    keys = Keys(text)
    fields = Fields(values, text, diagnostics)
    macros, output, double_dollars = fields.get(keys.math)
    own, links_ignored, links_anchors = fields.get(keys.links)
    base_url = fields.get(keys.base_url)
    config = Config(
        title=fields.get(keys.title),
        tagline=fields.get(keys.tagline),
        description=fields.get(keys.description),
        base_url=base_url,
        language=fields.get(keys.language),
        timezone=fields.get(keys.timezone),
        license=fields.get(keys.license),
        copyright=fields.get(keys.copyright),
        credit=fields.get(keys.credit),
        authors=fields.get(keys.authors),
        nav=fields.get(keys.nav),
        notes_per_page=fields.get(keys.notes_per_page),
        home=fields.get(keys.home),
        address=fields.get(keys.address),
        feed_length=fields.get(keys.feed_length),
        social_cards=fields.get(keys.social_cards),
        dates=fields.get(keys.dates),
        macros=macros,
        math_output=output,
        double_dollars=double_dollars,
        html=fields.get(keys.security),
        search=fields.get(keys.search),
        images=fields.get(keys.images),
        own=tuple(dict.fromkeys(without_scheme(home) for home in (base_url, *own) if home)),
        links_ignored=links_ignored,
        links_anchors=links_anchors,
        ignore=fields.get(keys.ignore),
        plugins=fields.get(keys.plugins),
        extra=fields.get(keys.extra),
    )
    fields.warn_of_unknown(keys.all(), "the configuration", {})
    return config
