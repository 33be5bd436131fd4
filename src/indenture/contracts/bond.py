"""One bond: its sealed terms and its register."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cached_property

from indenture.chain import BlockLike, Chain, ContractCall
from indenture.contracts._base import NOBODY, SuiteContract, bytes_of, text_of
from indenture.contracts.bond_state import IN_DEFAULT, BondBook, BondDocument, BondEntry
from indenture.contracts.bond_terms import BondTerms
from indenture.contracts.servicing import Servicing
from indenture.dates import from_day_number, from_timestamp
from indenture.identifiers import Isin
from indenture.models import PaymentDays

_CLOSED = 2**40 - 1


class Bond(SuiteContract):
    """The register of one bond.

    Args:
        chain: Where it lives.
        address: Its address.
        since: A block before which it has no events.
        servicing: Where its rights are read, as its own code has no room for a view of them; None asks it.
    """

    NAME = "Bond"

    def __init__(
        self, chain: Chain, address: str, since: int = 0, *, servicing: Servicing | None = None
    ) -> None:
        super().__init__(chain, address, since)
        self._known_servicing = servicing
        self._terms: BondTerms | None = None

    @property
    def terms(self) -> BondTerms:
        """Its terms; once the coupon is fixed they never change, and are not asked for again."""
        if self._terms is None or self._terms.coupon_rate is None:
            self._terms = self._servicing.terms_at(self.address)
        return self._terms

    @cached_property
    def _servicing(self) -> Servicing:
        return self._known_servicing or Servicing(self.chain, self.read("suite").servicing)

    @property
    def isin(self) -> Isin:
        """Its ISIN."""
        return self.terms.isin

    def book(self, *, block: BlockLike = None) -> BondBook:
        """What the bond knows of itself."""
        raw = self.read("book", block=block)
        closed = raw.nextTime == _CLOSED
        is_moved = raw.maturityDay and raw.last != IN_DEFAULT
        return BondBook(
            supply=raw.supply,
            next_time=None if raw.nextTime == 0 or closed else from_timestamp(raw.nextTime),
            records=raw.records,
            announced=raw.announced,
            paused=raw.paused,
            closed=closed,
            last=raw.last,
            maturity_day=from_day_number(raw.maturityDay) if is_moved else None,
            shut=raw.shut,
        )

    def last_period(self, *, block: BlockLike = None) -> int:
        """The last period, as moved by renewals, extensions and calls; ``IN_DEFAULT`` of a bond made due."""
        return self.book(block=block).last or self.terms.periods

    def maturity_day(self, *, block: BlockLike = None) -> date:
        """The day, unadjusted, on which the last period ends, as moved; in default, as it was sealed."""
        return from_day_number(self.read("maturityDay", block=block))

    def bound_units(self, *, block: BlockLike = None) -> int:
        """Units that elections and drawings bind, of all holders."""
        return int(self.read("boundUnits", block=block))

    def entry(self, account: str, *, block: BlockLike = None) -> BondEntry:
        """What the register has of an account."""
        raw = self.read("entryOf", account, block=block)
        return BondEntry(raw.units, raw.frozen, raw.pledged)

    def balance_of(self, account: str, *, block: BlockLike = None) -> int:
        """Units that an account holds."""
        return int(self.read("balanceOf", account, block=block))

    def balances(self, accounts: Sequence[str], *, block: BlockLike = None) -> list[int]:
        """Units that many accounts hold, on the same state."""
        return self.chain.call_many([self.call("balanceOf", account) for account in accounts], block)

    def total_supply(self, *, block: BlockLike = None) -> int:
        """Units outstanding."""
        return int(self.read("totalSupply", block=block))

    def units_at(self, accounts: Sequence[str], record: int, *, block: BlockLike = None) -> list[int]:
        """Units of accounts at a record date that has passed and been noticed."""
        return self.chain.call_many([self.call("unitsAt", account, record) for account in accounts], block)

    def supply_at(self, record: int, *, block: BlockLike = None) -> int:
        """Units outstanding at a record date that has passed and been noticed."""
        return int(self.read("supplyAt", record, block=block))

    def payment_days(self, period: int, *, block: BlockLike = None) -> PaymentDays | None:
        """The days of a payment; None while they are not fixed."""
        raw = self.read("paymentDays", period, block=block)
        if raw.payTime == 0:
            return None
        return PaymentDays(
            record_day=from_day_number(raw.recordDay),
            pay_day=from_day_number(raw.payDay),
            record_time=from_timestamp(raw.recordTime),
            pay_time=from_timestamp(raw.payTime),
        )

    def is_paid(self, holders: Sequence[str], period: int, *, block: BlockLike = None) -> list[bool]:
        """Whether holders were served for a payment."""
        return self.chain.call_many([self.call("isPaid", holder, period) for holder in holders], block)

    def can_receive(self, accounts: Sequence[str], *, block: BlockLike = None) -> list[bool]:
        """Whether accounts may hold the bond now."""
        return self.chain.call_many([self.call("canReceive", account) for account in accounts], block)

    def frozen_units(self, account: str, *, block: BlockLike = None) -> int:
        """Units of an account that may not move; ``FREEZE_ALL`` for all, for ever."""
        return int(self.read("getFrozenTokens", account, block=block))

    def documents(self, *, block: BlockLike = None) -> list[BondDocument]:
        """Every document of the bond."""
        names = self.read("getAllDocuments", block=block)
        found = self.chain.call_many([self.call("getDocument", name) for name in names], block)
        return [
            BondDocument(text_of(name), raw[0], raw[1], from_timestamp(raw[2]))
            for name, raw in zip(names, found, strict=True)
        ]

    def holders(self, *, to: int | None = None) -> list[str]:
        """Every account that ever held units, in the order of their first."""
        received = (event["to"] for event in self.events("Transfer", to=to))
        return [account for account in dict.fromkeys(received) if account != NOBODY]

    def check_transfer(self, src: str, dst: str, units: int) -> ContractCall:
        """A view that is refused with the reason for which a transfer would be."""
        return self.call("checkTransfer", src, dst, units)

    def transfer(self, to: str, units: int) -> ContractCall:
        """Moves units of the caller."""
        return self.call("transfer", to, units)

    def approve(self, spender: str, units: int) -> ContractCall:
        """Lets a spender move units of the caller."""
        return self.call("approve", spender, units)

    def advance(self) -> ContractCall:
        """Notices every announcement and record date that is due."""
        return self.call("advance")

    def set_document(self, name: str, uri: str, digest: bytes) -> ContractCall:
        """Sets a document, or replaces it."""
        return self.call("setDocument", bytes_of(name, 32, "document name"), uri, digest)

    def remove_document(self, name: str) -> ContractCall:
        """Removes a document."""
        return self.call("removeDocument", bytes_of(name, 32, "document name"))

    def set_frozen(self, account: str, units: int) -> ContractCall:
        """Sets how many units of an account may not move."""
        return self.call("setFrozenTokens", account, units)

    def forced_transfer(self, src: str, dst: str, units: int) -> ContractCall:
        """Moves units by the power of the law."""
        return self.call("forcedTransfer", src, dst, units)

    def set_paused(self, *, paused: bool) -> ContractCall:
        """Stops transfers, or lets them go on."""
        return self.call("setPaused", paused)
