"""What is checked before a bond is called, in whole, in part or by lot, or extended."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction

from indenture.contracts import Bond, Suite
from indenture.errors import InputError, InvalidAmount
from indenture.money import to_decimal
from indenture.rights import CallRight, EventRight, Extension
from indenture.roles._checks import is_whole
from indenture.roles._notice import check_notice, refusal
from indenture.roles._values import percent
from indenture.roles.bond_figures import BondFigures
from indenture.rounding import RATE_SCALE


def call_right(suite: Suite, bond: Bond, day: date, *, in_part: bool = False) -> CallRight:
    """The right by which a bond can be called for a day, with its notice kept.

    Raises:
        TermsRefused: No right lies on that day, the bond was called already, or it is too late for notice.
    """
    check_not_called(suite, bond, day)
    calls = BondFigures(suite, bond).terms_on(day).rights.calls
    for right in calls:
        if right.first_day <= day <= right.last_day and (right.in_part or not in_part):
            check_notice(suite, bond, day, right.notice_days, f"the call for {day}")
            return right
    wanted = "called in part" if in_part else "called"
    raise refusal(
        suite,
        bond,
        "CallRefused",
        f"{bond.isin} cannot be {wanted} for {day}: no right of its terms lies on that day",
        _windows(calls, in_part=in_part),
        day=day,
    )


def check_not_called(suite: Suite, bond: Bond, day: date) -> None:
    """Raises ``TermsRefused`` where the whole bond was called before."""
    if suite.servicing.state_of(bond.address).price:
        raise refusal(
            suite,
            bond,
            "CallRefused",
            f"{bond.isin} was called already, for {bond.maturity_day()}",
            "It is redeemed on that day; a call is not taken back.",
            day=day,
        )


def check_before_end(suite: Suite, bond: Bond, day: date) -> None:
    """Raises ``TermsRefused`` unless a day lies within the term of a bond."""
    first, end = bond.terms.issue_day, bond.maturity_day()
    if not first < day < end:
        raise refusal(
            suite,
            bond,
            "CallRefused",
            f"{bond.isin} cannot be redeemed early on {day}: it runs from {first} to {end}",
            "Give a day between them.",
            day=day,
        )


def share_of_face(bond: Bond, share: Decimal | int | str) -> int:
    """A share of the face in percent as billionths: whole base units of a unit.

    Raises:
        InvalidAmount: It is not above zero and below 100, or a unit would be left with a broken base unit.
    """
    number = to_decimal(share)
    exact = Fraction(number) * RATE_SCALE / 100
    if not 0 < exact < RATE_SCALE:
        raise InvalidAmount(
            f"{number} % is no part of the face",
            hint="Give a percentage between 0 and 100; a call of all of it is call.",
        )
    if exact.denominator != 1 or bond.terms.face_value * exact.numerator % RATE_SCALE:
        raise InvalidAmount(
            f"{number} % of the face is not whole base units of one unit",
            hint=f"A unit of {bond.isin} has {bond.terms.face_value} base units of face.",
        )
    return exact.numerator


def check_partial_call(suite: Suite, bond: Bond, period: int, share: int) -> CallRight:
    """The right by which a share of every unit can be called with a payment.

    Raises:
        InputError: There is no such payment.
        TermsRefused: There is no right for it, its record date has passed, a later one was called in part
            before, or nothing would be left.
    """
    figures = BondFigures(suite, bond)
    last = figures.last_period
    if not is_whole(period) or not 1 <= period <= last:
        raise InputError(
            f"{bond.isin} has no payment {period!r}", hint=f"They are numbered from 1 to {last}."
        )
    before = figures.bond_state().partial_calls
    called = sum((part.share for part in before), Decimal(0))
    why = ""
    if period == last:
        why = "it is the last one, and repays what is left"
    elif period <= (passed := bond.book().records):
        why = f"{passed} record dates have passed"
    elif before and before[-1].period >= period:
        why = f"a part was called with payment {before[-1].period} already"
    elif called + percent(share) >= 100:
        why = f"{called} % of the face were called before, and something must be left"
    if why:
        raise refusal(
            suite,
            bond,
            "PartialCallRefused",
            f"{percent(share)} % of {bond.isin} cannot be called with payment {period}: {why}",
            "Take a later payment, or a smaller part.",
            period=period,
            share=share,
        )
    return call_right(suite, bond, bond.terms.due_day(period), in_part=True)


def event_right(suite: Suite, bond: Bond, code: str, *, by_holders: bool) -> EventRight:
    """The right that a stated event gives to issuer or holders.

    Raises:
        TermsRefused: The terms state no such event for that side.
    """
    figures = BondFigures(suite, bond)
    events = figures.terms_on(figures.today).rights.events
    for right in events:
        if right.code == code and right.by_holders is by_holders:
            return right
    stated = ", ".join(f"{each.code} ({'holders' if each.by_holders else 'issuer'})" for each in events)
    side = "holders" if by_holders else "issuer"
    raise refusal(
        suite,
        bond,
        "EventNotStated",
        f"the terms of {bond.isin} state no event {code} that lets the {side} redeem",
        f"They state: {stated}." if stated else "They state none at all.",
        code=code,
    )


def extension_right(suite: Suite, bond: Bond) -> Extension:
    """The right to extend the maturity, with its notice kept.

    Raises:
        TermsRefused: There is none, it was used, the bond was called, or it is too late for notice.
    """
    figures, state = BondFigures(suite, bond), suite.servicing.state_of(bond.address)
    right = figures.terms_of(figures.last_period).rights.extension
    why = ""
    if not right.periods:
        why = "the terms give no such right"
    elif state.extended_from:
        why = f"it was extended already, from period {state.extended_from} on"
    elif state.price:
        why = f"the bond was called for {bond.maturity_day()}"
    if why:
        raise refusal(
            suite,
            bond,
            "ExtensionRefused",
            f"the maturity of {bond.isin} cannot be extended: {why}",
            "It ends on its maturity date.",
        )
    check_notice(suite, bond, figures.maturity_day, right.notice_days, "the extension")
    return right


def _windows(calls: Sequence[CallRight], *, in_part: bool) -> str:
    fitting = [right for right in calls if right.in_part or not in_part]
    shown = ", ".join(f"{right.first_day} to {right.last_day}" for right in fitting)
    return f"It can be for {shown}." if shown else "The terms give no such right."
