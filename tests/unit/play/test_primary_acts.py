"""Acts of the primary market with a mistake are refused before anything is started, at line and field."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tests.unit.play.test_loader import change

from indenture.errors import CaseError
from indenture.play import available_cases, load_case

pytestmark = pytest.mark.unit


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Copies of all cases."""
    for name, folder in available_cases().items():
        shutil.copytree(folder, tmp_path / name)
    return tmp_path


def refused(folder: Path) -> CaseError:
    with pytest.raises(CaseError) as error:
        load_case(folder)
    return error.value


BOC, MOF, HXFL, FISCO = "boc-2019", "mof-2009-28", "huaxia-2025", "fisco-2017"


@pytest.mark.parametrize(
    ("case", "old", "new", "field", "reason"),
    [
        # mandate
        (BOC, "sheet: boc-2019-book.yaml", "sheet: no.yaml", "mandate.sheet", "cannot be read"),
        (BOC, "sheet: boc-2019-book.yaml", "sheet: boc-2019.yaml", "mandate.sheet", "boc-2019.yaml:"),
        (BOC, "bookrunner: bookrunner}", "bookrunner: fund}", "mandate.bookrunner", "names 24 accounts"),
        (BOC, "- mandate: {bond: boc", "- mandate: {bond: bco", "mandate.bond", "no bond is registered"),
        (
            BOC,
            "at: 2019-12-02 10:00",
            "at: 2019-12-03 16:00",
            "mandate.sheet",
            "closes before it is mandated",
        ),
        # whose turn it is
        (BOC, "- mandate: {bond", "- tender_result: {bond", "tender_result.sheet", "is not a field here"),
        (MOF, "at: 2009-11-11 10:30", "at: 2009-11-11 09:30", "bids.bond", "from 2009-11-11 10:00 until"),
        (
            MOF,
            "at: 2009-11-11 11:30",
            "at: 2009-11-11 11:29",
            "clear.bond",
            "the clock is at 2009-11-11 11:29",
        ),
        (MOF, "at: 2009-11-12 09:30", "at: 2009-11-12 08:30", "settle.bond", "from 2009-11-12 09:00 until"),
        (MOF, "at: 2009-11-12 17:30", "at: 2009-11-12 16:30", "lapse.bond", "possible from 2009-11-12 17:00"),
        (
            HXFL,
            "2025-12-03 17:00}",
            "2025-12-03 17:30}",
            "declare_over_allotment.bond",
            "until 2025-12-03 17:30",
        ),
        # syndicate
        (
            BOC,
            "- join_syndicate: {bond: boc}",
            "- join_syndicate: {bond: boc, by: fund-01}",
            "join_syndicate.by",
            "fund-01/growth is not invited",
        ),
        (FISCO, "- open_book: {", "- invite: {", "invite.bond", "names no underwriters"),
        # money
        (BOC, "house, amount: 2_000_000}", "house, amount: 0.001}", "fund_deposits.amount", "base units"),
        (
            BOC,
            "- fund_deposits: {currency: CNY",
            "- fund_deposits: {currency: USD",
            "fund_deposits.currency",
            "no cash 'USD'",
        ),
        (
            BOC,
            "- withdraw_deposits: {currency: CNY",
            "- withdraw_deposits: {currency: USD",
            "withdraw_deposits.currency",
            "no cash 'USD'",
        ),
        # a book around a demand curve
        (
            BOC,
            "centre: 3.25, high: 3.50",
            "centre: 3.255, high: 3.50",
            "bids.quotes.centre",
            "3.255 % is not one of 3 % to 3.6 %",
        ),
        (BOC, "low: 3.15", "low: 2.99", "bids.quotes.low", "2.99 % is not one of"),
        (BOC, "low: 3.15", "low: 3.30", "bids.quotes.centre", "3.25 is not between low and high"),
        (BOC, "times: 1.56", "times: -1", "bids.times", "is not above zero"),
        (BOC, "times: 1.56", "each: 3", "bids.each", "is given twice"),
        (BOC, "step: 50_000", "step: 30_000", "bids.step", "no part of the smallest bid"),
        # a book of one's own
        (
            MOF,
            "bidder: bank-1, quote: 1.38",
            "bidder: bank-9, quote: 1.38",
            "bids.book.0.bidder",
            "'bank-9' is nobody in this case",
        ),
        (MOF, "client: insurer}", "client: all}", "bids.book.25.client", "names 11 accounts"),
        (MOF, "bank-1, quote: 1.40", "bank-1, quote: 1.405", "bids.book.1", "is between two ticks"),
        (MOF, "bank-1, quote: 1.40", "bank-1, quote: 5.00", "bids.book.1", "is not between 0.5 % and 4.5 %"),
        (
            MOF,
            "bank-1, quote: 1.40",
            "bank-1, quote: 1.38",
            "bids.book.1.quote",
            "bank-1/main has a bid at 1.38 already",
        ),
        (
            MOF,
            "quote: 1.40, units: 20_000_000",
            "quote: 1.40, units: 20",
            "bids.book.1",
            "is not between the 200000 and 30000000",
        ),
        (
            MOF,
            "bidder: bank-1, quote: 1.38",
            "bidder: insurer, quote: 1.38",
            "bids.book.0.bidder",
            "class may not bid",
        ),
        (
            MOF,
            "bidder: bank-1, quote: 1.38,",
            "bidder: bank-1,",
            "bids.book.0",
            "takes no non-competitive bids",
        ),
        (
            FISCO,
            "quote: 1, units: 200}",
            "quote: 2, units: 200}",
            "bids.book.0",
            "quote 200000000 base units is not between",
        ),
        (
            BOC,
            "quote: 3.22, units: 1_500_000",
            "quote: 3.61, units: 1_500_000",
            "replace_bids.book.0",
            "is not between",
        ),
        (
            FISCO,
            "  - close: {",
            "  - open_bids: {bond: fisco, by: issuer}\n  - close: {",
            "open_bids.bond",
            "has an open book",
        ),
        # after the result
        (
            MOF,
            "by: bank-2, units: 10",
            "by: broker-1, units: 10",
            "underwrite_more.by",
            "may not underwrite more",
        ),
        (
            HXFL,
            "by: issuer}\n  - clear",
            "by: issuer, units: 15_000_001}\n  - clear",
            "declare_over_allotment.units",
            "up to 15000000",
        ),
    ],
)
def test_load_case__wrong_field__is_named_with_its_line(
    copy: Path, case: str, old: str, new: str, field: str, reason: str
) -> None:
    line = change(copy / case, "acts.yaml", old, new)

    error = refused(copy / case)

    assert reason in error.reason
    assert error.field.split(".", 2)[2] == field
    assert error.path == f"{case}/acts.yaml"
    assert error.line >= line


