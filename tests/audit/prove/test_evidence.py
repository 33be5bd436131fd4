"""Blocks that a malicious node has bent anywhere: a fault, or the truth; never an error, never a lie."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.audit.prove.bare import LOUD, Bare
from tests.proof.malice import BAD

from indenture.audit.prove.evidence import Evidence, Watched, begin, complete
from indenture.proof import ProofFault, header_of, verify_account

pytestmark = pytest.mark.integration

SETTINGS = settings(
    deadline=None, max_examples=250, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture(scope="module")
def told(bare: Bare) -> dict[str, Any]:
    """A block and its receipts, as the node gives them."""
    block, receipts = bare.chain.rpc.batch(
        [("eth_getBlockByNumber", (hex(LOUD), True)), ("eth_getBlockReceipts", (hex(LOUD),))]
    )
    return {"block": block, "receipts": receipts}


@pytest.fixture(scope="module")
def watched(bare: Bare) -> Watched:
    return Watched({bare.deployment.cash["CNY"].address: 1})


def examine(told: dict[str, Any], watched: Watched) -> Evidence:
    found = begin(LOUD, told["block"])
    if found.header is not None:
        transactions = told["block"].get("transactions")
        complete(found, told["receipts"], transactions if isinstance(transactions, list) else [], watched)
    return found


def bend(data: st.DataObject, thing: Any) -> Any:
    """Somewhere inside, something else; or a part left out, doubled or moved."""
    if isinstance(thing, dict | list) and thing and data.draw(st.integers(0, 9)):
        bent = copy.copy(thing)
        place = data.draw(st.sampled_from(sorted(thing) if isinstance(thing, dict) else range(len(thing))))
        bent[place] = bend(data, thing[place])
        return bent
    if isinstance(thing, list) and data.draw(st.booleans()):
        return data.draw(st.sampled_from([thing[1:], thing + thing[:1], thing[::-1]]))
    return data.draw(BAD)


@SETTINGS
@given(data=st.data())
def test_evidence__bent_anywhere__a_fault_or_the_truth(
    told: dict[str, Any], watched: Watched, data: st.DataObject
) -> None:
    truth = examine(told, watched)
    assert truth.faults == []
    assert truth.logs is not None

    part = data.draw(st.sampled_from(["block", "receipts"]))
    found = examine(told | {part: bend(data, told[part])}, watched)

    if not found.faults:
        assert found.header == truth.header
        assert found.logs == truth.logs
        assert found.receipts == truth.receipts
        assert found.signed.keys() == truth.signed.keys()
        assert [raw["from"].lower() for raw in found.signed.values()] == [
            raw["from"] for raw in truth.signed.values()
        ]


@pytest.fixture(scope="module")
def proved(bare: Bare) -> tuple[bytes, str, Any]:
    """A state root, an address, and the proof of its account."""
    address = bare.deployment.cash["CNY"].address
    block, proof = bare.chain.rpc.batch(
        [("eth_getBlockByNumber", ("latest", False)), ("eth_getProof", (address, [], "latest"))]
    )
    return header_of(block).state_root, address, proof["accountProof"]


@SETTINGS
@given(data=st.data())
def test_account__proof_bent_anywhere__a_fault_or_the_truth(
    proved: tuple[bytes, str, Any], data: st.DataObject
) -> None:
    root, address, proof = proved
    truth = verify_account(root, address, proof)

    try:
        found = verify_account(root, address, bend(data, proof))
    except ProofFault:
        return

    assert found == truth
