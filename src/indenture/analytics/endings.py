"""How a bond may end before or after its maturity, and what it yields until then.

The issuer ends it where that is cheapest for him: a buyer counts with the lowest of the yields to maturity,
to each call and to the end of an extension, the yield to worst. A put is the holder's, and no part of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from typing import Any

from indenture.errors import InputError
from indenture.interest import AS_SEALED, InterestTerms, Life, called, extended_by
from indenture.rights import CallRight, PutRight, Rights
from indenture.rounding import RATE_SCALE
from indenture.schedule import due_day
from indenture.termsheet import TermSheet

from .analysis import Analysis


class Ending(Enum):
    """Why a bond ends on a day."""

    MATURITY = "maturity"
    CALL = "call"
    PUT = "put"
    EXTENSION = "extension"

    @property
    def label(self) -> str:
        """The word for it."""
        return self.value


@dataclass(frozen=True, slots=True)
class Outcome:
    """An end that a bond may come to.

    Attributes:
        ending: Why it ends.
        day: When, unadjusted.
        price: Billionths of the principal; 1,000,000,000 is par.
        life: What has moved the bond off its terms by then.
    """

    ending: Ending
    day: date
    price: int
    life: Life


@dataclass(frozen=True, slots=True)
class EndYield:
    """What a bond yields until it ends.

    Attributes:
        outcome: The end.
        yield_: As a fraction: 0.03 is 3 %.
    """

    outcome: Outcome
    yield_: float


def outcomes_of(
    terms: TermSheet | InterestTerms, rights: Rights, settlement: date, *, life: Life = AS_SEALED
) -> tuple[Outcome, ...]:
    """Every end that a bond may still come to, in the order of their days.

    Of a window for calls: its first day of which notice can still be given, the due days in it, and its last
    day; at one price the yield is lowest on the first of them or on the last. A put that is over is none.

    Args:
        terms: A term sheet, or what interest is computed from.
        rights: What issuer and holders may do.
        settlement: Day of payment, from which notice counts.
        life: What has moved the bond off its terms; one that was called ends there.
    """
    interest = terms.interest_terms if isinstance(terms, TermSheet) else terms
    schedule = life.schedule_of(interest.schedule)
    found = [Outcome(Ending.MATURITY, schedule.maturity_day, life.price or RATE_SCALE, life)]
    if life.price or life.is_due:
        return tuple(found)
    end = schedule.maturity_day
    for right in rights.calls:
        found += [
            Outcome(Ending.CALL, day, right.price, called(interest, life, day, right.price))
            for day in _call_days(interest, right, settlement)
            if day < end
        ]
    for put in rights.puts:
        if settlement <= put.closes_day and put.pay_day < end:
            ended = called(interest, life, put.pay_day, put.price)
            found.append(Outcome(Ending.PUT, put.pay_day, put.price, ended))
    extension = rights.extension
    if extension.periods and not life.extended_from and settlement <= end - timedelta(extension.notice_days):
        longer = extended_by(interest, life, extension)
        last = longer.schedule_of(interest.schedule).maturity_day
        found.append(Outcome(Ending.EXTENSION, last, RATE_SCALE, longer))
    return tuple(sorted(found, key=lambda each: each.day))


def end_yields(
    terms: TermSheet | InterestTerms,
    rights: Rights,
    clean: float,
    settlement: date,
    *,
    records: int | None = None,
    life: Life = AS_SEALED,
    **told: Any,
) -> tuple[EndYield, ...]:
    """What a bond yields until each end, at a clean price.

    Args:
        terms: A term sheet, or what interest is computed from.
        rights: What issuer and holders may do.
        clean: Price per 100 of the principal outstanding, without accrued interest.
        settlement: Day of payment.
        records: Record dates that have passed.
        life: What has moved the bond off its terms.
        told: What ``Analysis`` is told beside.

    Raises:
        InputError: As ``Analysis.yield_to_maturity``.
    """
    return tuple(
        EndYield(
            each,
            Analysis(terms, life=each.life, **told).yield_to_maturity(clean, settlement, records=records),
        )
        for each in outcomes_of(terms, rights, settlement, life=life)
    )


def worst_of(yields: Sequence[EndYield]) -> EndYield:
    """The lowest of the yields until ends that are not the holder's to choose.

    Raises:
        InputError: There is none.
    """
    imposed = [each for each in yields if each.outcome.ending is not Ending.PUT]
    if not imposed:
        raise InputError("no end is given that a holder does not choose")
    return min(imposed, key=lambda each: each.yield_)


def call_on(rights: Rights, day: date) -> CallRight:
    """The right by which a bond can be called for a day.

    Raises:
        InputError: There is none.
    """
    for right in rights.calls:
        if right.first_day <= day <= right.last_day:
            return right
    raise InputError(f"the bond cannot be called for {day}", hint=_days_in_words(rights.calls))


def put_on(rights: Rights, day: date) -> PutRight:
    """The right by which a bond can be put for a day.

    Raises:
        InputError: There is none.
    """
    for right in rights.puts:
        if right.pay_day == day:
            return right
    days = ", ".join(str(right.pay_day) for right in rights.puts)
    raise InputError(
        f"the bond cannot be put for {day}", hint=f"It can for {days}." if days else "It has no put."
    )


def _call_days(terms: InterestTerms, right: CallRight, settlement: date) -> Iterator[date]:
    """Days of a window that are looked at."""
    first = max(right.first_day, settlement + timedelta(days=right.notice_days))
    if first > right.last_day:
        return
    days = {first, right.last_day}
    period = 1
    while (due := due_day(terms.schedule, period)) <= right.last_day:
        if due > first:
            days.add(due)
        period += 1
    yield from sorted(days)


def _days_in_words(calls: Sequence[CallRight]) -> str:
    said = []
    for right in calls:
        is_date = right.first_day == right.last_day
        said.append(f"{right.first_day}" if is_date else f"{right.first_day} to {right.last_day}")
    return f"It can for {', '.join(said)}." if said else "It has no call."