@pytest.mark.parametrize(
    ("case", "old", "new", "field", "reason", "lines_before"),
    [
        (BOC, "      times: 1.56\n", "", "bids.times", "is missing", 10),
        (BOC, "- underwriter-01/clients", "- bank-01", "bids.clients", "bank-01/main is of no member", 1),
        (MOF, "quote: 1.60, units: 5", "quote: 1.60, units: 9", "bids.book.0.bidder", "79000000 units in", 5),
    ],
)
def test_load_case__fields_together__are_refused_where_they_begin(
    copy: Path, case: str, old: str, new: str, field: str, reason: str, lines_before: int
) -> None:
    line = change(copy / case, "acts.yaml", old, new)

    error = refused(copy / case)

    assert reason in error.reason
    assert error.field.split(".", 2)[2] == field
    assert error.line == line - lines_before


def test_load_case__book_line__is_refused_on_its_own_line(copy: Path) -> None:
    line = change(copy / MOF, "acts.yaml", "bank-3, quote: 1.53", "bank-3, quote: 1.535")

    error = refused(copy / MOF)

    assert error.line == line
    assert error.hint == "The nearest are 1.53 % and 1.54 %."


def test_load_case__underwriter_of_the_sheet_unknown__is_named(copy: Path) -> None:
    change(copy / BOC, "boc-2019-book.yaml", "underwriter-04/house", "underwriter-13/house")

    error = refused(copy / BOC)

    assert error.field == "acts.5.mandate.sheet"
    assert "'underwriter-13/house' is no account of this case" in error.reason


def test_load_case__underwriter_by_lei__is_his_first_account(copy: Path) -> None:
    lei = next(party.lei for party in load_case(BOC).parties if party.id == "underwriter-04")
    change(copy / BOC, "boc-2019-book.yaml", "underwriter-04/house", lei)

    assert load_case(copy / BOC).account_of(lei) == "underwriter-04/house"


def test_load_case__sheet_that_contradicts_the_bond__is_told_with_its_own_line(copy: Path) -> None:
    line = change(copy / BOC, "boc-2019-book.yaml", "offered: CNY 20_000", "offered: CNY 30_000")

    error = refused(copy / BOC)

    assert error.field == "acts.5.mandate.sheet"
    assert f"boc-2019-book.yaml:{line}: offered: " in error.reason


def test_load_case__reopening_before_a_tender_fixed_the_coupon__is_refused(copy: Path) -> None:
    change(copy / MOF, "acts.yaml", "sheet: mof-2009-28-tender.yaml", "sheet: mof-2009-28-reopening.yaml")

    error = refused(copy / MOF)

    assert "bids quote a price, but the bond's coupon is to be fixed by a tender" in error.reason
