"""What is checked of a bond's terms before anything is sent: what they name, what rights they give."""

from __future__ import annotations

from collections.abc import Iterator

from indenture.calendars import is_joint_code, load_calendar
from indenture.contracts import Bond, Suite
from indenture.dates import instant, to_timestamp
from indenture.errors import CalendarYearMissing, InputError, TermsRefused
from indenture.interest import BenchmarkKind
from indenture.provisions import Provisions
from indenture.roles._checks import is_whole, now
from indenture.roles._notice import check_notice, refusal, shown
from indenture.roles.bond_figures import BondFigures
from indenture.termsheet import TermSheet


def check_calendar(suite: Suite, sheet: TermSheet) -> None:
    """The first year must be there; later ones are published as they are announced."""
    code, year = sheet.business_days.calendar, sheet.issue_date.year
    if suite.calendar.year(code, year).version:
        return
    if is_joint_code(code) and not suite.calendar.parts(code):
        parts = ", ".join(load_calendar(code).parts)
        raise InputError(
            f"{sheet.isin} pays by the business days of {parts} together, which are no joint market here",
            hint="The depository joins them first (join_markets).",
        )
    raise CalendarYearMissing(code, year)


def check_benchmarks(suite: Suite, provisions: Provisions) -> None:
    """Every benchmark that terms name must be there, and publish what they need."""
    wanted = dict(_benchmarks_of(provisions))
    found = suite.benchmarks.benchmarks(list(wanted))
    for (code, kind), known in zip(wanted.items(), found, strict=True):
        if known is None:
            raise InputError(
                f"there is no benchmark {code}, which the terms follow",
                hint="The depository registers it first (register_benchmark).",
            )
        if known.benchmark.kind is not kind:
            raise InputError(
                f"benchmark {code} is of kind {known.benchmark.kind.name.lower()}, "
                f"the terms need {kind.name.lower()}",
                hint="Correct the term sheet, or name another benchmark.",
            )


def _benchmarks_of(provisions: Provisions) -> Iterator[tuple[str, BenchmarkKind]]:
    floating, inflation, renewal = provisions.floating, provisions.inflation, provisions.renewal
    if floating.benchmark:
        yield floating.benchmark, BenchmarkKind.OVERNIGHT if floating.compounded else BenchmarkKind.RATE
    if inflation.benchmark:
        yield inflation.benchmark, BenchmarkKind.LEVEL
    if renewal.benchmark:
        yield renewal.benchmark, BenchmarkKind.RATE
    for test in provisions.tests:
        yield test.benchmark, BenchmarkKind.FIGURE


def check_deferral(suite: Suite, bond: Bond, period: int) -> None:
    """Raises ``TermsRefused`` unless the interest of a period can be deferred now."""
    figures = BondFigures(suite, bond)
    last = figures.last_period
    if not is_whole(period) or not 1 <= period <= last:
        raise InputError(f"{bond.isin} has no period {period!r}")
    days = figures.terms_of(period).provisions.deferral.notice_days
    if not days:
        _refuse_deferral(suite, bond, period, "the terms give no such right")
    if period == last:
        _refuse_deferral(suite, bond, period, "it is paid with the last payment")
    count = (figures.next_period() or 1) - 1
    if period not in (count, count + 1):
        which = f"{count} or {count + 1}" if count else "1"
        _refuse_deferral(suite, bond, period, f"{count} periods are fixed, so that it can only be {which}")
    if suite.servicing.is_deferred(bond.address, period):
        _refuse_deferral(suite, bond, period, "it is deferred already")
    check_notice(suite, bond, figures.due_day(period), days, f"the interest of period {period}")


def check_renewal(suite: Suite, bond: Bond) -> None:
    """Raises ``TermsRefused`` unless a bond can be renewed now."""
    terms, renewal = bond.terms, bond.terms.provisions.renewal
    if not renewal.periods:
        raise TermsRefused(
            "RenewalRefused",
            {"bond": bond.address},
            message=f"the terms of {bond.isin} give no right to renew it",
            hint="It ends on its maturity date.",
            contract=suite.servicing.address,
        )
    last = bond.last_period()
    if suite.servicing.state_of(bond.address).price:
        raise refusal(
            suite,
            bond,
            "RenewalRefused",
            f"{bond.isin} was called for {bond.maturity_day()}, and is not renewed",
            "It ends on that day.",
        )
    is_first = last == terms.periods or last <= renewal.periods
    begun = 0 if is_first else last - renewal.periods
    first = instant(terms.due_day(begun), 0, terms.utc_offset)
    if (time := now(suite.chain)) < first:
        raise TermsRefused(
            "RenewalTooEarly",
            {"bond": bond.address, "from": to_timestamp(first), "time": to_timestamp(time)},
            message=f"{bond.isin} was renewed until {terms.due_day(last)}, and that cycle has not begun",
            hint=f"It can be renewed again from {shown(first)} on.",
            contract=suite.servicing.address,
        )
    check_notice(suite, bond, terms.due_day(last), renewal.notice_days, "the renewal")


def _refuse_deferral(suite: Suite, bond: Bond, period: int, why: str) -> None:
    raise TermsRefused(
        "DeferralRefused",
        {"bond": bond.address, "period": period},
        message=f"the interest of period {period} of {bond.isin} cannot be deferred: {why}",
        hint="Look at the term sheet, and at the fixings of the bond.",
        contract=suite.servicing.address,
    )
