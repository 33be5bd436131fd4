"""What the storage of a cash token must hold: balances, supply and limit, allowances, trusted systems."""

from __future__ import annotations

from collections.abc import Iterator

from indenture.audit.prove.storage.bond import allowance_row, permit_row
from indenture.audit.prove.storage.cells import Cell
from indenture.audit.prove.storage.layout import CASH_TOKEN
from indenture.audit.replay import World
from indenture.audit.replay.cash import CashBook


def cash_storage(world: World, book: CashBook, texts: tuple[str, str]) -> Iterator[Cell]:
    """Every slot of one token."""
    yield from cash_page(world, book, texts)
    for account in book.balances:
        yield from balance_row(book, account)
    for owner, spender in book.approvals.allowances:
        yield from allowance_row(CASH_TOKEN, book.approvals, owner, spender)
    for owner in book.approvals.nonces:
        yield from permit_row(CASH_TOKEN, book.approvals, owner)


def cash_page(world: World, book: CashBook, texts: tuple[str, str]) -> Iterator[Cell]:
    """What a token has whoever holds it."""
    name, symbol = texts
    settings = {
        "_totalSupply": book.supply,
        "_name": name,
        "_symbol": symbol,
        "_nameFallback": "",
        "_versionFallback": "",
        "_authority": world.authority.of[book.address],
        "_consumingSchedule": False,
        "supplyLimit": book.limit,
    }
    yield from CASH_TOKEN.cells(value=settings)
    for system, trusted in book.trusted.items():
        yield from CASH_TOKEN.cells("isTrustedSystem", system, value=trusted)


def balance_row(book: CashBook, account: str) -> Iterator[Cell]:
    """What an account has."""
    yield from CASH_TOKEN.cells("_balances", account, value=book.balances.get(account, 0))
