"""How a report writes amounts, quotes and instants."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, localcontext

_PERCENT_DIGITS = 7  # a rate is in billionths


@dataclass(frozen=True, slots=True)
class Amounts:
    """Turns base units of cash tokens into decimal text."""

    codes: dict[str, str]
    decimals: dict[str, int]

    def show(self, token: str, base: int) -> str:
        """An amount in the currency, exact; base units of a token that is not the suite's own."""
        with localcontext(prec=78):
            return f"{Decimal(base).scaleb(-self.decimals.get(token, 0)):f}"

    def code(self, token: str) -> str:
        """The currency's code, or the token's address."""
        return self.codes.get(token, token)


def percent(billionths: int) -> str:
    """A rate in percent, without trailing zeros."""
    return f"{Decimal(billionths).scaleb(-_PERCENT_DIGITS).normalize():f}"


def moment(seconds: int) -> str:
    """An instant in UTC."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
