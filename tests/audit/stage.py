"""Who acts in the auditor's story, on which node, and how a call, a signature and a day are made."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from eth_account import Account
from eth_account.messages import encode_typed_data
from eth_account.signers.local import LocalAccount
from eth_utils.crypto import keccak

from indenture.chain import (
    AnvilNode,
    Chain,
    ContractCall,
    Receipt,
    Sender,
    load_abi,
)
from indenture.deployment import Deployment, DeployParameters, deploy

PARAMETERS = Path(__file__).parents[2] / "scripts" / "params" / "local.yaml"

START = datetime(2019, 12, 2, 1, tzinfo=UTC)
FOREVER = 2**40 - 1
UNDERWRITERS = (0, 1, 2, 3)
ETHER = 10**18
HOLDER, ISSUER, BOOKRUNNER, UNDERWRITER, PAYING_AGENT, REGISTRAR = 1, 2, 4, 8, 16, 256
BANK, FUND = 1, 3
FACE = 10_007
ISIN = b"CND1000BOC15"
MIXED_ISIN = b"CND1000BOE13"
FIXED_ISIN = b"CND1000BOF12"
UNUSED = b"CND1000BOD14"
INTERFACES = {"Offering": "IOffering", "Servicing": "IServicing"}


def key(number: int) -> LocalAccount:
    """A key of the story."""
    account: LocalAccount = Account.from_key(keccak(f"indenture audit {number}".encode()))
    return account


def lei(number: int) -> bytes:
    """A valid LEI."""
    body = f"5493{number:014d}"
    digits = int("".join(str(int(letter, 36)) for letter in body + "00"))
    return f"{body}{98 - digits % 97:02d}".encode()


def instant(text: str) -> int:
    """Unix time of an ISO time in China."""
    return int(datetime.fromisoformat(text + "+08:00").timestamp())


@dataclass
class Story:
    """The node, who acts on it, and where everything is."""

    node: AnvilNode
    chain: Chain
    deployment: Deployment
    operator: Sender
    issuer: Sender
    bookrunner: Sender
    payer: Sender
    outsider: Sender
    holders: list[Sender]
    bond: str = ""
    wallet: str = ""
    terms: dict[str, Any] = field(default_factory=dict)
    mixed_isin: bytes = MIXED_ISIN
    fixed_isin: bytes = FIXED_ISIN
    uniform: int = 0
    mixed: int = 0
    tap: int = 0
    tap_market: Any = None
    nonces: dict[str, int] = field(default_factory=dict)

    def at(self, name: str) -> str:
        if name == "Bond":
            return self.bond
        found = self.deployment.cash if name == "CashToken" else self.deployment.contracts
        return found["CNY" if name == "CashToken" else name].address

    def call(self, contract: str, function: str, *args: Any) -> ContractCall:
        entry = load_abi(INTERFACES.get(contract, contract)).function(function, len(args))
        return ContractCall(self.at(contract), entry.encode(args), entry, args)

    def do(self, who: Sender, contract: str, function: str, *args: Any) -> Receipt:
        return who.transact(self.call(contract, function, *args))

    def read(self, contract: str, function: str, *args: Any) -> Any:
        return self.chain.call(self.call(contract, function, *args))

    def travel(self, text: str) -> None:
        """Mines a block at a time of China."""
        self.node.time.mine(at=instant(text))

    def sign(self, signer: Sender, trade: dict[str, Any], function: str = "settle") -> bytes:
        """A trade as it is signed for a function of the Settlement."""
        (argument, *_) = load_abi("Settlement").function(function).inputs
        name = str(argument["internalType"]).rpartition(".")[2]
        fields = [{"name": part["name"], "type": part["type"]} for part in argument["components"]]
        typed = {
            "types": {
                "EIP712Domain": [
                    {"name": "name", "type": "string"},
                    {"name": "version", "type": "string"},
                    {"name": "chainId", "type": "uint256"},
                    {"name": "verifyingContract", "type": "address"},
                ],
                name: fields,
            },
            "primaryType": name,
            "domain": {
                "name": "Indenture Settlement",
                "version": "1",
                "chainId": self.chain.chain_id,
                "verifyingContract": self.at("Settlement"),
            },
            "message": {field["name"]: trade[field["name"]] for field in fields},
        }
        return bytes(signer.account.sign_message(encode_typed_data(full_message=typed)).signature)

    def trade(
        self,
        seller: Sender,
        buyer: Sender,
        units: int,
        amount: int,
        *,
        as_seller: str = "",
        as_buyer: str = "",
    ) -> Receipt:
        """A trade, settled by a stranger to it; a wallet may stand for its owner."""
        sides = (as_seller or seller.address, as_buyer or buyer.address)
        first, second = (self.next_nonce(side) for side in sides)
        trade = {
            "bond": self.bond,
            "cash": self.at("CashToken"),
            "seller": sides[0],
            "buyer": sides[1],
            "units": units,
            "amount": amount,
            "validFrom": 0,
            "deadline": FOREVER,
            "sellerNonce": first,
            "buyerNonce": second,
        }
        signatures = (self.sign(seller, trade), self.sign(buyer, trade))
        return self.do(self.outsider, "Settlement", "settle", trade, *signatures)

    def next_nonce(self, account: str) -> int:
        """A number that an account has not used yet."""
        self.nonces[account] = self.nonces.get(account, 250) + 1
        return self.nonces[account]


def begin(node: AnvilNode) -> Story:
    """Deploys, and admits everybody."""
    chain = node.connect()
    keys = [key(i) for i in range(18)]
    node.time.set_balances({k.address: 100 * ETHER for k in keys})
    senders = [Sender(chain, k) for k in keys]
    deployment = deploy(senders[0], DeployParameters.load(PARAMETERS))
    operator, issuer, bookrunner, payer, outsider, *holders = senders
    story = Story(node, chain, deployment, operator, issuer, bookrunner, payer, outsider, holders)
    members = [
        (1, story.issuer, ISSUER | HOLDER),
        (2, story.bookrunner, BOOKRUNNER),
        (3, story.payer, PAYING_AGENT),
    ]
    members += [
        (10 + i, holder, HOLDER | (UNDERWRITER if i in UNDERWRITERS else 0))
        for i, holder in enumerate(story.holders)
    ]
    admissions = [(lei(n), BANK, b"CN", who.address, roles, FOREVER) for n, who, roles in members]
    story.do(story.operator, "MemberRegistry", "admitMembers", admissions)
    return story
