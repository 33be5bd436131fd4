"""The PDF: same facts, same bytes; findings first; names in any letters; pages that are counted."""

from __future__ import annotations

import pytest
from tests.audit.report import paper, sample

from indenture.audit.report.pdf import as_pdf

pytestmark = pytest.mark.unit


def test_pdf__same_facts__same_bytes() -> None:
    assert as_pdf(sample.report()) == as_pdf(sample.report())


def test_pdf__findings__come_first_with_all_that_is_known() -> None:
    finding = sample.finding()
    pdf = as_pdf(sample.report(findings=[finding]))
    told = paper.text(pdf)

    assert pdf.startswith(b"%PDF-")
    assert told.index("1 difference found") < told.index("Findings") < told.index("Notices")
    for shown in (finding["tx_hash"], finding["key"], finding["expected"], finding["found"], "1,234,567"):
        assert told.index(shown) < told.index("Notices")


def test_pdf__names_in_han_kana_and_hangul__can_be_read() -> None:
    told = paper.text(as_pdf(sample.report(network="中国 日本ひらがな 한국 Ελλάδα")))

    for word in ("中国", "日本ひらがな", "한국", "中国银行股份有限公司"):
        assert word in told
    assert "<script>" in told


def test_pdf__pages__are_numbered_to_the_last() -> None:
    pdf = as_pdf(sample.report(bonds=[sample.bond(), sample.bond(isin="CND1000BOD14")]))
    told, many = paper.text(pdf), paper.pages(pdf)

    assert many >= 4
    assert all(f"{page} / {many}" in told for page in range(1, many + 1))
    assert b"/Outlines" in pdf
    assert b"/CreationDate (D:20000101000000+00'00')" in pdf


def test_pdf__value_longer_than_a_page__is_cut_and_says_so() -> None:
    pdf = as_pdf(sample.report(findings=[sample.finding(expected="0x" + "ab" * 50_000)]))

    assert "(100,002 characters, in audit.json)" in paper.text(pdf).replace("\n", "")
    assert paper.pages(pdf) < 10


def test_pdf__ten_thousand_holders__shows_the_largest() -> None:
    rows = sample.crowd()
    pdf = as_pdf(sample.report(bonds=[sample.bond(register=sample.register(rows))]))

    assert "and 9,960 more, in holders.csv and audit.json" in paper.text(pdf)
    assert paper.pages(pdf) < 10


def test_pdf__proved__tells_the_figures() -> None:
    told = paper.text(as_pdf(sample.report(proved=sample.proved(), anchors=["Block 760 was pinned."])))

    assert "Proved against 760 block headers" in told
    assert "Block 760 was pinned." in told
