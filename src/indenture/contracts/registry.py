"""The registry of members."""

from __future__ import annotations

from collections.abc import Sequence

from indenture.chain import BlockLike, ContractCall, checksum
from indenture.contracts._base import SuiteContract, instant_or_none, topic_of
from indenture.dates import from_timestamp
from indenture.identifiers import Lei, lei_from_bytes, lei_to_bytes
from indenture.membership import MemberClass, Role
from indenture.models import Account, Member, Standing


class MemberRegistry(SuiteContract):
    """Members by LEI, their accounts, roles with an end, and one verdict word per account."""

    NAME = "MemberRegistry"

    def member(self, lei: Lei, *, block: BlockLike = None) -> Member | None:
        """A member; None when there is none with this LEI."""
        raw = self.read("member", lei_to_bytes(lei), block=block)
        if raw.admittedAt == 0:
            return None
        return Member(
            lei=lei,
            member_class=MemberClass(raw.class_),
            jurisdiction=raw.jurisdiction.decode("ascii"),
            admitted_at=from_timestamp(raw.admittedAt),
            suspended=raw.suspended,
        )

    def account(self, address: str, *, block: BlockLike = None) -> Account | None:
        """An account; None when it is not one of any member."""
        return account_of(address, self.read("wordOf", address, block=block))

    def accounts(self, addresses: Sequence[str], *, block: BlockLike = None) -> list[Account | None]:
        """Many accounts on the same state, in their order."""
        calls = [self.call("wordOf", address) for address in addresses]
        words = self.chain.call_many(calls, block)
        return [account_of(address, word) for address, word in zip(addresses, words, strict=True)]

    def has_roles(self, account: str, roles: Role, *, block: BlockLike = None) -> bool:
        """Whether an account is active and holds all of some roles."""
        return bool(self.read("hasRoles", account, int(roles), block=block))

    def accounts_of(self, lei: Lei, *, to: int | None = None) -> list[str]:
        """Every account that a member was ever given, removed ones too, in the order of admission."""
        found = self.events("AccountAdmitted", indexed=[topic_of(lei_to_bytes(lei))], to=to)
        return [event["account"] for event in found]

    def members(self, *, to: int | None = None) -> list[Lei]:
        """LEIs of every member, in the order of admission."""
        return [lei_from_bytes(event["lei"]) for event in self.events("MemberAdmitted", to=to)]

    def admit_members(self, admissions: Sequence[tuple[bytes, int, bytes, str, int, int]]) -> ContractCall:
        """Admits members: LEI, class, jurisdiction, account, roles and last second of each."""
        return self.call("admitMembers", admissions)

    def admit_accounts(self, admissions: Sequence[tuple[bytes, str, int, int]]) -> ContractCall:
        """Admits further accounts: LEI, account, roles and last second of each."""
        return self.call("enrolAccounts", admissions)

    def set_roles(self, account: str, roles: Role, until: int) -> ContractCall:
        """Replaces the roles of an account, and their last second."""
        return self.call("setRoles", account, int(roles), until)

    def suspend_member(self, lei: Lei, reason: bytes, accounts: Sequence[str]) -> ContractCall:
        """Suspends a member and the given accounts of it."""
        return self.call("suspendMember", lei_to_bytes(lei), reason, accounts)

    def reinstate_member(self, lei: Lei, reason: bytes, accounts: Sequence[str]) -> ContractCall:
        """Ends the suspension of a member, and of the given accounts of it."""
        return self.call("reinstateMember", lei_to_bytes(lei), reason, accounts)

    def reclassify_member(
        self, lei: Lei, member_class: MemberClass, jurisdiction: bytes, accounts: Sequence[str]
    ) -> ContractCall:
        """Changes class and jurisdiction of a member, and the verdicts of the given accounts of it."""
        return self.call("reclassifyMember", lei_to_bytes(lei), int(member_class), jurisdiction, accounts)

    def suspend_accounts(self, accounts: Sequence[str]) -> ContractCall:
        """Suspends single accounts."""
        return self.call("suspendAccounts", accounts)

    def reinstate_accounts(self, accounts: Sequence[str]) -> ContractCall:
        """Ends the suspension of single accounts."""
        return self.call("reinstateAccounts", accounts)

    def remove_accounts(self, accounts: Sequence[str]) -> ContractCall:
        """Removes accounts for good."""
        return self.call("removeAccounts", accounts)

    def sync(self, accounts: Sequence[str]) -> ContractCall:
        """Writes the member's present class and standing into the words of accounts."""
        return self.call("sync", accounts)


def account_of(address: str, word: int) -> Account | None:
    """Reads a verdict word, from the top: LEI 160 bits, standing 8, verdicts 24, roles 24, end 40."""
    if word == 0:
        return None
    return Account(
        address=checksum(address),
        lei=lei_from_bytes((word >> 96).to_bytes(20, "big")),
        standing=Standing(word >> 88 & 0xFF),
        verdicts=word >> 64 & 0xFFFFFF,
        roles=Role(word >> 40 & 0xFFFFFF),
        until=instant_or_none(word & 0xFFFFFFFFFF),
    )
