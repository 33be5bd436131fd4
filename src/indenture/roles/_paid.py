"""Reading what a payment came to from its receipts."""

from __future__ import annotations

from collections.abc import Sequence

from indenture.chain import Receipt
from indenture.contracts import Bond, Suite
from indenture.results import BatchResult, KeptAmount, PayResult

#: Events that say who was served, and their list of them.
_SERVED = {"HoldersPaid": "holders", "ClaimsPaid": "buyers"}


def paid_result(suite: Suite, bond: Bond, receipts: Sequence[Receipt]) -> PayResult:
    """Sums up the events of one payment; who was served got money, or has it kept."""
    cash, servicing = bond.terms.currency, suite.servicing
    token = suite.cash_at(cash)
    reached: set[str] = set()
    named: set[str] = set()
    kept: list[KeptAmount] = []
    amount, tax, residue = 0, 0, None
    for receipt in receipts:
        sent = [event for event in receipt.events(token.abi, cash) if event.name == "Transfer"]
        reached |= {event["to"] for event in sent if event["from"] == servicing.address}
        for event in receipt.events(servicing.abi, servicing.address):
            if event.name in _SERVED:
                amount += event["amount"]
                named |= set(event[_SERVED[event.name]])
            elif event.name == "TaxWithheld":
                tax += event["tax"]
            elif event.name == "AmountKept":
                kept.append(KeptAmount(event["holder"], suite.money(cash, event["amount"])))
            elif event.name == "PaymentCompleted":
                residue = suite.money(cash, event["residue"])
    # The tax account is reached too, and is no holder by that.
    done = BatchResult.of(len(named & (reached | {each.account for each in kept})), receipts)
    return PayResult(
        count=done.count,
        transactions=done.transactions,
        amount=suite.money(cash, amount),
        tax=suite.money(cash, tax),
        kept=tuple(kept),
        completed=residue is not None,
        residue=residue,
    )
