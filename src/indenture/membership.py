"""Who a member is and what it may do: the codes that contracts and SDK share."""

from __future__ import annotations

from enum import IntEnum, IntFlag


class MemberClass(IntEnum):
    """Class of a member; a bond admits classes as a bit mask, ``1 << class``."""

    OPERATOR = 0
    """Depository and market infrastructure."""
    BANK = 1
    SECURITIES_FIRM = 2
    FUND = 3
    INSURER = 4
    FINANCE_COMPANY = 5
    CORPORATE = 6
    NATURAL_PERSON = 7
    OFFICIAL = 8
    """Central bank or sovereign."""
    WALLET_PROVIDER = 9

    @property
    def label(self) -> str:
        """The name as term sheets and tables write it, such as ``securities-firm``."""
        return self.name.lower().replace("_", "-")

    @classmethod
    def from_label(cls, label: str) -> MemberClass:
        """Reads a name as term sheets write it.

        Raises:
            KeyError: No class has this name.
        """
        return {member.label: member for member in cls}[label]


class Role(IntFlag):
    """What a member may do; a member holds any number of roles, each with an expiry."""

    HOLDER = 1
    ISSUER = 2
    BOOKRUNNER = 4
    UNDERWRITER = 8
    PAYING_AGENT = 16
    CALCULATION_AGENT = 32
    CASH_ISSUER = 64
    SUPERVISOR = 128
    REGISTRAR = 256
    CUSTODIAN = 512
    DEALER = 1024
    TRUSTEE = 2048


def class_mask(classes: list[MemberClass] | tuple[MemberClass, ...]) -> int:
    """The bit mask of some classes: bit ``i`` stands for class ``i``."""
    mask = 0
    for member_class in classes:
        mask |= 1 << member_class
    return mask
