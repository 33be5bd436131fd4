"""The same acts on OpenZeppelin's ERC-20, with no rule about who may hold it."""

from __future__ import annotations

import json

from bench.stage import ROOT, Stage, address_of
from indenture.chain import Abi, Contract, ContractCall

Gas = dict[str, int]

ARTEFACT = ROOT / "build" / "artifacts" / "PlainToken.json"


def measure(stage: Stage) -> Gas:
    """Deploys a plain ERC-20 and moves it."""
    raw = json.loads(ARTEFACT.read_text("utf-8"))
    abi = Abi("PlainToken", raw["abi"])
    code = bytes.fromhex(raw["bytecode"].removeprefix("0x"))
    holder, receiver = stage.holders(2)
    with stage.undone():
        receipt = stage.sender("depository").transact(ContractCall(None, code))
        token = Contract(stage.chain, str(receipt.contract), abi)
        gas: Gas = {"deploy": receipt.gas_used}
        for key in ("first", "new", "existing"):
            to = receiver.address if key == "first" else holder.address
            gas[f"mint: {key} holder"] = stage.gas("depository", token.call("mint", to, 200))
        for key, to in (("new", address_of("plain holder")), ("existing", receiver.address)):
            gas[f"transfer: {key} holder"] = stage.gas(holder, token.call("transfer", to, 10))
        gas["size"] = len(stage.chain.code(token.address))
    return gas
