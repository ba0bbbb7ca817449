"""Every kind of diagnostic under its stable name; `docs/diagnostics.md` is made from this list."""

from paperblog.model.diagnostic import Code, Severity

_E, _W, _H = Severity.ERROR, Severity.WARNING, Severity.HINT

NOT_UTF8 = Code("not-utf8", _E, "The file is not UTF-8 text. Save it as UTF-8.")
UNREADABLE = Code("unreadable", _E, "The file cannot be read.")

YAML_SYNTAX = Code(
    "yaml-syntax",
    _E,
    "The front matter is not YAML. Until it is mended the note counts as a draft, "
    "so that it is never published by accident.",
)
TOML_SYNTAX = Code("toml-syntax", _E, "The configuration is not TOML.")
UNKNOWN_KEY = Code(
    "unknown-key",
    _W,
    "A key that paperblog does not know. Keys of your own belong under `extra`.",
)
DUPLICATE_KEY = Code("duplicate-key", _E, "A key stands twice; only one of them could hold.")
WRONG_VALUE = Code("wrong-value", _E, "A value of the front matter or configuration is malformed.")
WRONG_DATE = Code(
    "wrong-date",
    _E,
    "A date is none. Write `2020-07-02` or `2020-07-02 14:30`; a zone such as `+02:00` may follow.",
)
EATEN_BACKSLASH = Code(
    "eaten-backslash",
    _E,
    'In YAML and TOML a double-quoted `"\\nabla"` is a line feed and `abla`. '
    "Single quotes keep TeX as it is.",
)
ADDRESS_PATTERN = Code("address-pattern", _E, "The pattern of addresses cannot be filled in.")

NO_TITLE = Code(
    "no-title",
    _W,
    "The note has neither a `title` nor a heading; its file's name is shown in their place.",
)
DUPLICATE_ADDRESS = Code(
    "duplicate-address",
    _E,
    "Two files would be published at one address, or one in a folder of the other's name; "
    "one must move.",
)
LONG_ADDRESS = Code(
    "long-address", _E, "A part of an address is longer than file systems allow: 255 bytes."
)
SHARED_ID = Code(
    "shared-id", _E, "Two notes have one `id`; feed readers would take them for one entry."
)
UNKNOWN_AUTHOR = Code(
    "unknown-author",
    _H,
    "A configured author has nearly this name; two spellings would make two authors.",
)

UNKNOWN_NOTE = Code("unknown-note", _E, "A link names a note that is not there.")
AMBIGUOUS_NOTE = Code("ambiguous-note", _E, "A wikilink matches two notes; name one by its slug.")
UNPUBLISHED_NOTE = Code(
    "unpublished-note",
    _W,
    "A link leads to a draft or to a note whose date has not come; until then it is plain text.",
)
UNKNOWN_HEADING = Code("unknown-heading", _E, "A link names a heading or id that is not there.")
UNKNOWN_FILE = Code("unknown-file", _E, "A link or image names a file that is not there.")
UNSAFE_LINK = Code(
    "unsafe-link",
    _E,
    "A link or image has an address that would run a script or names a local file.",
)
HTML_REMOVED = Code(
    "html-removed",
    _W,
    'With `html = "sanitize"`: raw HTML of a note would do more than be read, and is taken out.',
)
UNKNOWN_LANGUAGE = Code(
    "unknown-language", _W, "No highlighter knows the language of a code block; it is shown plain."
)
UNDEFINED_FOOTNOTE = Code(
    "undefined-footnote", _E, "A footnote is referred to and defined nowhere in the note."
)
TOO_DEEP = Code(
    "too-deep", _E, "Quotes, lists or brackets are nested deeper than the parser follows."
)

MATH_UNCLOSED = Code("math-unclosed", _E, "A formula is opened and not closed in its paragraph.")
MATH_UNDEFINED = Code("math-undefined", _E, "A formula uses a command that is not defined.")
MATH_SYNTAX = Code("math-syntax", _E, "A formula is not TeX that KaTeX can typeset.")
UNKNOWN_REFERENCE = Code(
    "unknown-reference", _E, "A `\\ref` or `\\eqref` names an equation that has no number."
)
DUPLICATE_LABEL = Code("duplicate-label", _E, "Two equations of a note have one label.")
MATH_REFUSED = Code(
    "math-refused",
    _E,
    "A formula uses a command that notes may not: one that makes attributes, includes a picture, "
    "or links to anything but http, https, mailto or an id of the page.",
)
MATH_LIMIT = Code("math-limit", _E, "A formula is too long, too deep or expands without end.")

