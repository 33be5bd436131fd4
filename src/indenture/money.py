"""Money: decimals outside, whole base units inside, and no way in for a float.

This is the only module that converts between the two. Conversions are exact or refused; nothing here rounds.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Context, Decimal, Inexact, InvalidOperation, localcontext

from ._slips import number_hint
from .errors import InvalidAmount

#: Digits that are enough for any uint256.
_PRECISION = 78

#: Arithmetic that refuses to round instead of dropping digits.
_EXACT = Context(prec=_PRECISION, traps=[Inexact, InvalidOperation])

_MAX_DECIMALS = 18


@dataclass(frozen=True, slots=True)
class Currency:
    """A currency and its base unit.

    Attributes:
        code: ISO 4217 code, three upper-case letters.
        decimals: Digits after the point of the base unit: 2 for the fen of a yuan, 0 for the yen.
    """

    code: str
    decimals: int

    def __post_init__(self) -> None:
        if (
            len(self.code) != 3
            or not self.code.isascii()
            or not self.code.isalpha()
            or not self.code.isupper()
        ):
            raise InvalidAmount(
                f"currency code {self.code!r} is not three upper-case letters",
                hint="Use the ISO 4217 code, such as CNY.",
            )
        if isinstance(self.decimals, bool) or not 0 <= self.decimals <= _MAX_DECIMALS:
            raise InvalidAmount(
                f"currency {self.code}: {self.decimals!r} decimals is out of range",
                hint=f"Between 0 and {_MAX_DECIMALS} decimals are supported.",
            )

    def to_base(self, amount: Decimal | int | str) -> int:
        """Converts an amount of this currency to whole base units, exactly.

        Args:
            amount: Amount in the currency, such as ``Decimal("103.25")``; floats and bools are refused.

        Raises:
            InvalidAmount: The type is wrong, the value is not a finite number, or a fraction of a base unit
                remains.
        """
        value = to_decimal(amount)
        # Checked first, so that "1e999999999" is refused instead of filling the memory with zeros.
        if value and value.adjusted() + self.decimals >= _PRECISION:
            raise InvalidAmount(f"{self.code} {value} is too large")
        try:
            with localcontext(_EXACT):
                return int(value.scaleb(self.decimals).to_integral_exact())
        except Inexact:
            raise InvalidAmount(
                f"{self.code} {value} is not a whole number of base units",
                hint=f"{self.code} has {self.decimals} decimals.",
            ) from None

    def from_base(self, base: int) -> Decimal:
        """Converts whole base units to an amount of this currency, with all its decimals.

        Raises:
            InvalidAmount: The value is not an int, or has more digits than a uint256.
        """
        if isinstance(base, bool) or not isinstance(base, int):
            raise InvalidAmount(f"{base!r} is not a whole number of base units")
        if abs(base) >= 10**_PRECISION:
            raise InvalidAmount(
                f"{self.code}: the amount is too large", hint="A chain holds at most a uint256."
            )
        with localcontext(_EXACT):
            return Decimal(base).scaleb(-self.decimals)

    def money(self, amount: Decimal | int | str) -> Money:
        """An amount of this currency."""
        return Money(to_decimal(amount), self)

    def money_from_base(self, base: int) -> Money:
        """An amount of this currency, from whole base units."""
        return Money(self.from_base(base), self)


CNY = Currency("CNY", 2)
EUR = Currency("EUR", 2)
JPY = Currency("JPY", 0)


@dataclass(frozen=True, slots=True)
class Money:
    """An amount with its currency, always a whole number of base units.

    Attributes:
        amount: Amount in the currency, with exactly the currency's decimals.
        currency: The currency.
    """

    amount: Decimal
    currency: Currency

    def __post_init__(self) -> None:
        if not isinstance(self.amount, Decimal):
            raise InvalidAmount(f"{self.amount!r} is a {type(self.amount).__name__}, not a Decimal")
        object.__setattr__(self, "amount", self.currency.from_base(self.currency.to_base(self.amount)))

    @property
    def base(self) -> int:
        """The amount in whole base units."""
        return self.currency.to_base(self.amount)

    def __str__(self) -> str:
        return f"{self.currency.code} {self.amount:,f}"

    def __add__(self, other: Money) -> Money:
        return self.currency.money_from_base(self.base + self._same_currency(other).base)

    def __sub__(self, other: Money) -> Money:
        return self.currency.money_from_base(self.base - self._same_currency(other).base)

    def _same_currency(self, other: Money) -> Money:
        if other.currency != self.currency:
            raise InvalidAmount(f"{self} and {other} are of different currencies")
        return other


def to_decimal(value: Decimal | int | str) -> Decimal:
    """Reads a finite decimal number without losing a digit.

    Raises:
        InvalidAmount: The value is a float, a bool, another type, not a number, or not finite.
    """
    if isinstance(value, (bool, float)) or not isinstance(value, (Decimal, int, str)):
        raise InvalidAmount(
            f"{value!r} is a {type(value).__name__}, which cannot hold money",
            hint="Give a Decimal, an int, or the number as text.",
        )
    try:
        number = Decimal(value)
    except InvalidOperation:
        raise InvalidAmount(f"{value!r} is not a number", hint=number_hint(str(value))) from None
    if not number.is_finite():
        raise InvalidAmount(f"{value!r} is not a finite number", hint=number_hint(str(value)))
    return number
