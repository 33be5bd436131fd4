"""TERMS-1: terms that do not fit together, as the auditor reads the rules and as the factory keeps them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from tests.audit.lives import CARBON, END, ISSUE, QUARTERLY, TAXES, TERM_RATE
from tests.audit.sheets import (
    DAYS,
    FLOATING,
    INFLATION,
    KPI,
    STEP,
    ZERO_COUPON,
    day,
    floating,
    provisions,
    read,
    regular,
    rights,
)
from tests.audit.stage import START, Story, begin, lei

from indenture.audit.model import Terms, unfit
from indenture.chain import AnvilNode
from indenture.errors import ContractRevert

pytestmark = pytest.mark.integration

Case = dict[str, Any]
HALF, WHOLE = 500_000_000, 10**9
BEARING = {"faceValue": 10_000}
_CALL = {
    "firstDay": day(ISSUE) + 60,
    "lastDay": day(ISSUE) + 90,
    "noticeDays": 10,
    "price": WHOLE,
    "inPart": False,
}
_PUT = {
    "opensDay": day(ISSUE) + 60,
    "closesDay": day(ISSUE) + 70,
    "payDay": day(ISSUE) + 80,
    "price": WHOLE,
    "withdrawable": True,
}
_RENEWAL = {"periods": 2, "noticeDays": 40, "benchmark": TERM_RATE, "lag": 1, "spread": 0, "stepUp": 0}
_TEST = {
    "benchmark": CARBON,
    "day": day(date(2020, 3, 31)),
    "period": 3,
    "atMost": True,
    "target": 1,
    "step": 1,
}
_EVENT = {"code": b"taxation", "byHolders": True, "noticeDays": 10, "price": WHOLE}
_EXTENSION = {"periods": 2, "noticeDays": 40, "rate": 1}


def _schedule(**changes: Any) -> Case:
    return {"schedule": QUARTERLY | changes}


def _instalments(*shares: int, **terms: Any) -> tuple[Case, Case]:
    parts = [{"period": 4 + place - len(shares) + 1, "share": share} for place, share in enumerate(shares)]
    return BEARING | terms, {"instalments": parts}


def _call(**changes: Any) -> tuple[Case, Case, Case]:
    return {}, {}, {"calls": [_CALL | changes]}


def _put(**changes: Any) -> tuple[Case, Case, Case]:
    return {}, {}, {"puts": [_PUT | changes]}


FITS: list[tuple[Case, ...]] = [
    ({},),
    ({"couponRate": 2**32 - 1},),
    _instalments(HALF, HALF),
    ({}, {"capitalisedUntil": 3}),
    ({}, {"renewal": _RENEWAL, "fallbackDays": 3}),
    ({}, {"deferral": {"noticeDays": 31, "bearsInterest": True}}),
    ({"kind": KPI}, {"tests": [_TEST], "fallbackDays": 3}),
    _call(inPart=True),
    _put(),
    ({}, {}, {"extension": _EXTENSION}),
    ({}, {}, {"amendmentShare": HALF + 1}),
    ({}, {}, {"events": [_EVENT, _EVENT | {"byHolders": False}]}),
]

CASES: list[tuple[str, tuple[Case, ...]]] = [
    ("faceValue", ({"faceValue": 0},)),
    ("faceValue", ({"faceValue": 1 << 80, "units": 1}, {"capitalisedUntil": 1})),
    ("units", ({"units": 0},)),
    ("units", ({"faceValue": 1 << 119, "units": 2},)),
    ("minimumUnits", ({"minimumUnits": 0},)),
    ("minimumUnits", ({"minimumUnits": 2_001},)),
    ("eligible", ({"eligible": 0},)),
    ("calendar", ({"calendar": bytes(8)},)),
    ("recordBusinessDays", ({"recordBusinessDays": 11},)),
    ("cutOff", ({"cutOff": 86_401},)),
    ("utcOffset", ({"utcOffset": 841},)),
    ("termSheetHash", ({"termSheetHash": bytes(32)},)),
    ("name", ({"name": ""},)),
    ("name", ({"name": "é" * 33},)),
    ("symbol", ({"symbol": "S" * 36},)),
    ("issueDay", (_schedule(issueDay=0, anchorDay=0),)),
    ("maturityDay", (_schedule(maturityDay=day(ISSUE)),)),
    ("maturityDay", (_schedule(maturityDay=day(date(2022, 1, 6))),)),
    ("periods", (_schedule(periods=0),)),
    ("step", (_schedule(step=0),)),
    ("anchorDay", (_schedule(anchorDay=day(ISSUE) + 1),)),
    ("anchorDay", (_schedule(anchorDay=day(END) - 1, anchorPeriod=4),)),
    ("endOfMonth", (_schedule(endOfMonth=True),)),
    ("issueDay", (_schedule(anchorDay=day(date(2020, 9, 6)), anchorPeriod=1),)),
    ("dayCount", ({"dayCount": 0, "schedule": regular(ISSUE, date(2020, 3, 30), 3, 28, unit=DAYS)},)),
    ("adjusted", ({"adjusted": True, "roll": 0},)),
    ("couponRate", ({"kind": STEP, "couponRate": 2**32 - 1}, {"steps": [{"period": 2, "rate": 1}]})),
    ("steps", ({"kind": STEP},)),
    ("steps", ({}, {"steps": [{"period": 2, "rate": 1}]})),
    ("steps", ({"kind": STEP}, {"steps": [{"period": 1, "rate": 1}]})),
    ("steps", ({"kind": STEP}, {"steps": [{"period": 3, "rate": 1}, {"period": 3, "rate": 2}]})),
    ("floating", ({"kind": FLOATING},)),
    ("floor", ({"kind": FLOATING}, {"floating": floating(TERM_RATE, floor=2, cap=1), "fallbackDays": 3})),
    ("lag", ({"kind": FLOATING}, {"floating": floating(TERM_RATE, lag=11), "fallbackDays": 3})),
    ("lag", ({"kind": FLOATING}, {"floating": floating(TERM_RATE, compounded=True), "fallbackDays": 3})),
    ("inflation", ({"kind": INFLATION},)),
    ("tests", ({"kind": KPI},)),
    ("tests", ({"kind": KPI}, {"tests": [_TEST | {"period": 1}], "fallbackDays": 3})),
    ("tests", ({"kind": KPI}, {"tests": [_TEST | {"day": day(END)}], "fallbackDays": 3})),
    ("accretion", ({}, {"accretion": {"issuePrice": 1, "yieldRate": 0, "monthsPerCompounding": 0}})),
    ("accretion", ({"kind": ZERO_COUPON, "couponRate": 0, "schedule": regular(ISSUE, END, 1, 12)},)),
    ("periods", ({"kind": ZERO_COUPON, "couponRate": 0},)),
    ("instalments", _instalments(HALF, HALF - 100_000_000)),
    ("instalments", _instalments(HALF, HALF, faceValue=10_007)),
    ("instalments", (BEARING, {"instalments": [{"period": 3, "share": WHOLE}]})),
    ("capitalisedUntil", ({}, {"capitalisedUntil": 4})),
    ("adjusted", ({"adjusted": True}, {"capitalisedUntil": 1})),
    ("renewal", ({}, {"renewal": _RENEWAL | {"noticeDays": 30}, "fallbackDays": 3})),
    ("deferral", ({}, {"deferral": {"noticeDays": 367, "bearsInterest": True}})),
    ("taxAccount", ({}, {"withholdings": TAXES})),
    ("withholdings", ({}, {"withholdings": TAXES[:1], "taxAccount": "0x" + "12" * 20})),
    ("fallbackDays", ({}, {"fallbackDays": 367})),
    ("fallbackDays", ({"kind": KPI}, {"tests": [_TEST]})),
    ("calls", _call(firstDay=day(ISSUE))),
    ("calls", _call(lastDay=day(END))),
    ("calls", _call(price=0)),
    ("puts", _put(payDay=day(ISSUE) + 70)),
    ("puts", _put(payDay=day(END) - 30)),
    (
        "events",
        ({}, {}, {"events": [_EVENT | {"code": bytes(8)}]}),
    ),
    ("events", ({}, {}, {"events": [_EVENT, _EVENT]})),
    ("sinking", ({}, {}, {"sinking": [{"period": 4, "units": 1}]})),
    ("sinking", ({}, {}, {"sinking": [{"period": 2, "units": 2_001}]})),
    ("extension", ({}, {}, {"extension": _EXTENSION | {"noticeDays": 30}})),
    ("amendmentShare", ({}, {}, {"amendmentShare": HALF})),
    (
        "penaltyRate",
        (
            {},
            {},
            {
                "defaults": {
                    "graceDays": 0,
                    "penaltyRate": WHOLE + 1,
                    "accelerationShare": 0,
                    "crossDefault": False,
                }
            },
        ),
    ),
]


@pytest.fixture(scope="module")
def story() -> Iterator[Story]:
    with AnvilNode(timestamp=START) as node:
        yield begin(node)


def given(story: Story, case: tuple[Case, ...]) -> tuple[Case, Case, Case]:
    terms, more, options = (*case, {}, {})[:3]
    values = {
        "isin": b"CND1000BOC15",
        "issuer": lei(1),
        "issuerAccount": story.issuer.address,
        "currency": story.at("CashToken"),
        "faceValue": 10_007,
        "units": 2_000,
        "minimumUnits": 1,
        "eligible": 2,
        "schedule": QUARTERLY,
        "kind": 0,
        "couponRate": 30_000_000,
        "dayCount": 2,
        "rounding": 0,
        "roll": 1,
        "adjusted": False,
        "calendar": b"CN-IB\0\0\0",
        "recordBusinessDays": 1,
        "cutOff": 17 * 3600,
        "utcOffset": 480,
        "prescriptionYears": 3,
        "termSheetHash": b"\x22" * 32,
        "name": "A bond",
        "symbol": "BOND",
    }
    return values | terms, provisions(**more), rights(**options)


@pytest.mark.parametrize("case", FITS)
def test_terms__that_fit__are_taken_by_both(story: Story, case: tuple[Case, ...]) -> None:
    sheet = given(story, case)

    assert unfit(Terms.from_event(*read(*sheet))) == []
    assert story.read("BondFactory", "sealTerms", *sheet)


@pytest.mark.parametrize(("name", "case"), CASES)
def test_terms__that_do_not_fit__are_refused_by_both(story: Story, name: str, case: tuple[Case, ...]) -> None:
    """The factory stops at the first; it has names of its own for two fields of a floating coupon."""
    sheet = given(story, case)

    found = unfit(Terms.from_event(*read(*sheet)))

    assert {"floor": "floating", "lag": "floating"}.get(name, name) in found
    with pytest.raises(ContractRevert, match=name):
        story.read("BondFactory", "sealTerms", *sheet)
