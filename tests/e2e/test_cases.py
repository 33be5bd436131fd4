"""Every case is played to its end, and comes to what is known of its issue."""

from __future__ import annotations

import shutil
import time
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from tests.e2e.processes import ROOT
from tests.e2e.stage import played

from indenture.contracts._base import topic_of
from indenture.play import available_cases
from indenture.play.tender import tender_table
from indenture.primary import Stage

pytestmark = pytest.mark.integration

TERMS = ROOT / "terms"


def test_play__fisco_2017__is_as_easy_as_a_huge_issue(tmp_path: Path) -> None:
    begun = time.monotonic()

    with played("fisco-2017", tmp_path) as fisco:
        result = fisco.result

    assert time.monotonic() - begun < 20
    (tender,) = result.tenders
    assert (tender.method, tender.offered, tender.bid, tender.allotted, tender.bidders) == (
        "uniform price tender by price",
        200,
        200,
        200,
        1,
    )
    assert tender.issue_price == tender.face_value
    (bond,) = result.bonds
    assert (bond.units, bond.holders, bond.members, bond.outstanding) == (200, 1, 1, 0)
    assert [(each.date, each.kind, each.amount.amount) for each in result.payments] == [
        (date(2018, 8, 10), "coupon", Decimal("6.00000000")),
        (date(2019, 8, 12), "coupon", Decimal("6.00000000")),  # the 10th was a Saturday
        (date(2020, 8, 10), "coupon", Decimal("6.01643835")),  # 366 days by ACT/365F
        (date(2020, 8, 10), "principal", Decimal("200.00000000")),
    ]
    assert result.audit.differences == 0


def test_play__huaxia_2025__over_allotment_is_used_and_the_book_covered_4_41_times(tmp_path: Path) -> None:
    with played("huaxia-2025", tmp_path) as huaxia:
        result, offering = huaxia.result, huaxia.suite.offering
        opened = offering.events("BidsOpened", indexed=[topic_of(1)])
        ciphertexts = offering.events("BidEncrypted", indexed=[topic_of(1)])
        proceeds = huaxia.investor("issuer").cash_balance()
        money = huaxia.suite.cash("CNY").read("name")
        said = huaxia.said["Tender result"]
        bookrunner, lost = huaxia.address("bookrunner"), huaxia.address("fund-03")

    (tender,) = result.tenders
    assert (tender.offered, tender.over_allotted, tender.allotted) == (45_000_000, 15_000_000, 45_000_000)
    assert tender.bidders == 35
    assert tender.amount_of(tender.bid).amount == 19_845_000_000
    assert tender.bid_multiple == Decimal("4.41")
    assert tender.issue_rate == tender.marginal_rate == Decimal("1.8400")
    assert said == [tender_table(tender)]
    assert len(ciphertexts) == 35
    assert {event["actor"] for event in opened} == {bookrunner}
    assert lost in {event["bidder"] for event in opened}  # whose own vault was lost
    assert money == "Digital Yuan"
    assert proceeds.amount == 4_500_000_000 - 82_800_000
    assert result.trades == 30
    assert [(each.date, each.kind, each.amount.amount) for each in result.payments] == [
        (date(2026, 12, 7), "coupon", Decimal("82800000.00"))
    ]
    assert result.bonds[0].outstanding == 45_000_000
    assert result.audit.differences == 0


@pytest.mark.parametrize("seed", [1, 2])
def test_play__boc_2019_with_another_seed__comes_to_the_same_rate(tmp_path: Path, seed: int) -> None:
    with played("boc-2019", tmp_path, seed) as boc:
        result = boc.result

    assert result.tenders[0].issue_rate == Decimal("3.2500")
    assert Decimal("2.65") <= result.tenders[0].bid_multiple <= Decimal("2.75")
    assert result.trades == 214
    assert result.bonds[0].outstanding == 0
    assert result.audit.differences == 0


@pytest.fixture
def fisco(tmp_path: Path) -> Path:
    return Path(shutil.copytree(available_cases()["fisco-2017"], tmp_path / "fisco"))


def test_play__cancelled_and_mandated_again__counts_the_second_offering(fisco: Path, tmp_path: Path) -> None:
    acts = fisco / "acts.yaml"
    text = acts.read_text()
    first = text.index("  - mandate:")
    last = text.index("  - advance_to: {at: 2017-08-08 10:00 +09:00}")
    bids = text.index("  - bids:")
    replaced = text[bids : text.index("  - advance_to: {at: 2017-08-09 15:00 +09:00}")]
    withdrawn = replaced + "  - withdraw_bids: {bond: fisco, by: investor}\n"
    cancelled = text[first:last] + "  - cancel: {bond: fisco, by: issuer, reason: the market has moved}\n"
    acts.write_text(text[:first] + cancelled + text[first:bids] + withdrawn + text[bids:])

    with played(fisco, tmp_path) as case:
        stages = [case.suite.offering.book(offering).stage for offering in (1, 2)]

    assert stages == [Stage.CANCELLED, Stage.PUBLISHED]
    assert [tender.allotted for tender in case.result.tenders] == [200]
    assert case.result.bonds[0].units == 200
    assert case.result.audit.differences == 0


def test_play__never_cleared__has_failed_and_says_so(fisco: Path, tmp_path: Path) -> None:
    acts = fisco / "acts.yaml"
    text = acts.read_text()
    head = text[: text.index("  - clear:")]
    late = "  - advance_to: {at: 2017-08-09 17:30 +09:00}\n  - fail: {bond: fisco, by: issuer}\n"
    acts.write_text(head + late + "  - tender_result: {bond: fisco}\n  - audit:\n")

    with played(fisco, tmp_path) as case:
        result = case.result

    assert result.tenders[0].failed == "it was not cleared in time"
    assert (result.bonds[0].units, result.bonds[0].holders, result.payments) == (0, 0, ())
    assert result.as_json()["tender"]["failed"] == result.tenders[0].failed
    assert result.audit.differences == 0


def test_cases__sheets__are_those_of_the_examples() -> None:
    """The wheel has no folder terms/, so each case has copies."""
    copies = [
        file
        for folder in available_cases().values()
        for file in sorted(folder.glob("*.yaml"))
        if (TERMS / file.name).is_file()
    ]

    assert [file.name for file in copies] == [
        "boc-2019-book.yaml",
        "boc-2019.yaml",
        "fisco-2017-book.yaml",
        "fisco-2017.yaml",
        "huaxia-2025-book.yaml",
        "huaxia-2025.yaml",
        "mof-2009-28-tender.yaml",
        "mof-2009-28.yaml",
    ]
    for file in copies:
        assert file.read_text() == (TERMS / file.name).read_text(), file.name
