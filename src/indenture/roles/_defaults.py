"""What is checked before a default is noticed, a bond made due, and a recovery paid in."""

from __future__ import annotations

from datetime import date, timedelta

from indenture.contracts import Bond, Suite
from indenture.contracts.servicing_state import ActionState
from indenture.dates import to_day_number
from indenture.errors import AccessRefused, InputError, PaymentRefused, TermsRefused
from indenture.membership import Role
from indenture.models import BondClaim, PaymentStanding
from indenture.money import Money
from indenture.rights import PaymentStatus
from indenture.roles._actions import PROMISED, require_action
from indenture.roles._checks import is_whole, now
from indenture.roles._notice import refusal, shown
from indenture.roles.bond_figures import BondFigures
from indenture.rounding import RATE_SCALE

#: Civil days between a recovery and its record day: the next one waits for it.
LONGEST_NOTICE = 31


def default_to_notice(suite: Suite, bond: Bond, cause: Bond, period: int, redemption: int) -> int:
    """The missed payment by which a bond is in default; 0 where it is something else.

    Raises:
        TermsRefused: There is no default, it is none of this bond, or the terms give no right to accelerate.
    """
    figures = BondFigures(suite, bond)
    defaults = figures.rights().defaults
    if cause.address != bond.address:
        if not defaults.cross_default:
            raise _not_found(
                suite, bond, cause, period, f"the terms of {bond.isin} provide for no cross-default"
            )
        if cause.terms.issuer != bond.terms.issuer:
            raise _not_found(
                suite, bond, cause, period, f"{cause.isin} is of another issuer, {cause.terms.issuer}"
            )
    if not defaults.acceleration_share:
        raise refusal(
            suite,
            bond,
            "ShareNotReached",
            f"the terms of {bond.isin} let no share of the holders make it due",
            "A missed last payment makes it due all the same (declare_overdue).",
            action=0,
            elected=0,
            needed=0,
        )
    if suite.servicing.state_of(cause.address).due_period:
        return 0
    if redemption:
        _check_redemption(suite, bond, cause, redemption)
        return 0
    return _missed(suite, bond, cause, period)


