"""All contracts of one deployment."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING

from indenture.chain import Chain, checksum
from indenture.contracts._base import checksum_address as checksum_address
from indenture.contracts.authority import Authority
from indenture.contracts.benchmarks import Benchmarks
from indenture.contracts.bond import Bond
from indenture.contracts.calendar import BusinessCalendar
from indenture.contracts.cash import CashToken
from indenture.contracts.factory import BondFactory
from indenture.contracts.offering import Offering
from indenture.contracts.registry import MemberRegistry
from indenture.contracts.servicing import Servicing
from indenture.contracts.settlement import Settlement
from indenture.errors import DeploymentError, InputError, InvalidAmount
from indenture.identifiers import validate_isin
from indenture.money import Currency, Money

if TYPE_CHECKING:
    from indenture.deployment import Deployment

#: ISO 4217 for «no currency»: a token whose symbol is no currency code.
_NO_CURRENCY = "XXX"


class Suite:
    """All contracts of one deployment, typed.

    Args:
        chain: A node of the deployment's chain.
        deployment: Where everything is.

    Raises:
        DeploymentError: The deployment is of another chain.
    """

    def __init__(self, chain: Chain, deployment: Deployment) -> None:
        if chain.chain_id != deployment.chain_id:
            raise DeploymentError(
                f"the deployment is of chain {deployment.chain_id}, the node is on chain {chain.chain_id}",
                hint="Give the deployment file of this chain, or a node of the other.",
            )
        self.chain = chain
        self.deployment = deployment
        self._bonds: dict[str, Bond] = {}
        self._currencies: dict[str, Currency] = {}
        self._lock = Lock()

    @cached_property
    def authority(self) -> Authority:
        """Who may do what."""
        return Authority(self.chain, self._address("Authority"), self.deployment.block)

    @cached_property
    def registry(self) -> MemberRegistry:
        """Members and their accounts."""
        return MemberRegistry(self.chain, self._address("MemberRegistry"), self.deployment.block)

    @cached_property
    def calendar(self) -> BusinessCalendar:
        """Working days."""
        return BusinessCalendar(self.chain, self._address("BusinessCalendar"), self.deployment.block)

    @cached_property
    def factory(self) -> BondFactory:
        """The list of bonds."""
        return BondFactory(self.chain, self._address("BondFactory"), self.deployment.block)

    @cached_property
    def benchmarks(self) -> Benchmarks:
        """Reference rates, price indices and verified figures."""
        return Benchmarks(self.chain, self._address("Benchmarks"), self.deployment.block)

    @cached_property
    def offering(self) -> Offering:
        """The primary market."""
        return Offering(self.chain, self._address("Offering"), self.deployment.block)

    @cached_property
    def settlement(self) -> Settlement:
        """Delivery versus payment."""
        return Settlement(self.chain, self._address("Settlement"), self.deployment.block)

    @cached_property
    def servicing(self) -> Servicing:
        """Funding and payment."""
        return Servicing(self.chain, self._address("Servicing"), self.deployment.block)

    @property
    def implementation(self) -> str:
        """Address of the code that bonds share."""
        return self._address("Bond")

    @property
    def currencies(self) -> tuple[str, ...]:
        """Codes of the depository's own cash tokens."""
        return tuple(self.deployment.cash)

    def cash(self, code: str | None = None) -> CashToken:
        """A cash token of the depository.

        Args:
            code: Code of its currency; None for the only one.

        Raises:
            InputError: There is none, or there are several.
        """
        if code is None and len(self.deployment.cash) == 1:
            (code,) = self.deployment.cash
        if code is None or code not in self.deployment.cash:
            known = ", ".join(self.deployment.cash) or "none"
            raise InputError(
                f"there is no cash token in {code}" if code else "say which currency is meant",
                hint=f"This depository has: {known}.",
            )
        return CashToken(self.chain, self.deployment.cash[code].address, self.deployment.block)

    def cash_at(self, address: str) -> CashToken:
        """The cash token at an address; any ERC-20 can be a bond's currency."""
        return CashToken(self.chain, address, self.deployment.block)

    def currency_at(self, address: str) -> Currency:
        """The currency of a cash token, from its decimals and its code or symbol; asked for once."""
        address = checksum(address)
        if address not in self._currencies:
            token = self.cash_at(address)
            own = {deployed.address: code for code, deployed in self.deployment.cash.items()}
            decimals = token.decimals
            try:
                currency = Currency(own.get(address) or token.symbol, decimals)
            except InvalidAmount:
                currency = Currency(_NO_CURRENCY, decimals)
            self._currencies[address] = currency
        return self._currencies[address]

    def money(self, cash: str, base: int) -> Money:
        """An amount of the token at an address."""
        return self.currency_at(cash).money_from_base(base)

    def bond(self, isin_or_address: str | Bond) -> Bond:
        """A bond, by ISIN or address; a bond is given back as it is.

        Raises:
            InvalidIdentifier: The text is no ISIN.
            InputError: The depository has no such bond.
        """
        if isinstance(isin_or_address, Bond):
            return isin_or_address
        text = isin_or_address
        if text in self._bonds:
            return self._bonds[text]
        if text.startswith("0x"):
            given = checksum_address(text, "bond")
            address = given if self.factory.is_bond(given) else None
        else:
            address = self.factory.bond_of(validate_isin(text))
        if address is None:
            raise InputError(
                f"there is no bond {text} in this depository",
                hint="Check the ISIN, or register the bond first.",
            )
        with self._lock:
            bond = self._bonds.setdefault(address, self._bond_at(address, self.deployment.block))
        return self._bonds.setdefault(text, bond)

    def bonds(self) -> list[Bond]:
        """Every bond, in the order of registration."""
        found = self.factory.bonds()
        return [
            self._bonds.setdefault(each.address, self._bond_at(each.address, each.block)) for each in found
        ]

    def _bond_at(self, address: str, since: int) -> Bond:
        return Bond(self.chain, address, since, servicing=self.servicing)

    def addresses(self) -> list[str]:
        """Every contract that has events of this depository: the suite, its cash and its bonds."""
        return [*self._suite_addresses(), *(bond.address for bond in self.bonds())]

    def _suite_addresses(self) -> Iterable[str]:
        for deployed in (*self.deployment.contracts.values(), *self.deployment.cash.values()):
            yield deployed.address

    def _address(self, name: str) -> str:
        return self.deployment.contracts[name].address

    def __repr__(self) -> str:
        return f"Suite({self.deployment.network}, chain {self.chain.chain_id})"
