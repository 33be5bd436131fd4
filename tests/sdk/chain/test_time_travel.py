"""Going back in time, and what a private node must have forgotten then."""

from __future__ import annotations

import pytest

from indenture.chain import AnvilNode

pytestmark = pytest.mark.integration

NOBODY = "0x" + "12" * 20


def test_revert__transaction_waits__is_dropped() -> None:
    """Else it would count in every estimate after, and be mined with the next block."""
    with AnvilNode(mining=False) as node:
        rpc = node.connect().rpc
        snapshot = node.time.snapshot()
        payment = {"from": node.account().address, "to": NOBODY, "value": "0x1"}
        rpc.request("eth_sendTransaction", [payment], resend=False)

        node.time.revert(snapshot)
        node.time.mine()

        assert int(rpc.request("eth_getBalance", [NOBODY, "latest"]), 16) == 0
