"""A web3 provider on our transport, for whoever wants web3.py itself.

Kept apart, because importing web3 costs most of a second that reading a chain does not need.
"""

from __future__ import annotations

from typing import Any, cast

from web3 import Web3
from web3.providers.base import JSONBaseProvider
from web3.types import RPCEndpoint, RPCResponse

from indenture.chain.rpc import Rpc
from indenture.errors import NodeRefused

_SENDS = ("eth_send", "evm_", "anvil_", "personal_", "admin_", "miner_")


class RpcProvider(JSONBaseProvider):
    """Hands requests to an ``Rpc``; only reads are ever repeated."""

    def __init__(self, rpc: Rpc) -> None:
        super().__init__()
        self._rpc = rpc

    def make_request(self, method: RPCEndpoint, params: Any) -> RPCResponse:
        """Makes one call."""
        # web3 leaves HexBytes and AttributeDicts in the parameters; its own encoder knows them.
        plain = self.decode_rpc_response(self.encode_rpc_request(method, params))
        arguments = cast("dict[str, Any]", plain)["params"]
        answer: dict[str, Any] = {"jsonrpc": "2.0", "id": 1}
        try:
            answer["result"] = self._rpc.request(method, arguments, resend=not method.startswith(_SENDS))
        except NodeRefused as refused:
            answer["error"] = {"code": refused.code, "message": refused.reason, "data": refused.data}
        return cast("RPCResponse", answer)

    def is_connected(self, show_traceback: bool = False) -> bool:  # noqa: FBT001, FBT002 (of the base)
        """Whether the node answers."""
        try:
            return bool(self._rpc.request("web3_clientVersion"))
        except Exception:
            if show_traceback:
                raise
            return False


def web3_on(rpc: Rpc) -> Web3:
    """A Web3 that uses the given transport."""
    return Web3(RpcProvider(rpc))
