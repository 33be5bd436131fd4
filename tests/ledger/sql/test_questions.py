"""Each worked question has an answer; some are held against figures that were worked out by hand."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from tests.ledger.sql.asked import ASKED, FAILING, FIRST_HOLDER
from tests.ledger.sql.told import Told

from indenture.errors import InputError
from indenture.ledger.questions import Question, question, questions

pytestmark = pytest.mark.integration

_DEPOSITORY = "9999INDENTUREDEPO168"


# --- what the files say


def test_questions__of_the_files__are_twenty_in_order() -> None:
    assert [q.number for q in questions()] == list(range(1, 21))
    assert {q.name for q in questions()} == set(ASKED)


@pytest.mark.parametrize("asked", questions(), ids=lambda q: q.name)
def test_question__its_head__names_the_parameters_of_its_sql(asked: Question) -> None:
    body = "\n".join(line for line in asked.sql.splitlines() if not line.startswith("--"))

    assert set(re.findall(r"\$(\w+)", body)) == {p.name for p in asked.parameters}
    assert asked.title.endswith("?")
    assert asked.answer.endswith(".")
    assert "ORDER BY" in body  # else its rows have no order, and two engines give two


@pytest.mark.parametrize("asked", questions(), ids=lambda q: q.name)
def test_question__every_one__has_an_answer(asked: Question, all_told: dict[str, Told]) -> None:
    chain, given = ASKED[asked.name]

    assert all_told[chain].ask(asked.name, **given)


@pytest.mark.parametrize("name", ["holders", "outstanding", "late_payments", "powers", "movable"])
def test_question__without_a_block__is_asked_of_the_last_one(name: str, told: Told) -> None:
    given = {"isin": "CND200000024"} if name in ("holders", "movable") else {}

    assert told.ask(name, **given) == told.ask(name, block=told.engine.head, **given)


# --- figures by hand


def test_cash__story__is_what_was_minted_less_what_was_burned(all_told: dict[str, Told]) -> None:
    """Fifteen accounts get 10^12 each, the operator 5,000, of which 2,000 are burned; the limit is 10^15."""
    (cash,) = all_told["story"].ask("cash")

    assert (cash["issued"], cash["redeemed"]) == (15 * 10**12 + 5_000, 2_000)
    assert cash["circulating"] == cash["held"] == 15 * 10**12 + 3_000
    assert cash["supply_limit"] == 10**15


def test_trades__story__have_their_price_to_six_places(all_told: dict[str, Told]) -> None:
    """Trades of 20, 21, 22, ... units for 200,000, 200,001, 200,002, ..., and two others."""
    trades = all_told["story"].ask("trades", day="2019-12-11")

    assert len(trades) == 8
    assert [(t["units"], t["amount"]) for t in trades[:6]] == [(20 + i, 200_000 + i) for i in range(6)]
    assert [str(t["price"]) for t in trades[:4]] == [
        "10000.000000",
        "9523.857142",
        "9091.000000",
        "8695.782608",
    ]
    assert all_told["story"].ask("trades", day="2019-12-12") == []


def test_late_payments__failing_bond__three_days_at_eight_percent(all_told: dict[str, Told]) -> None:
    """94,806 due on 7 April, paid in on the 10th: 80,000,000 x 3 / 365 = 657,534 billionths are 62 of it."""
    late = all_told["fates"].ask("late_payments")
    first = next(p for p in late if (p["isin"], p["period"]) == (FAILING, 1))

    assert 94_806 * (80_000_000 * 3 // 365) // 10**9 == 62
    assert (first["state"], first["days_late"], first["penalty"]) == ("funded late", 3, 62)
    assert first["pay_day"] == date(2020, 4, 7)
    assert first["funded_time"] - first["pay_time"] >= timedelta(days=3)
    second = next(p for p in late if (p["isin"], p["period"]) == (FAILING, 2))
    assert (second["state"], second["funded_time"], second["penalty"]) == ("made due", None, None)


def test_late_payments__before_the_bond_was_made_due__is_not_funded(all_told: dict[str, Told]) -> None:
    """As of the block before: what came after is not known."""
    (due,) = all_told["fates"].rows(f"SELECT due_block FROM defaults WHERE isin = '{FAILING}'")
    late = all_told["fates"].ask("late_payments", block=due[0] - 1)
    (second,) = [p for p in late if (p["isin"], p["period"]) == (FAILING, 2)]

    assert (second["state"], second["funded_time"], second["penalty"]) == ("not funded", None, None)
    assert second["days_late"] >= 7


def test_entitlements__first_recovery__is_shared_by_units(all_told: dict[str, Told]) -> None:
    """3,000,001 among 988 units: 1,000 less 12 that a tender took before."""
    paid = all_told["fates"].ask("entitlements", isin=FAILING, period=3)

    assert sum(p["units"] for p in paid) == 988
    assert [(p["units"], p["due"]) for p in paid] == [
        (300, 910_931),
        (250, 759_109),
        (200, 607_287),
        (138, 419_028),
        (70, 212_550),
        (30, 91_093),
    ]
    assert all(p["due"] == 3_000_001 * p["units"] // 988 and p["tax"] == 0 for p in paid)
    assert {p["kind"] for p in paid} == {"recovery"}


def test_defaults__failing_bond__half_of_the_claim_came_back(all_told: dict[str, Told]) -> None:
    """5,000,000 of 10,111,369: two recoveries, of 3,000,001 and 1,999,999."""
    failed, overdue = all_told["fates"].ask("defaults")

    assert (failed["isin"], failed["units"], failed["claimed"]) == (FAILING, 1_000, 10_111_369)
    assert (failed["recoveries"], failed["recovered"]) == (2, 5_000_000)
    assert failed["percent"] == Decimal("49.449288")  # 5,000,000 x 100 / 10,111,369 = 49.44928822...
    assert failed["lost_principal"] > 0
    assert (overdue["percent"], overdue["lost_principal"], overdue["lost_interest"]) == (100, 0, 0)


def test_cover__every_offering__is_what_its_contract_says(told: Told) -> None:
    for row in told.ask("cover"):
        if row["stage"] == "published":
            (multiple,) = told.rows(f"SELECT bid_multiple FROM offerings WHERE offering = {row['offering']}")[
                0
            ]
            assert int(row["cover"] * 10_000) == multiple
            assert row["bid"] == row["cover"] * row["offered"] or row["bid"] > row["cover"] * row["offered"]


def test_cover__story__shows_what_failed_too(all_told: dict[str, Told]) -> None:
    stages = [row["stage"] for row in all_told["story"].ask("cover")]

    assert stages == ["failed", "cancelled", "cancelled", "published", "published", "published", "published"]


def test_statutory_powers__fates__name_document_and_holder_of_the_power(all_told: dict[str, Told]) -> None:
    used = all_told["fates"].ask("statutory_powers", first_day="2020-05-01")

    assert [row["act"] for row in used] == [
        "declared CONTROL",
        "set what is frozen",
        "set what is frozen",
        "annulled an election",
        "closed a default",
    ]
    assert all(row["actor_lei"] == _DEPOSITORY and row["held_since"] is not None for row in used)
    assert [row["document"] is None for row in used] == [False, True, True, False, False]
    assert {row["document"] for row in used} == {None, "0x" + "77" * 32}


def test_freezes__story__last_until_the_next_one(all_told: dict[str, Told]) -> None:
    """A hundred units are frozen; a forced transfer takes all free ones and forty more; then all is free."""
    by_law, everything, forced = all_told["story"].ask("freezes")

    assert (by_law["frozen"], by_law["power"]) == (100, "setFrozenTokens")
    assert (everything["frozen"], everything["to_time"]) == (2**64 - 1, None)
    assert (forced["frozen"], forced["units"], forced["power"]) == (60, 60, "forcedTransfer")
    assert forced["to_time"].date() == date(2020, 12, 7)  # the node's clock runs on: never to the second


def test_movable__story__frozen_holders_are_hindered(all_told: dict[str, Told]) -> None:
    """All that one holds is frozen, and the sixty units that a forced transfer left of another."""
    rows = all_told["story"].ask("movable", isin="CND1000BOC15", block=260)
    hindered = [row for row in rows if row["hindrance"] is not None]

    assert [(row["units"], row["free"], row["hindrance"]) for row in hindered] == [
        (4_955, 0, "all units are frozen or bound"),
        (60, 0, "all units are frozen or bound"),
    ]
    assert all(row["free"] == row["units"] for row in rows if row not in hindered)


def test_income__first_holder__adds_up(all_told: dict[str, Told]) -> None:
    """What is due is sent, kept or withheld; the tax of a bank is three percent of the interest."""
    income = all_told["fates"].ask("income", account=FIRST_HOLDER.upper().replace("X", "x"))

    assert income
    assert all(row["due"] == row["sent"] + row["kept"] + row["tax"] for row in income)
    taxed = [row for row in income if row["tax"]]
    assert taxed
    assert all(row["tax"] == row["taxable"] * 3 // 100 for row in taxed)


def test_concentration__failing_bond__shares_add_up_to_all(all_told: dict[str, Told]) -> None:
    """300, 250, 200, 150 and 100 units of 1,000."""
    shares = all_told["fates"].ask("concentration", isin=FAILING, block=250)

    assert [(row["place"], row["percent"]) for row in shares] == [(1, 30), (2, 25), (3, 20), (4, 15), (5, 10)]
    assert [row["percent_so_far"] for row in shares] == [30, 55, 75, 90, 100]


def test_outstanding__every_bond__is_what_its_holders_have(told: Told) -> None:
    for row in told.ask("outstanding"):
        holders = told.ask("holders", isin=row["isin"])
        assert (row["outstanding"], row["holders"]) == (sum(h["units"] for h in holders), len(holders))


def test_residues__every_payer__are_what_payments_left(told: Told) -> None:
    (left,) = told.rows(
        "SELECT coalesce(sum(residue), 0) "
        "FROM (SELECT residue FROM payments UNION ALL SELECT residue FROM actions) AS left_over"
    )

    assert sum(row["residues"] for row in told.ask("residues")) == left[0]


# --- what is refused


def test_question__unknown__is_told_what_there_is() -> None:
    with pytest.raises(InputError, match="no question 'wealth'") as refused:
        question("wealth")
    assert "1 holders" in refused.value.hint


@pytest.mark.parametrize(
    ("key", "given", "message"),
    [
        ("holders", {}, "question 1 needs isin: ISIN of the bond"),
        ("cash", {"isin": "X"}, "question 7 takes no isin"),
        ("trades", {"day": "yesterday"}, "day: 'yesterday' is not a day such as 2026-12-05"),
        ("holders", {"isin": "X", "block": "late"}, "block: 'late' is not a whole number"),
        ("holders", {"isin": "X", "block": "1"}, "block: 1 is no block up to 0, where the ledger ends"),
        ("holders", {"isin": "X", "block": "-1"}, "block: -1 is no block up to 0, where the ledger ends"),
    ],
)
def test_bind__wrong_parameters__says_what_it_takes(key: str, given: dict[str, str], message: str) -> None:
    with pytest.raises(InputError, match=re.escape(message)):
        question(key).bind(given, 0)


def test_run__wrong_sql__is_refused_in_the_words_of_the_engine(all_told: dict[str, Told]) -> None:
    with pytest.raises(InputError, match="no_such_table"):
        all_told["story"].rows("SELECT * FROM no_such_table")
