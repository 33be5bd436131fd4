"""Whether amounts, rates and lists of a term sheet agree with each other."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from indenture.errors import InvalidAmount
from indenture.rounding import RATE_SCALE

if TYPE_CHECKING:
    from indenture.termsheet.sheet import TermSheet

#: Coupon on chain of a bond whose coupon a tender is to fix; as a rate it would be 429 %.
COUPON_BY_TENDER = 2**32 - 1

#: Bits of base units that what is paid must leave in the escrow for its interest.
_MAX_BITS = 120
_PAR = 100

#: Field, what is wrong with it, and what to do.
Contradictions = list[tuple[str, str, str]]


def exact_issue_price(terms: TermSheet) -> Fraction:
    """What a subscriber pays for one unit, in base units, before it is known to be whole."""
    return Fraction(terms.issue_price) * terms.face_value_base / 100


def exact_rate(percent: Decimal) -> Fraction:
    """A rate in billionths, before it is known to be whole."""
    return Fraction(percent) * RATE_SCALE / 100


def rate_contradictions(terms: TermSheet) -> Contradictions:
    """Whether the coupon rate can be sealed, or left to a tender."""
    if terms.coupon.rate is None:
        if terms.issue_price == _PAR:
            return []
        reason = f"{terms.issue_price} % has no meaning for a bond whose coupon rate is by tender"
        return [("issue_price", reason, "It is issued at par: leave the issue price out.")]
    rate = exact_rate(terms.coupon.rate)
    if rate.denominator == 1 and rate < COUPON_BY_TENDER:
        return []
    reason = f"{terms.coupon.rate} % is not a whole number of billionths up to 429 %"
    is_high = rate >= COUPON_BY_TENDER
    hint = "It is percent a year: 4.6 is 4.6 %." if is_high else "Give at most seven decimals of a percent."
    return [("coupon.rate", reason, hint)]


def amount_contradictions(terms: TermSheet) -> Contradictions:
    """Whether amounts are whole, and multiples of each other."""
    problems: Contradictions = []
    currency = terms.currency
    for name in ("amount", "face_value", "minimum_denomination"):
        try:
            if currency.to_base(getattr(terms, name)) >= 1 << _MAX_BITS:
                raise InvalidAmount(
                    f"{getattr(terms, name)} is too large", hint="The chain holds 120 bits of base units."
                )
        except InvalidAmount as error:
            problems.append((name, error.message, error.hint))
    if problems:
        return problems
    face, minimum = terms.face_value_base, currency.to_base(terms.minimum_denomination)
    if terms.units * face != currency.to_base(terms.amount):
        product = currency.money_from_base(terms.units * face)
        problems.append(
            ("amount", f"{terms.total} is not units * face_value, {product}", "Correct one of the three.")
        )
    if minimum % face:
        problems.append(
            (
                "minimum_denomination",
                f"{terms.minimum_denomination} is not a multiple of face_value {terms.face_value}",
                "Units are not divided.",
            )
        )
    elif minimum // face > terms.units:
        reason = f"{terms.minimum_denomination} is more than the issue, {terms.total}"
        problems.append(("minimum_denomination", reason, "Nobody could hold the bond: lower it."))
    if exact_issue_price(terms).denominator != 1:
        reason = f"{terms.issue_price} % of {terms.face_value} is not a whole number of base units"
        problems.append(("issue_price", reason, f"{currency.code} has {currency.decimals} decimals."))
    return problems


def list_contradictions(terms: TermSheet) -> Contradictions:
    """Whether lists are of use."""
    problems: Contradictions = []
    if not terms.eligible_classes:
        problems.append(("eligible_classes", "is empty: nobody could hold the bond", "Name a class."))
    if len(set(terms.eligible_classes)) != len(terms.eligible_classes):
        problems.append(("eligible_classes", "names a class twice", "Name each once."))
    if len({document.name for document in terms.documents}) != len(terms.documents):
        problems.append(("documents", "has two documents of one name", "Give each its own."))
    return problems
