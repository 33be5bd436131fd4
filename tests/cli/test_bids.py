"""Bids as people write them, in options and files."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from tests.cli.builders import BIDDER, CLIENT, rules_of

from indenture.cli._bidfile import read_bids, read_book
from indenture.cli._bids import WrittenBid, WrittenQuote, bids_for, quote_words, read_bid
from indenture.errors import InputError, TermSheetError
from indenture.models import Bid
from indenture.money import CNY, JPY
from indenture.primary import NON_COMPETITIVE, Basis

pytestmark = pytest.mark.unit

PRICE = rules_of(basis=Basis.PRICE, lowest=9_800, highest=10_200, tick=5)


@pytest.mark.parametrize(
    ("text", "quote", "units", "account"),
    [
        ("3.25%:100000", WrittenQuote(Decimal("3.25"), "%"), 100_000, None),
        ("3.25 % : 100_000", WrittenQuote(Decimal("3.25"), "%"), 100_000, None),
        ("99.50:10", WrittenQuote(Decimal("99.50"), ""), 10, None),
        ("CNY 99.50:10", WrittenQuote(Decimal("99.50"), "CNY"), 10, None),
        ("CNY99.50:10", WrittenQuote(Decimal("99.50"), "CNY"), 10, None),
        ("0%:10", WrittenQuote(Decimal(0), "%"), 10, None),
        ("noncompetitive:5000", None, 5_000, None),
        ("Non-Competitive:5000", None, 5_000, None),
        (f"3.25%:10:{CLIENT}", WrittenQuote(Decimal("3.25"), "%"), 10, CLIENT),
        (f"3.25%:10:{CLIENT.lower()}", WrittenQuote(Decimal("3.25"), "%"), 10, CLIENT),
    ],
)
def test_bid__well_written__is_read(
    text: str, quote: WrittenQuote | None, units: int, account: str | None
) -> None:
    read = read_bid(text)

    assert (read.quote, read.units, read.account) == (quote, units, account)


@pytest.mark.parametrize(
    "text",
    ["", "3.25%", "3.25%:", ":10", "3.25%:10:", "3.25%:10:0x1", "3.25%:10:0x:1", "-1%:10", "1e3%:10",
     "CNY 3%:10", "3,25%:10", "3.25%:1.5", "3.25%:-5", "3.25%:0", "NaN:10", "٣%:10", "3.25%:٣"],
)  # fmt: skip
def test_bid__badly_written__is_refused(text: str) -> None:
    with pytest.raises(InputError) as refused:
        read_bid(text)

    assert refused.value.hint


def test_bids__of_a_rate_tender__are_as_the_sdk_takes_them() -> None:
    written = [read_bid("3.25%:100"), read_bid(f"noncompetitive:50:{CLIENT}")]

    found = bids_for(written, bidder=BIDDER, rules=rules_of(), lot=10, currency=CNY)

    assert found == (Bid(Decimal("3.25"), 100, None), Bid(None, 50, CLIENT))


def test_bids__own_account_named_or_not__is_the_same_bid_twice() -> None:
    written = [read_bid("3.25%:100"), read_bid(f"3.25%:50:{BIDDER}")]

    with pytest.raises(InputError, match="are for one quote and one account"):
        bids_for(written, bidder=BIDDER, rules=rules_of(), lot=10, currency=CNY)


def test_bids__without_a_quote_where_none_may_be__are_refused() -> None:
    with pytest.raises(InputError, match="takes no non-competitive bids"):
        bids_for([read_bid("noncompetitive:50")], bidder=BIDDER, rules=rules_of(non_competitive=0), lot=10,
                 currency=CNY)  # fmt: skip


@pytest.mark.parametrize("text", ["99.5:100", "CNY 99.5:100", "99.50:100"])
def test_bids__of_a_price_tender__need_no_currency(text: str) -> None:
    (found,) = bids_for([read_bid(text)], bidder=BIDDER, rules=PRICE, lot=10, currency=CNY)

    assert found.quote is not None
    assert CNY.to_base(found.quote) == 9_950


@pytest.mark.parametrize(
    ("quote", "basis", "currency", "words"),
    [
        (32_500_000, Basis.RATE, CNY, "3.25 %"),
        (30_000_000, Basis.RATE, CNY, "3.00 %"),
        (32_512_345, Basis.RATE, CNY, "3.2512345 %"),
        (0, Basis.RATE, CNY, "0.00 %"),
        (9_950, Basis.PRICE, CNY, "CNY 99.50"),
        (100_000, Basis.PRICE, JPY, "JPY 100,000"),
        (NON_COMPETITIVE, Basis.PRICE, CNY, "non-competitive"),
    ],
)
def test_quote__in_words__is_exact(quote: int, basis: Basis, currency: object, words: str) -> None:
    assert quote_words(quote, basis, currency) == words  # type: ignore[arg-type]


# Files

YAML = f"""
bids:
  - {{quote: 3.25 %, units: 100_000}}
  - quote: CNY 99.50
    units: 10
    account: {CLIENT}
  - {{quote: non-competitive, units: 5_000}}
