"""`paperblog check --online`: the links to other sites, asked or remembered."""

import time
from collections.abc import Sequence

from msgspec.structs import replace

from paperblog import __version__
from paperblog.adapters.web import HttpWeb
from paperblog.commands.workshop import Workplace
from paperblog.freshness import CONFIGURATIONS
from paperblog.links.online import Answer, Manners, Verdict, ask, is_offline
from paperblog.links.outside import in_all, outside_links, said_of
from paperblog.model.diagnostic import Diagnostic, PaperblogError
from paperblog.model.site import Site
from paperblog.ports import Memory, Store
from paperblog.steps.load import SiteFiles

ANSWERS = Memory("answers", Answer)
MANNERS = Manners()


def check_online(
    workplace: Workplace, site: Site, store: Store
) -> tuple[Sequence[Diagnostic], dict[str, object]]:
    """What is wrong with links to other sites, and how many there are.

    Raises:
        PaperblogError: there is no network.
    """
    places, wrong = outside_links(site, SiteFiles(workplace.root), CONFIGURATIONS)
    anchors = workplace.config.links_anchors
    asked_for = {url: url if anchors else url.partition("#")[0] for url in places}
    keys = {url: f"{url} {anchors}" for url in asked_for.values()}
    now = time.time()
    known = store.get_many(ANSWERS, keys.values())
    answers = {url: known[key] for url, key in keys.items() if key in known}
    answers = {url: answer for url, answer in answers.items() if MANNERS.holds(answer, now)}
    wanted = [url for url in keys if url not in answers]
    manners = replace(MANNERS, anchors=anchors)
    fresh: dict[str, Answer] = {}
    try:
        for url, answer in ask(wanted, HttpWeb(_agent(site)), manners):
            fresh[url] = answer
    finally:
        if not is_offline(fresh.values()):
            store.put_many(ANSWERS, {keys[url]: answer for url, answer in fresh.items()})
    if is_offline(fresh.values()):
        raise PaperblogError("there is no network here, so links to other sites cannot be checked")
    answers |= fresh
    by_place = {url: answers[target] for url, target in asked_for.items() if target in answers}
    counts: dict[str, object] = {
        "links": len(places),
        "asked": len(wanted),
        "notAsked": in_all(by_place.values(), Verdict.NOT_ASKED),
    }
    return [*wrong, *said_of(by_place, places)], counts


def _agent(site: Site) -> str:
    """Who asks, and whom a host may complain to."""
    base = site.config.base_url
    return f"paperblog/{__version__} (link check{f' of {base}' if base else ''})"
