"""Messages of the offering: conditions, bids, clearing, deposits and the syndicate."""

from __future__ import annotations

from indenture.chain.revert_messages._texts import Texts
from indenture.errors import MembershipRefused, OfferingRefused, PaymentRefused

TEXTS: Texts = {
    MembershipRefused: {
        "BidderRefused": (
            "{account} may not hold this bond, or not until the offering is paid for",
            "The account must be admitted until then, in good standing, "
            "and of a class that the bond is open to.",
        ),
    },
    PaymentRefused: {
        "OfferingCashMismatch": (
            "the money {cash} moved {moved} base units instead of {expected}",
            "A token that takes a fee or does not tell the truth cannot be a bond's currency.",
        ),
        "DepositTooSmall": (
            "the deposit of {account} lacks {missing} base units of money",
            "Pay them into the account or the standing deposit; a foreign token asks for an approval too.",
        ),
        "DepositInsufficient": (
            "{amount} base units are asked of the standing deposit of {account}, and {balance} are there",
            "What bids hold comes back when the offering is done with them.",
        ),
    },
    OfferingRefused: {
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
            "Use the account that the mandate names; "
            "the depository grants the role, and it may have expired.",
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
            "It must be invited with just this class and commitment, have the underwriter's role, "
            "be admitted until the rest is taken up, and join once.",
        ),
        "UnderwritingInvalid": (
            "{units} units cannot be underwritten in addition, at most {maximum}",
            "A class may add its share of what its bids won, in whole lots.",
        ),
        "BidFormWrong": (
            "offering {offeringId} takes bids in another form",
            "An open book takes bids in the clear, a sealed one commitments, "
            "an encrypted one ciphertexts too.",
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
            "Quote {lowest} to {highest} in steps of {tick}; "
            "without a quote only where the conditions allow it.",
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
            "Bids, salt and ciphertext must be just those of the latest seal; "
            "opened bids those of the event.",
        ),
        "OverAllotmentInvalid": (
            "{units} units cannot be over-allotted, {maximum} are left for it",
            "It is declared once, in whole lots.",
        ),
        "AllocationCutWrong": (
            "the cut gives away {allotted} units, and the share is {share}",
            "Work the allocation out again from the bids on the chain.",
        ),
        "AllocationOrderWrong": (
            "{bidder} comes after {previous}, but bidders must ascend without repeats",
            "Sort the bidders by address, and name each once.",
        ),
    },
}
