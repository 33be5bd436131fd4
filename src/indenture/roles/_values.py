"""Billionths of the chain as numbers for people, and back; all exact."""

from __future__ import annotations

from decimal import Decimal, localcontext
from fractions import Fraction

from indenture.errors import InvalidAmount
from indenture.interest import BenchmarkKind
from indenture.money import to_decimal

_PERCENT_PLACES = 7  # of a percent, to the billionth
_LEVEL_PLACES = 9
_FACTOR_PLACES = 18
#: Places of prices and accrued interest per 100 in the China interbank market.
PER_100_PLACES = 7

_RATES = (BenchmarkKind.RATE, BenchmarkKind.OVERNIGHT)


def percent(billionths: int) -> Decimal:
    """A rate in percent a year: 25,000,000 is 2.5."""
    return _shown(billionths, _PERCENT_PLACES)


def level(billionths: int) -> Decimal:
    """A price index, ratio or figure: 103,456,000,000 is 103.456."""
    return _shown(billionths, _LEVEL_PLACES)


def factor(scaled: int) -> Decimal:
    """A factor: 1e18 is 1."""
    return _shown(scaled, _FACTOR_PLACES)


def value_of(kind: BenchmarkKind, billionths: int) -> Decimal:
    """A published value: percent a year for rates, else the number itself."""
    return percent(billionths) if kind in _RATES else level(billionths)


def billionths_of(kind: BenchmarkKind, value: Decimal | int | str) -> int:
    """A value to be published, as on chain.

    Raises:
        InvalidAmount: It is a float, no number, finer than a billionth, or too large.
    """
    places, sign = (_PERCENT_PLACES, " %") if kind in _RATES else (_LEVEL_PLACES, "")
    number = to_decimal(value)
    scale: int = 10**places
    if number and number.adjusted() + places > 18:  # an int64 has 19 digits
        raise InvalidAmount(f"{number}{sign} is too large for a published value")
    exact = Fraction(number) * scale
    if exact.denominator != 1:
        raise InvalidAmount(
            f"{number}{sign} has more than {places} decimals", hint="The chain keeps values in billionths."
        )
    if abs(exact.numerator) >= 1 << 63:
        raise InvalidAmount(f"{number}{sign} is too large for a published value")
    return exact.numerator


def rounded(value: Fraction, places: int) -> Decimal:
    """A fraction to some decimals, half away from zero."""
    scaled = abs(value) * 10**places
    digits = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    with localcontext(prec=78):
        return Decimal(digits if value >= 0 else -digits).scaleb(-places)


def towards_zero(value: Fraction) -> int:
    """The whole number next to a fraction on the side of zero, as the contracts round accrued interest."""
    whole = abs(value.numerator) // value.denominator
    return whole if value >= 0 else -whole


def _shown(number: int, places: int) -> Decimal:
    """Without needless zeros after the point, and without an exponent."""
    with localcontext(prec=78):
        return Decimal(f"{Decimal(number).scaleb(-places).normalize():f}")