MATH_TYPOGRAPHY = Code(
    "math-typography",
    _W,
    "A formula holds a typographic dash, quotation mark, ellipsis or blank, pasted from a page, or "
    "a character that was lost.",
)
MATH_ENTITY = Code("math-entity", _W, "A formula holds an HTML entity or tag.")
MATH_OPTION = Code(
    "math-option",
    _W,
    "A `$latex` has an option with a value that WordPress does not take: a size that is no digit, "
    "a colour that is not six hex digits. It stays in the formula.",
)
MATH_PRIME = Code("math-prime", _W, "A formula holds the character ′ where TeX has an apostrophe.")
MATH_BARE_COMMAND = Code(
    "math-bare-command",
    _W,
    "A formula holds a command's name without its backslash, typeset as letters.",
)
MATH_PROSE = Code(
    "math-prose",
    _W,
    "A formula reads like prose or an amount of money: its dollar signs may not be meant as math.",
)
MATH_LATEX_LEFT = Code(
    "math-latex-left",
    _W,
    "A `$latex` that is no formula stays in the text: after the word must come a blank or `=`.",
)
STRAY_IN_TABS = Code(
    "stray-in-tabs", _W, "Between `::: tabs` and `:::` stands something that is no code block."
)
MATH_LOOKALIKE = Code(
    "math-lookalike",
    _W,
    "Text looks like a formula and is none by the rules, so it stays text: `$ x $`, `$\\alpha$2`, "
    "`\\\\(x\\\\)`, an environment that there is not, a delimiter of another generator.",
)
MATH_ESCAPE = Code(
    "math-escape",
    _W,
    "A formula holds backslashes that another Markdown would have taken away: `x\\_1`, `\\\\frac`.",
)
MATH_DISPLAYED = Code(
    "math-displayed",
    _H,
    "`$$…$$` stands in the middle of sentences, three times or more in a note, and is displayed "
    "there. Blogs made with Jekyll mean formulas within the line by it.",
)
MATH_LABEL = Code(
    "math-label", _W, "A formula within the line has a `\\label`; it has no number to refer to."
)
UNUSED_MACRO = Code("unused-macro", _W, "A macro is defined, and no formula uses it.")
UNUSED_LABEL = Code(
    "unused-label", _H, "An equation is numbered by its label, and nothing refers to it."
)

BROKEN_LINK = Code(
    "broken-link", _E, "A page of the built site leads to an address where nothing is published."
)
BROKEN_FRAGMENT = Code(
    "broken-fragment", _E, "A page of the built site leads to an id that the other page lacks."
)
LINK_CASE = Code(
    "link-case", _E, "A link differs from what it means by capitals or by the form of its accents."
)
OUTSIDE_LINK = Code(
    "outside-link",
    _E,
    "A link leaves the site: it climbs above its root, begins at the root of a server that has the "
    "site in a folder, or opens a folder from disk.",
)
RELATIVE_IN_FEED = Code(
    "relative-in-feed",
    _W,
    "A feed holds an address that is not written in full; most readers cannot follow it.",
)
MALFORMED_LINK = Code("malformed-link", _E, "An address is not written as addresses are.")
MALFORMED_FILE = Code("malformed-file", _E, "A feed, sitemap or JSON file cannot be read.")
INEXACT_LINK = Code(
    "inexact-link", _H, "A link finds its page by a detour that a server may not know."
)
FOREIGN_RESOURCE = Code(
    "foreign-resource",
    _W,
    "A page loads an image, font, script or frame from another host.",
)
DUPLICATE_ID = Code("duplicate-id", _W, "An id stands twice on a page.")
UNREACHABLE_PAGE = Code(
    "unreachable-page", _H, "No way of links leads from the home page to a page."
)

DEAD_LINK = Code("dead-link", _E, "What a link to another site leads to is not there any more.")
UNKNOWN_HOST = Code("unknown-host", _E, "A link leads to a host that does not exist.")
BAD_CERTIFICATE = Code(
    "bad-certificate", _W, "A link leads to a host that browsers warn of: its certificate is wrong."
)
FAILING_LINK = Code(
    "failing-link",
    _W,
    "The server that a link leads to fails or does not answer, maybe for a while.",
)
REFUSING_LINK = Code(
    "refusing-link", _H, "The server that a link leads to does not answer programs."
)
MOVED_LINK = Code("moved-link", _H, "What a link leads to has moved for good.")
LOST_ANCHOR = Code("lost-anchor", _W, "A page of another site lacks the id that a link names.")

PLUGIN_FAILED = Code("plugin-failed", _E, "A plugin's hook raised an error.")
NO_BASE_URL = Code(
    "no-base-url",
    _H,
    "Without `base_url` nothing that needs an absolute address is written: feeds, sitemap, "
    "canonical links.",
)

MISSING_ALT = Code(
    "missing-alt",
    _W,
    "An image has no alternative text, so who cannot see it learns nothing of it. "
    'One that only decorates has `{alt=""}` after it.',
)
REMOTE_FILE = Code(
    "remote-file",
    _W,
    "A page would ask another site for a file, which then learns of every reader. A link stands "
    "for an image; raw HTML stays as it is.",
)
BROKEN_IMAGE = Code(
    "broken-image", _E, "An image is damaged, is none, or has more pixels than a browser can take."
)
INCOMPLETE_POST = Code(
    "incomplete-post", _W, "A quoted post lacks its author, its date or its address."
)

NO_SEARCH = Code(
    "no-search",
    _W,
    "The program that indexes the site for its search is not installed; the site has no search.",
)

ALL: tuple[Code, ...] = tuple(
    value for value in list(globals().values()) if isinstance(value, Code)
)
