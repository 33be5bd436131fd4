"""What a person assumes of the future, as options; nothing is assumed that is not said."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import update_wrapper
from typing import TYPE_CHECKING, Any, TypeVar

import click

from indenture.cli._values import DAY, PERCENT
from indenture.errors import CalendarYearMissing, InputError
from indenture.primary.result import percent_of
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
    "weekdays": "--weekdays, Monday to Friday",
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
        called: Day for which the issuer calls it; None for never.
        put: Day for which the holder puts it; None for never.
        extended: Whether its maturity is extended.
    """

    forward: Decimal | None = None
    inflation: Decimal | None = None
    kpi: bool | None = None
    renew: int = 0
    defer: tuple[int, ...] = ()
    weekdays: bool = False
    called: date | None = None
    put: date | None = None
    extended: bool = False

    @property
    def ends(self) -> bool:
        """Whether its end is assumed to be another than that of the terms."""
        return self.called is not None or self.put is not None or self.extended

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

    def ended(self, found: Situation) -> tuple[Situation, tuple[str, ...]]:
        """The bond with the end that is assumed, and the assumption in words.

        Raises:
            InputError: Its terms give no such right, or it is called already; or two ends are assumed.
        """
        from indenture.analytics import call_on, put_on
        from indenture.interest import called, extended_by

        given = [
            option
            for option, is_there in (
                ("--called", self.called is not None),
                ("--put", self.put is not None),
                ("--extended", self.extended),
            )
            if is_there
        ]
        if len(given) > 1:
            raise InputError(f"{' and '.join(given)} give the bond two ends", hint="Give one of them.")
        terms, rights, life = found.sheet.interest_terms, found.sheet.rights, found.life
        if self.called is not None:
            price = call_on(rights, self.called).price
            said = f"the issuer calls the bond for {self.called} at {_plain(price)} %"
            return found.with_life(called(terms, life, self.called, price)), (said,)
        if self.put is not None:
            price = put_on(rights, self.put).price
            said = f"the holder puts the bond for {self.put} at {_plain(price)} %"
            return found.with_life(called(terms, life, self.put, price)), (said,)
        if not self.extended:
            return found, ()
        if not rights.extension.periods or life.extended_from or life.price:
            raise InputError("the maturity of this bond cannot be extended", hint="Leave --extended out.")
        longer = extended_by(terms, life, rights.extension)
        end = longer.schedule_of(terms.schedule).maturity_day
        return found.with_life(longer), (f"the issuer extends the maturity to {end}",)

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
            called=given.pop("called"),
            put=given.pop("put"),
            extended=given.pop("extended"),
        )
        return function(*args, outlook=outlook, **given)

    wrapped: Any = update_wrapper(run, function)
    for option in reversed(
        (
            click.option(
                "--forward", type=PERCENT, help="Assume that the benchmark is always so many percent."
            ),
            click.option(
                "--inflation", type=PERCENT, help="Assume that prices grow by so many percent a year."
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
            click.option(
                "--called",
                type=DAY,
                metavar="DAY",
                help="Assume that the issuer calls the bond for this day.",
            ),
            click.option(
                "--put", type=DAY, metavar="DAY", help="Assume that the holder puts the bond for this day."
            ),
            click.option("--extended", is_flag=True, help="Assume that the issuer extends the maturity."),
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
    except (AssumptionMissing, CalendarYearMissing) as missing:
        raise in_options(missing) from None


def told(found: Situation, outlook: Outlook) -> dict[str, Any]:
    """What ``analytics`` is told of the bond beside its terms.

    That is what is fixed, and what its terms alone decide up to the first period that is assumed to be
    deferred.
    """
    from indenture.cli._flows import fixed_by_terms

    fixings = fixed_by_terms(found.grid(outlook.renew), found.fixings)
    until = min(outlook.defer, default=fixings[-1].period + 1 if fixings else 1) - 1
    fixed = found.fixings[-1].period if found.fixings else 0
    return found.known([each for each in fixings if each.period <= max(until, fixed)])


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
    # What is assumed of its end is said apart.
    rests = replace(outlook, called=None, put=None, extended=False) != Outlook()
    return made.grid, made.fixings, first, made.assumed if rests else ()


def in_options(missing: AssumptionMissing | CalendarYearMissing) -> InputError:
    """What is missing, with the option that says it."""
    name = "weekdays" if isinstance(missing, CalendarYearMissing) else missing.name
    return InputError(missing.message, hint=f"Say what you assume: {_OPTIONS[name]}.")


def _plain(price: int) -> Decimal:
    return Decimal(f"{percent_of(price).normalize():f}")
