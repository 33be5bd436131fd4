"""Contract wallets as parties."""

from __future__ import annotations

from indenture.chain import Sender, deploy_call
from indenture.contracts import Suite
from indenture.contracts._base import checksum_address
from indenture.roles._checks import require_one_chain


def deploy_wallet(suite: Suite, sender: Sender, owner: str | None = None) -> str:
    """Deploys an example of a contract wallet.

    Args:
        suite: Names the chain.
        sender: Who pays for it.
        owner: Whose key acts and signs for it; None for the sender's.

    Returns:
        Its address; the depository must admit it as an account before it can hold anything.
    """
    require_one_chain(suite, sender)
    receipt = sender.transact(deploy_call("OwnerWallet", checksum_address(owner or sender.address, "owner")))
    return str(receipt.contract)
