"""Messages of the servicing's payments: funded, paid, claimed and kept."""

from __future__ import annotations

from indenture.chain.revert_messages._texts import Texts
from indenture.errors import AccessRefused, ContractRevert, PaymentRefused, UnitsRefused

TEXTS: Texts = {
    AccessRefused: {
        "ServicingCallerRefused": (
            "{caller} may not do this with {bond}",
            "Rights and offers are for the account that registered the bond, claims for the Settlement, "
            "funding an exchange for that account or a paying agent.",
        ),
    },
    UnitsRefused: {
        "ClaimFrozen": (
            "{seller} cannot give away payments of {bond}: {frozen} of his units are frozen",
            "What is due on frozen units is kept. Agree the trade without the coupon, "
            "or wait for the release.",
        ),
        "ClaimExceedsUnits": (
            "the payment of period {period} of {bond} is {seller}'s for {has} units, not {units}",
            "The trade says that it was agreed before the record date: "
            "the seller must have held the units then.",
        ),
    },
    PaymentRefused: {
        "ServicingBondUnknown": (
            "{bond} is not a bond of this depository, or is served elsewhere",
            "Check the address or the ISIN.",
        ),
        "PaymentAlreadyFunded": (
            "period {period} of {bond} is funded already",
            "Nothing more is to be paid in; pay the holders.",
        ),
        "PaymentAlreadyMade": (
            "{holder} has had the payment of period {period} of {bond}",
            "Look for it in the holder's cash account.",
        ),
        "PaymentCashMismatch": (
            "the money {currency} moved {moved} base units instead of {expected}",
            "A token that takes a fee or does not tell the truth cannot be a bond's currency.",
        ),
        "PaymentKindWrong": (
            "period {period} of {bond} was asked for in the wrong way; the last period is {lastPeriod}",
            "The last period is redeemed, those before it are paid as coupons.",
        ),
        "PaymentNotDue": (
            "period {period} of {bond} is due at {payTime:time}, and it is {time:time}",
            "Pay on or after that day.",
        ),
        "PaymentNotFunded": (
            "period {period} of {bond} is not funded",
            "The paying agent funds it first.",
        ),
        "PaymentNothingDue": (
            "nothing is owed for period {period} of {bond} to those named",
            "They were paid before, or held nothing on the record date; "
            "or its interest is capitalised or deferred.",
        ),
        "PaymentPeriodUnknown": (
            "{bond} has no period {period}",
            "Its periods are 1 to {periods}.",
        ),
        "PaymentRecordPending": (
            "period {period} of {bond} cannot be funded before its record date, {recordTime:time}",
            "What is owed to whom is known only then.",
        ),
        "PaymentUnderfunded": (
            "period {period} of {bond} needs {needed} base units of money, and {available} are there",
            "Put the rest on the payer's account and approve it, then fund again: nothing was taken.",
        ),
        "KeptAmountFrozen": (
            "{frozen} units of {holder} in {bond} are frozen, so what is kept stays kept",
            "It is paid out once the freeze is lifted.",
        ),
        "KeptAmountNone": (
            "nothing is kept for {holder} in {bond}",
            "Look for the payment in the cash account.",
        ),
    },
    ContractRevert: {
        "ServicingPartMissing": (
            "there is no part of the servicing at {part}",
            "Deploy the parts in their order, the last one first.",
        ),
        "ServicingActUnknown": (
            "the servicing has no act {selector}",
            "The SDK and the deployment are of different versions.",
        ),
    },
}
