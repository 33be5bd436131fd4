"""Deployments that are nowhere: addresses and blocks, as a deployment file tells them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from indenture.ledger.suite import DELEGATES, SINGLE

FIRST_BLOCK = 5


@dataclass(frozen=True)
class Somewhere:
    address: str
    block: int
    code_hash: str = "0x"


@dataclass(frozen=True)
class SomeSuite:
    contracts: Mapping[str, Somewhere]
    cash: Mapping[str, Somewhere]
    chain_id: int = 31337
    network: str = "test"
    block: int = FIRST_BLOCK


def address(number: int) -> str:
    return f"0x{number:040X}"


def suite(*, shift: int = 0, cash: Mapping[str, int] | None = None, chain_id: int = 31337) -> SomeSuite:
    """A suite whose contracts lie one a block; cash tokens by currency and block."""
    contracts = {
        name: Somewhere(address(0xC0DE00 + shift + i), FIRST_BLOCK + i)
        for i, name in enumerate((*SINGLE, *DELEGATES))
    }
    tokens = {
        code: Somewhere(address(0xCA5400 + i), block)
        for i, (code, block) in enumerate(({"EUR": 40} if cash is None else cash).items())
    }
    return SomeSuite(contracts, tokens, chain_id)
