"""Notice that the terms ask for, and refusals of what they do not give."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from indenture.contracts import Bond, Suite
from indenture.dates import instant, to_timestamp
from indenture.errors import AccessRefused, TermsRefused
from indenture.roles._checks import now


def check_registrant(suite: Suite, bond: Bond, account: str) -> None:
    """Raises ``AccessRefused`` unless an account registered the bond: only that one may use its rights."""
    registrant = bond.terms.issuer_account
    if registrant != account:
        raise AccessRefused(
            "ServicingCallerRefused",
            {"bond": bond.address, "caller": account},
            message=f"{account} did not register {bond.isin}, {registrant} did",
            hint="Use the account that registered the bond.",
            contract=suite.servicing.address,
        )


def check_not_due(suite: Suite, bond: Bond) -> None:
    """Raises ``TermsRefused`` where the bond was made due: what is owed is one claim."""
    if suite.servicing.state_of(bond.address).due_period:
        raise refusal(
            suite,
            bond,
            "BondDueAlready",
            f"{bond.isin} was made due",
            "What is owed is one claim now; it is paid by recoveries (fund_recovery).",
        )


def check_notice(suite: Suite, bond: Bond, due: date, days: int, what: str) -> None:
    """Raises ``TermsRefused`` when it is too late to give notice of something for a day."""
    until = instant(due, 0, bond.terms.utc_offset) - timedelta(days=days)
    time = now(suite.chain)
    if time > until:
        raise refusal(
            suite,
            bond,
            "NoticeTooLate",
            f"notice of {what} of {bond.isin} was to be given by {shown(until)}, {days} days before {due}",
            f"The chain's time is {shown(time)}: the bond pays as its terms say.",
            until=to_timestamp(until),
            time=to_timestamp(time),
        )


def refusal(suite: Suite, bond: Bond, name: str, message: str, hint: str, **args: object) -> TermsRefused:
    """The error that the servicing would raise, in words of a person."""
    return TermsRefused(
        name, {"bond": bond.address, **args}, message=message, hint=hint, contract=suite.servicing.address
    )


def shown(time: datetime) -> str:
    """An instant for people."""
    return f"{time:%Y-%m-%d %H:%M} UTC"
