"""The chain layer: reading, sending, a private node, and errors in words."""

from indenture.chain.abi import Abi
from indenture.chain.answers import octets, quantity
from indenture.chain.artifacts import Artifact, deploy_call
from indenture.chain.artifacts import abi as load_abi
from indenture.chain.artifacts import load as load_artifact
from indenture.chain.client import BlockLike, BlockStamp, Chain
from indenture.chain.contract import Contract, ContractCall, DecodedEvent, Log, Receipt, decode_log, encode
from indenture.chain.keys import create_keystore, load_account, open_keystore, read_passphrase
from indenture.chain.node import AnvilNode, find_anvil
from indenture.chain.nonces import Nonces
from indenture.chain.pending import Pending
from indenture.chain.reverts import decode_revert
from indenture.chain.rpc import Rpc
from indenture.chain.sender import Sender, send_all, send_each
from indenture.chain.time_travel import TimeTravel
from indenture.chain.words import checksum

__all__ = [
    "Abi",
    "AnvilNode",
    "Artifact",
    "BlockLike",
    "BlockStamp",
    "Chain",
    "Contract",
    "ContractCall",
    "DecodedEvent",
    "Log",
    "Nonces",
    "Pending",
    "Receipt",
    "Rpc",
    "Sender",
    "TimeTravel",
    "checksum",
    "create_keystore",
    "decode_log",
    "decode_revert",
    "deploy_call",
    "encode",
    "find_anvil",
    "load_abi",
    "load_account",
    "load_artifact",
    "octets",
    "open_keystore",
    "quantity",
    "read_passphrase",
    "send_all",
    "send_each",
]
