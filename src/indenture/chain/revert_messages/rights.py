"""Messages of the issuer's rights in the terms: deferral, renewal, calls and extension, with their notice."""

from __future__ import annotations

from indenture.chain.revert_messages._texts import Texts
from indenture.errors import TermsRefused

TEXTS: Texts = {
    TermsRefused: {
        "DeferralRefused": (
            "the interest of period {period} of {bond} cannot be deferred",
            "The terms must give the right, for the period fixed last or the next one; "
            "never for the last payment.",
        ),
        "CallRefused": (
            "{bond} cannot be called for {day:day}",
            "A right of the terms must lie on that day, before the term ends; and it is called once.",
        ),
        "PartialCallRefused": (
            "{share} billionths of {bond} cannot be called with payment {period}",
            "The right must allow a part; the share is whole base units of a unit and leaves something; "
            "partial calls come in the order of their payments, never with one that is recorded or the last.",
        ),
        "EventNotStated": (
            "the terms of {bond} state no event {code:text} for this side",
            "Look at the rights of the bond: each event says whether issuer or holders may redeem.",
        ),
        "ExtensionRefused": (
            "the maturity of {bond} cannot be extended",
            "The terms must give the right, it is used once, and never after a call.",
        ),
        "NoticeTooLate": (
            "notice for {bond} was to be given by {until:time}, and it is {time:time}",
            "The right is gone for this date: the bond pays as its terms say.",
        ),
        "RenewalRefused": ("the terms of {bond} give no right to renew", "It ends on its maturity date."),
        "RenewalTooEarly": (
            "{bond} can be renewed from {from:time} on, and it is {time:time}",
            "One cycle at a time: wait until the last one has begun.",
        ),
    },
}
