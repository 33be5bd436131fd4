"""Rules of an offering: levels, and every contradiction."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from indenture.errors import InputError
from indenture.primary import (
    Basis,
    ClassRule,
    Form,
    Market,
    Pricing,
    Stage,
    TickBid,
    check_bids,
)
from indenture.termsheet import load_term_sheet

from .builders import EVERYBODY, OPENS, account, market_of, rules_of

pytestmark = pytest.mark.unit

TERMS = Path(__file__).parents[3] / "terms"
ENTITLED = (ClassRule(0, 1_000), ClassRule(0, 1_000, additional=5_000))


def problems(classes: tuple[ClassRule, ...] = EVERYBODY, lot: int = 10, **changes: Any) -> dict[str, str]:
    rules = rules_of(**changes)
    found = rules.problems(market=market_of(rules, lot=lot), classes=classes)
    return {problem.field: problem.reason for problem in found}


def test_check__rules_that_agree__taken() -> None:
    rules = rules_of()

    rules.check(market=market_of(rules, lot=10), classes=EVERYBODY)


def test_check__contradictions__all_named_with_a_hint() -> None:
    rules = rules_of(offered=1_005, tick=1)

    with pytest.raises(InputError) as caught:
        rules.check(market=market_of(rules, lot=10), classes=EVERYBODY)

    assert caught.value.message == (
        "offered: 1005 units is not a whole number of lots of 10\n"
        "tick: 0.0000001 % makes 6000001 quotes, at most 4096 fit"
    )
    assert caught.value.hint == "Widen the tick or narrow the range."


@pytest.mark.parametrize(
    ("changes", "field", "reason"),
    [
        ({"offered": 0, "maximum_bid": 0, "minimum_bid": 0}, "offered", "is 0: there is nothing to sell"),
        ({"offered": 1_005}, "offered", "1005 units is not a whole number of lots of 10"),
        ({"offered": 2**44 - 4}, "offered", "17592186044412 units is not a whole number of lots"),
        ({"offered": 2**44 + 4}, "offered", "17592186044420 units, over-allotted ones included, is too many"),
        ({"offered": -10}, "offered", "-10 is not a whole number from 0 to"),
        ({"offered": 1e3}, "offered", "1000.0 is not a whole number from 0 to"),
        ({"offered": True}, "offered", "True is not a whole number"),
        (
            {"over_allotment": 5, "over_allots_by": OPENS + timedelta(hours=2.5)},
            "over_allotment",
            "5 units is not a whole number of lots of 10",
        ),
        ({"minimum_volume": 1_001}, "minimum_volume", "1001 units is more than the 1000 on offer"),
        ({"non_competitive": 15}, "non_competitive", "15 units is not a whole number of lots of 10"),
        ({"non_competitive": 1_000}, "non_competitive", "1000 units is not less than the 1000 on offer"),
        ({"minimum_bid": 0}, "minimum_bid", "is 0"),
        ({"minimum_bid": 15}, "minimum_bid", "15 units is not a whole number of lots of 10"),
        ({"maximum_bid": 995}, "maximum_bid", "995 units is not a whole number of lots of 10"),
        (
            {"minimum_bid": 30, "maximum_bid": 20},
            "maximum_bid",
            "20 units is less than the minimum of 30",
        ),
        ({"maximum_bid": 1_010}, "maximum_bid", "1010 units is more than all that can be sold"),
        ({"tick": 0}, "tick", "is 0"),
        ({"tick": 14_000}, "highest", "3.6 % is not whole ticks of 0.0014 % above 3 %"),
        ({"highest": 29_900_000}, "highest", "2.99 % is below the lowest quote, 3 %"),
        ({"tick": 1_000}, "tick", "0.0001 % makes 6001 quotes, at most 4096 fit"),
        (
            {"lowest": 2**32 - 2, "highest": 2**32 - 1, "tick": 1},
            "highest",
            "429.4967295 % is not below 429.4967295 %",
        ),
        ({"basis": Basis.PRICE, "lowest": 0}, "lowest", "is a price of 0"),
        (
            {"basis": Basis.PRICE, "lowest": 2**64 - 1, "highest": 2**64 - 1},
            "highest",
            "is the quote that stands for none",
        ),
        ({"deposit": 2**112}, "deposit", f"{2**112} is not a whole number from 0 to {2**112 - 1}"),
        ({"band": 1}, "band", "1 ticks has no meaning in uniform pricing"),
        ({"band": 2**16, "pricing": Pricing.MIXED}, "band", "65536 is not a whole number from 0 to 65535"),
        ({"far_off": 2**16}, "far_off", "65536 is not a whole number from 0 to 65535"),
        (
            {"highest": 30_000_000, "pricing": Pricing.MIXED},
            "pricing",
            "mixed has no meaning with one quote",
        ),
        ({"highest": 30_000_000, "far_off": 1}, "far_off", "1 ticks has no meaning with one quote"),
        (
            {"highest": 30_000_000, "non_competitive": 100},
            "non_competitive",
            "100 units has no meaning with one quote",
        ),
        (
            {"additional_seconds": 900},
            "additional_seconds",
            "900 seconds, but no class may underwrite more",
        ),
    ],
)
def test_problems__contradiction__named(changes: dict[str, Any], field: str, reason: str) -> None:
    found = problems(**changes)

    assert found[field].startswith(reason)


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"closes_at": OPENS}, {"closes_at"}),
        (
            {"reveals_by": OPENS + timedelta(hours=1), "over_allots_by": OPENS + timedelta(hours=1)},
            {"reveals_by"},
        ),
        ({"form": Form.OPEN}, {"reveals_by"}),
        ({"over_allots_by": OPENS + timedelta(hours=2.5)}, {"over_allots_by"}),
        ({"over_allotment": 100}, {"over_allots_by"}),
        ({"clears_by": OPENS + timedelta(hours=2)}, {"clears_by"}),
        ({"settles_from": OPENS + timedelta(minutes=59)}, {"settles_from"}),
        ({"settles_by": OPENS + timedelta(days=2)}, {"settles_by"}),
        ({"clears_by": OPENS + timedelta(days=3)}, {"settles_by"}),
        ({"takes_up_by": OPENS + timedelta(days=3, seconds=-1)}, {"takes_up_by"}),
        ({"opens_at": datetime(2019, 12, 3, 9)}, {"opens_at"}),  # noqa: DTZ001 - it lacks a zone on purpose
        ({"takes_up_by": datetime(9999, 1, 1, tzinfo=UTC)}, set()),
    ],
)
def test_problems__times_out_of_order__named(changes: dict[str, Any], fields: set[str]) -> None:
    assert set(problems(**changes)) == fields


def test_problems__open_book_without_over_allotment__closes_reveals_and_over_allots_at_once() -> None:
    closes = OPENS + timedelta(hours=1)

    assert problems(form=Form.OPEN, reveals_by=closes, over_allots_by=closes) == {}


def test_problems__settlement_may_begin_before_the_last_hour_of_clearing() -> None:
    assert problems(settles_from=OPENS + timedelta(hours=1)) == {}


@pytest.mark.parametrize(
    ("classes", "field", "reason"),
    [
        ((), "classes", "are 0, not 1 to 8"),
        ((ClassRule(0, 1_000),) * 9, "classes", "are 9, not 1 to 8"),
        ((ClassRule(0, 0), ClassRule(0, 0)), "classes", "let nobody bid"),
        ((ClassRule(5, 1_000),), "classes.0.minimum", "5 units is not a whole number of lots of 10"),
        ((ClassRule(0, 995),), "classes.0.maximum", "995 units is not a whole number of lots of 10"),
        ((ClassRule(0, 1_000), ClassRule(50, 40)), "classes.1.maximum", "40 units is less than the minimum"),
        ((ClassRule(0, 1_010),), "classes.0.maximum", "1010 units is more than all that can be sold"),
        ((ClassRule(-10, 1_000),), "classes.0.minimum", "-10 is not a whole number from 0 to"),
        ((ClassRule(0, 2**64),), "classes.0.maximum", f"{2**64} is not a whole number from 0 to"),
        ((ClassRule(0, 1_000, additional=10_001),), "classes.0.additional", "10001 ten-thousandths is not"),
        ((ClassRule(0, 1_000, additional=1),), "classes.0.additional", "is for members of the syndicate"),
        (ENTITLED, "classes.1.additional", "is given, but no time for it after the result"),
    ],
)
def test_problems__classes__named_by_number(classes: tuple[ClassRule, ...], field: str, reason: str) -> None:
    assert problems(classes)[field].startswith(reason)


def test_problems__class_below_one_tick_bid__named() -> None:
    assert problems((ClassRule(0, 20),), minimum_bid=30) == {
        "classes.0.maximum": "20 units is less than one tick bid of 30"
    }


def test_problems__additional_underwriting__ends_before_anybody_pays() -> None:
    clears_by = OPENS + timedelta(hours=3)
    ends = clears_by + timedelta(seconds=900)

    late = problems(ENTITLED, additional_seconds=900, settles_from=ends)
    in_time = problems(ENTITLED, additional_seconds=900, settles_from=ends + timedelta(seconds=1))

    assert late == {"settles_from": f"{ends} is not after {ends}, when additional underwriting may end"}
    assert in_time == {}


def test_problems__basis_and_coupon__must_fit() -> None:
    by_rate, by_price = rules_of(), rules_of(basis=Basis.PRICE)
    fixed = Market(lot=10, face_value=10_000, months_per_period=12, periods=2, coupon_rate=32_500_000)
    open_ = Market(lot=10, face_value=10_000, months_per_period=12, periods=2)

    assert [p.reason for p in by_rate.problems(market=fixed, classes=EVERYBODY)] == [
        "bids quote the rate, but the bond's coupon is fixed at 3.25 %"
    ]
    assert [p.reason for p in by_price.problems(market=open_, classes=EVERYBODY)] == [
        "bids quote a price, but the bond's coupon is to be fixed by a tender"
    ]


def test_problems__proceeds__fit_120_bits_with_additional_units() -> None:
    """1,500 units with those that may be added; 3.6 % twice, not discounted, makes 1.072 of the face."""
    rules = rules_of(additional_seconds=900)
    face = (2**120 // 1_500 - 1) * 1_000 // 1_072

    fits, too_large = (
        list(rules.problems(market=market_of(rules, face_value=value), classes=ENTITLED))
        for value in (face, face + 2)
    )

    assert fits == []
    assert [problem.field for problem in too_large] == ["highest"]


def test_problems__limits__are_themselves_refused_or_taken() -> None:
    """4,096 quotes and 2**44 - 1 units are the most."""
    most = 2**44 - 1

    assert problems(lot=1, offered=most) == {}
    assert set(problems(lot=1, offered=most + 1)) == {"offered"}
    assert problems(tick=1, highest=30_000_000 + 4_095) == {}
    assert set(problems(tick=1, highest=30_000_000 + 4_096)) == {"tick"}


# --- levels


@pytest.mark.parametrize(("basis", "best"), [(Basis.RATE, 30_000_000), (Basis.PRICE, 36_000_000)])
def test_level_of__each_quote__and_back(basis: Basis, best: int) -> None:
    rules = rules_of(basis=basis)

    assert rules.levels == 61
    assert rules.quote_of(0) == best
    assert [rules.level_of(rules.quote_of(level)) for level in range(61)] == list(range(61))
    assert not rules.is_fixed_price


@pytest.mark.parametrize("quote", [29_900_000, 36_100_000, 30_000_001, 2**64 - 1])
def test_level_of__no_such_quote__refused(quote: int) -> None:
    with pytest.raises(InputError, match=r"is not one of 3 % to 3\.6 % by 0\.01 %"):
        rules_of().level_of(quote)


@pytest.mark.parametrize("level", [-1, 61])
def test_quote_of__no_such_level__refused(level: int) -> None:
    with pytest.raises(InputError, match=f"level {level} is not between 0 and 60"):
        rules_of().quote_of(level)


def test_market_of__term_sheet__in_the_contract_s_units() -> None:
    fixed, open_ = (load_term_sheet(TERMS / name) for name in ("boc-2019-sme.yaml", "boc-2019.yaml"))

    assert Market.of(fixed) == Market(1, 10_000, 12, 2, 32_500_000)
    assert Market.of(open_) == Market(1, 10_000, 12, 2, None)


def test_enumerations__labels__and_back() -> None:
    assert [stage.label for stage in (Stage.NONE, Stage.MANDATED, Stage.PUBLISHED)] == [
        "none",
        "mandated",
        "published",
    ]
    for kind in (Form, Basis, Pricing, Stage):
        assert [kind.from_label(member.label) for member in kind] == list(kind)
    with pytest.raises(KeyError):
        Form.from_label("OPEN")


def test_check_bids__off_by_one_lot_from_the_rules__the_rules_decide() -> None:
    """What ``check`` lets through is what ``check_bids`` can meet: the least and the most of a bid."""
    rules = rules_of(minimum_bid=30, maximum_bid=600)
    for units in (30, 600):
        check_bids(rules, EVERYBODY[0], [TickBid(rules.lowest, units, account(1))], lot=10)
