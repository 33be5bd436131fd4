"""Codes that are on chain must never move."""

import pytest

from indenture.membership import MemberClass, Role, class_mask

pytestmark = pytest.mark.unit


def test_codes__on_chain__are_these() -> None:
    assert [member.name for member in sorted(MemberClass)] == [
        "OPERATOR",
        "BANK",
        "SECURITIES_FIRM",
        "FUND",
        "INSURER",
        "FINANCE_COMPANY",
        "CORPORATE",
        "NATURAL_PERSON",
        "OFFICIAL",
        "WALLET_PROVIDER",
    ]
    assert [role.name for role in sorted(Role)] == [
        "HOLDER",
        "ISSUER",
        "BOOKRUNNER",
        "UNDERWRITER",
        "PAYING_AGENT",
        "CALCULATION_AGENT",
        "CASH_ISSUER",
        "SUPERVISOR",
        "REGISTRAR",
        "CUSTODIAN",
        "DEALER",
        "TRUSTEE",
    ]
    assert [int(role) for role in sorted(Role)] == [1 << bit for bit in range(12)]


@pytest.mark.parametrize("member_class", MemberClass)
def test_member_class__label__goes_round(member_class: MemberClass) -> None:
    assert MemberClass.from_label(member_class.label) is member_class


def test_class_mask__classes__one_bit_each() -> None:
    assert class_mask([MemberClass.OPERATOR, MemberClass.FUND, MemberClass.FUND]) == 0b1001
    assert class_mask([]) == 0
