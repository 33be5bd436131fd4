"""Bids in offerings, and what they win."""

from __future__ import annotations

from collections.abc import Sequence

from indenture.chain import Sender
from indenture.contracts import BookState, Suite
from indenture.models import Allotment, Bid, PlacedBids
from indenture.primary import Form, Stage, TickBid
from indenture.results import BidResult, MoneyResult, OpenBidResult, OpeningResult, TxResult
from indenture.roles._allotments import allotment_of
from indenture.roles._bidding import bid_result, draft_bids, remember, require_vault, try_all
from indenture.roles._books import existing, placed_bids, require_stage
from indenture.roles._funds import withdraw_funds
from indenture.roles._opening import open_kept, open_own
from indenture.roles._sending import Progress, send_all_counted
from indenture.roles._settling import pay_allotment, return_deposit
from indenture.roles._standing_deposit import StandingDeposit
from indenture.sealing import Vault


class Bidding(StandingDeposit):
    """An investor's acts in the primary market."""

    def bid(self, offering_id: int, bids: Sequence[Bid | TickBid], vault: Vault | None = None) -> BidResult:
        """Bids, or replaces all bids of the account, in the form that the offering asks for.

        The first time the deposit is taken: what the standing deposit lacks, from the account.
        What opens sealed bids is kept in the vault before they are sent: keep the vault until they are open.

        Args:
            offering_id: The offering.
            bids: All bids of the account; quotes in percent a year, or as price of one unit.
            vault: Where to keep what opens them; needed unless the book is OPEN.

        Raises:
            InputError: A bid breaks a rule, or there is no vault for sealed bids.
            MembershipRefused: The account, or a client's, may not hold the bond.
            OfferingRefused: The book is not open (yet, or any more).
            PaymentRefused: The money for the deposit is not there.
            VaultError: It cannot be kept; nothing was sent.
        """
        (draft,) = draft_bids(self.suite, offering_id, [(self.account, bids)])
        call = self._party.wrapped(draft.call)
        require_vault([draft], vault)
        try_all(self.suite, [draft], [call], [self.sender.address])
        remember([draft], vault)
        return bid_result(self.suite, draft, self.sender.transact(call))

    def my_bids(self, offering_id: int) -> PlacedBids:
        """What the book holds of the account; sealed bids themselves are in the vault."""
        existing(self.suite, offering_id)
        return placed_bids(self.suite, offering_id, [self.account])[0]

    def withdraw_bid(self, offering_id: int) -> TxResult:
        """Withdraws all bids of the account; their deposit goes to the standing one.  Until the book closes.

        Raises:
            OfferingRefused: There are none, or the book is not open (any more).
        """
        state = existing(self.suite, offering_id)
        placed = placed_bids(self.suite, offering_id, [self.account])[0]
        previous = placed.bids if state.form is Form.OPEN else ()
        call = self.suite.offering.withdraw_bid(offering_id, previous)
        return TxResult.of(self._party.transact(call))

    def open_bid(self, offering_id: int, vault: Vault) -> OpenBidResult:
        """Opens the sealed bids that the book holds of the account; until ``reveals_by``.

        A book that nobody closed is closed first.  In an ENCRYPTED book the bookrunner does this; who does
        not trust him to, does it himself.

        Args:
            offering_id: The offering.
            vault: Where they were kept.

        Raises:
            VaultEntryMissing: The vault does not hold what the book holds: look for another one at once, for
                bids that are not opened in time lose their deposit.
            OfferingRefused: There is nothing to open, it was opened before, or it is not time.
        """
        return open_own(self.suite, self.sender, offering_id, self.account, vault)

    def my_allotment(self, offering_id: int) -> Allotment:
        """What the bids of the account won, and what is to be paid; once the result is published.

        Raises:
            OfferingRefused: There is no result, or no opened bid of the account.
        """
        state = existing(self.suite, offering_id)
        require_stage(self.suite, offering_id, state, Stage.PUBLISHED)
        return self._allotment(offering_id, state)

    def pay(self, offering_id: int) -> Allotment:
        """Pays for what the account won, and gets it, in one act; from ``settles_from`` to ``settles_by``.

        Money comes from the deposit of the bids first, then the standing deposit, then the account.

        Raises:
            MembershipRefused: The account, or a client's, may not hold the bond now.
            OfferingRefused: Nothing was won, it is paid already, or it is not time.
            PaymentRefused: The money is not there.
        """
        state = existing(self.suite, offering_id)
        require_stage(self.suite, offering_id, state, Stage.PUBLISHED)
        allotment = self._allotment(offering_id, state)
        pay_allotment(self.suite, self.sender, offering_id, state, allotment)
        return self._allotment(offering_id, state)

    def refund(self, offering_id: int) -> MoneyResult:
        """Takes back the deposit of an offering in which nothing was won, or that came to nothing.

        Where it was returned to the standing deposit before, by anyone, it is taken from there.

        Raises:
            OfferingRefused: The account won and has to pay, or there is no result yet.
            PaymentRefused: It was taken before.
        """
        state = existing(self.suite, offering_id)
        return_deposit(self.suite, self.sender, offering_id, state, self.account)
        ready = self.suite.offering.deposit_of(state.cash, self.account)
        amount = self.suite.money(state.cash, min(ready, state.deposit))
        return withdraw_funds(self._party, amount if amount.base else None, state.cash)

    def _allotment(self, offering_id: int, state: BookState) -> Allotment:
        hint = "Who does not bid, or does not open his bids in time, wins nothing."
        return allotment_of(self.suite, offering_id, state, self.account, hint=hint)


def place_bids(
    suite: Suite,
    offering_id: int,
    wanted: Sequence[tuple[Sender, Sequence[Bid | TickBid]]],
    vault: Vault | None = None,
    *,
    progress: Progress | None = None,
) -> list[BidResult]:
    """Bids of many accounts, pipelined; as ``Investor.bid``.

    Everything is checked, and kept in the vault, before the first is sent.

    Args:
        suite: The contracts.
        offering_id: The offering.
        wanted: Who bids, and all his bids.
        vault: Where to keep what opens them; needed unless the book is OPEN.
        progress: Called with a step, how many have bid, and how many there are.
    """
    if not wanted:
        return []
    drafts = draft_bids(suite, offering_id, [(sender.address, bids) for sender, bids in wanted])
    calls = [draft.call for draft in drafts]
    require_vault(drafts, vault)
    try_all(suite, drafts, calls, [sender.address for sender, _ in wanted])
    remember(drafts, vault)
    items = [(sender, call) for (sender, _), call in zip(wanted, calls, strict=True)]
    receipts = send_all_counted(items, progress, "bid")
    return [bid_result(suite, draft, receipt) for draft, receipt in zip(drafts, receipts, strict=True)]


def open_bids(
    suite: Suite, sender: Sender, offering_id: int, vault: Vault, *, progress: Progress | None = None
) -> OpeningResult:
    """Opens all sealed bids of an offering that a vault can open, pipelined; anyone may send them.

    Args:
        suite: The contracts.
        sender: Who sends.
        offering_id: The offering.
        vault: Where they were kept; bids of any number of accounts.
        progress: Called with a step, how many are sent, and how many there are.

    Returns:
        Whose bids were opened, and whose the vault does not hold or the chain refused.
    """
    return open_kept(suite, sender, offering_id, vault, progress)
