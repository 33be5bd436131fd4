"""Messages of the bond factory: who registers a bond, and with which terms."""

from __future__ import annotations

from indenture.chain.revert_messages._texts import Texts
from indenture.errors import AccessRefused, TermsRefused

TEXTS: Texts = {
    AccessRefused: {
        "BondIssuerRefused": (
            "{account} is not an account of {issuer:text} with the issuer's role",
            "Send with an account of the issuer; its role may have expired.",
        ),
    },
    TermsRefused: {
        "BondAlreadyRegistered": ("{isin:text} is the bond {bond} already", "An ISIN names one bond."),
        "BondImplementationInvalid": (
            "{implementation} cannot be the code of bonds",
            "The depository sets an implementation that has code.",
        ),
        "BondIsinInvalid": (
            "{isin:text} is not an ISIN: alphabet or check digit is wrong",
            "Compare it with the numbering agency's.",
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
    },
}
