"""The standing deposit: money of an account that stands ready for bids, and what its bids hold."""

from __future__ import annotations

from decimal import Decimal

from indenture.chain import ContractCall
from indenture.contracts import BookState, CashToken, Suite
from indenture.contracts._base import checksum_address, topic_of
from indenture.errors import PaymentRefused
from indenture.models import Funds
from indenture.money import Money
from indenture.results import MoneyResult
from indenture.roles._books import NOTHING
from indenture.roles._checks import money_in, require_cash
from indenture.roles._party import Party


def funds_of(suite: Suite, account: str, currency: str | None) -> Funds:
    """What stands ready for an account, and what its bids and its places in syndicates hold."""
    cash = _token(suite, currency).address
    balance = suite.offering.deposit_of(cash, account)
    places = _places(suite, account)
    books = [(suite.offering.book(offering_id), count) for offering_id, count in places.items() if count]
    held = sum(book.deposit * count for book, count in books if book.cash == cash)
    return Funds(account, suite.money(cash, balance), suite.money(cash, held))


def deposit_funds(
    party: Party, amount: Money | Decimal | int | str, currency: str | None = None
) -> MoneyResult:
    """Adds money of the party's account to its standing deposit."""
    suite, token = party.suite, _token(party.suite, _code(amount, currency))
    money = money_in(suite.currency_at(token.address), amount)
    require_cash(suite, token.address, party.account, money)
    return _moved(party, suite.offering.fund_deposit(token.address, money.base), money)


def withdraw_funds(
    party: Party, amount: Money | Decimal | int | str | None, currency: str | None = None
) -> MoneyResult:
    """Takes money of the standing deposit back to the party's account; None for all of it."""
    suite, token = party.suite, _token(party.suite, _code(amount, currency))
    ready = suite.offering.deposit_of(token.address, party.account)
    known = suite.currency_at(token.address)
    money = known.money_from_base(ready) if amount is None else money_in(known, amount)
    if not 0 < money.base <= ready:
        raise PaymentRefused(
            "DepositInsufficient",
            {"account": party.account, "balance": ready, "amount": money.base},
            message=f"{known.money_from_base(ready)} stand ready for {party.account}"
            + (f", {money} is asked for" if amount is not None else ""),
            hint="What bids hold comes back when the offering is done with them (refund).",
            contract=suite.offering.address,
        )
    return _moved(party, suite.offering.withdraw_deposit(token.address, money.base), money)


def require_deposit(suite: Suite, state: BookState, account: str, ready: int, balance: int) -> None:
    """Raises ``PaymentRefused`` unless standing deposit and account together have an offering's deposit.

    Args:
        suite: The contracts.
        state: The offering.
        account: Who gives a deposit.
        ready: What stands ready for him, base units.
        balance: What he has on his account, base units.
    """
    missing = state.deposit - ready
    if missing > balance:
        raise PaymentRefused(
            "DepositTooSmall",
            {"account": account, "missing": missing},
            message=f"the deposit is {suite.money(state.cash, state.deposit)}; {account} has "
            f"{suite.money(state.cash, ready)} ready and {suite.money(state.cash, balance)} besides",
            hint="Pay in the difference.",
            contract=suite.offering.address,
        )


def _places(suite: Suite, account: str) -> dict[int, int]:
    """How many deposits of an account each offering holds: for its bids, and its place in the syndicate."""
    names = ("BidSealed", "BidsOpened", "SyndicateJoined")
    events = suite.offering.events(*names, indexed=[None, topic_of(account)])
    offerings = list(dict.fromkeys(event["offeringId"] for event in events))
    return {
        offering_id: (suite.offering.bid_hash(offering_id, account) != NOTHING)
        + suite.offering.underwriter(offering_id, account).deposit
        for offering_id in offerings
    }


def _moved(party: Party, call: ContractCall, amount: Money) -> MoneyResult:
    return MoneyResult.moved(party.transact(call), amount)


def _token(suite: Suite, currency: str | None) -> CashToken:
    """A token of the depository by its code, or any by its address."""
    if currency is not None and currency.startswith("0x"):
        return suite.cash_at(checksum_address(currency, "currency"))
    return suite.cash(currency)


def _code(amount: object, currency: str | None) -> str | None:
    return amount.currency.code if currency is None and isinstance(amount, Money) else currency
