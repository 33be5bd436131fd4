"""What each custom error means to a person: a message with the values, and what to do.

Arguments stand in braces by their names in the ABI; ``:day``, ``:time``, ``:rate``, ``:text``, ``:plain``,
``:stage`` and ``:selector`` say how to show one.  A test demands an entry for each error of each contract.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from indenture.chain import revert_messages_interest as interest
from indenture.chain import revert_messages_standard as standard
from indenture.errors import (
    AccessRefused,
    BenchmarkRefused,
    CalendarRefused,
    ContractRevert,
    FixingRefused,
    MembershipRefused,
    OfferingRefused,
    PaymentRefused,
    SignatureRefused,
    TermsRefused,
    UnitsRefused,
)


@dataclass(frozen=True, slots=True)
class RevertText:
    """Message and hint of one custom error, and the class that is raised for it."""

    message: str
    hint: str
    family: type[ContractRevert]


_MEMBERSHIP = {
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
    "AccountUnknown": ("{account} is no member's account", "Admit the account first, or check the address."),
    "AccountOfOtherMember": (
        "{account} belongs to {lei:text}, not to {expected:text}",
        "Check which member is meant.",
    ),
    "AccountIsRemoved": ("{account} was removed for good", "Admit another address of the member."),
    "AccountExpiryPast": (
        "the admission of {account} would end at {until:time}, and it is {time:time} already",
        "Give a later end.",
    ),
    "CashAccountRefused": (
        "{account} may not hold this money: it is not an account of an active member",
        "Admit the account, or ask the depository why its member is suspended or expired.",
    ),
    "BidderRefused": (
        "{account} may not hold this bond, or not until the offering is paid for",
        "The account must be admitted until then, in good standing, and of a class that the bond is open to.",
    ),
    "ERC7943CannotSend": (
        "{account} may not send this bond",
        "Its admission is missing, expired or suspended, or the bond is not open to its class.",
    ),
    "ERC7943CannotReceive": (
        "{account} may not receive this bond",
        "Its admission is missing, expired or suspended, or the bond is not open to its class.",
    ),
}

_UNITS = {
    "ERC7943CannotTransfer": (
        "{amount} units may not go from {from} to {to}",
        "One side is not admitted, or the bond allows no transfers now.",
    ),
    "ERC7943InsufficientUnfrozenBalance": (
        "{account} needs {amount} units and has {unfrozen} that are not frozen",
        "Move fewer units, or have the freeze lifted.",
    ),
    "BondUnitsZero": ("the number of units is zero", "Give at least one unit."),
    "BondSelfTransfer": ("sender and receiver are both {account}", "Name another receiver."),
    "BondPaused": ("the bond is paused", "Wait until the depository lifts the pause."),
    "BondBelowMinimumDenomination": (
        "{account} would hold {units} units, fewer than the minimum of {minimum}",
        "Move so many that each side holds none or at least the minimum.",
    ),
    "BondUnitsExceedAuthorised": (
        "{units} units would be out, and {authorised} are authorised",
        "Issue fewer units: the terms are sealed.",
    ),
    "BondHolderFrozen": (
        "all units of {account} are frozen",
        "Nothing can be approved until the freeze is lifted.",
    ),
    "TradeSelf": ("seller and buyer are both {account}", "A trade has two sides."),
    "TradeUnitsZero": ("the trade delivers no units", "Give at least one unit."),
    "ClaimFrozen": (
        "{seller} cannot give away payments of {bond}: {frozen} of his units are frozen",
        "What is due on frozen units is kept. Agree the trade without the coupon, or wait for the release.",
    ),
    "ClaimExceedsUnits": (
        "the payment of period {period} of {bond} is {seller}'s for {has} units, not {units}",
        "The trade says that it was agreed before the record date: the seller must have held the units then.",
    ),
}

_PAYMENT = {
    "CashSupplyLimitExceeded": (
        "there would be {supply} base units of money, and the limit is {limit}",
        "Issue less, or have the limit raised.",
    ),
    "CashAmountZero": ("the amount is zero", "Give an amount above zero."),
    "CashBatchInvalid": (
        "{receivers} receivers and {amounts} amounts were given",
        "Give as many of one as of the other, and at most 256.",
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
    "KeptAmountNone": ("nothing is kept for {holder} in {bond}", "Look for the payment in the cash account."),
    "ServicingBondUnknown": (
        "{bond} is not a bond of this depository, or is served elsewhere",
        "Check the address or the ISIN.",
    ),
    "TradeCashWrong": (
        "a trade at a clean price names the cash {cash}, the bond pays in {currency}",
        "Propose it in the bond's own currency.",
    ),
    "TradeAccruedExceeds": (
        "accrued interest of {accrued} and {received} base units received before go beyond the {most} agreed",
        "Rates or payments moved since the trade was agreed: both sides sign it again with a higher bound.",
    ),
    "DepositTooSmall": (
        "the deposit of {account} lacks {missing} base units of money",
        "Pay them into the account or the standing deposit; a foreign token asks for an approval too.",
    ),
    "DepositInsufficient": (
        "{amount} base units are asked of the standing deposit of {account}, and {balance} are there",
        "What bids hold comes back when the offering is done with them.",
    ),
    "OfferingCashMismatch": (
        "the money {cash} moved {moved} base units instead of {expected}",
        "A token that takes a fee or does not tell the truth cannot be a bond's currency.",
    ),
    "TradeCashMismatch": (
        "the money {cash} moved {moved} base units instead of {expected}",
        "A token that takes a fee or does not tell the truth cannot pay for a trade.",
    ),
}

_SIGNATURE = {
    "BondPermitExpired": (
        "the permit was good until {deadline:time}",
        "Sign a new one with a later deadline.",
    ),
    "BondPermitSignatureInvalid": (
        "the permit is not signed by {owner} for this bond, this chain and its next nonce",
        "Sign again, with the owner's key and the nonce that the bond shows now.",
    ),
    "TradeTooEarly": (
        "the trade settles from {validFrom:time} on, and it is {time:time}",
        "Submit it then.",
    ),
    "TradeAhead": (
        "the trade says that it was agreed at {tradedAt:time}, and it is {time:time}",
        "Both sides have to sign it again with the time at which they agreed.",
    ),
    "TradeExpired": (
        "the trade was to settle by {deadline:time}, and it is {time:time}",
        "Both sides have to sign it again with a later deadline.",
    ),
    "TradeNonceUsed": (
        "number {nonce:plain} of {account} was used or cancelled",
        "The trade is settled already, or sign it again with an unused number.",
    ),
    "TradeSignatureInvalid": (
        "{signer} did not sign trade 0x{id:hex}",
        "Another key, chain, contract or content: compare what was signed with what was submitted.",
    ),
}

_OFFERING = {
    "OfferingPartMissing": (
        "there is no part of the offering at {part}",
        "Deploy the parts in their order, the last one first.",
    ),
    "OfferingActUnknown": (
        "the offering has no act {selector}",
        "The SDK and the deployment are of different versions.",
    ),
    "OfferingAlreadyOpen": (
        "{bond} has offering {offeringId} already",
        "A bond has one offering at a time: finish, fail or cancel that one first.",
    ),
    "OfferingBondUnknown": ("{bond} is not a bond of this depository", "Check the address or the ISIN."),
    "OfferingBookrunnerRefused": (
        "{account} is not the bookrunner, or has no such role now",
        "Use the account that the mandate names; the depository grants the role, and it may have expired.",
    ),
    "OfferingConditionInvalid": (
        "the condition {condition:text} is out of range or contradicts another",
        "Correct it in the offering's conditions.",
    ),
    "OfferingIssuerRefused": (
        "{account} did not register this bond, or is no issuer now",
        "Send with the issuer's account; its role may have expired.",
    ),
    "OfferingNothingToDo": (
        "nothing is left to do in offering {offeringId} for those named",
        "It is done already, or the money is not there, or they may not hold the bond now.",
    ),
    "OfferingStageWrong": (
        "offering {offeringId} is {stage:stage}, which this act does not belong to",
        "Look at the offering to see what comes next.",
    ),
    "OfferingTooEarly": (
        "offering {offeringId} allows this from {from:time} on, and it is {time:time}",
        "Do it then.",
    ),
    "OfferingTooLate": (
        "offering {offeringId} allowed this until {until:time}, and it is {time:time}",
        "The conditions of the offering say what follows.",
    ),
    "UnderwriterRefused": (
        "{account} cannot be in the syndicate of offering {offeringId} like this",
        "It must be invited with just this class and commitment, have the underwriter's role, be admitted "
        "until the rest is taken up, and join once.",
    ),
    "BidFormWrong": (
        "offering {offeringId} takes bids in another form",
        "An open book takes bids in the clear, a sealed one commitments, an encrypted one ciphertexts too.",
    ),
    "BidCiphertextInvalid": (
        "a ciphertext of {length} bytes is none",
        "It has 1 to 4,096 bytes; the SDK makes it from the bids.",
    ),
    "BidUnitsInvalid": (
        "bid {index} of {units} units is not possible",
        "Bid {minimum} to {maximum} units, in lots of {lot}.",
    ),
    "BidQuoteInvalid": (
        "bid {index} quotes {quote}, which is no tick of this offering",
        "Quote {lowest} to {highest} in steps of {tick}; without a quote only where the conditions allow it.",
    ),
    "BidOrderWrong": (
        "bid {index} is out of order, or there are none or more than 64",
        "Sort bids by quote, then by account, and name no pair twice.",
    ),
    "BidTotalInvalid": (
        "{bidder} bids for {units} units in all",
        "All bids of this class together are {minimum} to {maximum} units.",
    ),
    "BidUnknown": (
        "{bidder} has no bid in offering {offeringId}, or none any more",
        "Check the account and the offering.",
    ),
    "BidAlreadyOpened": (
        "the bids of {bidder} in offering {offeringId} were opened before",
        "Nothing is left to do.",
    ),
    "BidMismatch": (
        "these are not the bids that {bidder} has in offering {offeringId}",
        "Bids, salt and ciphertext must be just those of the latest seal; opened bids those of the event.",
    ),
    "OverAllotmentInvalid": (
        "{units} units cannot be over-allotted, {maximum} are left for it",
        "It is declared once, in whole lots.",
    ),
    "UnderwritingInvalid": (
        "{units} units cannot be underwritten in addition, at most {maximum}",
        "A class may add its share of what its bids won, in whole lots.",
    ),
    "AllocationCutWrong": (
        "the cut gives away {allotted} units, and the share is {share}",
        "Work the allocation out again from the bids on the chain.",
    ),
    "AllocationOrderWrong": (
        "{bidder} comes after {previous}, but bidders must ascend without repeats",
        "Sort the bidders by address, and name each once.",
    ),
}

_ACCESS = {
    "ServicingCallerRefused": (
        "{caller} may not do this with {bond}",
        "Deferring and renewing are for the account that registered the bond, claims for the Settlement.",
    ),
    "WalletCallerRefused": ("{caller} is not the owner of this wallet", "Send with the owner's key."),
    "BondCallerRefused": (
        "{caller} is not the contract that this act belongs to",
        "Use the offering, servicing or settlement contract of the deployment.",
    ),
    "BondIssuerRefused": (
        "{account} is not an account of {issuer:text} with the issuer's role",
        "Send with an account of the issuer; its role may have expired.",
    ),
}

_CALENDAR = {
    "CalendarDayPast": (
        "{day:day} in calendar {market:text} is today or past",
        "Only days to come can be changed.",
    ),
    "CalendarMarketInvalid": (
        "the market code is empty, or names a market of the other sort: joint, or with days of its own",
        "Give a code such as CN-IB; what has days of its own is not joint.",
    ),
    "CalendarPartsInvalid": (
        "{market:text} cannot be a joint market of these parts",
        "Give two to four markets that have a published year of their own.",
    ),
    "CalendarYearInvalid": (
        "the working days of {year:plain} are not a year's",
        "A year from 1970 to 2400 with at least one working day, and no bit beyond its last day.",
    ),
    "CalendarYearNotPublished": (
        "the working days of {year:plain} in calendar {market:text} are not published",
        "The depository publishes the year first.",
    ),
    "DateInvalid": (
        "there is no day {year:plain}-{month}-{dayOfMonth}",
        "Days run from 1970-01-01 to 9999-12-31.",
    ),
    "DateYearOutOfRange": ("a date would fall into the year {year:plain}", "Days run to 9999-12-31."),
}

_TERMS = {
    "BondCouponFixed": (
        "the coupon of this bond is fixed at {rate:rate}",
        "An offering fixes it once; what comes after takes bids by price.",
    ),
    "BondAlreadyRegistered": ("{isin:text} is the bond {bond} already", "An ISIN names one bond."),
    "BondBooksClosed": (
        "the books are closed after the last record date",
        "What is left is to be redeemed.",
    ),
    "BondImplementationInvalid": (
        "{implementation} cannot be the code of bonds",
        "The depository sets an implementation that has code.",
    ),
    "BondExtensionInvalid": (
        "{extension} cannot be a part of the bond's code",
        "Deploy it first, with the same suite as the bond.",
    ),
    "BondActUnknown": (
        "the bond has no act {selector}",
        "The SDK and the deployment are of different versions.",
    ),
    "BondIsinInvalid": (
        "{isin:text} is not an ISIN: alphabet or check digit is wrong",
        "Compare it with the numbering agency's.",
    ),
    "BondRecordPending": (
        "record date {record} has not passed, or has not been noticed: {passed} are noted",
        "Wait for it, or let anyone call advance on the bond.",
    ),
    "BondTermInvalid": (
        "the term {term:text} is out of range or contradicts another",
        "Correct it in the term sheet.",
    ),
    "DayCountNotPlain": (
        "day count number {convention} needs a schedule or a calendar, not two days alone",
        "Ask for the fraction of a bond's period instead.",
    ),
    "DayCountRangeInvalid": (
        "{start:day} to {end:day} is no stretch of days",
        "Give the days in their order.",
    ),
    "ERC1643InvalidName": ("the document has no name", "Name it."),
    "ERC1643MissingDocument": ("there is no such document", "List the documents of the bond."),
}

_FAMILIES: tuple[tuple[type[ContractRevert], Mapping[str, tuple[str, str]]], ...] = (
    (MembershipRefused, _MEMBERSHIP),
    (UnitsRefused, _UNITS),
    (PaymentRefused, _PAYMENT),
    (SignatureRefused, _SIGNATURE),
    (OfferingRefused, _OFFERING),
    (AccessRefused, _ACCESS),
    (CalendarRefused, _CALENDAR),
    (TermsRefused, _TERMS),
    (TermsRefused, interest.TERMS),
    (FixingRefused, interest.FIXING),
    (BenchmarkRefused, interest.BENCHMARK),
    (ContractRevert, interest.PARTS),
    (AccessRefused, standard.ACCESS),
    (PaymentRefused, standard.PAYMENT),
    (SignatureRefused, standard.SIGNATURE),
    (ContractRevert, standard.GENERAL),
)

MESSAGES: dict[str, RevertText] = {
    name: RevertText(message, hint, family)
    for family, texts in _FAMILIES
    for name, (message, hint) in texts.items()
}
