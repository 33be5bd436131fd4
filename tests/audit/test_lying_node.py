"""A node that lies about one log or one view must be found out."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest
from tests.audit import lying
from tests.audit.stage import UNUSED, Story, key

from indenture.audit import AuditResult, audit
from indenture.chain import Chain, load_abi
from indenture.errors import ChainReorganised, IndentureError
from indenture.ledger.suite import SINGLE, interface_of

pytestmark = pytest.mark.integration

AuditThrough = Callable[[lying.Lie], AuditResult]
Logs = list[dict[str, Any]]

KINDS = (*SINGLE, "CashToken", "Bond")
EVENTS = {topic: event for kind in KINDS for topic, event in interface_of(kind).events.items()}
# What leaves no trace but its log: docs/checks.md says why.
SILENT_WHEN_DROPPED = {"RoleLabel", "NoncesCancelled", "PauseSet", "AccountStandingSet"}


@pytest.fixture(scope="module")
def logs(played: Story) -> Logs:
    deployed = (*played.deployment.contracts.values(), *played.deployment.cash.values())
    addresses = [*(d.address for d in deployed), played.bond]
    query = {"fromBlock": hex(played.deployment.block), "toBlock": "latest", "address": addresses}
    found: Logs = played.chain.rpc.request("eth_getLogs", [query])
    return found


def name_of(log: dict[str, Any]) -> str:
    return EVENTS[log["topics"][0]].name


def pick(logs: Logs, seed: int, fits: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """One log, each kind of event as likely as any other."""
    rng = random.Random(seed)
    fitting = [log for log in logs if fits(log)]
    name = rng.choice(sorted({name_of(log) for log in fitting}))
    return rng.choice([log for log in fitting if name_of(log) == name])


def test_liar__tells_the_truth__finds_nothing(audit_through: AuditThrough) -> None:
    assert audit_through(lying.truth).findings == ()


@pytest.mark.parametrize("seed", range(20))
def test_logs__one_dropped__is_found(seed: int, logs: Logs, audit_through: AuditThrough) -> None:
    log = pick(logs, seed, lambda log: name_of(log) not in SILENT_WHEN_DROPPED)

    result = audit_through(lying.about_log(lying.place_of(log), lambda _: None))

    assert result.differences, name_of(log)
    assert result.findings[0].block >= lying.place_of(log)[0]


# Events without which something stored could not be rebuilt.
STORED = (
    "Approval",
    "PermitUsed",
    "OperationScheduled",
    "OperationExecuted",
    "OperationCanceled",
    "RoleGrantDelayChanged",
    "TargetAdminDelayUpdated",
)


@pytest.mark.parametrize("name", STORED)
def test_logs__each_of_a_kind_dropped__is_found(name: str, logs: Logs, audit_through: AuditThrough) -> None:
    told = [log for log in logs if name_of(log) == name]

    missed = [
        place
        for place in map(lying.place_of, told)
        if not audit_through(lying.about_log(place, lambda _: None)).differences
    ]

    assert told
    assert not missed


def test_logs__unused_bond_dropped__is_found(played: Story, logs: Logs, audit_through: AuditThrough) -> None:
    """Nobody ever spoke of it again; the factory's count does."""
    (log,) = [
        log
        for log in logs
        if name_of(log) == "BondRegistered" and UNUSED in bytes.fromhex(log["topics"][1][2:])
    ]

    result = audit_through(lying.about_log(lying.place_of(log), lambda _: None))

    assert {(f.kind, f.key, f.expected, f.found) for f in result.findings} == {
        ("VIEW-1", "bondCount()", str(known), str(known + 1)) for known in (1, 2, 3)
    }
    assert result.findings[0].contract.endswith(played.at("BondFactory"))


def test_logs__registrar_unmade_by_a_mere_registrar__is_found(
    played: Story, logs: Logs, audit_through: AuditThrough
) -> None:
    """A removal that a registrar did not do is said to be another registrar's act."""
    registrar, removed = played.holders[7].address[2:].lower(), key(52).address[2:].lower()
    *_, log = [
        log for log in logs if name_of(log) == "AccountStandingSet" and log["topics"][2][26:] == removed
    ]

    def another(log: dict[str, Any]) -> dict[str, Any]:
        log["data"] = log["data"][:-40] + registrar
        return log

    result = audit_through(lying.about_log(lying.place_of(log), another))

    assert {f.kind for f in result.findings} == {"MEMBER-2", "AUTH-2"}


