"""One transaction of one sender: signed here, so that its hash is known before it leaves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from eth_account.signers.local import LocalAccount

from indenture.chain.contract import ContractCall
from indenture.chain.fees import Fees


@dataclass(frozen=True, slots=True)
class Signed:
    """Signed bytes and what they were made of."""

    nonce: int
    gas: int
    fees: Fees
    raw: str
    tx_hash: str


def sign(
    account: LocalAccount, chain_id: int, call: ContractCall, nonce: int, gas: int, fees: Fees
) -> Signed:
    """Signs a call as a transaction."""
    fields: dict[str, Any] = {
        "chainId": chain_id,
        "nonce": nonce,
        "gas": gas,
        "value": call.value,
        "data": call.data,
        **fees.fields(),
    }
    if call.to is not None:
        fields["to"] = call.to
    signed = account.sign_transaction(fields)
    return Signed(
        nonce=nonce,
        gas=gas,
        fees=fees,
        raw="0x" + bytes(signed.raw_transaction).hex(),
        tx_hash="0x" + bytes(signed.hash).hex(),
    )
