"""What some changed keys of the rebuilt suite mean for storage: which rows and pages to work out anew.

A contract keeps rows, one for each account, day or bond, in places that never move; and pages, all else that
belongs together: few slots, of which some can go, as the text of a document does.  Together they are what
``expected_storage`` tells.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from indenture.audit.prove.storage.bond import (
    allowance_row,
    bond_page,
    checkpoint_row,
    entry_row,
    paid_row,
    permit_row,
)
from indenture.audit.prove.storage.cash import balance_row, cash_page
from indenture.audit.prove.storage.cells import Cell
from indenture.audit.prove.storage.judged import Judged
from indenture.audit.prove.storage.layout import BOND, CASH_TOKEN
from indenture.audit.prove.storage.offering import (
    additional_row,
    bid_row,
    deposit_row,
    latest_row,
    offering_page,
    offering_settings,
)
from indenture.audit.prove.storage.registers import (
    REGISTER_PAGES,
    account_row,
    isin_row,
    member_row,
    nonces_row,
    publication_row,
)
from indenture.audit.prove.storage.servicing import (
    action_payment_row,
    claimed_row,
    election_row,
    kept_row,
    payment_row,
    servicing_page,
    transferred_row,
)
from indenture.audit.replay import World
from indenture.audit.replay.touched import Key

Page = tuple[Any, ...]
"""A page of a contract: nothing of one that has just one; a bond of the Servicing, an offering's number."""

Row = Iterator[Cell | Judged]

_OF_BOND: dict[str, Callable[..., Row]] = {
    "entry": entry_row,
    "checkpoint": checkpoint_row,
    "paid word": paid_row,
}
_OF_CONTRACT: dict[str, tuple[str, Callable[..., Row]]] = {
    "bid": ("Offering", bid_row),
    "additional": ("Offering", additional_row),
    "deposit": ("Offering", deposit_row),
    "offering of": ("Offering", latest_row),
    "payment": ("Servicing", payment_row),
    "action payment": ("Servicing", action_payment_row),
    "kept": ("Servicing", kept_row),
    "claimed": ("Servicing", claimed_row),
    "transferred": ("Servicing", transferred_row),
    "elected": ("Servicing", election_row),
    "member": ("MemberRegistry", member_row),
    "word": ("MemberRegistry", account_row),
    "publication": ("Benchmarks", publication_row),
    "isin": ("BondFactory", isin_row),
    "nonces": ("Settlement", nonces_row),
}
_PAGES_OF_BOND = ("book", "terms", "days", "documents", "bound")
_PAGES_OF_SERVICING = (
    *("state", "claim", "credit", "fixing", "version", "partial call", "action", "opened"),
    "figures",
)
_PAGES_OF_CASH = ("cash supply", "limit", "trusted")
_PAGES_OF_OFFERING = ("offering", "classes", "syndicate", "underwriter", "level", "proof")
_PAGES: dict[str, str] = {
    "function role": "Authority",
    "target": "Authority",
    "grant": "Authority",
    "role": "Authority",
    "operation": "Authority",
    "year": "BusinessCalendar",
    "parts": "BusinessCalendar",
    "benchmark": "Benchmarks",
    "implementation": "BondFactory",
    "bond count": "BondFactory",
    "offering of": "Offering",
}


def rows(world: World, key: Key) -> Iterator[tuple[str, Row]]:
    """The rows that a changed key is about, each with its contract."""
    kind, *rest = key
    if kind in _OF_BOND:
        yield rest[0], _OF_BOND[kind](world.bonds[rest[0]], *rest[1:])
    elif kind in _OF_CONTRACT:
        contract, row = _OF_CONTRACT[kind]
        yield world.suite.one(contract).address, row(world, *rest)
    elif kind == "cash":
        yield rest[0], balance_row(world.cash[rest[0]], rest[1])
    elif kind in ("allowance", "permits"):
        token, *parties = rest
        layout, row = BOND if token in world.bonds else CASH_TOKEN, _APPROVALS[kind]
        yield token, row(layout, world.approvals(token), *parties)


_APPROVALS: dict[str, Callable[..., Row]] = {"allowance": allowance_row, "permits": permit_row}


def pages(world: World, key: Key) -> Iterator[tuple[str, Page]]:
    """The pages that a changed key is about, each with its contract."""
    kind, *rest = key
    if kind in _PAGES:
        yield world.suite.one(_PAGES[kind]).address, ()
    elif kind in _PAGES_OF_SERVICING:
        yield world.suite.one("Servicing").address, (rest[0],)
    elif kind in _PAGES_OF_OFFERING:
        yield world.suite.one("Offering").address, (rest[0],)
    elif kind in (*_PAGES_OF_BOND, *_PAGES_OF_CASH, "authority"):
        yield rest[0], ()


def all_pages(world: World, address: str) -> Iterable[Page]:
    """Every page of a contract; none of what keeps nothing."""
    target = world.suite.targets.get(address)
    if target is None:
        return []
    if target.kind == "Servicing":
        return [(bond,) for bond in world.bonds]
    if target.kind == "Offering":
        return [(), *((number,) for number in world.offerings.offerings)]
    return [()]


def page_of(world: World, address: str, page: Page, texts: tuple[str, str]) -> Iterator[Cell]:
    """What stands on a page.

    Args:
        world: The suite after the last event.
        address: A contract that has such a page.
        page: One of ``pages``.
        texts: Name and symbol of a cash token.

    Raises:
        ValueError: Its events add up to what no slot can hold; ``IMPOSSIBLE`` has what else they can do.
    """
    if address in world.bonds:
        return bond_page(world.bonds[address])
    if address in world.cash:
        return cash_page(world, world.cash[address], texts)
    kind = world.suite.targets[address].kind
    if kind == "Servicing":
        return servicing_page(world, *page)
    if kind == "Offering":
        return offering_page(world, *page) if page else offering_settings(world)
    return REGISTER_PAGES[kind](world)
