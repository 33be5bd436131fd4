"""What the payments of a holding come to: tax withheld, what is left of each, and the sums of all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce
from operator import add

from indenture.cli._flows import Flow
from indenture.interest import withhold, withholding_rate
from indenture.membership import MemberClass, class_mask
from indenture.money import Money
from indenture.termsheet import TermSheet

#: Tax and rest of each payment, by its number; None while they are open.
Taxes = Mapping[int, Mapping[str, Money | None]]


def tax_rate(sheet: TermSheet, holder: MemberClass) -> int:
    """Billionths of the interest that are withheld from a holder of a class."""
    return withholding_rate(sheet.provisions, class_mask([holder]))


def taxes_of(sheet: TermSheet, flows: Sequence[Flow], holder: MemberClass) -> Taxes:
    """Tax that is withheld from the interest of a holding, and what is left of each payment."""
    rate, money = tax_rate(sheet, holder), sheet.currency.money_from_base
    taxes: dict[int, dict[str, Money | None]] = {}
    for flow in flows:
        tax = None if flow.interest is None else money(withhold(flow.interest.base, rate).tax)
        net = None if tax is None or flow.total is None else flow.total - tax
        taxes[flow.period] = {"tax": tax, "net": net}
    return taxes


def sums_of(flows: Sequence[Flow], taxes: Taxes | None) -> dict[str, Money | None]:
    """Interest, principal and the rest of all payments; None while a part is open."""
    columns: dict[str, list[Money | None]] = {
        "interest": [flow.interest for flow in flows],
        "principal": [flow.principal for flow in flows],
        "total": [flow.total for flow in flows],
    }
    if taxes is not None:
        columns |= {name: [taxes[flow.period][name] for flow in flows] for name in ("tax", "net")}
    return {name: _sum(amounts) for name, amounts in columns.items()}


def _sum(amounts: Sequence[Money | None]) -> Money | None:
    known = [amount for amount in amounts if amount is not None]
    return reduce(add, known) if len(known) == len(amounts) else None
