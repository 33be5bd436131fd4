"""Who acts: a key, or a contract wallet that the key owns."""

from __future__ import annotations

from indenture.chain import ContractCall, Receipt, Sender
from indenture.contracts import Bond, OwnerWallet, Suite
from indenture.contracts._base import checksum_address
from indenture.errors import MembershipRefused
from indenture.roles._checks import require_one_chain
from indenture.roles.bond_figures import BondFigures


class Party:
    """A party of the market.

    Args:
        suite: The contracts.
        sender: The key that sends and signs.
        wallet: Address of a contract wallet that the key owns; it is the party then, not the key.
    """

    def __init__(self, suite: Suite, sender: Sender, wallet: str | None = None) -> None:
        require_one_chain(suite, sender)
        self.suite = suite
        self.sender = sender
        self.wallet = OwnerWallet(suite.chain, checksum_address(wallet, "wallet")) if wallet else None

    @property
    def account(self) -> str:
        """Its address: the wallet's, or else the key's own."""
        return self.wallet.address if self.wallet else self.sender.address

    def wrapped(self, call: ContractCall) -> ContractCall:
        """The call as the key sends it.

        Raises:
            MembershipRefused: The key does not own the wallet.
        """
        if self.wallet is None:
            return call
        if self.wallet.owner() != self.sender.address:
            raise MembershipRefused(
                "WalletCallerRefused",
                {"caller": self.sender.address},
                message=f"{self.sender.address} does not own the wallet {self.wallet.address}",
                hint="Use the owner's key.",
                contract=self.wallet.address,
            )
        return self.wallet.execute(call)

    def transact(self, call: ContractCall) -> Receipt:
        """Sends a call as this party, and waits until it is mined."""
        return self.sender.transact(self.wrapped(call))


class PartyClient:
    """A client of a party of the market.

    Args:
        suite: The contracts.
        sender: The key that sends and signs.
        wallet: Address of a contract wallet (``OwnerWallet``) that the key owns; it is the party then, not
            the key.
    """

    def __init__(self, suite: Suite, sender: Sender, *, wallet: str | None = None) -> None:
        self._party = Party(suite, sender, wallet)
        self.suite = suite
        self.sender = sender
        self.wallet = self._party.wallet

    @property
    def account(self) -> str:
        """The party: the wallet, or else the key's own address."""
        return self._party.account

    def figures(self, bond: Bond | str) -> BondFigures:
        """What a bond pays and is worth, and what became of it."""
        return BondFigures(self.suite, bond)
