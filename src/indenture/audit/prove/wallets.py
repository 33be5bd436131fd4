"""Accounts that are said to be contracts, whose signatures are their own affair: each must have code."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from indenture.audit.prove.proofs import Wanted, ask_proofs
from indenture.chain import Chain
from indenture.proof import Header, ProofFault
from indenture.proof.accounts import EMPTY_CODE

_ROUND = 200


def prove_wallets(
    chain: Chain, header: Header, contracts: Mapping[str, int]
) -> Iterator[tuple[str, int, ProofFault]]:
    """What does not hold of accounts that checks took for contracts.

    Code hardly goes, but where an account had lent itself some (EIP-7702), and that raises its nonce: who has
    no code and no nonce at the last block was no contract when it signed.

    Args:
        chain: The node.
        header: Of the last block.
        contracts: The accounts, each with the block of its first signature.

    Yields:
        The account, that block, and the fault.

    Raises:
        NoProofs: The node does not prove what accounts hold at that block.
    """
    addresses = sorted(contracts)
    for start in range(0, len(addresses), _ROUND):
        part = addresses[start : start + _ROUND]
        for address, proved in zip(part, ask_proofs(chain, header, [Wanted(a) for a in part]), strict=True):
            if isinstance(proved, ProofFault):
                yield address, contracts[address], proved
            elif proved.account.code_hash == EMPTY_CODE and not proved.account.nonce:
                fault = ProofFault(f"the code of {address}", "code", "none")
                yield address, contracts[address], fault
