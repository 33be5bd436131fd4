"""Rights of random sheets: what a sheet takes the factory takes, so that a sheet refuses what it refuses."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from tests.evm.chain import Reverted
from tests.evm.world import World
from tests.unit.bond_factory.test_sheets import record
from tests.unit.domain.sheets import (
    CAPITALISATION,
    COMPOUND,
    FALLBACK,
    FIXED,
    FLOATING,
    INFLATION,
    INSTALMENTS,
    RENEWAL,
    sheet_text,
)

from indenture.contracts.provisions import encode_provisions, encode_schedule
from indenture.contracts.rights import encode_rights
from indenture.errors import TermSheetError
from indenture.termsheet import TermSheet, parse_term_sheet

pytestmark = pytest.mark.unit

#: Coupons and blocks of a sheet from 1 June 2021 to 1 June 2024.
BONDS = [
    (FIXED, "", "100"),
    (FIXED, "", "100"),
    (FIXED, INSTALMENTS, "100"),
    (FIXED, CAPITALISATION, "100"),
    (FIXED, RENEWAL, "100"),
    (FLOATING, FALLBACK, "100"),
    (INFLATION, FALLBACK, "100"),
    (COMPOUND, "", "91.19"),
]
EDGES = [date(2021, 5, 31), date(2021, 6, 1), date(2021, 6, 2), date(2024, 4, 30), date(2024, 5, 1)]
DAYS = st.sampled_from([*EDGES, date(2024, 5, 2), date(2024, 5, 31), date(2024, 6, 1)]) | st.dates(
    date(2021, 6, 1), date(2024, 6, 1)
)
NOTICE = st.sampled_from([0, 1, 15, 30, 31, 366, 367])
PRICES = st.sampled_from(["100", "102.5", "0.0000001", "1000", "1000.1", "0"])


@st.composite
def blocks(draw: st.DrawFn) -> str:
    """A block of rights, of which a part may be wrong."""
    lines = ["rights:"]
    kind = draw(st.sampled_from(["calls", "puts", "events", "sinking", "extension", "defaults", "amendment"]))
    flag = draw(st.sampled_from(["true", "false"]))
    if kind == "calls":
        lines.append("  calls:")
        for _ in range(draw(st.integers(1, 3))):
            first = draw(DAYS)
            last = draw(st.just(first) | DAYS)
            lines.append(
                f"    - {{from: {first}, to: {last}, notice_days: {draw(NOTICE)}, price: {draw(PRICES)}, "
                f"in_part: {flag}}}"
            )
    elif kind == "puts":
        opens = draw(DAYS)
        closes = opens + timedelta(days=draw(st.sampled_from([-1, 0, 7, 30])))
        pays = draw(st.just(closes + timedelta(days=draw(st.sampled_from([0, 1, 30])))) | DAYS)
        lines.append("  puts:")
        lines.append(f"    - {{opens: {opens}, closes: {closes}, pay_day: {pays}, price: {draw(PRICES)}}}")
    elif kind == "events":
        lines.append("  events:")
        lines.append(
            f"    - {{code: TAX, right: issuer, notice_days: {draw(NOTICE)}, price: {draw(PRICES)}}}"
        )
    elif kind == "sinking":
        lines.append("  sinking:")
        for _ in range(draw(st.integers(1, 3))):
            units = draw(st.sampled_from([0, 1, 5000, 10_000, 10_001]))
            lines.append(f"    - {{period: {draw(st.integers(0, 7))}, units: {units}}}")
    elif kind == "extension":
        rate = draw(st.sampled_from(["", ", rate: 0", ", rate: 4.5", ", rate: 429.4967295"]))
        periods = draw(st.sampled_from([0, 1, 4, 500, 600, 1200]))
        lines.append(f"  extension: {{periods: {periods}, notice_days: {draw(NOTICE)}{rate}}}")
    elif kind == "defaults":
        shares = st.sampled_from(["0", "25", "100", "100.0000001"])
        lines.append(
            f"  defaults: {{grace_days: {draw(st.sampled_from([0, 366, 367]))}, "
            f"penalty_rate: {draw(shares)}, acceleration_share: {draw(shares)}, cross_default: {flag}}}"
        )
    else:
        lines.append(f"  amendment_share: {draw(st.sampled_from(['50', '50.0000001', '100', '100.1']))}")
    return "\n".join(lines) + "\n"


def read(text: str) -> TermSheet | TermSheetError:
    try:
        return parse_term_sheet(text)
    except TermSheetError as error:
        return error


def register(world: World, sheet: TermSheet) -> Any:
    return world.register(
        provisions=record(encode_provisions(sheet.provisions)),
        rights=record(encode_rights(sheet.rights)),
        faceValue=sheet.face_value_base,
        units=sheet.units,
        minimumUnits=sheet.minimum_units,
        schedule=record(encode_schedule(sheet.schedule)),
        kind=int(sheet.coupon.kind),
        couponRate=sheet.rate,
        dayCount=int(sheet.coupon.day_count),
        roll=int(sheet.business_days.roll),
    )


@settings(max_examples=600, deadline=None, suppress_health_check=list(HealthCheck))
@given(bond=st.sampled_from(BONDS), block=blocks(), roll=st.sampled_from(["following", "preceding"]))
def test_register__any_rights_that_a_sheet_takes__accepted(
    world: World, bond: tuple[str, str, str], block: str, roll: str
) -> None:
    coupon, extra, price = bond
    sheet = read(sheet_text(coupon, extra + block, issue_price=price, roll=roll))
    if isinstance(sheet, TermSheetError):
        event("refused by the sheet")
        assert sheet.line, "every error names its line"
        assert sheet.field.startswith("rights")
        return
    event("taken")
    with world.sandbox():
        try:
            found = register(world, sheet)
        except Reverted as refusal:
            raise AssertionError(f"the chain refused {refusal} what the sheet took:\n{block}") from None
        assert found.terms().units == sheet.units
