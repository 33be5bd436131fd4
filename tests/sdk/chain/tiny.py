"""Contracts of a few bytes, assembled by hand, so that the chain layer is tested without a compiler."""

from __future__ import annotations

from eth_utils.crypto import keccak

from indenture.chain import Abi, Contract, ContractCall, Sender
from indenture.chain.abi import AbiError

# calldatacopy, then revert or return all of it
REVERTER = "365f5f37365ffd"
ECHO = "365f5f37365ff3"
# invalid opcode: eats all gas
BURNER = "fe"
# sstore(0, x) if x = sload(0) + 1, else revert
STEPPER = "5f35805f5460010114600f575f5ffd5b5f5500"
# log1(topic of Ticked(uint256), calldata)
TICKED = "Ticked(uint256)"
TICKER = "365f5f37" + "7f" + keccak(text=TICKED).hex() + "365fa100"

TICKER_ABI = [
    {"type": "event", "name": "Ticked", "inputs": [{"name": "count", "type": "uint256", "indexed": False}]}
]


def creation(runtime: str) -> bytes:
    """Creation code that leaves the runtime code behind."""
    size = len(runtime) // 2
    return bytes.fromhex(f"60{size:02x}600c60003960{size:02x}6000f3" + runtime)


def deploy(sender: Sender, runtime: str) -> str:
    """Deploys; the address."""
    address = sender.transact(ContractCall(None, creation(runtime))).contract
    assert address is not None
    return address


def word(number: int) -> bytes:
    return number.to_bytes(32, "big")


def error_data(name: str, types: list[tuple[str, str]], *args: object) -> bytes:
    """Revert data of a custom error."""
    error = AbiError(name, tuple({"name": n, "type": t} for n, t in types))
    return error.selector + error.codec.encode(args)


def ticker(sender: Sender) -> Contract:
    return Contract(sender.chain, deploy(sender, TICKER), Abi("Ticker", TICKER_ABI))
