"""Messages of the member registry: members, their accounts and their standing."""

from __future__ import annotations

from indenture.chain.revert_messages._texts import Texts
from indenture.errors import MembershipRefused

TEXTS: Texts = {
    MembershipRefused: {
        "MemberLeiInvalid": (
            "{lei:text} is not an LEI: alphabet or check digits are wrong",
            "Compare it with the register of the Global LEI Foundation.",
        ),
        "MemberAlreadyAdmitted": (
            "{lei:text} is a member already",
            "To give the member another account, admit an account.",
        ),
        "MemberUnknown": ("{lei:text} is not a member", "Admit the member first, or check the LEI."),
        "MemberIsSuspended": (
            "member {lei:text} is suspended",
            "The depository can reinstate the member; until then only what is owed to it is paid.",
        ),
        "MemberStandingUnchanged": (
            "member {lei:text} is in that standing already",
            "Nothing is left to do: look the member up.",
        ),
        "MemberClassInvalid": ("there is no member class {class}", "Classes are 0 to 23."),
        "MemberJurisdictionInvalid": (
            "{jurisdiction:text} is not a jurisdiction",
            "Give the two capital letters of ISO 3166, such as CN.",
        ),
        "AccountInvalid": (
            "{account} cannot be an account",
            "Give the address of a wallet, not the zero address.",
        ),
        "AccountAlreadyAdmitted": (
            "{account} is, or was, an account of {lei:text}",
            "An address serves one member, once: take a new one.",
        ),
        "AccountUnknown": (
            "{account} is no member's account",
            "Admit the account first, or check the address.",
        ),
        "AccountOfOtherMember": (
            "{account} belongs to {lei:text}, not to {expected:text}",
            "Check which member is meant.",
        ),
        "AccountIsRemoved": ("{account} was removed for good", "Admit another address of the member."),
        "AccountExpiryPast": (
            "the admission of {account} would end at {until:time}, and it is {time:time} already",
            "Give a later end.",
        ),
    },
}
