"""What needs no chain: checking an offering sheet, and clearing a book on paper."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cli.conftest import Run
from tests.cli.world import TERMS, small_sheet, small_terms

from indenture.cli._terms import sheet_of
from indenture.contracts.bond_terms import BondTerms
from indenture.primary import OfferingSheet, load_offering_sheet
from indenture.termsheet import TermSheet, load_term_sheet

pytestmark = pytest.mark.unit

NOBODY = "0x" + "11" * 20
SHEETS = [
    ("mof-2009-28-tender", "mof-2009-28"),
    ("boc-2019-book", "boc-2019"),
    ("huaxia-2025-book", "huaxia-2025"),
    ("fisco-2017-book", "fisco-2017"),
]


def on_chain(sheet: TermSheet) -> BondTerms:
    return BondTerms.from_sheet(sheet, issuer_account=NOBODY, currency=NOBODY, term_sheet_hash=b"")


@pytest.mark.parametrize(("offering", "bond"), SHEETS)
def test_check__of_a_published_sheet__shows_it_in_words(run: Run, offering: str, bond: str) -> None:
    outcome = run("offer", "check", TERMS / f"{offering}.yaml", "--terms", TERMS / f"{bond}.yaml")
    told = run("offer", "check", TERMS / f"{offering}.yaml", "--terms", TERMS / f"{bond}.yaml", "--json")

    assert (outcome.code, told.code) == (0, 0)
    assert outcome.out.startswith("In order\n")
    sheet = load_offering_sheet(TERMS / f"{offering}.yaml")
    assert told.json["conditions"]["form"] == sheet.form.label
    assert len(told.json["syndicate"]) == len(sheet.underwriters)
    assert bool(told.json["warnings"]) == (offering == "mof-2009-28-tender")
    assert ("Warning: there is no deposit" in outcome.err) == (offering == "mof-2009-28-tender")


@pytest.mark.parametrize(("offering", "bond"), SHEETS)
def test_terms__from_the_chain__make_the_same_rules(offering: str, bond: str) -> None:
    """Who mandates has the bond on the chain, and no term sheet."""
    sheet: OfferingSheet = load_offering_sheet(TERMS / f"{offering}.yaml")
    terms = load_term_sheet(TERMS / f"{bond}.yaml")

    again = sheet_of(on_chain(terms), terms.currency)

    assert sheet.rules(again) == sheet.rules(terms)
    assert sheet.class_rules(again) == sheet.class_rules(terms)
    assert sheet.syndicate(again) == sheet.syndicate(terms)


@pytest.mark.parametrize("file", ["boc-2019", "boc-2019-sme", "fisco-2017", "huaxia-2025", "mof-2009-28"])
def test_terms__from_the_chain__are_those_of_the_sheet(file: str) -> None:
    terms = load_term_sheet(TERMS / f"{file}.yaml")

    again = sheet_of(on_chain(terms), terms.currency)

    not_sealed = {"documents", "issue_price"}
    for name in set(type(terms).model_fields) - not_sealed:
        assert getattr(again, name) == getattr(terms, name), name


BOOK = """bidder,quote,units
fund,3.20 %,300
fund,3.25 %,300
insurer,3.25 %,200
insurer,noncompetitive,50
lead-bank,3.20 %,100
"""


def test_preview__of_a_book_on_paper__shows_result_demand_and_shares(run: Run, tmp_path: Path) -> None:
    bids = tmp_path / "book.csv"
    bids.write_text(BOOK)
    files = (small_sheet(tmp_path), "--terms", small_terms(tmp_path), "--bids", bids)

    told = run("offer", "preview", *files, "--over-allotted", 30, "--json").json
    table = run("offer", "preview", *files, "--over-allotted", 30)

    assert told["tender"]["issue_rate_percent"] == "3.2500"
    assert told["tender"]["marginal_ratio_percent"] == "76.0000"
    assert [(row["bidder"], row["bid"], row["won"]) for row in told["allotments"]] == [
        ("fund", 300, 300),
        ("fund", 300, 230),
        ("insurer", 200, 150),
        ("insurer", 50, 50),
        ("lead-bank", 100, 100),
    ]
    assert {row["price"] for row in told["allotments"]} == {"100.00"}
    assert table.code == 0
    assert "◀ cut: 76.0000 % of 500" in table.out


def test_preview__syndicate_of_the_sheet__takes_up_what_is_left(run: Run, tmp_path: Path) -> None:
    bids = tmp_path / "book.csv"
    bids.write_text("bidder,quote,units\nfund,3.20 %,500\n")
    files = (small_sheet(tmp_path), "--terms", small_terms(tmp_path), "--bids", bids, "--json")

    assert run("offer", "preview", *files).json["tender"]["take_up"] == 200
    assert run("offer", "preview", *files, "--commitments", 50).json["tender"]["take_up"] == 50


def test_preview__bids_against_the_rules_of_a_class__names_the_bidder(run: Run, tmp_path: Path) -> None:
    bids = tmp_path / "book.csv"
    bids.write_text("bidder,quote,units\nfund,3.20 %,500\nfund,3.21 %,500\n")
    outcome = run("offer", "preview", small_sheet(tmp_path), "--terms", small_terms(tmp_path), "--bids", bids)

    assert outcome.code == 2
    assert outcome.lines[0].startswith("Error: bids of fund: 1000 units in all is not between")


def test_schedule__coupon_by_tender__has_no_interest_until_one_is_given(run: Run, tmp_path: Path) -> None:
    terms = small_terms(tmp_path)

    without = run("schedule", terms, "--json").json
    expected = run("schedule", terms, "--coupon", "3.25%", "--json").json
    bare = run("schedule", terms, "--coupon", "3.25", "--json").json

    assert [row["interest"] for row in without["payments"]] == [None, None]
    assert [row["principal"] for row in without["payments"]] == ["0.00", "100000.00"]
    assert [row["interest"] for row in expected["payments"]] == ["3250.00", "3250.00"]
    assert bare == expected
