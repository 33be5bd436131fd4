"""Messages of events of holders: puts, offers and drawings, from the election to the payment."""

from __future__ import annotations

from indenture.chain.revert_messages._texts import Texts
from indenture.errors import AccessRefused, PaymentRefused, TermsRefused, UnitsRefused

TEXTS: Texts = {
    AccessRefused: {
        "PowerMissing": (
            "{account} has not the power for {act:selector}",
            "It belongs to the statutory desk of the depository.",
        ),
    },
    UnitsRefused: {
        "ElectionRefused": (
            "{holder} cannot elect with {units} units of {bond} in event {action}",
            "More than none; for an exchange whole lots; on resolutions and notices none of the issuer's.",
        ),
        "ElectionNotWithdrawable": (
            "{holder} cannot take units back from event {action} of {bond}: {elected} are elected",
            "Not more than was elected, and only where the event lets an election be taken back.",
        ),
        "DrawingHolderWrong": (
            "drawing {action} of {bond} cannot count {holder}",
            "All who hold units that are not bound are counted, each once, and drawn from once.",
        ),
    },
    TermsRefused: {
        "ActionUnknown": (
            "{bond} has no event {action} of the kind that this act needs",
            "List the events of the bond.",
        ),
        "ActionTermInvalid": (
            "the term {term:text} of the offer is out of range",
            "Compare the times, units and prices with each other and with the bond.",
        ),
        "ActionAlreadyOpen": (
            "event {action} of {bond} is open for this already",
            "Take part in that one.",
        ),
        "ActionNotOpen": (
            "event {action} of {bond} is open from {opensAt:time} to {closesAt:time}, and it is {time:time}",
            "Come in that time.",
        ),
        "ActionNotOver": (
            "event {action} of {bond} may still take the units",
            "They are free once it was funded and settled, or has lapsed.",
        ),
        "ActionDecided": (
            "event {action} of {bond} is decided already",
            "It is paid, or carried, once.",
        ),
        "DrawingNotCounted": (
            "drawing {action} of {bond} has {counted} of {units} units in its row, or was counted just now",
            "Count all holders first; it is drawn from the second block after on.",
        ),
        "SinkingRefused": (
            "the sinking fund of {bond} cannot be drawn for payment {period}",
            "The terms must have one with that payment; it is drawn once, from 60 days before.",
        ),
    },
    PaymentRefused: {
        "ActionNotFunded": (
            "event {action} of {bond} is not funded",
            "The paying agent funds it first.",
        ),
        "ActionNotPayable": (
            "event {action} of {bond} cannot be funded",
            "Nobody elected, the offer lapsed, or the drawing is not complete.",
        ),
        "ActionNotDue": (
            "event {action} of {bond} is paid from {payTime:time} on, and it is {time:time}",
            "Fund it on that day.",
        ),
    },
}
