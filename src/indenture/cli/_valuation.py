"""What a bond is worth, from a price or a yield; figures are from QuantLib, accrued interest is exact."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from indenture.analytics import (
    Analysis,
    AssumptionMissing,
    Compounding,
    Curve,
    EndYield,
    Projection,
    discount_margin,
    effective_duration,
    end_yields,
    worst_of,
)
from indenture.cashflows import round_fraction
from indenture.cli._flows import known
from indenture.cli._outlook import Outlook, in_options, projected, told
from indenture.cli._output import Facts, Grid, View
from indenture.cli._payments import factor_text
from indenture.cli._price import COMPOUNDINGS, Price
from indenture.cli._situation import Situation
from indenture.dates import instant
from indenture.errors import CalendarYearMissing, InputError
from indenture.interest import Accrued, accrued, dirty_price
from indenture.money import Money, to_decimal
from indenture.primary.result import percent_of
from indenture.provisions import FACTOR_SCALE, CouponKind
from indenture.termsheet import price_remark

_PRICE_PLACES = 6
_RATE_PLACES = 6
_RISK_PLACES = 6
_SPREAD_PLACES = 4
_BASIS_POINTS = 10_000


def with_value(view: View, found: Situation, units: int, outlook: Outlook, price: Price) -> View:
    """The payments, with what they are worth above them.

    Raises:
        InputError: Something is neither known nor assumed, or the price, the day or the curve do not fit.
    """
    if price.on is None:
        return view
    how = Compounding[price.compounding.upper().replace("-", "_")]
    try:
        analysis = Analysis(
            found.sheet, assumptions=outlook.assumptions, compounding=how, **told(found, outlook)
        )
    except (AssumptionMissing, CalendarYearMissing) as missing:
        raise in_options(missing) from None
    day, made = price.on, projected(found, outlook)
    records = _records(found, made, day)
    earned = accrued(made.grid, day, records=records, fixings=made.fixings, market=made.market)
    outstanding = analysis.outstanding(day, records=records)
    per_100 = earned.amount * 100 / (found.sheet.face_value_base * outstanding)
    measured = analysis.measures(day, records=records, **_given(price, per_100))
    clean = price.clean if price.clean is not None else _decimal(measured.clean, _PRICE_PLACES)
    value: dict[str, object] = {
        "day": day,
        "clean": clean,
        "accrued": _signed(per_100, _PRICE_PLACES),
        "dirty": clean + _signed(per_100, _PRICE_PLACES),
        "coupon": _coupon_words(earned),
        "compounding": price.compounding,
        "yield percent": _decimal(measured.yield_to_maturity * 100, _RATE_PLACES),
        "current yield percent": _decimal(measured.current_yield * 100, _RATE_PLACES),
        "duration": None if measured.macaulay is None else _decimal(measured.macaulay, _RISK_PLACES),
        "modified duration": _decimal(measured.modified, _RISK_PLACES),
        "convexity": _decimal(measured.convexity, _RISK_PLACES),
        "dv01": _decimal(measured.dv01, _RISK_PLACES),
        "outstanding": factor_text(int(outstanding * FACTOR_SCALE)),
    }
    if found.sheet.coupon.kind is CouponKind.FLOATING:
        value |= _of_a_floater(analysis, measured.clean, day, records)
    if price.curve is not None:
        curve = read_curve(price.curve)
        spread = analysis.z_spread(measured.clean, day, curve, records=records) * _BASIS_POINTS
        value["z spread basis points"] = _decimal(spread, _SPREAD_PLACES)
    value |= _holding(found, units, clean, earned, outstanding)
    assumed = list(dict.fromkeys([*view.data["assumptions"], *made.assumed]))
    data = {**view.data, "value": _keys(value), "assumptions": assumed}
    words = _words(value)
    if remark := price_remark("clean", clean):
        data["remarks"] = [*view.data["remarks"], remark]
        words["look twice"] = remark
    about, *rest = view.blocks
    blocks = [about, Facts(f"Value on {day}", words)]
    ends = _ends(found, outlook, measured.clean, day, records, how)
    if len(ends) > 1:
        data["yields"] = ends
        blocks.append(Grid("Yields", [_end_row(each) for each in ends]))
    return replace(view, data=data, blocks=[*blocks, *rest])


def _of_a_floater(analysis: Analysis, clean: float, day: date, records: int) -> dict[str, object]:
    """Margin and duration where coupons move with the benchmark; nothing where none is assumed."""
    if analysis.assumptions.forward_rate is None:
        return {}
    margin = discount_margin(analysis, clean, day, records=records) * _BASIS_POINTS
    duration = effective_duration(analysis, clean, day, records=records)
    return {
        "discount margin basis points": _decimal(margin, _SPREAD_PLACES),
        "effective duration": _decimal(duration, _RISK_PLACES),
    }


def _ends(
    found: Situation, outlook: Outlook, clean: float, day: date, records: int, how: Compounding
) -> list[dict[str, object]]:
    """What the bond yields until each end that it may come to; the last line is the worst of them."""
    known = told(found, outlook)
    life = known.pop("life")
    rights = found.sheet.rights
    yields = end_yields(
        found.sheet,
        rights,
        clean,
        day,
        records=records,
        life=life,
        assumptions=outlook.assumptions,
        compounding=how,
        **known,
    )
    rows = [_end(each, each.outcome.ending.label) for each in yields]
    return [*rows, _end(worst_of(yields), "worst")] if len(rows) > 1 else rows


def _end(each: EndYield, label: str) -> dict[str, object]:
    return {
        "until": label,
        "day": each.outcome.day,
        "price_percent": Decimal(f"{percent_of(each.outcome.price).normalize():f}"),
        "yield_percent": _decimal(each.yield_ * 100, _RATE_PLACES),
    }


def _end_row(each: Mapping[str, object]) -> dict[str, object]:
    return {
        "until": each["until"],
        "day": each["day"],
        "price": f"{each['price_percent']} %",
        "yield": f"{each['yield_percent']} %",
    }


def read_curve(path: Any) -> Curve:
    """Zero rates from a file: a day and a rate in percent a year on each line, a comma between.

    Raises:
        InputError: The file cannot be read, or a line is not a day and a rate.
    """
    try:
        text = path.read_text("utf-8")
    except OSError as fault:
        raise InputError(f"--curve {path} cannot be read: {fault.strerror}", hint="Check the path.") from None
    points: list[tuple[date, float]] = []
    for number, line in enumerate(text.splitlines(), 1):
        bare = line.partition("#")[0].strip()
        if not bare:
            continue
        try:
            day, rate = (part.strip() for part in bare.split(","))
            points.append((date.fromisoformat(day), float(to_decimal(rate)) / 100))
        except (ValueError, InputError):
            raise InputError(
                f"--curve {path}: line {number}, {bare!r}, is not a day and a rate",
                hint="Write each as 2030-07-01,2.15: percent a year, compounded yearly.",
            ) from None
    return Curve(tuple(points))


def _records(found: Situation, made: Projection, day: date) -> int:
    """Record dates that have passed when a day begins: their payments are not a buyer's."""
    start = instant(day, 0, found.sheet.record.time_zone_offset)
    period, records = known(lambda: made.grid.period_of(day)) or 0, 0
    for number in range(1, made.grid.periods + 1):
        time = found.days(number, made.grid.calendar).record_time
        # Where the working days of a year are not published, the periods that have ended are taken as paid.
        if (time is None and number >= period) or (time is not None and time >= start):
            break
        records = number
    return records


