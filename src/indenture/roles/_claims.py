"""Payments that are a buyer's: of units bought before a record date and delivered after it."""

from __future__ import annotations

from indenture.contracts import Bond, Suite
from indenture.contracts._base import topic_of
from indenture.errors import CalendarRefused, FixingRefused
from indenture.figures import PaymentClaim
from indenture.interest import net_of


def claim_buyers(suite: Suite, bond: Bond, period: int) -> list[str]:
    """Every buyer who has a claim to a payment that is not paid yet."""
    events = suite.servicing.events("ClaimTransferred", indexed=[topic_of(bond.address), topic_of(period)])
    buyers = list(dict.fromkeys(event["buyer"] for event in events))
    units = suite.servicing.claimed_by(bond.address, period, buyers)
    return [buyer for buyer, held in zip(buyers, units, strict=True) if held]


def claims_of(suite: Suite, account: str) -> tuple[PaymentClaim, ...]:
    """Every payment that an account has a claim to, and has not had yet."""
    events = suite.servicing.events("ClaimTransferred")
    keys = dict.fromkeys((event["bond"], event["period"]) for event in events if event["buyer"] == account)
    calls = [suite.servicing.call("claimedBy", bond, period, account) for bond, period in keys]
    held = suite.chain.call_many(calls)
    return tuple(
        _claim(suite, suite.bond(bond), period, account, units)
        for (bond, period), units in zip(keys, held, strict=True)
        if units
    )


def _claim(suite: Suite, bond: Bond, period: int, buyer: str, units: int) -> PaymentClaim:
    escrow = suite.servicing.payment(bond.address, period)
    each = escrow.each
    if each is None:
        try:
            each = suite.servicing.unit_payment(bond.address, period)
        except (FixingRefused, CalendarRefused):
            each = None
    amount = None
    if each is not None:
        _, (rate,) = suite.servicing.tax_rates(bond.address, [buyer])
        amount = suite.money(bond.terms.currency, net_of(each, units, rate, escrow.penalty))
    days = bond.payment_days(period)
    return PaymentClaim(
        bond=bond.address,
        isin=bond.isin,
        period=period,
        buyer=buyer,
        units=units,
        amount=amount,
        payable_from=days.pay_time if days else None,
        funded=escrow.funded_at is not None,
    )
