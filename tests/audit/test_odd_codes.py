"""Codes of markets and benchmarks may be any bytes: nobody can spoil the audit by publishing odd ones."""

from __future__ import annotations

import pytest
from tests.audit import stage

from indenture.audit import audit
from indenture.audit.model import code_of, text
from indenture.chain import AnvilNode

pytestmark = pytest.mark.integration

CODES = (
    b'\xff\xfe<>&"\0\0',
    b"\x80\0\0\0\0\0\0\0",
    b"\xc3\xa9\0\0\0\0\0\0",
    b"\\xff\0\0\0\0",
    b"\\\0\0\0\0\0\0\0",
    b"\0\0\0\0\0\0\0\1",
    b"A\0B\0\0\0\0\0",
    b"\n\t \0\0\0\0\0",
)


def test_codes__of_any_bytes__are_told_apart() -> None:
    texts = [text(code) for code in CODES]

    assert len(set(texts)) == len(CODES)
    assert [code_of(told) for told in texts] == list(CODES)


def test_audit__markets_and_benchmarks_with_odd_codes__proved_without_a_finding() -> None:
    with AnvilNode(timestamp=stage.START) as node:
        story = stage.begin(node)
        administrator = story.holders[0].address
        for code in CODES:
            story.do(story.operator, "BusinessCalendar", "publish", code, 2031, 2**256 - 1, 1)
            story.do(story.operator, "Benchmarks", "register", code, 1, administrator, code, 360, 3600)
        story.do(story.operator, "BusinessCalendar", "join", b"JOINT\0\0\0", list(CODES[:4]))

        assert audit(story.chain, story.deployment, proving=True).findings == ()
