"""The facts of one cash token."""

from __future__ import annotations

from itertools import accumulate
from typing import Any

from indenture.audit.model.terms import text
from indenture.audit.replay import World
from indenture.audit.replay.cash import CashBook
from indenture.audit.report.facts.amounts import Amounts
from indenture.audit.report.facts.books import Books

Facts = dict[str, Any]


def cash_facts(world: World, book: CashBook, books: Books, amounts: Amounts) -> Facts:
    """All facts of it; balances are listed from the largest."""

    def show(base: int) -> str:
        return amounts.show(book.address, base)

    days = books.supply("cash_token_transfer", book.address)
    left = accumulate(issued - redeemed for _, issued, redeemed in days)
    movements, moved = books.moved("cash_token_transfer", book.address)
    held = {account: balance for account, balance in book.balances.items() if balance}
    escrows = {name: world.suite.one(name).address for name in ("Offering", "Servicing")}
    return {
        "code": world.suite.cash_codes.get(book.address, ""),
        "address": book.address,
        "issued": show(books.total("cash_token_cash_issued", book.address)),
        "redeemed": show(books.total("cash_token_cash_redeemed", book.address)),
        "outstanding": show(book.supply),
        "limit": show(book.limit),
        "movements": movements,
        "moved": show(moved),
        "holders": len(held),
        "escrows": {name: show(book.balances.get(address, 0)) for name, address in escrows.items()},
        "supply": [
            {"date": day.isoformat(), "issued": show(new), "redeemed": show(old), "outstanding": show(now)}
            for (day, new, old), now in zip(days, left, strict=True)
        ],
        "balances": [
            {"account": account, "lei": text(world.members.of(account).lei), "amount": show(balance)}
            for account, balance in sorted(held.items(), key=lambda each: (-each[1], each[0]))
        ],
    }
