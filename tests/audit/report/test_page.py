"""The page: the verdict and the findings first, safe from what a chain tells, and usable when it is long."""

from __future__ import annotations

import re
from typing import Any

import pytest
from tests.audit.report import sample

from indenture.audit.report.page import render
from indenture.audit.report.text import render_text

pytestmark = pytest.mark.unit


def test_page__without_findings__says_so_largest() -> None:
    page = render(sample.report(proved=sample.proved()))

    assert re.search(r"<h1>No difference found</h1>", page)
    assert 'header class="good"' in page


def test_page__nothing_proved__is_not_in_the_colour_of_what_is() -> None:
    page = render(sample.report(proved=None))

    assert 'header class="open"' in page
    assert "header.open { background: var(--open); }" in page
    assert page.count("--open: #") == 3  # light, dark and on paper


def test_page__no_bonds__says_so() -> None:
    page = render(sample.report(bonds=[]))
    told = page[page.index('id="bonds"') : page.index('id="cash"')]

    assert "No bond was registered." in told
    assert "<table>" not in told


def test_page__days_of_a_term__are_not_torn() -> None:
    assert '<span class="whole">2020-01-06</span> to <span class="whole">' in render(sample.report())


@pytest.mark.parametrize(("many", "words"), [(1, "1 difference found"), (3, "3 differences found")])
def test_page__with_findings__tells_each_before_all_else(many: int, words: str) -> None:
    findings = [sample.finding(message=f"difference number {i}") for i in range(many)]
    page = render(sample.report(findings=findings))
    told = page[page.index('id="findings"') : page.index('id="notices"')]

    assert f"<h1>{words}</h1>" in page
    assert 'header class="bad"' in page
    assert page.index('id="findings"') < page.index('id="proof"') < page.index('id="bonds"')
    assert all(f"difference number {i}" in told for i in range(many))
    for shown in ("1,234,567", "HoldersPaid.amount", "15,771,092", "15,771,091", "PAY-2", sample.BOND):
        assert shown in told
    assert sample.finding()["tx_hash"] in told


def test_page__thousand_findings__shows_a_hundred_and_counts_the_rest() -> None:
    page = render(sample.report(findings=[sample.finding(block=i) for i in range(1_000)]))

    assert page.count('<article class="finding"') == 100
    assert "and 900 more, in audit.json" in page


def test_page__what_a_chain_tells__is_text() -> None:
    evil = '"><img src=x onerror=alert(1)>\u202e</style>'
    told = sample.report(
        network=evil,
        findings=[sample.finding(contract=f"{evil} 0x00", key=evil, expected=evil, found=evil, message=evil)],
        bonds=[
            sample.bond(symbol=evil, currency=evil, documents=[{"name": evil, "uri": evil, "hash": evil}])
        ],
        believed=[{"contract": evil, "name": evil, "value": evil}],
    )
    page = render(told)

    assert not re.search(r"<script|<link|<img|@import|url\(|https?://", page)
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "\u202e" not in page
    assert "\\u202e" in page
    assert page.count("</style>") == 1
    assert "\u202e" not in render_text(told)


def test_page__every_link__leads_somewhere() -> None:
    page = render(sample.report(findings=[sample.finding()]))
    anchors = re.findall(r' id="([^"]+)"', page)

    assert len(anchors) == len(set(anchors))
    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(anchors)
    assert not re.search(r'href="[^#]', page)


def test_page__unproved__says_what_that_means() -> None:
    page = render(sample.report())

    assert "Nothing was proved against block headers" in page
    assert "The node left no event out." in page
    assert page.count("not made") == 6


def test_page__proved__tells_how_much_and_what_is_left() -> None:
    anchors = ["Block 760 was pinned."]
    page = render(sample.report(proved=sample.proved(), anchors=anchors, trusted=["Blake is honest."]))

    assert "Proved against 760 block headers" in page
    assert "1,234" in page
    assert "Block 760 was pinned." in page
    assert "Blake is honest." in page


def test_page__proof_without_state__says_so() -> None:
    page = render(sample.report(proved={**sample.proved(), "accounts": 0, "slots": 0}))

    assert "Proved against 760 block headers, the events only: no state was proved." in page


def test_page__proof_that_failed__is_no_proof() -> None:
    page = render(sample.report(proved=sample.proved(), findings=[sample.finding(kind="PROVE-3")]))

    assert "The proof against block headers failed" in page
    assert "Proved against" not in page


def test_page__powers_used__name_their_basis() -> None:
    uses = [sample.use(reason="0x1234", act="election annulled", function="annulElection", role="STATUTORY")]
    page = render(sample.report(bonds=[sample.bond(powers=uses)]))

    assert "annulElection, role STATUTORY<br>reason <code>0x1234</code>" in page


def test_page__charts__show_holdings_flows_supply_and_demand() -> None:
    page = render(sample.report())

    for name in ("holdings", "flows", "supply", "demand"):
        assert f'<svg class="chart {name}"' in page
    assert "500 · 50.00 %" in page
    assert re.search(r'<rect class="frozen"[^>]*><title>[^<]*: 10 frozen', page)


def test_page__redeemed_bond__shows_who_held_it_last() -> None:
    rows = [sample.holder(101, 500, now=0), sample.holder(102, 300, now=0, frozen=5)]
    page = render(sample.report(bonds=[sample.bond(register=sample.register(rows), units_outstanding=0)]))

    assert "Largest holders at the last record date" in page
    assert "300 · 37.50 %" in page


def test_page__flows_of_sixty_years__stay_readable() -> None:
    flows = [
        {"date": f"{year}-{month:02d}-06", "kind": "interest", "amount": "1.50"}
        for year in range(2020, 2080)
        for month in range(1, 13)
    ]
    page = render(sample.report(bonds=[sample.bond(cash_flows=flows)]))
    chart = page[page.index('<svg class="chart flows"') :].partition("</svg>")[0]

    assert chart.count("<rect") == 60
    assert "2020: interest 18.00" in chart


def test_page__ten_thousand_holders__shows_the_largest_and_counts_the_rest() -> None:
    rows = sample.crowd()
    page = render(sample.report(bonds=[sample.bond(register=sample.register(rows))]))

    assert "and 9,900 more, in holders.csv and audit.json" in page
    assert "9,988 other holders" in page
    assert "10,000 holders" in page
    assert len(page) < 250_000
    assert rows[0]["account"] in page
    assert rows[-1]["account"] not in page


def test_page__bond_of_which_nothing_was_issued__has_a_place() -> None:
    empty: dict[str, Any] = {
        name: [] for name in ("events", "outstanding", "offerings", "payments", "cash_flows", "trades")
    }
    nobody = sample.register([]) | {"records": [], "totals": [], "largest_percent": None, "classes": []}
    page = render(
        sample.report(bonds=[sample.bond(**empty, claim=None, register=nobody, units_outstanding=0)])
    )

    assert f'id="bond-{sample.BOND}"' in page


def test_page__style__prints_on_a4_and_follows_the_dark() -> None:
    page = render(sample.report())

    assert "size: A4" in page
    assert "prefers-color-scheme: dark" in page
    assert 'content: "Audit of testnet, chain 31337, block 760"' in page