# Words of data that are amounts, units, days or times: (event, word).
AMOUNTS = (
    ("Transfer", 0),
    ("CashIssued", 0),
    ("CashRedeemed", 0),
    ("SupplyLimitSet", 1),
    ("TradeSettled", 2),
    ("TradeSettled", 3),
    ("TradeSettled", 4),
    ("TradeSettled", 5),
    ("PaymentAnnounced", 0),
    ("PaymentAnnounced", 1),
    ("PaymentAnnounced", 3),
    ("PaymentAnnounced", 4),
    ("RecordPassed", 0),
    ("RecordPassed", 1),
    ("PaymentFunded", 0),
    ("PaymentFunded", 1),
    ("PaymentFunded", 2),
    ("AmountKept", 0),
    ("AmountCollected", 0),
    ("PaymentCompleted", 0),
    ("Frozen", 0),
    ("ForcedTransfer", 0),
    ("StatutoryPowerUsed", 0),
    ("Approval", 0),
    ("PermitUsed", 0),
    ("OperationScheduled", 1),
    ("OperationScheduled", 2),
    ("OperationScheduled", 5),
    ("RoleGranted", 1),
    ("RoleGrantDelayChanged", 0),
    ("RoleGrantDelayChanged", 1),
    ("TargetAdminDelayUpdated", 1),
    ("MemberAdmitted", 0),
    ("AccountAdmitted", 1),
    ("HoldersPaid", 1),
    ("HoldersPaid", 2),
    ("BondRegistered", 6),
)


@pytest.mark.parametrize(("name", "word"), AMOUNTS)
def test_logs__one_amount_changed__is_found(
    name: str, word: int, logs: Logs, audit_through: AuditThrough
) -> None:
    log = pick(logs, word, lambda log: name_of(log) == name)

    def change(log: dict[str, Any]) -> dict[str, Any]:
        return lying.with_word(log, word, lambda value: value - 1 if value else 1)

    assert audit_through(lying.about_log(lying.place_of(log), change)).differences


@pytest.mark.parametrize("seed", range(8))
def test_logs__two_topics_swapped__is_found(seed: int, logs: Logs, audit_through: AuditThrough) -> None:
    log = pick(logs, seed, lambda log: len(log["topics"]) > 2 and log["topics"][1] != log["topics"][2])

    def swap(log: dict[str, Any]) -> dict[str, Any]:
        log["topics"][1], log["topics"][2] = log["topics"][2], log["topics"][1]
        return log

    assert audit_through(lying.about_log(lying.place_of(log), swap)).differences


def test_logs__unknown_topic__is_found(logs: Logs, audit_through: AuditThrough) -> None:
    log = pick(logs, 1, lambda log: name_of(log) == "BondRedeemed")

    def rename(log: dict[str, Any]) -> dict[str, Any]:
        log["topics"][0] = "0x" + "ab" * 32
        return log

    result = audit_through(lying.about_log(lying.place_of(log), rename))

    (finding,) = [f for f in result.findings if f.kind == "LOG-1"]
    assert finding.tx_hash == log["transactionHash"]
    assert finding.found == "0x" + "ab" * 32


def test_logs__one_twice__is_found(logs: Logs, audit_through: AuditThrough) -> None:
    place = lying.place_of(pick(logs, 2, lambda log: name_of(log) == "CashIssued"))

    def twice(method: str, params: list[Any], result: Any) -> Any:
        return (
            result + [log for log in result if lying.place_of(log) == place]
            if method == "eth_getLogs"
            else result
        )

    assert audit_through(twice).findings[0].kind in ("LOG-3", "CASH-1")


def test_logs__data_cut_short__is_found(logs: Logs, audit_through: AuditThrough) -> None:
    log = pick(logs, 3, lambda log: name_of(log) == "HoldersPaid")

    def cut(log: dict[str, Any]) -> dict[str, Any]:
        log["data"] = log["data"][:-128]
        return log

    assert "LOG-2" in {f.kind for f in audit_through(lying.about_log(lying.place_of(log), cut)).findings}


def test_logs__of_another_block__is_found(logs: Logs, audit_through: AuditThrough) -> None:
    log = pick(logs, 4, lambda log: name_of(log) == "TradeSettled")

    def move(log: dict[str, Any]) -> dict[str, Any]:
        log["blockHash"] = "0x" + "cd" * 32
        return log

    assert audit_through(lying.about_log(lying.place_of(log), move)).findings[0].kind == "LOG-3"


def test_logs__of_a_stranger__is_found(logs: Logs, audit_through: AuditThrough) -> None:
    log = pick(logs, 5, lambda log: name_of(log) == "Frozen")

    def alien(log: dict[str, Any]) -> dict[str, Any]:
        log["address"] = "0x" + "11" * 20
        return log

    findings = audit_through(lying.about_log(lying.place_of(log), alien)).findings
    assert "LOG-3" in {finding.kind for finding in findings}


def test_block__gone_at_the_end__is_found(audit_through: AuditThrough) -> None:
    asked = []

    def forget(method: str, params: list[Any], result: Any) -> Any:
        if method == "eth_getBlockByNumber" and params[0] != "latest":
            asked.append(params)
            return {**result, "hash": "0x" + "ef" * 32}
        return result

    with pytest.raises(ChainReorganised):
        audit_through(forget)


