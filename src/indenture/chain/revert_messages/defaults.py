"""Messages of defaults: notice, acceleration, recoveries."""

from __future__ import annotations

from indenture.chain.revert_messages._texts import Texts
from indenture.errors import PaymentRefused, TermsRefused

TEXTS: Texts = {
    TermsRefused: {
        "DefaultNotFound": (
            "no default is found for {bond}: {cause}, payment {period}, redemption {redemption}",
            "The payment must be missed beyond its days of grace and not be cured, "
            "and count for this bond by its terms.",
        ),
        "ShareNotReached": (
            "event {action} of {bond} has {elected} units, and needs {needed}",
            "More holders have to elect; where 0 are needed, the terms give no such right.",
        ),
        "BondDueAlready": (
            "{bond} was made due",
            "What is owed is one claim now: it is paid by recoveries.",
        ),
        "RecoveryRefused": (
            "{bond} takes no recovery",
            "It was not made due, or its last recovery has come.",
        ),
        "RecoveryDayWrong": (
            "the record day {recordDay:day} of a recovery of {bond} does not do, and today is {today:day}",
            "It is a business day after today, within a month.",
        ),
    },
    PaymentRefused: {
        "RecoveryAmountWrong": (
            "{amount} base units are no recovery of {bond}: {owed} are owed",
            "Pay in more than nothing, and at most what is owed.",
        ),
    },
}