def _given(price: Price, per_100: Fraction) -> Mapping[str, float]:
    if price.yield_percent is not None:
        return {"yield_": float(price.yield_percent) / 100}
    if price.clean is not None:
        return {"clean": float(price.clean)}
    return {"clean": float(Fraction(price.dirty or 0) - per_100)}


def _holding(
    found: Situation, units: int, clean: Decimal, earned: Accrued, outstanding: Fraction
) -> dict[str, object]:
    """What a buyer of the holding pays; the clean amount is rounded to a base unit."""
    face = found.sheet.face_value_base * units * outstanding
    amount = round(face * Fraction(clean) / 100)
    paid = dirty_price(amount, earned, units)
    money = found.sheet.currency.money_from_base
    return {
        "units": units,
        "clean amount": money(amount),
        "accrued amount": money(paid - amount),
        "to pay": money(paid),
    }


def _coupon_words(earned: Accrued) -> str:
    if earned.is_ex:
        return f"ex: payment {earned.period} stays with the seller"
    if earned.is_pending:
        return f"cum, and payment {earned.period - 1} is still the buyer's"
    return f"cum: payment {earned.period} is the buyer's"


def _words(value: Mapping[str, object]) -> dict[str, object]:
    """With units, as a person reads it."""
    said: dict[str, object] = {}
    for name, each in value.items():
        label = name.removesuffix(" percent").removesuffix(" basis points").replace("dv01", "DV01")
        if name.endswith("percent"):
            said[label] = f"{each} %{_how(name, value)}"
        elif name.endswith("basis points"):
            said[label.replace("z spread", "z-spread")] = f"{each} bp"
        elif name.endswith("duration") and each is not None:
            said[label] = f"{each} years"
        elif name == "outstanding":
            said[label] = f"{each} of the face"
        elif name not in ("day", "compounding"):
            said[label] = each
    return said


def _how(name: str, value: Mapping[str, object]) -> str:
    """How a yield is compounded, where that is not the usual way."""
    how = value["compounding"]
    return f" {how}" if name == "yield percent" and how != COMPOUNDINGS[0] else ""


def _keys(value: Mapping[str, object]) -> dict[str, object]:
    return {
        name.replace(" ", "_"): each.amount if isinstance(each, Money) else each
        for name, each in value.items()
    }


def _signed(value: Fraction, places: int) -> Decimal:
    return -round_fraction(-value, places) if value < 0 else round_fraction(value, places)


def _decimal(value: float, places: int) -> Decimal:
    return Decimal(f"{value:.{places}f}")
