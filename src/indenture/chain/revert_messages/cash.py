"""Messages of the cash token."""

from __future__ import annotations

from indenture.chain.revert_messages._texts import Texts
from indenture.errors import MembershipRefused, PaymentRefused

TEXTS: Texts = {
    MembershipRefused: {
        "CashAccountRefused": (
            "{account} may not hold this money: it is not an account of an active member",
            "Admit the account, or ask the depository why its member is suspended or expired.",
        ),
    },
    PaymentRefused: {
        "CashSupplyLimitExceeded": (
            "there would be {supply} base units of money, and the limit is {limit}",
            "Issue less, or have the limit raised.",
        ),
        "CashAmountZero": ("the amount is zero", "Give an amount above zero."),
        "CashBatchInvalid": (
            "{receivers} receivers and {amounts} amounts were given",
            "Give as many of one as of the other, and at most 256.",
        ),
    },
}
