"""The factory of bonds."""

from __future__ import annotations

from dataclasses import dataclass

from indenture.chain import BlockLike, ContractCall
from indenture.contracts._base import NOBODY, SuiteContract
from indenture.contracts.bond_terms import BondTerms
from indenture.identifiers import Isin, Lei, isin_from_bytes, isin_to_bytes, lei_from_bytes


@dataclass(frozen=True, slots=True)
class RegisteredBond:
    """A bond of the list.

    Attributes:
        isin: Its ISIN.
        address: Its address.
        issuer: LEI of the issuer.
        block: Where it was registered.
        terms: Its terms, as registered.
    """

    isin: Isin
    address: str
    issuer: Lei
    block: int
    terms: BondTerms


class BondFactory(SuiteContract):
    """Registers bonds, and keeps the list by ISIN."""

    NAME = "BondFactory"

    def bond_of(self, isin: Isin, *, block: BlockLike = None) -> str | None:
        """Address of a bond; None when there is none with this ISIN."""
        address = str(self.read("bondOf", isin_to_bytes(isin), block=block))
        return None if address == NOBODY else address

    def is_bond(self, address: str, *, block: BlockLike = None) -> bool:
        """Whether an address is a bond that this factory registered."""
        return bool(self.read("isBond", address, block=block))

    def implementation(self, *, block: BlockLike = None) -> str | None:
        """The code of new bonds; None while there is none."""
        address = str(self.read("implementation", block=block))
        return None if address == NOBODY else address

    def bonds(self, *, to: int | None = None) -> list[RegisteredBond]:
        """Every bond, in the order of registration."""
        return [
            RegisteredBond(
                isin=isin_from_bytes(event["isin"]),
                address=event["bond"],
                issuer=lei_from_bytes(event["issuer"]),
                block=event.block_number,
                terms=BondTerms.of(event["terms"], event["provisions"], event["rights"]),
            )
            for event in self.events("BondRegistered", to=to)
        ]

    def register(self, terms: BondTerms) -> ContractCall:
        """Registers a bond."""
        return self.call("register", terms.encode(), terms.encode_provisions(), terms.encode_rights())

    def set_implementation(self, implementation: str) -> ContractCall:
        """Sets the code of new bonds."""
        return self.call("setImplementation", implementation)
