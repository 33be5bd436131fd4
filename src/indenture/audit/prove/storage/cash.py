"""What the storage of a cash token must hold: balances, supply and limit, allowances, trusted systems."""

from __future__ import annotations

from collections.abc import Iterator

from indenture.audit.prove.storage.cells import Cell
from indenture.audit.prove.storage.layout import CASH_TOKEN
from indenture.audit.replay import World
from indenture.audit.replay.cash import CashBook


def cash_storage(world: World, book: CashBook, texts: tuple[str, str]) -> Iterator[Cell]:
    """Every slot of one token."""
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
    for account, balance in book.balances.items():
        yield from CASH_TOKEN.cells("_balances", account, value=balance)
    for (owner, spender), left in book.approvals.allowances.items():
        yield from CASH_TOKEN.cells("_allowances", owner, spender, value=left)
    for owner, nonce in book.approvals.nonces.items():
        yield from CASH_TOKEN.cells("_nonces", owner, value=nonce)
    for system, trusted in book.trusted.items():
        yield from CASH_TOKEN.cells("isTrustedSystem", system, value=trusted)
