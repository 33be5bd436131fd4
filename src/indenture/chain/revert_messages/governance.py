"""Messages of the authority, its roles and notices; and of the owner of a wallet."""

from __future__ import annotations

from indenture.chain.revert_messages._texts import Texts
from indenture.errors import AccessRefused

_GRANT = "The depository grants roles; check which account sends."
_REPORT = "This should not happen in normal use; please report it with the call."

TEXTS: Texts = {
    AccessRefused: {
        "AccessManagedInvalidAuthority": (
            "{authority} cannot be the authority",
            "Give a contract, not a wallet.",
        ),
        "AccessManagedRequiredDelay": (
            "{caller} may do this only after a notice of {delay} seconds",
            "Schedule it with the authority, wait, then do it.",
        ),
        "AccessManagedUnauthorized": ("{caller} does not have the role for this act", _GRANT),
        "AccessManagerAlreadyScheduled": (
            "operation 0x{operationId:hex} is scheduled already",
            "Wait until it is ready, or cancel it first.",
        ),
        "AccessManagerBadConfirmation": (
            "a role is given up by the account that holds it",
            "Send with that account and name it as the confirmation.",
        ),
        "AccessManagerExpired": ("operation 0x{operationId:hex} has expired", "Schedule it again."),
        "AccessManagerInvalidInitialAdmin": (
            "{initialAdmin} cannot be the first administrator",
            "Give an address that is not zero.",
        ),
        "AccessManagerLockedFunction": ("{selector:selector} cannot be given to another role", _GRANT),
        "AccessManagerLockedRole": (
            "role {roleId:plain} cannot be changed",
            "Administrator and public are fixed.",
        ),
        "AccessManagerNotReady": (
            "the notice of operation 0x{operationId:hex} still runs",
            "Wait, then try again.",
        ),
        "AccessManagerNotScheduled": ("operation 0x{operationId:hex} is not scheduled", "Schedule it first."),
        "AccessManagerUnauthorizedAccount": ("{msgsender} does not have role {roleId:plain}", _GRANT),
        "AccessManagerUnauthorizedCall": ("{caller} may not call {selector:selector} of {target}", _GRANT),
        "AccessManagerUnauthorizedCancel": (
            "{msgsender} may not cancel what {caller} scheduled: {selector:selector} of {target}",
            "The one who scheduled it, or a guardian of the role, can.",
        ),
        "AccessManagerUnauthorizedConsume": ("{target} may not use up a scheduled operation", _REPORT),
        "WalletCallerRefused": ("{caller} is not the owner of this wallet", "Send with the owner's key."),
    },
}
