"""Messages of a bond's register: units, freezes, permits, documents and record dates."""

from __future__ import annotations

from indenture.chain.revert_messages._texts import Texts
from indenture.errors import AccessRefused, MembershipRefused, SignatureRefused, TermsRefused, UnitsRefused

TEXTS: Texts = {
    AccessRefused: {
        "BondCallerRefused": (
            "{caller} is not the contract that this act belongs to",
            "Use the offering, servicing or settlement contract of the deployment.",
        ),
    },
    MembershipRefused: {
        "ERC7943CannotSend": (
            "{account} may not send this bond",
            "Its admission is missing, expired or suspended, or the bond is not open to its class.",
        ),
        "ERC7943CannotReceive": (
            "{account} may not receive this bond",
            "Its admission is missing, expired or suspended, or the bond is not open to its class.",
        ),
    },
    UnitsRefused: {
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
        "BondBooksShut": (
            "a drawing by lot counts the holdings of the bond, and nothing moves",
            "Wait until it is complete; anyone may go on with it (draw).",
        ),
        "BondBelowBound": (
            "{units} units of {holder} are to be set free, and {bound} are bound",
            "Name fewer units.",
        ),
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
    },
    SignatureRefused: {
        "BondPermitExpired": (
            "the permit was good until {deadline:time}",
            "Sign a new one with a later deadline.",
        ),
        "BondPermitSignatureInvalid": (
            "the permit is not signed by {owner} for this bond, this chain and its next nonce",
            "Sign again, with the owner's key and the nonce that the bond shows now.",
        ),
    },
    TermsRefused: {
        "BondCouponFixed": (
            "the coupon of this bond is fixed at {rate:rate}",
            "An offering fixes it once; what comes after takes bids by price.",
        ),
        "BondTermTooLate": (
            "the term cannot end with period {last}: {records} record dates have passed",
            "The record date of the new last payment is over, or would be: choose a later day.",
        ),
        "BondDefaulted": (
            "the bond is in default, or is to recover without being in it",
            "In default it is not called, issued or changed; recoveries come once it is made due.",
        ),
        "BondBooksClosed": (
            "the books are closed after the last record date",
            "What is left is to be redeemed.",
        ),
        "BondExtensionInvalid": (
            "{extension} cannot be a part of the bond's code",
            "Deploy it first, with the same suite as the bond.",
        ),
        "BondActUnknown": (
            "the bond has no act {selector}",
            "The SDK and the deployment are of different versions.",
        ),
        "BondRecordPending": (
            "record date {record} has not passed, or has not been noticed: {passed} are noted",
            "Wait for it, or let anyone call advance on the bond.",
        ),
        "ERC1643InvalidName": ("the document has no name", "Name it."),
        "ERC1643MissingDocument": ("there is no such document", "List the documents of the bond."),
    },
}
