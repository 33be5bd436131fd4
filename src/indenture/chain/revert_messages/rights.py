"""Messages of the rights that terms give: deferral and renewal, with their notice."""

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
