"""Two reports compared: what changed, whether one continues the other, and when they cannot be compared."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.audit.report import sample

from indenture.audit.diff import diff
from indenture.audit.report import write_facts
from indenture.audit.report.changes import CHANGED, GONE, NEW
from indenture.audit.report.files import MOST_POWERS
from indenture.errors import InputError

pytestmark = pytest.mark.unit


def hashes(*blocks: int, **other: str) -> list[dict[str, Any]]:
    """Hashes of blocks; ``b128`` gives block 128 another one."""
    return [{"block": n, "hash": other.get(f"b{n}", sample.block_hash(n))} for n in blocks]


def later(**changes: Any) -> dict[str, Any]:
    """A report of the same chain, further on."""
    head = {"to_block": 900, "to_block_hash": sample.block_hash(900), "as_of": "2021-02-05T16:00:00Z"}
    told = {"block_hashes": hashes(1, 128, 256, 512, 760, 900), **head, **changes}
    return sample.report(**told)


def test_diff__same_report__finds_nothing(tmp_path: Path) -> None:
    write_facts(tmp_path, sample.report())
    found = diff(tmp_path, tmp_path / "audit.json")

    assert found.changes == ()
    assert found.continuity.verdict == "same"
    assert "nothing else differs" in found.as_text()


def test_diff__two_auditors__shows_whose_findings_differ() -> None:
    mine, common = sample.finding(kind="PAY-2"), sample.finding(kind="VIEW-1")
    found = diff(sample.report(findings=[common]), sample.report(findings=[common, mine], views=1))

    (change,) = found.of("findings")
    assert (change.kind, change.before) == (NEW, None)
    assert change.after["message"] == mine["message"]
    assert change.of.startswith("PAY-2 ")
    assert found.continuity.verdict == "same"
    assert "new PAY-2" in found.as_text()
    assert [change.field for change in found.of("audit")] == ["differences"]
    assert diff(sample.report(findings=[mine]), sample.report()).of("findings")[0].kind == GONE


def test_diff__the_same_finding_twice__is_counted() -> None:
    finding = sample.finding()
    found = diff(sample.report(findings=[finding]), sample.report(findings=[finding, finding]))

    assert [change.kind for change in found.of("findings")] == [NEW]


def test_diff__later_block__shows_what_moved() -> None:
    rows = [sample.holder(101, 460, frozen=10), sample.holder(102, 340, bound=20), sample.holder(104, 200)]
    payments = [
        {**sample.bond()["payments"][0]},
        {**sample.bond()["payments"][1], "status": "funded", "paid": "0.00"},
    ]
    bond = sample.bond(status="in default", register=sample.register(rows), payments=payments)
    cash = {**sample.report()["cash"][0], "issued": "150000000000.00", "balances": []}
    member = {**sample.report()["members"][0], "suspended": True}
    account = {**member["accounts"][0], "standing": "suspended"}
    found = diff(
        later(bonds=[bond], cash=[cash], members=[{**member, "accounts": [account]}], powers=[]),
        sample.report(),
    )

    assert (found.earlier["to_block"], found.later["to_block"]) == (760, 900)
    assert [(c.field, c.before, c.after) for c in found.of("bonds")] == [
        ("status", "outstanding", "in default")
    ]
    holders = {(c.kind, c.of.split()[-1], c.field) for c in found.of("holders")}
    assert (CHANGED, sample.account(101), "now") in holders
    assert (GONE, sample.account(103), "") in holders
    assert (NEW, sample.account(104), "") in holders
    assert {c.field for c in found.of("payments")} == {"status", "paid"}
    assert [c.field for c in found.of("cash")] == ["issued"]
    assert [c.kind for c in found.of("balances")] == [GONE]
    assert [c.field for c in found.of("members")] == ["suspended"]
    assert [c.field for c in found.of("accounts")] == ["standing"]
    assert [(c.kind, c.of) for c in found.of("powers in force")] == [
        (GONE, f"administrator {sample.account(3)}")
    ]
    assert "status outstanding -> in default" in found.as_text()


def test_diff__new_bond__brings_its_holders() -> None:
    other = sample.bond(isin="CND1000BOD14", address=sample.account(9))
    found = diff(sample.report(), later(bonds=[sample.bond(), other]))

    assert [(c.kind, c.of) for c in found.of("bonds")] == [(NEW, "CND1000BOD14")]
    assert [c.kind for c in found.of("holders")] == [NEW] * 3


def test_diff__what_a_chain_tells__moves_no_cursor() -> None:
    found = diff(sample.report(), later(bonds=[sample.bond(name="\x1b[2Jgone")]))

    assert "\x1b" not in found.as_text()
    assert "\\u001b[2Jgone" in found.as_text()


def test_diff__as_json__can_be_written_and_read() -> None:
    found = diff(sample.report(), later(findings=[sample.finding()]))
    told = json.loads(json.dumps(found.as_json()))

    assert told["continuity"] == {"verdict": "prefix", "block": 760}
    assert told["changes"]["findings"][0]["kind"] == "new"
    assert told["later"]["differences"] == 1


@pytest.mark.parametrize(
    ("known", "verdict", "block"),
    [
        (hashes(1, 512, 760, 900), "prefix", 760),
        (hashes(1, 512, 900), "shared", 512),
        (hashes(1, 512, 900, b512="0xbad"), "broken", 512),
        (hashes(1, 760, 900, b760="0xbad"), "broken", 760),
        (hashes(900), "shared", 1),
    ],
)
def test_continuity__by_hashes_that_both_keep__is_told(
    known: list[dict[str, Any]], verdict: str, block: int
) -> None:
    found = diff(sample.report(), later(block_hashes=known)).continuity

    assert (found.verdict, found.block) == (verdict, block)
    assert f"{block:,}" in str(found) or verdict == "prefix"


@pytest.mark.parametrize(
    ("told", "verdict"), [(sample.block_hash(760), "prefix"), ("0xbad", "broken"), (None, "shared")]
)
def test_continuity__with_a_node__is_asked_of_it(told: str | None, verdict: str) -> None:
    asked: list[int] = []

    def hash_of(block: int) -> str | None:
        asked.append(block)
        return told

    found = diff(sample.report(), later(block_hashes=hashes(1, 512, 900)), hash_of=hash_of)

    assert found.continuity.verdict == verdict
    assert asked == [760]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"chain_id": 1}, r"the chain is 31337 .* 1 in that of testnet \(chain 1\)"),
        ({"genesis": "0xother"}, "the first block of the chain is .* 0xother"),
        ({"from_block": 2}, "the first block is 1 .* 2 in"),
        ({"contracts": [{"name": "Authority", "address": "0x99"}]}, "the address of Authority is .* 0x99"),
        ({"genesis": None, "block_hashes": hashes(1, 760, b1="0xbad")}, "the hash of block 1 is .* 0xbad"),
    ],
)
def test_diff__other_chain_or_deployment__is_refused(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError, match=words):
        diff(sample.report(), sample.report(**changes))


def test_diff__list_that_was_cut__is_no_change() -> None:
    uses = [sample.use(block=n, tx_hash=sample.block_hash(n)) for n in range(1, MOST_POWERS + 11)]
    found = diff(sample.report(powers_used=uses[:MOST_POWERS]), later(powers_used=uses[-MOST_POWERS:]))

    assert [(c.kind, c.after["time"]) for c in found.of("powers used")] == [(NEW, uses[0]["time"])] * 10


@pytest.mark.parametrize(
    "damage", [{"bonds": None}, {"block_hashes": [1]}, {"contracts": [{}]}, {"powers_used": [{"block": 1}]}]
)
def test_diff__damaged_report__is_refused(damage: dict[str, Any]) -> None:
    with pytest.raises(InputError, match="damaged"):
        diff(sample.report(), sample.report(**damage))


def test_diff__thousands_of_holders__are_all_compared() -> None:
    rows = sample.crowd()
    moved = [dict(row, now=row["now"] - 1) for row in rows]
    found = diff(
        sample.report(bonds=[sample.bond(register=sample.register(rows))]),
        later(bonds=[sample.bond(register=sample.register(moved))]),
    )

    assert len(found.of("holders")) == 10_000
