"""Fixing the periods of bonds, and saying what a period waits for.  Anyone may fix."""

from __future__ import annotations

from collections.abc import Sequence

from indenture.chain import Receipt, Sender
from indenture.contracts import Bond, Suite
from indenture.dates import to_day_number
from indenture.errors import FixingRefused
from indenture.figures import OpenPeriod, PeriodFixing
from indenture.results import BatchResult, FixResult
from indenture.roles._sending import Progress
from indenture.roles.bond_figures import BondFigures


def fix_next(suite: Suite, sender: Sender, bond: Bond | str) -> FixResult:
    """Fixes the next period of a bond, or says what it waits for."""
    figures = BondFigures(suite, bond)
    waiting = figures.next_fixing()
    if waiting is None:
        raise _nothing_to_fix(figures)
    if not waiting.is_ready:
        raise refusal_of(suite, waiting)
    receipt, fixing = _fix(suite, sender, figures, waiting.period)
    return _result([receipt], [fixing], [figures.next_fixing()])


def fix_due(
    suite: Suite, sender: Sender, bonds: Sequence[Bond | str], progress: Progress | None = None
) -> FixResult:
    """Fixes every period of some bonds that can be fixed now."""
    receipts: list[Receipt] = []
    fixings: list[PeriodFixing] = []
    waiting: list[OpenPeriod | None] = []
    if progress:
        progress("fix periods", 0, len(bonds))
    for number, bond in enumerate(bonds, 1):
        figures = BondFigures(suite, bond)
        following = figures.next_fixing()
        # One by one: each follows from the one before.
        while following is not None and following.is_ready:
            receipt, fixing = _fix(suite, sender, figures, following.period)
            receipts.append(receipt)
            fixings.append(fixing)
            following = figures.next_fixing()
        waiting.append(following)
        if progress:
            progress("fix periods", number, len(bonds))
    return _result(receipts, fixings, waiting)


def require_fixed(suite: Suite, bond: Bond, period: int) -> None:
    """Raises ``FixingRefused``, with what is missing, unless a period is fixed or need not be."""
    figures = BondFigures(suite, bond)
    if not figures.needs_fixing:
        return
    waiting = figures.next_fixing()
    if waiting is None or waiting.period > period:
        return
    raise FixingRefused(
        "PeriodNotFixed",
        {"bond": bond.address, "period": period},
        message=f"payment {period} of {bond.isin} is not fixed: {waiting.reason}",
        hint=_advice(waiting),
        contract=suite.servicing.address,
    )


def refusal_of(suite: Suite, waiting: OpenPeriod) -> FixingRefused:
    """The error for a period that cannot be fixed now."""
    args: dict[str, object] = {"bond": waiting.bond, "period": waiting.period}
    name = "FixingTooEarly"
    if waiting.from_day is not None:
        args["day"] = to_day_number(waiting.from_day)
    elif waiting.day is not None and waiting.fallback_from is not None:
        name = "FixingNotPublished"
        args |= {
            "benchmark": waiting.benchmark,
            "day": to_day_number(waiting.day),
            "fallbackDay": to_day_number(waiting.fallback_from),
        }
    return FixingRefused(
        name,
        args,
        message=f"{waiting.isin}: {waiting.reason}",
        hint=_advice(waiting),
        contract=suite.servicing.address,
    )


def _advice(waiting: OpenPeriod) -> str:
    if waiting.is_ready:
        return "Fix it first (fix_due): anyone may."
    if waiting.from_day is not None:
        return "Fix it on that day or later (fix_due)."
    if waiting.counts_from is not None:
        return "Wait until it can be corrected no more, then fix it (fix_due)."
    return (
        f"Its administrator publishes it; if not, the fallback of the terms applies from "
        f"{waiting.fallback_from} on. Then fix it (fix_due)."
    )


def _fix(suite: Suite, sender: Sender, figures: BondFigures, period: int) -> tuple[Receipt, PeriodFixing]:
    receipt = sender.transact(suite.servicing.fix(figures.bond.address, period))
    fixing = figures.fixing(period)
    if fixing is None:
        raise FixingRefused(
            "PeriodNotFixed", {}, message="the transaction fixed nothing", tx_hash=receipt.tx_hash
        )
    return receipt, fixing


def _nothing_to_fix(figures: BondFigures) -> FixingRefused:
    isin, last = figures.bond.isin, figures.last_period
    is_open = figures.needs_fixing
    return FixingRefused(
        "FixingOutOfOrder" if is_open else "FixingNotNeeded",
        {"bond": figures.bond.address},
        message=f"all {last} periods of {isin} are fixed"
        if is_open
        else f"the terms of {isin} leave nothing to fix",
        hint="Nothing is left to do.",
        contract=figures.suite.servicing.address,
    )


def _result(
    receipts: Sequence[Receipt], fixings: Sequence[PeriodFixing], waiting: Sequence[OpenPeriod | None]
) -> FixResult:
    done = BatchResult.of(len(fixings), receipts)
    return FixResult(
        count=done.count,
        transactions=done.transactions,
        fixings=tuple(fixings),
        waiting=tuple(each for each in waiting if each is not None),
    )