VIEWS = (
    ("Bond", "balanceOf"),
    ("Bond", "entryOf"),
    ("Bond", "book"),
    ("Bond", "unitsAt"),
    ("Bond", "supplyAt"),
    ("Bond", "checkpointAt"),
    ("Bond", "paymentDays"),
    ("Bond", "isPaid"),
    ("Bond", "paidWord"),
    ("Bond", "getFrozenTokens"),
    ("Bond", "totalSupply"),
    ("Bond", "terms"),
    ("Bond", "allowance"),
    ("Bond", "nonces"),
    ("Bond", "getDocument"),
    ("Bond", "getAllDocuments"),
    ("CashToken", "supplyLimit"),
    ("CashToken", "isTrustedSystem"),
    ("CashToken", "allowance"),
    ("CashToken", "nonces"),
    ("MemberRegistry", "wordOf"),
    ("MemberRegistry", "member"),
    ("BusinessCalendar", "yearOf"),
    ("BondFactory", "bondOf"),
    ("BondFactory", "implementation"),
    ("BondFactory", "bondCount"),
    ("Offering", "bookOf"),
    ("Offering", "classesOf"),
    ("Offering", "syndicateOf"),
    ("Offering", "underwriterOf"),
    ("Offering", "takeUpOf"),
    ("Offering", "bidOf"),
    ("Offering", "unitsAt"),
    ("Offering", "additionalOf"),
    ("Offering", "allotmentOf"),
    ("Offering", "depositOf"),
    ("Offering", "offeringOf"),
    ("Offering", "offeringCount"),
    ("Offering", "proofOf"),
    ("Servicing", "payment"),
    ("Servicing", "keptFor"),
    ("Settlement", "nonceWord"),
    ("Authority", "getAccess"),
    ("Authority", "getTargetFunctionRole"),
    ("Authority", "getTargetAdminDelay"),
    ("Authority", "getRoleGrantDelay"),
    ("Authority", "getSchedule"),
    ("Authority", "getNonce"),
    ("BusinessCalendar", "authority"),
)


@pytest.mark.parametrize(("contract", "view"), VIEWS)
def test_views__false_answer__is_found(contract: str, view: str, audit_through: AuditThrough) -> None:
    selector = "0x" + interface_of(contract).function(view).selector.hex()

    result = audit_through(
        lying.about_view(selector, "", lambda answer: answer[:65] + _other(answer[65]) + answer[66:])
    )

    assert result.differences, "no such view was asked for"
    assert {f.kind for f in result.findings} <= {"VIEW-1", "VIEW-2", "SUM-1"}
    assert view in {f.key.partition("(")[0] for f in result.findings}


def test_views__empty_answer__is_found(audit_through: AuditThrough) -> None:
    selector = "0x" + load_abi("Servicing").function("payment").selector.hex()

    result = audit_through(lying.about_view(selector, "", lambda _: "0x"))

    assert {f.kind for f in result.findings} == {"VIEW-2"}


def test_code__another_one__is_found(played: Story, audit_through: AuditThrough) -> None:
    def lie(method: str, params: list[Any], result: Any) -> Any:
        if method == "eth_getCode" and params[0] in (played.bond, played.at("Servicing")):
            return result[:-2] + ("00" if result[-2:] != "00" else "01")
        return result

    assert sorted(f.kind for f in audit_through(lie).findings) == ["CODE-1", "CODE-2", "CODE-3"]


def test_code__another_part_of_the_offering__is_found(played: Story, audit_through: AuditThrough) -> None:
    """Its code, and whether it is the one that runs in the Offering's name."""
    part = played.at("OfferingClearing")

    def lie(method: str, params: list[Any], result: Any) -> Any:
        if method == "eth_getCode" and params[0] == part:
            return result[:-2] + ("00" if result[-2:] != "00" else "01")
        return result

    found = audit_through(lie).findings
    assert [finding.kind for finding in found] == ["CODE-1", "CODE-3"]
    assert all(finding.contract == f"OfferingClearing {part}" for finding in found)


@pytest.mark.parametrize("name", ["Offering", "OfferingPayment", "Bond"])
def test_code__hands_on_to_another__is_found(played: Story, audit_through: AuditThrough, name: str) -> None:
    """The part that runs in the name of the Offering, or of bonds, is the one that was deployed."""
    address = played.deployment.contracts[name].address
    about_next = lying.about_view(
        "0x" + load_abi(name).function("NEXT").selector.hex(),
        "",
        lambda answer: answer[:-1] + _other(answer[-1]),
    )

    def lie(method: str, params: list[Any], result: Any) -> Any:
        asked = method == "eth_call" and params[0]["to"].lower() == address.lower()
        return about_next(method, params, result) if asked else result

    (finding,) = audit_through(lie).findings
    assert (finding.kind, finding.contract, finding.key) == ("CODE-1", f"{name} {address}", "NEXT()")


def _other(digit: str) -> str:
    return "0" if digit != "0" else "1"


def test_error__node_down__is_the_nodes(played: Story) -> None:
    chain = Chain.connect(played.node.url)
    chain.rpc._target = "http://127.0.0.1:9"

    with pytest.raises(IndentureError):
        audit(chain, played.deployment)
