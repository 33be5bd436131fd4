"""What a case says: who takes part, and what happens, in order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

from pydantic import Field

from indenture.identifiers import Lei, lei_from_prefix
from indenture.membership import MemberClass, Role
from indenture.money import Currency
from indenture.play.acts.base import Act
from indenture.play.fields import (
    Amount,
    Block,
    ClassField,
    Country,
    LeiPrefix,
    LeiText,
    Name,
    RoleField,
    Selector,
    Text,
    Whole,
)

_LEI_BODY = 18


class Wallet(StrEnum):
    """What an account is on chain."""

    KEY = "key"
    """An account with a private key."""
    CONTRACT = "contract"
    """A wallet contract that signs by ERC-1271; its owner's key acts for it, as an investor."""


class CashBlock(Block):
    """A currency of the case: tokenised money that the cash issuer answers for.

    Attributes:
        issuer: Who issues it.
        limit: The most that may be outstanding.
    """

    code: Text
    name: Text
    symbol: Text
    decimals: Annotated[int, Field(ge=0, le=18)]
    issuer: Selector
    limit: Amount

    @property
    def currency(self) -> Currency:
        """The currency."""
        return Currency(self.code, self.decimals)


class DepositoryBlock(Block):
    """The depository, which deploys the suite and keeps the register of members."""

    name: Text
    lei: LeiText
    jurisdiction: Country


class MemberBlock(Block):
    """One member, or several of a kind.

    Attributes:
        count: How many; each then gets a number: ``bank-01``, ``bank-02``.
        name: Name; of several, the beginning of it.
        lei: LEI of one member; or
        lei_prefix: Beginning of the LEIs of several (or of one that is made up), completed with zeros, the
            number and right check digits.
        group: A further name for acts to speak of them, shared with other blocks.
        accounts: Names of the accounts of each.
        wallet: What the accounts are on chain.
    """

    count: Whole | None = None
    name: Text
    lei: LeiText | None = None
    lei_prefix: LeiPrefix | None = None
    class_: ClassField = Field(alias="class")
    jurisdiction: Country
    roles: tuple[RoleField, ...]
    group: Name | None = None
    accounts: tuple[Name, ...] = ("main",)
    wallet: Wallet = Wallet.KEY


@dataclass(frozen=True, slots=True)
class Party:
    """One member of the case.

    Attributes:
        id: How acts call it: ``issuer``, ``bank-07``.
        names: Every name under which acts find it: its own, its block's, its group's.
        accounts: Its accounts, in the order of the file, as ``id/account``.
    """

    id: str
    names: frozenset[str]
    name: str
    lei: Lei
    member_class: MemberClass
    jurisdiction: str
    roles: Role
    accounts: tuple[str, ...]
    wallet: Wallet


@dataclass(frozen=True, slots=True)
class Step:
    """An act, and where it stands.

    Attributes:
        line: Its line in the file; 0 for one that no file writes down.
        file: The file.
        subject: Of several bonds, the one that it is about, in a few words.
        is_told: Whether who listens hears what came of it.
    """

    act: Act
    line: int
    file: str = "acts.yaml"
    subject: str = ""
    is_told: bool = True

    @property
    def place(self) -> str:
        """Where it stands."""
        return f"{self.file}:{self.line}" if self.line else self.file


@dataclass(frozen=True, slots=True)
class Case:
    """A case: a folder of term sheets and acts.

    Attributes:
        name: Name of the folder.
        folder: Where its files are.
        title: What is played, in a line.
        genesis: Instant at which its chain begins.
        cash: Currencies, by code.
        parties: Members, in the order of the file.
        steps: What happens, in order.
    """

    name: str
    folder: Path
    title: str
    genesis: datetime
    depository: DepositoryBlock
    cash: tuple[CashBlock, ...]
    parties: tuple[Party, ...]
    steps: tuple[Step, ...]

    def is_contract(self, account: str) -> bool:
        """Whether an account is a wallet contract."""
        return self.party(account).wallet is Wallet.CONTRACT

    def party(self, account: str) -> Party:
        """Whose account it is."""
        return next(party for party in self.parties if account in party.accounts)

    def account_of(self, member: str) -> str | None:
        """The account that an offering sheet means; None when it means none of the case, or several.

        Args:
            member: LEI of a member, or as acts name one account.
        """
        for party in self.parties:
            if party.lei == member:
                return party.accounts[0]
        try:
            accounts = self.accounts(member)
        except KeyError:
            return None
        return accounts[0] if len(accounts) == 1 else None

    def accounts(self, *selectors: str) -> tuple[str, ...]:
        """The accounts that some selectors name, each once, in the order of the file.

        A member or a group stands for all its accounts, ``all`` for everybody's, ``member/account`` for one
        account (of each, where several members are meant).

        Raises:
            KeyError: A selector names nobody.
        """
        chosen: set[str] = set()
        for selector in selectors:
            chosen |= self._resolve(selector)
        return tuple(account for party in self.parties for account in party.accounts if account in chosen)

    def _resolve(self, selector: str) -> set[str]:
        who, _, which = selector.partition("/")
        found = {
            account
            for party in self.parties
            if who == "all" or who in party.names
            for account in party.accounts
            if not which or account.endswith(f"/{which}")
        }
        if not found:
            raise KeyError(selector)
        return found


def parties_of(block_id: str, block: MemberBlock) -> list[Party]:
    """The members that a block stands for.

    Raises:
        InvalidIdentifier: Its LEIs cannot be made.
    """
    numbers: list[int | None] = [None] if block.count is None else list(range(1, block.count + 1))
    width = max(2, len(str(block.count or 0)))
    parties = []
    for number in numbers:
        suffix = "" if number is None else f"-{number:0{width}d}"
        party_id = block_id + suffix
        prefix = block.lei_prefix or ""
        body = prefix + str(number or 0).rjust(_LEI_BODY - len(prefix), "0")
        parties.append(
            Party(
                id=party_id,
                names=frozenset({party_id, block_id, block.group or block_id}),
                name=block.name if number is None else f"{block.name} {number}",
                lei=Lei(block.lei) if block.lei else lei_from_prefix(body),
                member_class=block.class_,
                jurisdiction=block.jurisdiction,
                roles=Role(sum(set(block.roles))),
                accounts=tuple(f"{party_id}/{account}" for account in block.accounts),
                wallet=block.wallet,
            )
        )
    return parties
