"""Draw: from planned social cards to pictures, those alone that are not there or remembered."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

import msgspec

from paperblog.model.card import CardView
from paperblog.model.digest import digest
from paperblog.model.page import Page, Plan, Written, output_path
from paperblog.ports import Cards, Memory, Store, Workers

CARD = Memory("card", bytes)

_CHUNK = 8


def without_cards(plans: Sequence[Plan]) -> tuple[Plan, ...]:
    """The plans that templates make pages of."""
    return tuple(plan for plan in plans if not isinstance(plan.view, CardView))


def draw(
    plans: Sequence[Plan],
    cards: Cards,
    store: Store,
    written: Mapping[str, Written],
    workers: Workers,
) -> Iterator[Page]:
    """The pictures of all planned cards; `written` are the files that are still as they were.

    A picture depends on its card and on who draws it, and on nothing else of the site.
    """
    wanted = [(plan, plan.view) for plan in plans if isinstance(plan.view, CardView)]
    if not wanted:
        return
    artist = cards.identity
    keys = {plan.address: _key(artist, view) for plan, view in wanted}
    missing = {}
    for plan, view in wanted:
        key, before = keys[plan.address], written.get(output_path(plan.address))
        if before is None or before.key != key:
            missing[key] = view
    pictures = store.get_many(CARD, missing)
    new = {key: view for key, view in missing.items() if key not in pictures}
    views = list(new.values())
    chunks = [views[at : at + _CHUNK] for at in range(0, len(views), _CHUNK)]
    drawn = dict(zip(new, chain.from_iterable(workers.spread(cards.draw, chunks)), strict=True))
    store.put_many(CARD, drawn)
    pictures |= drawn
    for plan, _ in wanted:
        key = keys[plan.address]
        yield Page(output_path(plan.address), key, pictures.get(key), plan.source)


def _key(artist: str, view: CardView) -> str:
    return digest(artist, msgspec.msgpack.encode(view))
