"""How payments of a bond are shown: the table, what stands above and below it, and JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import Any

from indenture.cashflows import round_fraction
from indenture.cli._flows import Flow, Standing
from indenture.cli._marks import Mark, right_days, rights_in_words, rights_rows
from indenture.cli._output import Facts, Grid, Open, Picture, View
from indenture.cli._situation import Situation
from indenture.cli._sums import sums_of, tax_rate, taxes_of
from indenture.dates import format_offset
from indenture.membership import MemberClass
from indenture.money import Money
from indenture.primary.result import percent_of
from indenture.provisions import FACTOR_SCALE
from indenture.termsheet import TermSheet, remarks_of

#: Columns that a narrow terminal does without, the first first.
_SPARE = ("time", "fraction", "days", "total", "from", "record", "factor", "right", "to", "state")
#: The same where the factor of every period is one.
_SPARE_BULLET = ("time", "fraction", "days", "factor", "total", "from", "record", "right", "to", "state")

_OPEN = Open()
_UNPUBLISHED = Open("unpublished")
_FRACTION_PLACES = 10
_NO_RATE = "-"
_PAR = 100
#: Words about the bond that JSON has as figures, or as lists.
_FOR_PEOPLE = ("term", "issue price", "rights", "look twice")


def view_of(
    found: Situation,
    units: int,
    flows: Sequence[Flow],
    *,
    assumed: Sequence[str] = (),
    marks: Sequence[Mark] = (),
    holder: MemberClass | None = None,
) -> View:
    """The payments of a holding.

    Args:
        found: The bond.
        units: Units of the holding.
        flows: Its payments.
        assumed: What projections rest on, in words.
        marks: Days on which somebody may end it, or part of it.
        holder: Class of the holder, for the tax that is withheld; None for amounts before tax.
    """
    taxes = None if holder is None else taxes_of(found.sheet, flows, holder)
    about, sums = _about(found, units, holder), sums_of(flows, taxes)
    data: dict[str, Any] = {
        **{key.replace(" ", "_"): value for key, value in about.items() if key not in _FOR_PEOPLE},
        "issue_date": found.sheet.issue_date,
        "maturity_date": found.life.schedule_of(found.sheet.schedule).maturity_day,
        "currency": found.sheet.currency.code,
        "issue_price_percent": found.sheet.issue_price,
        "rights": list(_rights(found, holder)),
        "remarks": list(_remarks(found)),
        "assumptions": list(assumed),
        "payments": [{**_as_json(flow, marks), **(taxes or {}).get(flow.period, {})} for flow in flows],
        "sum": sums,
    }
    rows = [_row(flow, marks, (taxes or {}).get(flow.period, {})) for flow in flows]
    if not marks:
        for row in rows:
            del row["right"]
    if all(flow.standing is Standing.TERMS for flow in flows):
        for row in rows:
            del row["state"]
    is_bullet = all(flow.factor == FACTOR_SCALE for flow in flows)
    table = Grid(
        "Payments",
        rows,
        spare=_SPARE_BULLET if is_bullet else _SPARE,
        notes=_notes(found, flows, assumed),
        sums={"#": "Σ", **{name: _or_open(value) for name, value in sums.items()}} if len(rows) > 1 else {},
    )
    blocks: list[Facts | Grid | Picture] = [Facts(found.title, about), table]
    if marks:
        data["right_days"] = right_days(found.sheet)
        blocks.append(Grid("Rights", rights_rows(found.sheet)))
    return View(data, blocks)


def pictured(flows: Sequence[Flow], currency: str, marks: Sequence[Mark] = ()) -> Picture:
    """The payments as bars, with the days of rights below them."""
    from indenture.cli._bars import draw

    return Picture(f"Payments over time, {currency}", lambda width: draw(flows, width, marks))


def factor_text(factor: int) -> str:
    """A factor without needless zeros, with a point: ``0.8``, ``1.0``."""
    with localcontext(prec=78):
        text = f"{(Decimal(factor) / FACTOR_SCALE).normalize():f}"
    return text if "." in text else f"{text}.0"


def _remarks(found: Situation) -> Sequence[str]:
    """Slips of the pen, in a sheet that can still be corrected."""
    return () if found.is_registered else remarks_of(found.sheet)


def _about(found: Situation, units: int, holder: MemberClass | None) -> dict[str, object]:
    sheet = found.sheet
    record, days = sheet.record, sheet.business_days
    periods = "periods end on the payment day" if days.adjusted else "periods end on the due day"
    about: dict[str, object] = {
        "name": sheet.name,
        "isin": sheet.isin,
        "units": units,
        "face": sheet.currency.money_from_base(units * sheet.face_value_base),
        "term": f"{sheet.issue_date} to {found.life.schedule_of(sheet.schedule).maturity_day}",
        "coupon": coupon_words(sheet),
        "calendar": f"{_market(found)}, {days.roll.label}; {periods}",
        "record": f"{record.cut_off // 3600:02d}:{record.cut_off % 3600 // 60:02d} "
        f"{format_offset(record.time_zone_offset)}, {_before(record.business_days_before)}",
    }
    if sheet.issue_price != _PAR:
        about["issue price"] = f"{sheet.issue_price} %"
    if rights := _rights(found, holder):
        about["rights"] = "; ".join(rights)
    if remarks := _remarks(found):
        about["look twice"] = "; ".join(remarks)
    return about


def _before(days: int) -> str:
    """When the record day is."""
    if not days:
        return "on the payment day"
    return f"{days} business day{'' if days == 1 else 's'} before"


def coupon_words(sheet: TermSheet) -> str:
    """Rate, frequency and day count."""
    coupon = sheet.coupon
    parts = [coupon.rate_label, *([coupon.frequency.label] if coupon.frequency else [])]
    return ", ".join([*parts, coupon.day_count.label])


def _market(found: Situation) -> str:
    parts = found.calendar.parts
    return f"{found.calendar.code} ({' and '.join(parts)})" if parts else found.calendar.code


def _rights(found: Situation, holder: MemberClass | None) -> Sequence[str]:
    sheet = found.sheet
    said: list[str] = []
    if sheet.renewal:
        said.append(f"the issuer may renew it for {sheet.renewal.every.label.removeprefix('every ')}")
    if sheet.deferral:
        said.append("the issuer may defer interest")
    if sheet.capitalisation:
        said.append(f"interest is added to the principal until {sheet.capitalisation.until}")
    if holder is not None:
        said.append(
            f"{percent_of(tax_rate(found.sheet, holder)).normalize():f} % of the interest is withheld as tax"
        )
    elif sheet.withholding:
        said.append("tax is withheld: amounts are before tax, and --holder shows it")
    return [*said, *rights_in_words(sheet.rights)]


def _row(flow: Flow, marks: Sequence[Mark], tax: Mapping[str, Money | None]) -> dict[str, object]:
    has_day = flow.payment_day is not None
    return {
        "#": flow.period,
        "from": flow.start or _UNPUBLISHED,
        "to": flow.end or _UNPUBLISHED,
        "days": _or_open(flow.days),
        "fraction": _OPEN if flow.fraction is None else round_fraction(flow.fraction, 6),
        "paid": flow.payment_day or _UNPUBLISHED,
        "record": flow.record_day or _UNPUBLISHED,
        "time": flow.record_time.strftime("%H:%M UTC") if has_day and flow.record_time else _UNPUBLISHED,
        "rate": _OPEN if flow.rate is None and flow.has_rate else _rate(flow),
        "factor": _OPEN if flow.factor is None else _six(flow.factor),
        "interest": _or_open(flow.interest),
        "principal": _or_open(flow.principal),
        "total": _or_open(flow.total),
        **{name: _or_open(amount) for name, amount in tax.items()},
        "right": ", ".join(mark.words for mark in marks if mark.period == flow.period) or "-",
        "state": flow.standing,
    }


def _as_json(flow: Flow, marks: Sequence[Mark]) -> dict[str, object]:
    return {
        "period": flow.period,
        "from": flow.start,
        "to": flow.end,
        "due": flow.due,
        "days": flow.days,
        "year_fraction": None if flow.fraction is None else round_fraction(flow.fraction, _FRACTION_PLACES),
        "year_fraction_exact": None if flow.fraction is None else _exact(flow.fraction),
        "paid": flow.payment_day,
        "record_day": flow.record_day,
        "record": flow.record_time,
        "rate_percent": None if flow.rate is None else _plain(percent_of(flow.rate)),
        "factor": None if flow.factor is None else factor_text(flow.factor),
        "interest": flow.interest,
        "principal": flow.principal,
        "total": flow.total,
        "rights": [mark.words for mark in marks if mark.period == flow.period],
        "state": flow.standing,
    }


def _notes(found: Situation, flows: Sequence[Flow], assumed: Sequence[str]) -> list[str]:
    notes = [f"projected: {line}." for line in assumed]
    if any(flow.payment_day is None or flow.record_day is None for flow in flows):
        notes.append(f"unpublished: {_published(found)}.")
    if any(flow.standing is Standing.OPEN for flow in flows):
        notes.append(f"open: {'; '.join(_waits(found))}.")
    if found.sheet.deferral:
        notes.append("Interest is shown as paid unless it is deferred already, or assumed to be.")
    if found.life.is_due:
        notes.append(
            f"Made due on {found.life.due_day}: what is not paid is one claim a unit, see default claim."
        )
    elif found.sheet.rights.sinking:
        notes.append(
            "What lot redeems with a payment is in no amount: these are of units that are not drawn."
        )
    if found.sheet.renewal and not any(flow.period > found.sheet.period_count for flow in flows):
        notes.append("The last payment redeems the bond unless its issuer renews it.")
    return notes


def _published(found: Situation) -> str:
    years = sorted(found.calendar.years)
    if not years:
        return f"no working days of {found.calendar.code} are known"
    return f"the working days of {found.calendar.code} are known from {years[0]} to {years[-1]}"


def _waits(found: Situation) -> list[str]:
    """What open figures wait for."""
    coupon, said = found.sheet.coupon, []
    if coupon.rate is None:
        said.append("a tender is to fix the coupon")
    if coupon.floating:
        said.append(f"it follows {coupon.floating.benchmark}")
    if coupon.inflation:
        said.append(f"it follows {coupon.inflation.benchmark}")
    if coupon.kpi:
        said.append(f"it follows {', '.join(dict.fromkeys(test.figure for test in coupon.kpi))}")
    if found.sheet.renewal:
        said.append(f"a renewed rate follows {found.sheet.renewal.benchmark}")
    return said or ["it depends on working days that are not published"]


def _or_open(value: int | Money | None) -> object:
    return _OPEN if value is None else value


def _rate(flow: Flow) -> object:
    return _NO_RATE if flow.rate is None else _plain(percent_of(flow.rate))


def _plain(number: Decimal) -> Decimal:
    return Decimal(f"{number.normalize():f}")


def _six(factor: int) -> Decimal:
    """Six places, as pool factors are quoted; more where that hides what is left."""
    return round_fraction(Fraction(factor, FACTOR_SCALE), 6)


def _exact(fraction: Fraction) -> str:
    return f"{fraction.numerator}/{fraction.denominator}"