def check_share(suite: Suite, bond: Bond, number: int, action: ActionState, share: int) -> None:
    """Raises ``TermsRefused`` unless enough units are elected; the share is billionths of the supply."""
    supply = bond.total_supply()
    needed = -(-supply * share // RATE_SCALE)
    if share and action.elected >= max(1, needed):
        return
    raise refusal(
        suite,
        bond,
        "ShareNotReached",
        f"event {number} of {bond.isin} has {action.elected:,} units, and {needed:,} of {supply:,} are needed"
        if share
        else f"the terms of {bond.isin} give no such right to any share of the holders",
        "More holders have to elect." if share else "Nothing can be done by it.",
        action=number,
        elected=action.elected,
        needed=needed,
    )


def check_last_missed(suite: Suite, bond: Bond) -> None:
    """Raises ``TermsRefused`` unless the last payment of a bond was missed."""
    figures = BondFigures(suite, bond)
    standing = figures.payment_status(figures.last_period)
    if standing.status is not PaymentStatus.MISSED:
        raise _not_found(suite, bond, bond, standing.period, _standing_words(bond, standing))


def require_claim(suite: Suite, bond: Bond) -> BondClaim:
    """What a bond that was made due owes.

    Raises:
        TermsRefused: It was not made due, or its last recovery has come.
    """
    claim = BondFigures(suite, bond).claim()
    if claim is None or claim.is_closed:
        raise refusal(
            suite,
            bond,
            "RecoveryRefused",
            f"{bond.isin} was not made due"
            if claim is None
            else f"the last recovery of {bond.isin} has come",
            "Fund its payments as they are due (fund)." if claim is None else "Nothing more is owed by it.",
        )
    return claim


def check_recovery(suite: Suite, bond: Bond, claim: BondClaim, amount: Money, record_day: date) -> None:
    """Raises unless a recovery can be paid in now.

    Raises:
        PaymentRefused: It is more than is owed.
        TermsRefused: Another one waits for its record date, or the day is no business day in time.
    """
    if amount.base > claim.total.base:
        raise PaymentRefused(
            "RecoveryAmountWrong",
            {"bond": bond.address, "amount": amount.base, "owed": claim.total.base},
            message=f"{amount} is more than {bond.isin} owes on {claim.day}: {claim.total}",
            hint="Pay in at most what is owed; interest for being late is in it.",
            contract=suite.servicing.address,
        )
    book = bond.book()
    if book.announced:
        record = book.records + 1
        days = bond.payment_days(record)
        if days is not None and now(suite.chain) < days.record_time:
            raise TermsRefused(
                "BondRecordPending",
                {"record": record, "passed": book.records},
                message=f"recovery {record} of {bond.isin} waits for its record date, {days.record_day}",
                hint="One at a time: pay in the next one after it.",
                contract=bond.address,
            )
    today = BondFigures(suite, bond).today
    why = ""
    if record_day <= today:
        why = f"it is not after today, {today}"
    elif record_day > today + timedelta(days=LONGEST_NOTICE):
        why = f"it is more than {LONGEST_NOTICE} days after today, {today}"
    elif not suite.calendar.is_business_day(bond.terms.calendar, record_day):
        why = f"it is no business day of {bond.terms.calendar}"
    if why:
        raise refusal(
            suite,
            bond,
            "RecoveryDayWrong",
            f"{record_day} cannot be the record day of a recovery of {bond.isin}: {why}",
            "Holders are told before: give a business day after today, within a month.",
            recordDay=to_day_number(record_day),
            today=to_day_number(today),
        )


def check_recovery_sender(suite: Suite, bond: Bond, account: str, *, is_short: bool) -> None:
    """Raises ``AccessRefused`` unless an account may pay in a recovery.

    Args:
        suite: The contracts.
        bond: The bond.
        account: Who pays in.
        is_short: Whether he says that nothing more will come, although the claim is not covered.
    """
    selector = suite.servicing.abi.function("fundRecovery").selector
    if (not is_short and is_agent(suite, bond, account)) or suite.authority.can_call(
        account, suite.servicing.address, selector
    ):
        return
    raise AccessRefused(
        "PowerMissing",
        {"account": account, "act": selector},
        message=f"{account} cannot say that nothing more will come of {bond.isin}"
        if is_short
        else f"{account} is neither a paying agent nor the issuer of {bond.isin}",
        hint="A final recovery that does not cover the claim is the statutory desk's."
        if is_short
        else "Have a paying agent, the issuer or the statutory desk pay it in.",
        contract=suite.servicing.address,
    )


def is_agent(suite: Suite, bond: Bond, account: str) -> bool:
    """Whether an account is the issuer's, or a paying agent's."""
    return account == bond.terms.issuer_account or suite.registry.has_roles(account, Role.PAYING_AGENT)


def _missed(suite: Suite, bond: Bond, cause: Bond, period: int) -> int:
    """The missed payment: as named, or the first."""
    figures = BondFigures(suite, cause)
    if not is_whole(period):
        raise InputError(f"{cause.isin} has no payment {period!r}")
    if period:
        standing = figures.payment_status(period)
        if standing.status is not PaymentStatus.MISSED:
            raise _not_found(suite, bond, cause, period, _standing_words(cause, standing))
        return period
    for number in range(1, figures.last_period + 1):
        standing = figures.payment_status(number)
        if standing.status is PaymentStatus.MISSED:
            return number
        if standing.status in (PaymentStatus.OVERDUE, PaymentStatus.NOT_DUE):
            raise _not_found(suite, bond, cause, number, _standing_words(cause, standing))
    raise _not_found(suite, bond, cause, 0, f"every payment of {cause.isin} was made")


def _check_redemption(suite: Suite, bond: Bond, cause: Bond, number: int) -> None:
    action = require_action(suite, cause, number, PROMISED)
    figures = BondFigures(suite, cause)
    why = ""
    if action.is_decided:
        why = "it is funded"
    elif not action.elected:
        why = "nobody elected, or was drawn"
    elif action.pay_time is not None and action.pay_day is not None:
        grace = figures.terms_on(action.pay_day).rights.defaults.grace_days
        until = action.pay_time + timedelta(days=grace + 1)
        if now(suite.chain) < until:
            why = f"its days of grace end at {shown(until)}"
    if why:
        raise _not_found(suite, bond, cause, 0, f"event {number} of {cause.isin} was not missed: {why}")


def _standing_words(bond: Bond, standing: PaymentStanding) -> str:
    words = {
        PaymentStatus.NOTHING_DUE: "nothing is due with it",
        PaymentStatus.NOT_DUE: "it is not due yet",
        PaymentStatus.FUNDED: "it is funded",
        PaymentStatus.OVERDUE: "its days of grace are not over",
        PaymentStatus.MERGED: "it is part of the claim",
        PaymentStatus.MISSED: "it was missed",
    }[standing.status]
    until = "" if standing.until is None else f"; they end at {shown(standing.until)}"
    ends = until if standing.status is PaymentStatus.OVERDUE else ""
    return f"payment {standing.period} of {bond.isin} was not missed: {words}{ends}"


def _not_found(suite: Suite, bond: Bond, cause: Bond, period: int, message: str) -> TermsRefused:
    return refusal(
        suite,
        bond,
        "DefaultNotFound",
        message,
        "Time alone makes a default: a payment that is not funded when its days of grace are over.",
        cause=cause.address,
        period=period,
        redemption=0,
    )
