"""Wrappers of the servicing's acts on payments that were missed."""

from __future__ import annotations

from datetime import date, datetime

from indenture.chain import BlockLike, ContractCall
from indenture.contracts._base import SuiteContract
from indenture.contracts.servicing_state import ClaimState
from indenture.dates import from_timestamp, to_day_number
from indenture.rights import PaymentStatus


class DefaultCalls(SuiteContract):
    """Default, acceleration, recoveries."""

    def payment_status(
        self, bond: str, period: int, *, block: BlockLike = None
    ) -> tuple[PaymentStatus, datetime | None]:
        """Whether a payment was missed, and when its grace ends; None where nothing is due."""
        raw = self.read("paymentStatus", bond, period, block=block)
        return PaymentStatus(raw.status), from_timestamp(raw.until) if raw.until else None

    def claim_of(self, bond: str, *, block: BlockLike = None) -> ClaimState:
        """The claim of a unit as stored; it is set when the first recovery is paid in."""
        return ClaimState.of(self.read("claimOf", bond, block=block))

    def claim_on(self, bond: str, day: date, *, block: BlockLike = None) -> ClaimState:
        """The claim of a unit on a day, with interest to then."""
        return ClaimState.of(self.read("claimOn", bond, to_day_number(day), block=block))

    def penalty_of(self, bond: str, period: int, start: date, end: date, *, block: BlockLike = None) -> int:
        """Billionths of an amount that are owed for being late from one day to another."""
        days = (to_day_number(start), to_day_number(end))
        return int(self.read("penaltyOf", bond, period, *days, block=block))

    def notice_default(self, bond: str, cause: str, period: int, redemption: int) -> ContractCall:
        """Says that the bond is in default, and opens the notices of acceleration."""
        return self.call("noticeDefault", bond, cause, period, redemption)

    def accelerate(self, bond: str, action: int) -> ContractCall:
        """Makes the bond due at once."""
        return self.call("accelerate", bond, action)

    def declare_overdue(self, bond: str) -> ContractCall:
        """Sets the claims of a bond whose last payment was missed."""
        return self.call("declareOverdue", bond)

    def fund_recovery(
        self, bond: str, amount: int, record_day: date, *, is_final: bool, document: bytes
    ) -> ContractCall:
        """Pays in a recovery, in base units."""
        return self.call("fundRecovery", bond, amount, to_day_number(record_day), is_final, document)
