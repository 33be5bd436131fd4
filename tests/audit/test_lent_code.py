"""Whether an account was a contract in a block: it can have lent itself code for a part of it (EIP-7702)."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from indenture.audit.calls import Calls
from indenture.chain import Chain
from indenture.errors import NodeRefused

pytestmark = pytest.mark.unit

ACCOUNT = "0x" + "Ab" * 20
BLOCK = 7
NONE, CODE, GONE = "0x", "0xef01", NodeRefused("eth_getCode", -32000, "no such state")


class Node:
    """What one account was, in two blocks and at last, and what it sent in the later one."""

    def __init__(self, codes: dict[str, Any], counts: tuple[int, int] = (4, 4), sent: int = 0) -> None:
        self._codes, self._sent = codes, sent
        self._counts = {"0x6": hex(counts[0]), "0x7": hex(counts[1])}

    def batch(self, calls: list[tuple[str, tuple[str, str]]]) -> list[Any]:
        return [self._answer(method, tag) for method, (_, tag) in calls]

    def request(self, method: str, params: list[Any]) -> Any:
        assert (method, params) == ("eth_getBlockByNumber", ["0x7", True])
        return {"transactions": [{"from": ACCOUNT.lower()}] * self._sent + [{"from": "0x" + "12" * 20}]}

    def _answer(self, method: str, tag: str) -> Any:
        code = self._codes.get(tag, NONE)
        return code if method == "eth_getCode" or code is GONE else self._counts[tag]


@pytest.mark.parametrize(
    ("node", "expected"),
    [
        (Node({"0x7": CODE}), True),
        (Node({"0x6": CODE}), True),
        (Node({"latest": CODE}), False),
        (Node({"0x6": GONE, "0x7": GONE, "latest": CODE}), True),
        (Node({"0x6": GONE, "0x7": GONE}), False),
        (Node({}), False),
        (Node({}, counts=(4, 6), sent=2), False),
        (Node({}, counts=(4, 7), sent=1), True),
    ],
    ids=["after", "before", "later", "now, no archive", "never, no archive", "never", "sent", "lent"],
)
def test_account__by_what_the_node_keeps__is_a_contract_or_not(node: Node, expected: bool) -> None:
    calls = Calls(cast("Chain", SimpleNamespace(rpc=node)))

    assert calls.is_contract(ACCOUNT, BLOCK) is expected
