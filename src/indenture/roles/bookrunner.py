"""The bookrunner: closes the book, proves the allocation, settles the winners."""

from __future__ import annotations

from collections.abc import Mapping

from indenture.chain import Sender
from indenture.contracts import BookState, Cut, Suite
from indenture.errors import ContractRevert, InputError, OfferingRefused
from indenture.models import OfferingBook, Order, Stage
from indenture.results import AllocationResult, BatchResult, CloseResult, SettlementResult, TxResult
from indenture.roles._checks import batch_size, is_whole, require_one_chain

_NOBODY = "0x" + "0" * 40
_PROOFS = 400
_SETTLEMENTS = 50


class Bookrunner:
    """A client of a bookrunner's account; the chain lets anyone close, prove and settle.

    Args:
        suite: The contracts.
        sender: The account.
    """

    def __init__(self, suite: Suite, sender: Sender) -> None:
        require_one_chain(suite, sender)
        self.suite = suite
        self.sender = sender

    def book(self, offering_id: int) -> OfferingBook:
        """An offering.

        Raises:
            OfferingRefused: There is none with this number.
        """
        return offering_book(self.suite, offering_id)

    def orders(self, offering_id: int) -> tuple[Order, ...]:
        """Every living order, in the order in which the accounts placed their first."""
        state = _existing(self.suite, offering_id)
        accounts = list(self.suite.offering.orders(offering_id))
        states = self.suite.offering.orders_of(offering_id, accounts)
        allotments = self.suite.offering.allotments(offering_id, accounts)
        return tuple(
            Order(
                offering_id=offering_id,
                account=account,
                units=each.units,
                deposit=self.suite.money(state.cash, each.deposit),
                settled=each.settled,
                allotment=allotment,
            )
            for account, each, allotment in zip(accounts, states, allotments, strict=True)
        )

    def close(self, offering_id: int) -> CloseResult:
        """Closes the book once its time has come; an offering with too little ordered fails.

        Raises:
            OfferingRefused: The book is still open, or closed already.
        """
        _existing(self.suite, offering_id)
        done = TxResult.of(self.sender.transact(self.suite.offering.close(offering_id)))
        state = self.suite.offering.book(offering_id)
        return CloseResult(
            done.tx_hash, done.block, done.gas_used, state.ordered, state.stage is Stage.FAILED
        )

    def allocate(self, offering_id: int, *, batch: int = _PROOFS) -> AllocationResult:
        """Works the allocation out from the orders of the events, and proves it on chain.

        A proof that was begun and broken off is taken up where it stopped.

        Args:
            offering_id: The offering.
            batch: Orders in one transaction.

        Raises:
            OfferingRefused: The book is not closed, or its allocation is proved already.
        """
        batch_size(batch, 2_000)
        state = _existing(self.suite, offering_id)
        _require_stage(offering_id, state, Stage.CLOSED, self.suite)
        orders = self.suite.offering.orders(offering_id)
        if sum(orders.values()) != state.ordered:
            raise InputError(
                f"the events tell of {sum(orders.values()):,} units ordered, the book of {state.ordered:,}",
                hint="The node does not give all events; use another.",
            )
        lot = state.lot
        lots = {account: units // lot for account, units in orders.items()}
        allotted, cut = allocation(lots, state.offered // lot)
        receipts = []
        accounts = self._unproved(offering_id, cut, sorted(orders, key=_number))
        for start in range(0, len(accounts), batch):
            # Each part builds on the one before, so each is sent when the one before is mined.
            part = accounts[start : start + batch]
            receipts.append(self.sender.transact(self.suite.offering.allocate(offering_id, cut, part)))
        done = BatchResult.of(len(orders), receipts)
        return AllocationResult(
            count=done.count,
            transactions=done.transactions,
            ordered=state.ordered,
            allotted=sum(allotted.values()) * lot,
            allotments={account: given * lot for account, given in allotted.items()},
        )

    def settle(self, offering_id: int, *, batch: int = _SETTLEMENTS) -> SettlementResult:
        """Settles every winner who has not settled yet: money to the issuer, units to the winner, in one act.

        Winners who may not hold the bond now are left out; their money stays theirs.

        Raises:
            OfferingRefused: The allocation is not proved, the time for payment is over, or nothing is left
                to settle.
        """
        batch_size(batch, 200)
        state = _existing(self.suite, offering_id)
        _require_stage(offering_id, state, Stage.ALLOCATED, self.suite)
        bond = self.suite.bond(state.bond)
        winners = [order for order in self.orders(offering_id) if order.allotment and not order.settled]
        may = bond.can_receive([order.account for order in winners])
        ready = [order for order, yes in zip(winners, may, strict=True) if yes]
        if not ready:
            raise OfferingRefused(
                "OrderNothingToSettle",
                {"offeringId": offering_id},
                message=f"offering {offering_id} has nothing left to settle",
                hint="All winners are settled, or may not hold the bond now.",
                contract=self.suite.offering.address,
            )
        parts = [ready[start : start + batch] for start in range(0, len(ready), batch)]
        calls = [self.suite.offering.settle(offering_id, [order.account for order in part]) for part in parts]
        done = BatchResult.of(len(ready), self.sender.send_many(calls))
        units = sum(order.allotment for order in ready)
        return SettlementResult(
            count=done.count,
            transactions=done.transactions,
            units=units,
            proceeds=self.suite.money(state.cash, units * state.price),
            skipped=tuple(order.account for order, yes in zip(winners, may, strict=True) if not yes),
        )

    def refund_all(self, offering_id: int) -> BatchResult:
        """Returns to every account what is free of its deposit; each may also ask for it by itself."""
        _existing(self.suite, offering_id)
        offering = self.suite.offering
        accounts = list(offering.orders(offering_id))
        free = offering.refundable(offering_id, accounts)
        calls = [offering.refund(offering_id, a) for a, amount in zip(accounts, free, strict=True) if amount]
        return BatchResult.of(len(calls), self.sender.send_many(calls))

    def _unproved(self, offering_id: int, cut: Cut, accounts: list[str]) -> list[str]:
        """The accounts that an earlier, broken off proof of this account has not passed yet."""
        call = self.suite.offering.allocate(offering_id, cut, accounts[:1])
        try:
            self.suite.chain.call(call, sender=self.sender.address)
        except ContractRevert as refused:
            if refused.name != "AllocationOrderWrong":
                raise
            last = _number(str(refused.args_by_name["previous"]))
            return [account for account in accounts if _number(account) > last]
        return accounts


def allocation(lots: Mapping[str, int], offered: int) -> tuple[dict[str, int], Cut]:
    """Pro rata by largest remainder, in lots.

    Each order gets its share rounded down.  The lots left over go one each to the orders with the largest
    remainder, the lower account first among equals.

    Args:
        lots: Lots asked for, by account.
        offered: Lots on offer.

    Returns:
        Lots given, by account, and where the residue ends.
    """
    ordered = sum(lots.values())
    if ordered <= offered:
        return dict(lots), Cut(0, _NOBODY)
    given = {account: asked * offered // ordered for account, asked in lots.items()}
    remainders = {account: asked * offered % ordered for account, asked in lots.items()}
    residue = offered - sum(given.values())
    if residue == 0:
        return given, Cut(0, _NOBODY)
    ranked = sorted(lots, key=lambda account: (-remainders[account], _number(account)))
    for account in ranked[:residue]:
        given[account] += 1
    last = ranked[residue - 1]
    return given, Cut(remainders[last], last)


def offering_book(suite: Suite, offering_id: int) -> OfferingBook:
    """An offering, with money as money."""
    state = _existing(suite, offering_id)
    return OfferingBook(
        offering_id=offering_id,
        bond=state.bond,
        method=state.method,
        stage=state.stage,
        opens_at=state.opens_at,
        closes_at=state.closes_at,
        settles_by=state.settles_by,
        price=suite.money(state.cash, state.price),
        offered=state.offered,
        minimum_volume=state.minimum_volume,
        minimum_order=state.minimum_order,
        maximum_order=state.maximum_order,
        lot=state.lot,
        ordered=state.ordered,
        allotted=state.allotted,
        proceeds_account=state.proceeds_account,
    )


def _existing(suite: Suite, offering_id: int) -> BookState:
    if not is_whole(offering_id) or offering_id < 1:
        raise InputError(
            f"{offering_id!r} is not the number of an offering", hint="They are numbered from 1."
        )
    state = suite.offering.book(offering_id)
    if state.stage is Stage.NONE:
        raise InputError(f"there is no offering {offering_id}", hint="Open one first, or check the number.")
    return state


_STAGE_WORDS: Mapping[Stage, str] = {
    Stage.OPEN: "is still open",
    Stage.CLOSED: "is closed, and its allocation not proved yet",
    Stage.ALLOCATED: "is allocated already",
    Stage.FAILED: "has failed: too little was ordered",
}


def _require_stage(offering_id: int, state: BookState, wanted: Stage, suite: Suite) -> None:
    if state.stage is not wanted:
        raise OfferingRefused(
            "OfferingStageWrong",
            {"offeringId": offering_id, "stage": int(state.stage)},
            message=f"offering {offering_id} {_STAGE_WORDS[state.stage]}",
            hint="The order is: close, allocate, settle; refunds at any time after.",
            contract=suite.offering.address,
        )


def _number(account: str) -> int:
    return int(account, 16)
