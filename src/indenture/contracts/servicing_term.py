"""Wrappers of the servicing's acts on the term of a bond, and on versions of its terms."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from indenture.chain import BlockLike, ContractCall
from indenture.contracts._base import SuiteContract, bytes_of
from indenture.contracts.bond_terms import BondTerms
from indenture.contracts.rights import event_code
from indenture.contracts.servicing_state import PartialCallState, TermState, VersionState
from indenture.dates import to_day_number, to_timestamp


class TermCalls(SuiteContract):
    """Early redemption, extension, versions."""

    # Term

    def state_of(self, bond: str, *, block: BlockLike = None) -> TermState:
        """What moved a bond off its sealed terms."""
        return TermState.of(self.read("stateOf", bond, block=block))

    def partial_calls(self, bond: str, count: int, *, block: BlockLike = None) -> list[PartialCallState]:
        """The redemptions in part, by factor; ``count`` is what the state says."""
        found = self.chain.call_many([self.call("partialCall", bond, i) for i in range(count)], block)
        return [PartialCallState(raw.period, raw.share, raw.price) for raw in found]

    def period_on(self, bond: str, day: date, *, block: BlockLike = None) -> int:
        """The period in whose interest a day lies; from maturity on, the last one."""
        return int(self.read("periodOn", bond, to_day_number(day), block=block))

    def call_bond(self, bond: str, day: date) -> ContractCall:
        """Calls the bond for a day."""
        return self.call("call", bond, to_day_number(day))

    def call_in_part(self, bond: str, period: int, share: int) -> ContractCall:
        """Calls a part of every unit, in billionths of the face, with a payment."""
        return self.call("callInPart", bond, period, share)

    def redeem_on_event(self, bond: str, code: str, day: date, document: bytes) -> ContractCall:
        """Redeems the bond early on a stated event."""
        return self.call("redeemOnEvent", bond, event_code(code), to_day_number(day), document)

    def extend_maturity(self, bond: str) -> ContractCall:
        """Extends the maturity."""
        return self.call("extendMaturity", bond)

    def renew(self, bond: str) -> ContractCall:
        """Renews the bond for another cycle."""
        return self.call("renew", bond)

    # Versions

    def versions(self, bond: str, numbers: Sequence[int], *, block: BlockLike = None) -> list[VersionState]:
        """Versions of the terms by number; 0 is what was sealed."""
        found = self.chain.call_many([self.call("version", bond, number) for number in numbers], block)
        return [VersionState(raw.source, raw.from_) for raw in found]

    def terms_at(self, bond: str, number: int = 0, *, block: BlockLike = None) -> BondTerms:
        """A version of the terms; 0 is what was sealed, with the coupon as an offering fixed it."""
        raw = self.read("termsAt", bond, number, block=block)
        return BondTerms.of(raw.terms, raw.provisions, raw.rights)

    def version_at(self, bond: str, period: int, *, block: BlockLike = None) -> int:
        """Number of the version that applies to a period."""
        return int(self.read("versionAt", bond, period, block=block))

    def propose_terms(
        self,
        bond: str,
        terms: BondTerms,
        *,
        effective_day: date,
        closes_at: datetime,
        clause: str,
        resolution: bytes,
    ) -> ContractCall:
        """Puts new terms to the holders."""
        amendment = {
            "effectiveDay": to_day_number(effective_day),
            "closesAt": to_timestamp(closes_at),
            "clause": bytes_of(clause, 32, "clause"),
            "resolution": resolution,
        }
        sealed = (terms.encode(), terms.encode_provisions(), terms.encode_rights())
        return self.call("proposeTerms", bond, *sealed, amendment)

    def enact_terms(self, bond: str, action: int) -> ContractCall:
        """Makes a proposal the next version."""
        return self.call("enactTerms", bond, action)