"""
CSV = f"""Quote, Units ,account
3.25 %,100_000,
CNY 99.50,10,{CLIENT}
non-competitive,5000,
"""


@pytest.mark.parametrize(("name", "text", "lines"), [("b.yaml", YAML, (3, 4, 7)), ("b.csv", CSV, (2, 3, 4))])
def test_file__of_either_kind__says_the_same(
    tmp_path: Path, name: str, text: str, lines: tuple[int, ...]
) -> None:
    file = tmp_path / name
    file.write_text(text)

    assert read_bids(file) == (
        WrittenBid(f"{name}:{lines[0]}", WrittenQuote(Decimal("3.25"), "%"), 100_000),
        WrittenBid(f"{name}:{lines[1]}", WrittenQuote(Decimal("99.50"), "CNY"), 10, CLIENT),
        WrittenBid(f"{name}:{lines[2]}", None, 5_000),
    )


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("b.yaml", "bids:\n  - {quote: 3.25 %}\n", "b.yaml:2: bids.0.units: is missing"),
        ("b.yaml", "bids:\n  - {quote: 3.25 %, units: 1, price: 3}\n",
         "b.yaml:2: bids.0.price: is not a field of a file of bids"),
        ("b.yaml", "bids:\n  - {quote: x, units: 0}\n", "bids.0.quote: 'x' is not a quote"),
        ("b.yaml", "- {quote: 3.25 %, units: 1}\n", "is not a block of fields"),
        ("b.csv", "quote,unit\n3.25 %,1\n", "b.csv: units: is missing from the first line"),
        ("b.csv", "quote,unit\n3.25 %,1\n", "b.csv:1: unit: is not a column of a file of bids"),
        ("b.csv", "quote,units\n3.25 %,1\n,5\n", "b.csv:3: quote: is empty"),
        ("b.csv", "quote,units\n3.25 %,1,x\n", "b.csv:2: (line): has more cells than the first line"),
        ("b.csv", "quote,units\n3.25 %,many\n", "b.csv:2: units: 'many' is not a number of units"),
        ("b.csv", "", "b.csv: quote: is missing from the first line"),
        ("b.csv", "quote,units,bidder\n3.25 %,1,fund\n", "b.csv:2: bidder: is for files of a whole book"),
        ("b.txt", "quote,units\n", "is neither YAML nor CSV by its name"),
    ],
)  # fmt: skip
def test_file__with_something_wrong__names_field_and_line(
    tmp_path: Path, name: str, text: str, said: str
) -> None:
    file = tmp_path / name
    file.write_text(text)

    with pytest.raises(TermSheetError) as refused:
        read_bids(file)

    assert said in refused.value.message


def test_file__with_two_wrong_lines__names_both(tmp_path: Path) -> None:
    file = tmp_path / "b.csv"
    file.write_text("quote,units\nx,1\n3.25 %,y\n")

    with pytest.raises(TermSheetError) as refused:
        read_bids(file)

    told = [line.rsplit("/", 1)[-1] for line in refused.value.message.splitlines()]
    assert [line[:15] for line in told if not line.startswith("  ")] == ["b.csv:2: quote:", "b.csv:3: units:"]


def test_book__from_a_file__is_by_bidder(tmp_path: Path) -> None:
    file = tmp_path / "b.csv"
    file.write_text("bidder,quote,units\nb,3.25 %,10\na,3.20 %,10\nb,3.30 %,10\n")

    found = read_book(file)

    assert {bidder: len(bids) for bidder, bids in found.items()} == {"b": 2, "a": 1}


def test_book__without_a_bidder__is_refused(tmp_path: Path) -> None:
    file = tmp_path / "b.csv"
    file.write_text("bidder,quote,units\nb,3.25 %,10\n,3.20 %,10\n")

    with pytest.raises(TermSheetError, match=r"b\.csv:3: bidder: is missing"):
        read_book(file)
