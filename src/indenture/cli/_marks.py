"""Rights of issuer and holders, as a schedule shows them: by payment, in words, as a table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from indenture.cli._output import Open
from indenture.interest import Grid
from indenture.primary.result import percent_of
from indenture.rights import DefaultTerms, Rights
from indenture.rounding import RATE_SCALE
from indenture.schedule import due_day
from indenture.termsheet import TermSheet

_NONE = Open("-")


@dataclass(frozen=True, slots=True)
class Mark:
    """A day on which somebody may end the bond, or a part of it.

    Attributes:
        letter: What stands for it in a picture: C a call, P a put, S a sinking fund, E an extension.
        day: The day; of a window its first.
        until: The last day; the same of a single date.
        words: What it is.
        period: The payment that is nearest after it, or on the day.
    """

    letter: str
    day: date
    until: date
    words: str
    period: int


def marks_of(rights: Rights, grid: Grid) -> tuple[Mark, ...]:
    """All of them that lie within the bond's days, in their order; none of a bond that was made due."""
    if grid.life.is_due:
        return ()
    found = [
        *_calls(rights, grid),
        *_puts(rights, grid),
        *(
            Mark("S", grid.due[each.period], grid.due[each.period], f"draws {each.units:,}", each.period)
            for each in rights.sinking
            if each.period <= grid.periods
        ),
    ]
    if rights.extension.periods and not grid.life.extended_from and not grid.life.price:
        last = grid.due[-1]
        found.append(Mark("E", last, last, "may be extended", grid.periods))
    return tuple(sorted(found, key=lambda mark: (mark.day, mark.letter)))


def _calls(rights: Rights, grid: Grid) -> Iterator[Mark]:
    for right in rights.calls:
        words = f"call {_percent(right.price)}"
        for period in range(1, grid.periods + 1):
            start, end = grid.due[period - 1], grid.due[period]
            first, last = max(right.first_day, start), min(right.last_day, end)
            # A window shows with each payment that it reaches; on its day, with that payment.
            if first > last or (first == last == start):
                continue
            yield Mark("C", first, last, words, period)


def _puts(rights: Rights, grid: Grid) -> Iterator[Mark]:
    for right in rights.puts:
        period = next((k for k in range(1, grid.periods + 1) if right.pay_day <= grid.due[k]), 0)
        if period:
            yield Mark("P", right.pay_day, right.pay_day, f"put {_percent(right.price)}", period)


# --- In words -----------------------------------------------------------------------------------------------


def rights_in_words(rights: Rights) -> list[str]:
    """Rights that are no day of the schedule."""
    said = [
        f"on {each.code} the holders may put it at {_percent(each.price)} %"
        if each.by_holders
        else f"on {each.code} the issuer may redeem it at {_percent(each.price)} %"
        for each in rights.events
    ]
    return [*said, *_default_words(rights.defaults), *_amendment_words(rights.amendment_share)]


def _default_words(defaults: DefaultTerms) -> Iterator[str]:
    if defaults == DefaultTerms():
        return
    yield f"a payment is missed after {defaults.grace_days} days of grace"
    if defaults.penalty_rate:
        yield f"what is overdue bears {_percent(defaults.penalty_rate)} % a year"
    if defaults.acceleration_share:
        yield f"holders of {_percent(defaults.acceleration_share)} % of the units can then make it due"
    if defaults.cross_default:
        yield "so they can when another bond of the issuer is in default"


def _amendment_words(share: int) -> Iterator[str]:
    if share:
        yield f"holders of {_percent(share)} % of the units can change its terms"


def right_days(sheet: TermSheet) -> list[dict[str, object]]:
    """Rights with days, one by one, for a program."""
    rights = sheet.rights
    found = [
        _line(
            "call, whole or in part" if each.in_part else "call",
            each.first_day,
            each.last_day,
            f"{each.notice_days} days before",
            each.price,
        )
        for each in rights.calls
    ]
    found += [
        _line("put", each.pay_day, each.pay_day, f"{each.opens_day} to {each.closes_day}", each.price)
        for each in rights.puts
    ]
    for each in rights.sinking:
        day = due_day(sheet.schedule, each.period)
        found.append(_line(f"{each.units:,} units by lot", day, day, "drawn 10 days before", RATE_SCALE))
    if rights.extension.periods:
        periods, last = rights.extension.periods, sheet.maturity_date
        notice = f"{rights.extension.notice_days} days before"
        words = f"extension by {periods} period{'' if periods == 1 else 's'}"
        found.append(_line(words, last, last, notice, None))
    return found


def rights_rows(sheet: TermSheet) -> list[dict[str, object]]:
    """The same, as a person reads it."""
    rows = []
    for line in right_days(sheet):
        price = line.pop("price_percent")
        rows.append({**line, "price": _NONE if price is None else f"{price} %"})
    return rows


def _line(right: str, first: date, last: date, notice: str, price: int | None) -> dict[str, object]:
    percent = None if price is None else _percent(price)
    return {"right": right, "from": first, "to": last, "notice": notice, "price_percent": percent}


def _percent(billionths: int) -> Decimal:
    return Decimal(f"{percent_of(billionths).normalize():f}")
