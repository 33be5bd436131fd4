"""A node that lies in its proofs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from tests.audit.lying import LyingNode
from tests.audit.prove.worlds import Rebuilt

from indenture.audit.findings import Finding
from indenture.chain import Chain

pytestmark = pytest.mark.integration


@pytest.fixture
def liar(played_world: Rebuilt) -> Iterator[LyingNode]:
    with LyingNode(played_world.node.url) as node:
        yield node


def prove_through(liar: LyingNode, rebuilt: Rebuilt, lie: Callable[[Any], Any]) -> list[Finding]:
    """Proves the story; each answer about accounts passes through the lie."""
    liar.lie = lambda method, _, result: lie(result) if method == "eth_getProof" else result
    _, findings = rebuilt.prove(Chain.connect(liar.url))
    assert liar.told
    return findings


def changed(node: str, at: int) -> str:
    """A hex digit, counted from the end where negative, made another."""
    at %= len(node)
    return node[:at] + f"{int(node[at], 16) ^ 1:x}" + node[at + 1 :]


@pytest.mark.parametrize("node", [0, -1])
@pytest.mark.parametrize("digit", [10, -1, 40])
def test_account_proof__with_another_digit__is_found(
    liar: LyingNode, played_world: Rebuilt, node: int, digit: int
) -> None:
    def lie(answer: dict[str, Any]) -> dict[str, Any]:
        answer["accountProof"][node] = changed(answer["accountProof"][node], digit)
        return answer

    findings = prove_through(liar, played_world, lie)

    assert {f.kind for f in findings} == {"PROVE-5"}
    assert {f.message for f in findings} == {"what the node gives as its proof proves nothing"}
    assert len(findings) >= len(played_world.world.suite.targets)


def test_account_proof__of_another_account__is_found(liar: LyingNode, played_world: Rebuilt) -> None:
    chain = Chain.connect(played_world.node.url)
    other = next(iter(played_world.world.suite.targets))
    proof = chain.rpc.request("eth_getProof", [other, [], "latest"])["accountProof"]

    findings = prove_through(liar, played_world, lambda answer: {**answer, "accountProof": proof})

    assert {f.kind for f in findings} <= {"PROVE-5", "PROVE-6"}
    assert {f.contract.rpartition(" ")[2] for f in findings} >= played_world.world.suite.targets.keys() - {
        other
    }


def test_account_proof__of_an_earlier_state__is_found(liar: LyingNode, played_world: Rebuilt) -> None:
    chain = Chain.connect(played_world.node.url)
    cash = next(iter(played_world.world.cash))
    earlier = hex(chain.block_stamp().number - 150)
    proof = chain.rpc.request("eth_getProof", [cash, [], earlier])["accountProof"]

    findings = prove_through(liar, played_world, lambda answer: {**answer, "accountProof": proof})

    assert len(findings) >= len(played_world.world.suite.targets)


@pytest.mark.parametrize("part", ["address", "balance", "codeHash", "nonce", "storageHash"])
def test_answer__false_beside_the_proof__is_told(liar: LyingNode, played_world: Rebuilt, part: str) -> None:
    """It changes nothing that is proved: code and storage are compared all the same."""
    findings = prove_through(liar, played_world, lambda answer: {**answer, part: "0x" + "11" * 32})

    assert {f.key for f in findings} == {f"{part} beside the proof"}
    assert {f.message for f in findings} == {
        "what the node says beside its proof is not what the proof shows"
    }


@pytest.mark.parametrize("part", ["key", "value"])
def test_slot__false_beside_the_proof__is_told(liar: LyingNode, played_world: Rebuilt, part: str) -> None:
    def lie(answer: dict[str, Any]) -> dict[str, Any]:
        for each in answer["storageProof"][:1]:
            each[part] = "0x1"
        return answer

    (finding,) = prove_through(liar, played_world, lie)

    assert finding.contract.startswith("Servicing ")
    assert finding.key.endswith("beside the proof")
    assert finding.found == "0x1"


@pytest.mark.parametrize(
    "lie",
    [
        lambda _: None,
        lambda _: "0x",
        lambda _: [],
        lambda answer: {**answer, "accountProof": None},
        lambda answer: {**answer, "accountProof": []},
        lambda answer: {**answer, "accountProof": ["0x"]},
        lambda answer: {**answer, "accountProof": [7]},
        lambda answer: {**answer, "accountProof": ["0xzz"]},
        lambda answer: {**answer, "accountProof": answer["accountProof"][:-1]},
        lambda answer: {**answer, "storageProof": {}},
        lambda answer: {**answer, "storageProof": [{}]},
    ],
)
def test_answer__malformed__is_a_finding_and_no_crash(
    liar: LyingNode, played_world: Rebuilt, lie: Callable[[Any], Any]
) -> None:
    findings = prove_through(liar, played_world, lie)

    assert findings
    assert {f.kind for f in findings} == {"PROVE-5"}


def test_slot_proof__with_another_digit__is_found(liar: LyingNode, played_world: Rebuilt) -> None:
    """Only what a unit is paid is asked for slot by slot."""

    def lie(answer: dict[str, Any]) -> dict[str, Any]:
        for each in answer["storageProof"]:
            each["proof"][-1] = changed(each["proof"][-1], -1)
        return answer

    (finding,) = prove_through(liar, played_world, lie)

    assert finding.kind == "PROVE-5"
    assert finding.contract.startswith("Servicing ")
    assert finding.message == "what the node gives as its proof proves nothing"


def test_slot_proof__of_another_slot__is_found(liar: LyingNode, played_world: Rebuilt) -> None:
    def lie(answer: dict[str, Any]) -> dict[str, Any]:
        answer["storageProof"].reverse()
        return answer

    findings = prove_through(liar, played_world, lie)

    assert findings
    assert {f.contract.partition(" ")[0] for f in findings} == {"Servicing"}


def test_hints__that_lie__change_nothing(liar: LyingNode, played_world: Rebuilt) -> None:
    """Zeros that are none, and slots that are none: what is proved is proved all the same."""
    liar.lie = lambda method, _, result: "0x1f8b" if method == "anvil_dumpState" else result

    counts, findings = played_world.prove(Chain.connect(liar.url))

    assert {f.key for f in findings} == {"storage root"}
    assert counts.slots > 300


def test_name__that_is_told_falsely__is_found(liar: LyingNode, played_world: Rebuilt) -> None:
    """No event tells the name of a token: its code does, and what is stored must be just that."""
    told, false = b"Tokenised Yuan".hex(), b"Tokenised Yuen".hex()

    def lie(method: str, _: list[Any], result: Any) -> Any:
        return result.replace(told, false) if method == "eth_call" else result

    liar.lie = lie
    _, (finding,) = played_world.prove(Chain.connect(liar.url))

    assert (finding.key, liar.told) == ("_name", 1)
