"""What a person assumes of the future, as options; nothing is assumed that is not said."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import update_wrapper
from typing import TYPE_CHECKING, Any, TypeVar

import click

from indenture.cli._values import AMOUNT
from indenture.errors import InputError
from indenture.provisions import CouponKind

if TYPE_CHECKING:
    from indenture.analytics import AssumptionMissing, Assumptions, Projection
    from indenture.cli._situation import Situation
    from indenture.interest import Fixing, Grid

F = TypeVar("F", bound=Callable[..., Any])

_OPTIONS = {
    "forward_rate": "--forward 2.5",
    "inflation": "--inflation 2",
    "kpi_met": "--kpi missed or --kpi met",
    "renewals": "--renew 0",
    "deferred": "--defer PERIOD",
}


@dataclass(frozen=True, slots=True)
class Outlook:
    """What is assumed.

    Attributes:
        forward: Percent a year that the benchmark will be; None for nothing.
        inflation: Percent a year by which prices grow; None for nothing.
        kpi: Whether figures meet their targets; None for nothing.
        renew: How many more times the bond is renewed.
        defer: Periods whose interest is deferred.
        weekdays: Whether Monday to Friday stand in for years that are not published.
    """

    forward: Decimal | None = None
    inflation: Decimal | None = None
    kpi: bool | None = None
    renew: int = 0
    defer: tuple[int, ...] = ()
    weekdays: bool = False

    @property
    def assumptions(self) -> Assumptions:
        """The same for ``analytics``."""
        from indenture.analytics import Assumptions

        return Assumptions(
            forward_rate=self.forward,
            inflation=self.inflation,
            kpi_met=self.kpi,
            renewals=self.renew,
            deferred=self.defer,
            weekdays=self.weekdays,
        )

    def check(self, found: Situation) -> None:
        """Refuses what says nothing of this bond.

        Raises:
            InputError: An option does not fit its terms.
        """
        coupon, sheet = found.sheet.coupon, found.sheet
        follows = coupon.kind is CouponKind.FLOATING or sheet.renewal is not None
        for option, given, fits in (
            ("--forward", self.forward is not None, follows),
            ("--inflation", self.inflation is not None, coupon.kind is CouponKind.INFLATION),
            ("--kpi", self.kpi is not None, coupon.kind is CouponKind.KPI),
            ("--renew", self.renew > 0, sheet.renewal is not None),
            ("--defer", bool(self.defer), sheet.deferral is not None),
        ):
            if given and not fits:
                raise InputError(
                    f"{option} says nothing of this bond: its coupon is {coupon.label}", hint="Leave it out."
                )


def outlook_options(function: F) -> F:
    """The options of ``Outlook``; the command gets it as ``outlook``."""

    def run(*args: Any, **given: Any) -> Any:
        kpi = given.pop("kpi")
        outlook = Outlook(
            forward=given.pop("forward"),
            inflation=given.pop("inflation"),
            kpi=None if kpi is None else kpi == "met",
            renew=given.pop("renew"),
            defer=tuple(sorted(set(given.pop("defer")))),
            weekdays=given.pop("weekdays"),
        )
        return function(*args, outlook=outlook, **given)

    wrapped: Any = update_wrapper(run, function)
    for option in reversed(
        (
            click.option(
                "--forward", type=AMOUNT, help="Assume that the benchmark is always so many percent."
            ),
            click.option(
                "--inflation", type=AMOUNT, help="Assume that prices grow by so many percent a year."
            ),
            click.option(
                "--kpi", type=click.Choice(["met", "missed"]), help="Assume it of the issuer's figures."
            ),
            click.option(
                "--renew",
                type=click.IntRange(0, 100),
                default=0,
                show_default=True,
                help="Assume that the bond is renewed so many more times.",
            ),
            click.option(
                "--defer",
                type=click.IntRange(min=1),
                multiple=True,
                metavar="PERIOD",
                help="Assume that the interest of this period is deferred; give it again for more.",
            ),
            click.option(
                "--weekdays",
                is_flag=True,
                help="Take Monday to Friday for the business days of years that are not published.",
            ),
        )
    ):
        wrapped = option(wrapped)
    return wrapped  # type: ignore[no-any-return]  # a command's function, with options


def projected(found: Situation, outlook: Outlook) -> Projection:
    """The bond with the figures of all its periods.

    Raises:
        InputError: Something is neither known nor assumed; the hint names the option.
    """
    from indenture.analytics import AssumptionMissing, project

    try:
        return project(found.sheet.interest_terms, outlook.assumptions, **told(found, outlook))
    except AssumptionMissing as missing:
        raise in_options(missing) from None


def told(found: Situation, outlook: Outlook) -> dict[str, Any]:
    """What ``analytics`` is told of the bond beside its terms.

    That is what is fixed, and what its terms alone decide up to the first period that is assumed to be
    deferred.
    """
    from indenture.cli._flows import fixed_by_terms

    fixings = fixed_by_terms(found.grid(outlook.renew), found.fixings)
    until = min(outlook.defer, default=len(fixings) + 1) - 1
    return found.known(fixings[: max(until, len(found.fixings))])


def seen(found: Situation, outlook: Outlook) -> tuple[Grid, tuple[Fixing, ...], int | None, tuple[str, ...]]:
    """As ``projected``, but what is neither known nor assumed stays open.

    Returns:
        Days; fixings of as many periods as can be told; the first that is projected, None for none; what was
        assumed, in words.
    """
    from indenture.analytics import project
    from indenture.cli._flows import fixed_by_terms

    try:
        made = project(found.sheet.interest_terms, outlook.assumptions, **told(found, outlook))
    except InputError:
        grid = found.grid(outlook.renew)
        return grid, tuple(fixed_by_terms(grid, found.fixings)), None, ()
    first = made.known + 1 if made.known < made.grid.periods else None
    rests = outlook != Outlook()
    return made.grid, made.fixings, first, made.assumed if rests else ()


def in_options(missing: AssumptionMissing) -> InputError:
    """What is missing, with the option that says it."""
    return InputError(missing.message, hint=f"Say what you assume: {_OPTIONS[missing.name]}.")
