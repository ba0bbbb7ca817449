"""Categories, tags and authors: a page for each, and one for all of a kind."""

from collections.abc import Iterable
from difflib import get_close_matches

from paperblog.features.lists import Listing, list_plans
from paperblog.features.views import anchor, head, link_views
from paperblog.model import codes
from paperblog.model.config import Author
from paperblog.model.diagnostic import Diagnostic, Span
from paperblog.model.page import Plan
from paperblog.model.part import Anchor, AuthorView
from paperblog.model.remembered import kept
from paperblog.model.site import Edition, Site, Term
from paperblog.model.texts import Texts
from paperblog.model.view import Frame, IndexView
from paperblog.plugins import Plugin


def emit(edition: Edition, frame: Frame) -> Iterable[Plan]:
    """Plan the pages of all terms and the three indexes."""
    site = edition.site
    kinds = (
        ("category", "categories", site.categories),
        ("tag", "tags", site.tags),
        ("author", "authors", site.authors),
    )
    for kind, plural, terms in kinds:
        if not terms:
            continue
        heading = site.texts(plural)
        view = IndexView(
            frame=frame,
            head=head(site.config, f"{plural}/", heading, plural),
            kind=plural,
            heading=heading,
            terms=tuple(map(anchor, terms)),
        )
        yield Plan(f"{plural}/", "terms.html", view)
        lists = [kept(term.address, _listing(site, kind, plural, term)) for term in terms]
        yield from list_plans(site, frame, plural, lists, [term.notes for term in terms])


def _listing(site: Site, kind: str, plural: str, term: Term) -> Listing:
    feed = f"{term.address}feed.xml" if site.config.base_url else ""
    return Listing(
        address=term.address,
        kind=kind,
        heading=term.name,
        section=plural,
        feed=feed,
        feeds=(Anchor(f"{term.name} · {site.config.title}", feed),) if feed else (),
        author=_profile(term.author, site.texts) if term.author else None,
    )


def _profile(author: Author, texts: Texts) -> AuthorView:
    return AuthorView(author.name, author.url, author.orcid, link_views(author.links, texts))


def check(site: Site) -> Iterable[Diagnostic]:
    """Hints at authors that are probably configured ones, misspelt."""
    configured = {author.name: author.slug for author in site.config.authors}
    for term in site.authors:
        near = get_close_matches(term.name, configured, 1, 0.8)
        if near and term.slug not in configured.values():
            message = f"{term.name} is nobody in the configuration"
            for entry in term.notes:
                span = Span(entry.note.path)
                yield codes.UNKNOWN_AUTHOR.at(span, message, f"did you mean {near[0]}?")


plugin = Plugin("taxonomies", "1", checks=(check,), emitters=(emit,))
