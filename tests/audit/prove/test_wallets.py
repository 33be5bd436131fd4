"""Accounts that a node takes for contracts, so that nobody looks at their signatures."""

from __future__ import annotations

import pytest
from tests.audit.lying import Lies, LyingNode
from tests.audit.prove.bare import LOUD, Bare

from indenture.audit.calls import Calls
from indenture.audit.prove.wallets import prove_wallets
from indenture.chain import Chain
from indenture.proof import header_of

pytestmark = pytest.mark.integration

UNUSED = "0x" + "ab" * 20


def test_prove_wallets__a_key_said_to_be_a_contract__fault(bare: Bare, bare_liar: LyingNode) -> None:
    contract = bare.deployment.cash["CNY"].address
    key, other = UNUSED, bare.chain.rpc.request("eth_accounts")[0]
    bare_liar.lie = Lies({"eth_getCode": lambda params, code: "0x00" if params[0] == key else code})
    calls = Calls(Chain.connect(bare_liar.url))
    header = header_of(bare.chain.rpc.request("eth_getBlockByNumber", ["latest", False]))

    taken = [calls.is_contract(account, LOUD) for account in (contract, key, other)]
    ((address, block, fault),) = prove_wallets(bare.chain, header, calls.contracts())

    assert taken == [True, True, False]
    assert (address, block, fault.found) == (key, LOUD, "none")


def test_prove_wallets__a_key_that_was_used__may_have_lent_itself_code(
    bare: Bare, bare_liar: LyingNode
) -> None:
    used = bare.chain.rpc.request("eth_accounts")[0]
    header = header_of(bare.chain.rpc.request("eth_getBlockByNumber", ["latest", False]))

    assert int(bare.chain.rpc.request("eth_getTransactionCount", [used, "latest"]), 16) > 0
    assert list(prove_wallets(Chain.connect(bare_liar.url), header, {used: LOUD})) == []
