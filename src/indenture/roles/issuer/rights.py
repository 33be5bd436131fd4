"""Rights of the terms: deferring interest, renewing the bond."""

from __future__ import annotations

from indenture.contracts import Bond
from indenture.results import DeferralResult, RenewalResult, TxResult
from indenture.roles._client import Client
from indenture.roles._notice import check_registrant
from indenture.roles._rights import check_deferral, check_renewal
from indenture.roles._values import factor


class TermRights(Client):
    """An issuer's acts by the rights that the terms give."""

    def defer_interest(self, bond: Bond | str, period: int) -> DeferralResult:
        """Defers the interest of a period, by the right that the terms give; the days of notice must be kept.

        Args:
            bond: The bond.
            period: The period that is to be fixed next, or the one that was fixed last.

        Raises:
            AccessRefused: Another account registered the bond.
            TermsRefused: There is no such right for this period, or it is too late for it.
        """
        target = self.suite.bond(bond)
        check_registrant(self.suite, target, self.sender.address)
        check_deferral(self.suite, target, period)
        receipt = self.sender.transact(self.suite.servicing.defer_interest(target.address, period))
        found = self.suite.servicing.fixing(target.address, period)
        done = TxResult.of(receipt)
        arrears = None if found is None else factor(found.arrears)
        return DeferralResult(done.tx_hash, done.block, done.gas_used, period, arrears)

    def renew(self, bond: Bond | str) -> RenewalResult:
        """Renews the bond for another cycle, by the right that the terms give; else it ends with this one.

        Raises:
            AccessRefused: Another account registered the bond.
            TermsRefused: There is no such right, or it is too early or too late for it.
        """
        target = self.suite.bond(bond)
        check_registrant(self.suite, target, self.sender.address)
        check_renewal(self.suite, target)
        done = TxResult.of(self.sender.transact(self.suite.servicing.renew(target.address)))
        last = target.last_period()
        return RenewalResult(
            done.tx_hash, done.block, done.gas_used, last_period=last, maturity=target.terms.due_day(last)
        )
