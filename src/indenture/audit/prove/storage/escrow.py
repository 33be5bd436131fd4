"""The escrow of a payment, to the bit; but for the fractions of a unit, which are judged by their worth."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from indenture.audit.probe import UnitPayment
from indenture.audit.prove.storage.cells import Cell
from indenture.audit.prove.storage.judged import Judged
from indenture.audit.prove.storage.layout import SERVICING
from indenture.audit.replay.cash import ZERO
from indenture.audit.replay.servicing import Payment

_HALF = 1 << 128


class _Fractions(NamedTuple):
    """The contract's struct, as its words are read."""

    interestNumerator: int  # noqa: N815
    interestDenominator: int  # noqa: N815
    principalDenominator: int  # noqa: N815
    principalNumerator: int  # noqa: N815


def escrow(bond: str, number: int, payment: Payment | None, *, has_claims: bool) -> Iterator[Cell | Judged]:
    """The slots of one escrow; of one that nobody funded only the mark of claims."""
    values = dict.fromkeys(SERVICING.structs["Payment"].members, 0) | {"payer": ZERO, "hasClaims": has_claims}
    del values["each"]
    if payment is not None:
        values |= {
            "funded": payment.funded,
            "paid": payment.paid,
            "units": payment.units,
            "unitsPaid": payment.units_paid,
            "fundedAt": payment.funded_at,
            "payTime": payment.pay_time,
            "isLast": payment.is_last,
            "withholds": payment.withholds,
            "payer": payment.payer,
            "penalty": payment.each.penalty,
        }
    yield from SERVICING.cells("_payments", bond, number, value=values)
    if payment is not None:
        yield _each(bond, number, UnitPayment(payment.each))


def _each(bond: str, number: int, each: UnitPayment) -> Judged:
    """What a unit is paid: the contract writes its fractions unreduced, by formulae of its own."""

    def fits(words: tuple[int, ...]) -> bool:
        interest, denominators, principal = words
        return each.matches(_Fractions(interest, denominators % _HALF, denominators >> 128, principal))

    cells = SERVICING.cells("_payments", bond, number, "each", value=(0, 0, 0, 0))
    return Judged(tuple(cells), fits, str(each))
